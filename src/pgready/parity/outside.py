"""Objects of a database that its catalog does not hold: rules, publications, statistics, casts, default privileges, ….

They are held against each other by name and by the statement that makes them, as the server says it. What a side does
not hold at all (a schema, a snapshot) is told with its number, never called equal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pgready.catalog.model import Catalog
from pgready.parity.model import Detail, Difference
from pgready.sql.names import quote_ident

KINDS = (
    "language",
    "access method",
    "collation",
    "text search parser",
    "text search template",
    "text search dictionary",
    "text search configuration",
    "conversion",
    "cast",
    "transform",
    "operator family",
    "operator",
    "operator class",
    "foreign data wrapper",
    "foreign server",
    "user mapping",
    "foreign table",
    "typed table",
    "rule",
    "statistics",
    "publication",
    "publication table",
    "publication schema",
    "subscription",
    "security label",
    "default privileges",
)
"""Each after what it may stand on."""
OF_OWNERS = frozenset({"default privileges", "user mapping", "security label"})
"""What belongs to roles: not compared where owners are not."""
_EARLY = frozenset({"collation", *(kind for kind in KINDS if kind.startswith("text search"))})
"""Tables may stand on them, and they stand on no table."""
_HOLD = frozenset({"typed table", "rule", "statistics", "publication table"})
"""They hold columns of their relations, so that these cannot be changed below them."""


@dataclass(frozen=True, slots=True)
class Outside:
    """One object: `made` is the statement that makes it, or words where none can be had; `dropped` takes it away ("").

    `altered` makes of one of its name this one, where a statement can. `relations` are (schema, name) of what it
    stands on. `is_printed`: another version of the server may say the same in other words.
    """

    kind: str
    name: tuple[str, ...]
    made: str
    altered: str = ""
    dropped: str = ""
    relations: tuple[tuple[str, str], ...] = ()
    is_printed: bool = False
    schema: str = ""

    @property
    def address(self) -> tuple[str, ...]:
        """What it is called in a finding."""
        return (self.kind, *self.name)

    @property
    def can_be_made(self) -> bool:
        """Whether `made` is SQL."""
        return self.kind not in ("subscription", "user mapping")


@dataclass(frozen=True, slots=True)
class OutsideSide:
    """All of a side; `major` is its server's version, `catalog` what it stands beside."""

    objects: tuple[Outside, ...]
    major: int

    def among(self, catalog: Catalog, *, owners: bool) -> OutsideSide:
        """Those in the catalog's schemas, or in none; without `owners` those that belong to no role."""
        schemas = {"", *(one.name for one in catalog.schemas)}
        kept = (one for one in self.objects if one.schema in schemas and (owners or one.kind not in OF_OWNERS))
        return replace(self, objects=tuple(kept))

    def called(self, roles: Mapping[str, str]) -> OutsideSide:
        """With each role of default privileges by its other name."""
        if not roles:
            return self
        return replace(self, objects=tuple(_called(one, roles) for one in self.objects))


def _called(one: Outside, roles: Mapping[str, str]) -> Outside:
    if one.kind != "default privileges":
        return one
    owner, schema, word, grantee = one.name
    return replace(one, name=(roles.get(owner, owner), schema, word, roles.get(grantee, grantee)))


def outside_differences(
    reference: OutsideSide, side: OutsideSide, old: Catalog, new: Catalog
) -> tuple[list[Difference], list[str]]:
    """What of `side` is not as in `reference`, and what could not be held against each other, in words.

    What goes with a relation that is missing (`old` and `new` are the catalogs) is not told, as with its columns.
    """
    olds, news = _grouped(reference.objects), _grouped(side.objects)
    there, expected = _relations(new), _relations(old)
    found: list[Difference] = []
    printed: Counter[str] = Counter()
    for address in sorted(olds.keys() | news.keys()):
        before, after = olds.get(address, []), news.get(address, [])
        publication = ("publication", address[1])
        if address[0].startswith("publication ") and (publication in olds) != (publication in news):
            continue
        if not after:
            if all(name in there for one in before for name in one.relations):
                found.append(Difference(address, "missing"))
        elif not before:
            if all(name in expected for one in after for name in one.relations):
                found.append(Difference(address, "unexpected"))
        elif _said(before) != _said(after):
            if reference.major != side.major and any(one.is_printed for one in (*before, *after)):
                printed[address[0]] += 1
                continue
            found.append(Difference(address, "different", (Detail("definition", _said(before), _said(after)),)))
    limits = [f"{_counted(printed)}: two versions of the server print them in other words"] if printed else []
    return found, limits


def _grouped(objects: Iterable[Outside]) -> dict[tuple[str, ...], list[Outside]]:
    # Default privileges of one role for another may be given and taken, with and without the option to give them on.
    found: dict[tuple[str, ...], list[Outside]] = {}
    for one in objects:
        found.setdefault(one.address, []).append(one)
    return found


def _said(objects: Sequence[Outside]) -> str:
    if objects[0].kind == "default privileges":  # roles may be called otherwise: the name has them
        return "; ".join(sorted(_rights(one.made) for one in objects))
    return "\n".join(sorted(one.made for one in objects))


def _rights(made: str) -> str:
    """`GRANT SELECT … WITH GRANT OPTION` of an ALTER DEFAULT PRIVILEGES."""
    verb = "GRANT" if " GRANT " in made else "REVOKE"
    rights = made.partition(f" {verb} ")[2].partition(" ON ")[0]
    return f"{verb} {rights}{' WITH GRANT OPTION' if made.endswith(' WITH GRANT OPTION;') else ''}"


def _relations(catalog: Catalog) -> set[tuple[str, str]]:
    names = [*(one.name for one in catalog.tables), *(one.name for one in catalog.views)]
    return {(one.schema, one.name) for one in names}


def unheld(side: OutsideSide) -> str:
    """What a side has that the other cannot hold, in words; "" if it has nothing."""
    counts = Counter(one.kind for one in side.objects)
    return _counted(counts)


def _counted(counts: Counter[str]) -> str:
    def word(kind: str, number: int) -> str:
        if number == 1 or kind in ("statistics", "default privileges"):
            return f"{number} {kind}"
        plural = f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}{'es' if kind.endswith('s') else 's'}"
        return f"{number} {plural}"

    return ", ".join(word(kind, counts[kind]) for kind in KINDS if counts[kind])


# ── the SQL that ends it ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class OutsidePlan:
    """Statements before and after the plan for the catalog, and the objects that no statement brings about."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    helpless: tuple[str, ...] = ()


def outside_plan(reference: OutsideSide, side: OutsideSide, body: str, role: str, new: Catalog) -> OutsidePlan:
    """What brings `side` to `reference` around the script `body` for its catalog `new`, which `role` is to run.

    What holds a column that changes is taken away and made anew around it; so are the role's own default privileges
    where something is made: it would come with rights that the reference does not have.
    """
    olds, news = _grouped(reference.objects), _grouped(side.objects)
    is_text = reference.major != side.major
    lines = body.splitlines()
    creates = any(line.startswith(_MAKES) or "AS IDENTITY" in line for line in lines)
    gone: list[tuple[str, ...]] = []
    made: list[tuple[str, ...]] = []
    altered: list[str] = []
    helpless: list[str] = []
    for address in olds.keys() | news.keys():
        before, after = olds.get(address), news.get(address)
        same = before and after and (_said(before) == _said(after) or (is_text and before[0].is_printed))
        if same and after:
            is_held = after[0].kind in _HOLD and any(_changes(lines, name) for one in after for name in one.relations)
            if is_held or (creates and address[0] == "default privileges" and address[1] == role):
                gone.append(address)
                made.append(address)
        elif before and after and before[0].altered and _all_tables(before) == _all_tables(after):
            altered += [one.altered for one in before]
        elif (before and not before[0].can_be_made) or (after and not after[0].dropped):
            helpless.append(" ".join(address))
        else:
            gone += [address] if after else []
            made += [address] if before else []
    _take_along(gone, made, helpless, olds, news)
    publications = {address[1] for address in gone if address[0] == "publication"}
    gone = [one for one in gone if not (one[0].startswith("publication ") and one[1] in publications)]
    members = [one for one in olds if one[0].startswith("publication ") and one[1] in publications]
    made = list(dict.fromkeys([*made, *members]))
    schemas = {one.name for one in new.schemas}
    late = [one for one in gone if one[0] not in _HOLD and not _is_replaced(one, made) and not _is_first(one)]
    early = [one for one in made if one[0] in _EARLY and olds[one][0].schema in schemas and one not in news]
    first = [sql for one in _ordered(gone, back=True) if one not in late for sql in _drops(news[one])]
    first += [sql for one in _ordered(early) for sql in _makes(olds[one])]
    last = [sql for one in _ordered(late, back=True) for sql in _drops(news[one])]
    last += [sql for one in _ordered(made) if one not in early for sql in _makes(olds[one])]
    return OutsidePlan(tuple(first), (*last, *sorted(altered)), tuple(sorted(helpless)))


def _take_along(
    gone: list[tuple[str, ...]],
    made: list[tuple[str, ...]],
    helpless: list[str],
    olds: Mapping[tuple[str, ...], Sequence[Outside]],
    news: Mapping[tuple[str, ...], Sequence[Outside]],
) -> None:
    """What stands on one that is made anew goes and comes with it; one that cannot come back keeps it from going."""
    for address in _ordered(set(gone) & set(made)):
        if address[0] not in _BASES:
            continue
        above = [one for one in _ordered(news) if one not in gone and _stands_on(news[one], address)]
        if any(not one.can_be_made for each in above for one in news[each]):
            gone.remove(address)
            made.remove(address)
            helpless.append(" ".join(address))
        else:
            gone += above
            made += [one for one in above if one in olds and one not in made]


_BASES = frozenset({"foreign data wrapper", "foreign server", "operator family", *_EARLY} - {"collation"})


def _stands_on(objects: Sequence[Outside], address: tuple[str, ...]) -> bool:
    one = objects[0]
    if one.kind == "user mapping":
        return address[0] == "foreign server" and one.name[0] == address[1]
    name = address[2] if address[0] in _EARLY or address[0] == "operator family" else address[1]
    quoted = name.replace('"', '""')  # perhaps without need: then more goes and comes back than has to
    return KINDS.index(one.kind) > KINDS.index(address[0]) and any(quoted in each.made for each in objects)


_MAKES = tuple(
    f"CREATE {word}"
    for word in ("TABLE", "UNLOGGED", "VIEW", "MATERIALIZED", "SEQUENCE", "FUNCTION", "PROCEDURE", "OR REPLACE",
                 "AGGREGATE", "TYPE", "DOMAIN", "SCHEMA", "RECURSIVE")
)  # fmt: skip


def _is_first(address: tuple[str, ...]) -> bool:
    return address[0].startswith("publication") or address[0] == "default privileges"


def _is_replaced(address: tuple[str, ...], made: Sequence[tuple[str, ...]]) -> bool:
    return address in made


def _all_tables(objects: Sequence[Outside]) -> bool:
    return any(" FOR ALL TABLES" in one.made for one in objects)


def _changes(lines: Sequence[str], relation: tuple[str, str]) -> bool:
    """Whether the script changes a column of the relation, or makes the relation anew."""
    name = ".".join(quote_ident(part) for part in relation)
    alters = (f"ALTER TABLE {name} ", f"ALTER TABLE ONLY {name} ")
    anew = tuple(f"DROP {word} {name}" for word in ("TABLE", "VIEW", "MATERIALIZED VIEW"))
    for line in lines:
        if line.startswith(anew) or (line.startswith(alters) and any(sign in line for sign in _OF_COLUMNS)):
            return True
    return False


_OF_COLUMNS = (" TYPE ", "DROP COLUMN ", "ADD COLUMN ", "RENAME ", "SET EXPRESSION ")


def _ordered(addresses: Iterable[tuple[str, ...]], *, back: bool = False) -> list[tuple[str, ...]]:
    return sorted(addresses, key=lambda one: (KINDS.index(one[0]), one), reverse=back)


def _makes(objects: Sequence[Outside]) -> Iterator[str]:
    yield from (one.made for one in sorted(objects, key=lambda one: one.made))


def _drops(objects: Sequence[Outside]) -> Iterator[str]:
    yield from (one.dropped for one in sorted(objects, key=lambda one: one.made))
