"""Progress of a script that is applied step by step, as text in a row's `logs`.

The text is for people and for the next run: its first line is fixed, what follows is the failure in the server's
words. Whatever else stands in `logs` (Prisma's errors, an operator's notes) parses as None.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

_FIRST = re.compile(r"pgready: (\d{1,9}) of (\d{1,9}) steps done \(sha256 ([0-9a-f]{64})\)")
_BATCHES = re.compile(r"step \d+ runs in batches: (\{[^\n]*\})(?:\n|\Z)")
_DOUBT = "was started and its outcome is unknown"
_FAILED = "failed: "


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` steps are applied, and `prefix` is the digest of their texts.

    `doubt`: the next step was started and its outcome is unknown. `batches`: how far the next step, a backfill, has
    come; empty before its first batch. `failed`: the server's words about the step that failed, empty if none did.
    """

    done: int
    total: int
    prefix: str
    doubt: bool = False
    failed: str = ""
    batches: str = ""


def prefix_digest(texts: Sequence[str]) -> str:
    """SHA-256, in hex, of a sequence of statements; no two sequences share their bytes."""
    digest = hashlib.sha256()
    for text in texts:
        data = text.encode()
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.hexdigest()


def render(progress: Progress) -> str:
    """The text for `logs`; NUL characters, which PostgreSQL cannot store, are dropped."""
    lines = [f"pgready: {progress.done} of {progress.total} steps done (sha256 {progress.prefix})"]
    if progress.batches:
        lines.append(f"step {progress.done + 1} runs in batches: {progress.batches}")
    if progress.doubt:
        lines.append(f"step {progress.done + 1} {_DOUBT}")
    if progress.failed:
        lines.append(f"step {progress.done + 1} {_FAILED}{progress.failed}")
    return "\n".join(lines).replace("\0", "")


def parse(logs: str | None) -> Progress | None:
    """The progress that `render` wrote, or None for any other text."""
    first, _, rest = (logs or "").partition("\n")
    match = _FIRST.fullmatch(first)
    if match is None:
        return None
    done, total = int(match[1]), int(match[2])
    if done > total:
        return None
    step = f"step {done + 1} "
    in_batches = _BATCHES.match(rest)
    if in_batches is not None:
        rest = rest[in_batches.end() :]
    doubt = rest == step + _DOUBT or rest.startswith(step + _DOUBT + "\n")
    if doubt:
        rest = rest[len(step + _DOUBT) + 1 :]
    failed = rest[len(step + _FAILED) :] if rest.startswith(step + _FAILED) else ""
    return Progress(done, total, match[3], doubt, failed, in_batches[1] if in_batches is not None else "")
