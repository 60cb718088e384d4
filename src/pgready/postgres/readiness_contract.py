"""The one question of a boot that verifies parity: which facts of a readiness contract the database has.

Hot module: imports only `pgready.sql.names`.
"""

import os

from pgready.sql.names import quote_literal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pgready.parity.contract_file import Contract

# Read in a transaction of its own: what SET changes must not stay behind a pooler, and a standby will do. The joins are
# written in a good order: looking for a better one is half of what planning costs in a new session.
_BEGIN = (
    "BEGIN READ ONLY; SET LOCAL search_path = ''; SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0;"
    " SET LOCAL join_collapse_limit = 1; SET LOCAL from_collapse_limit = 1; SET LOCAL enable_mergejoin = off; "
)
_PARTS, _UNION, _END = "), facts(fact) AS (\n", "\n    UNION ALL\n", "\n)\nSELECT string_agg"
ANSWER = -2
"""Which statement of the question has the answer."""


def question(contract: "Contract", major: int) -> str:
    """SQL whose statement `ANSWER` has one row: the facts, a line each, for a server of this major version."""
    with open(__file__.rpartition(os.sep)[0] + "/readiness_contract.sql", encoding="utf-8") as file:
        text = file.read()
    head, _, rest = text.partition(_PARTS)
    parts, _, end = rest.partition(_END)
    kinds = contract.kinds
    wanted = []
    for part in parts.split(_UNION):
        names, _, sql = part.partition("\n")
        if not kinds.isdisjoint(names.rpartition("-- :")[2].split(", ")):
            wanted.append(sql)
    text = _of_version(head + _PARTS + _UNION.join(wanted) + _END + end, major)
    for name in ("schemas", "relations", "functions"):
        text = text.replace("(:" + name + ")", "(" + quote_literal(getattr(contract, name)) + ")")
    return _BEGIN + text + "; COMMIT"


def _of_version(text: str, major: int) -> str:
    """Without the lines for other versions: `…, -- since 15` and `…, -- before 15`."""
    kept = []
    for line in text.split("\n"):
        head, mark, version = line.rpartition(" -- since ")
        if mark:
            if major >= int(version):
                kept.append(head)
            continue
        head, mark, version = line.rpartition(" -- before ")
        if not mark:
            kept.append(line)
        elif major < int(version):
            kept.append(head)
    return "\n".join(kept)


def told(answer: "str | None") -> "frozenset[str]":
    """The facts of an answer."""
    return frozenset(answer.split("\n")) if answer else frozenset()
