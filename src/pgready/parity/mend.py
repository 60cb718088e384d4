"""The SQL that brings a side to the reference: the full plan, and what is wrong with the side by itself.

It is shown and never run. What costs data or time is marked, and so is what no statement can mend.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.parity.facts import ServerFacts
from pgready.parity.model import Finding
from pgready.parity.outside import OutsideSide
from pgready.parity.outside_plan import OutsidePlan, outside_plan
from pgready.plan.full import FullPlan
from pgready.sql.names import quote_ident, quote_literal

_LISTS = frozenset({"search_path"})
_NO_STATEMENT = frozenset({"column order", "inheritance", "encoding", "collation version"})
_HAZARDS = (
    ("DROP TABLE ", "data is lost: the table's rows"),
    ("DROP COLUMN ", "data is lost: the column's values"),
    ("DROP ATTRIBUTE ", "data is lost: the attribute's values"),
    ("CREATE INDEX ", "writes to the table wait while the index is built"),
    ("CREATE UNIQUE INDEX ", "writes to the table wait while the index is built; rows that are the same end it"),
    (" TYPE ", "the table may be written anew, and nobody reads it meanwhile"),
    ("VALIDATE CONSTRAINT ", "every row is read; one that does not fit ends it"),
    ("SET NOT NULL", "every row is read; a NULL ends it"),
    ("ADD CONSTRAINT ", "every row is read; one that does not fit ends it"),
    ("SET LOGGED", "the table is written anew, and nobody reads it meanwhile"),
    ("SET UNLOGGED", "the table is written anew, and nobody reads it meanwhile"),
)


_BEYOND = (
    ("DROP PUBLICATION ", "subscribers get nothing of it any more, and fail"),
    ("ALTER PUBLICATION ", "subscribers get other rows; those of a new table have to be copied first"),
    ("DROP FOREIGN ", "what reads through it fails"),
    ("DROP SERVER ", "what reads through it fails"),
)


def mending(
    name: str,
    plan: FullPlan,
    findings: Iterable[Finding],
    ignored: Iterable[Finding],
    facts: ServerFacts | None,
    outside: tuple[OutsideSide, OutsideSide] | None = None,
    catalog: Catalog | None = None,
) -> str:
    """The script for the side `name`; comments alone if nothing can or need be done.

    `outside` is what reference and side hold beyond their catalogs, `catalog` the side's.
    """
    found, left = tuple(findings), tuple(ignored)
    lines = [f"-- Brings {_line(name)} to the reference. Read it before you run it: hazards are marked."]
    if left:
        lines.append("-- What is ignored is mended, too:")
        lines += [f"--   {_line(one.object)}" for one in left]
    body = _marked(plan)
    own = list(_own(found, facts))
    around = OutsidePlan()
    if outside is not None:
        role = facts.role if facts else ""
        around = outside_plan(*outside, plan.script, role, catalog or Catalog())
    if not body and not own and not around.before and not around.after:
        lines.append("-- Nothing is to be done." if not found else "-- No statement mends what is left.")
    helpless = [one for one in found if one.address[0] in _NO_STATEMENT]
    if helpless:
        lines.append("-- Not by a statement alone:")
        lines += [f"--   {_line(one.object)}: {_way(one)}" for one in helpless]
    if around.helpless:
        lines.append("-- Not by a statement of this script:")
        lines += [f"--   {_line(one)}" for one in around.helpless]
    before, after = ("".join(_told(one) for one in part) for part in (around.before, around.after))
    middle = "\n".join(part for part in (before, body) if part)
    return "\n".join([*lines, ""]) + ("\n" + middle if middle else "") + "".join(own) + after


def _told(statement: str) -> str:
    why = next((why for sign, why in _BEYOND if statement.startswith(sign)), "")
    return (f"-- hazard: {why}\n" if why else "") + statement + "\n"


def _marked(plan: FullPlan) -> str:
    """The plan's script, a comment before each line that costs something."""
    found = []
    lost = {f"DROP TABLE {ObjectName(*one[1:]).sql};" for one in plan.losses if one[0] == "table"}
    for line in plan.script.splitlines(keepends=True):
        if line.startswith("DROP TABLE ") and line.rstrip() not in lost:
            found.append("-- hazard: nobody reads it until its partitions are attached again\n")
        elif not line.startswith("--"):
            found += [f"-- hazard: {why}\n" for sign, why in _HAZARDS if _costs(line, sign)][:1]
        found.append(line)
    return "".join(found)


def _costs(line: str, sign: str) -> bool:
    if not line.startswith(("ALTER TABLE ", "DROP TABLE ", "CREATE INDEX ", "CREATE UNIQUE INDEX ", "ALTER TYPE ")):
        return False
    if sign[0] in "DC" and not sign.startswith("DROP C"):
        return line.startswith(sign)
    return sign in line.removeprefix("ALTER TYPE ")


def _own(findings: tuple[Finding, ...], facts: ServerFacts | None) -> Iterator[str]:
    behind = {("sequence position", *one.sequence): one.statement for one in (facts.behind if facts else ())}
    database = quote_ident(facts.database) if facts else ""
    for one in findings:
        kind, names = one.address[0], one.address[1:]
        if kind == "invalid index":
            index = f"{quote_ident(names[0])}.{quote_ident(names[2])}"
            yield "-- hazard: writes to the table wait; outside of a transaction: REINDEX INDEX CONCURRENTLY\n"
            yield f"REINDEX INDEX {index};\n"
        elif kind == "not validated":
            yield f"-- hazard: every row is read; one that does not fit ends it\n{_validated(names)};\n"
        elif one.address in behind:
            yield f"{behind[one.address]};\n"
        elif kind in ("setting", "database setting"):
            yield _set(f"ALTER DATABASE {database}", names[-1], one.details[0].reference, is_known=kind == "setting")
        elif kind == "role setting":
            head = f"ALTER ROLE {quote_ident(names[0])} IN DATABASE {database}"
            yield _set(head, names[1], one.details[0].reference, is_known=False)


def _set(head: str, name: str, value: str, *, is_known: bool) -> str:
    quoted = ".".join(quote_ident(part) for part in name.split("."))
    if not value and not is_known:
        return f"{head} RESET {quoted};\n"
    return f"{head} SET {quoted} = {value if name in _LISTS and value else quote_literal(value)};\n"


def _validated(names: tuple[str, ...]) -> str:
    kind, schema, relation, name = names
    word = "DOMAIN" if kind == "domain check" else "TABLE"
    return (
        f"ALTER {word} {quote_ident(schema)}.{quote_ident(relation)} VALIDATE CONSTRAINT {quote_ident(name)}"
    )  # fmt: skip


def _way(one: Finding) -> str:
    if one.address[0] == "collation version":
        what = "ALTER DATABASE … REFRESH COLLATION VERSION" if one.address[1:] == ("the database",) else ""
        return f"REINDEX the indexes on text, then {what or 'ALTER COLLATION … REFRESH VERSION'}"
    return "a new database" if one.address[0] == "encoding" else "the table has to be made anew"


def _line(text: str) -> str:
    return text.replace("\n", " ").replace("\r", " ")
