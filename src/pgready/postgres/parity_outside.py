"""What a database holds beyond its catalog, in one question: see `parity.outside`."""

from __future__ import annotations

import json
import os
from functools import cache

from pgready.parity.outside import Outside, OutsideSide
from pgready.postgres.parity_facts import for_version
from pgready.postgres.session import Session

_BEGIN = "BEGIN READ ONLY; SET LOCAL search_path = ''; SET LOCAL statement_timeout = '30s'"


def outside_of(session: Session) -> OutsideSide:
    """Every object of the session's database; raises ConnectionLost, and ServerError where the server refuses."""
    major = int(session.run("version", "SHOW server_version_num")[0].rows[0][0] or "0") // 10000
    replies = session.run("beyond the catalog", f"{_BEGIN}; {for_version(_text(), major)}; COMMIT")
    found = []
    for kind, names, made, altered, dropped, relations, printed, schema in replies[-2].rows:
        found.append(
            Outside(
                kind=kind or "",
                name=tuple(str(name) for name in json.loads(names or "[]")),
                made=made or "",
                altered=altered or "",
                dropped=dropped or "",
                relations=tuple((one[0], one[1]) for one in json.loads(relations or "[]")),
                is_printed=printed == "t",
                schema=schema or "",
            )
        )
    return OutsideSide(tuple(found), major)


@cache
def _text() -> str:
    with open(os.path.join(os.path.dirname(__file__), "parity_outside.sql"), encoding="utf-8") as file:
        return file.read()
