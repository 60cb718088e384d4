"""The file of recorded queries on disk: never somebody else's, replaced as a whole, the same for the same queries."""

from __future__ import annotations

import os
from collections.abc import Sequence

from pgready.errors import UsageInvalid
from pgready.project.durable import sync_folder, write_file
from pgready.project.schema_files import read_text
from pgready.proof.contracts.normalise import Seen, joined
from pgready.proof.contracts.parse import read
from pgready.proof.contracts.recorded_file import MARK, recorded_file


def check(path: str) -> None:
    """Raise UsageInvalid now for what would keep the record from being written at the end."""
    read("SELECT 1")  # the parser is there
    shown = os.path.relpath(path)
    if os.path.exists(path) and not read_text(path, shown).startswith(MARK):
        raise UsageInvalid(
            f"{shown} is not a file of recorded queries: it would be overwritten",
            where=shown,
            then="name another file: --pgready-record contracts/recorded.sql",
            code="recorded_taken",
        )


def write(path: str, seen: Sequence[Seen]) -> str:
    """Write the file and return what was done in words; raises UsageInvalid where it cannot be written."""
    check(path)
    queries, left_out = joined(seen)
    shown = os.path.relpath(path)
    reasons = "; ".join(f"{count} {reason}" for reason, count in left_out)
    tail = f" (left out: {reasons})" if reasons else ""
    if not queries:
        return f"no queries were seen, {shown} was not written{tail}"
    text = recorded_file(queries)
    if not os.path.exists(path) or read_text(path, shown) != text:
        beside = f"{path}.{os.getpid()}.new"
        try:
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
            write_file(beside, text.encode())
            os.replace(beside, path)
            sync_folder(os.path.dirname(path) or ".")
        except OSError as e:
            if os.path.exists(beside):
                os.unlink(beside)
            raise UsageInvalid(f"{shown} cannot be written: {e.strerror}", where=shown) from None
    noun = "query" if len(queries) == 1 else "queries"
    return f"{len(queries)} {noun} recorded in {shown}{tail}"
