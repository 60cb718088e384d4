"""Objects of a database that its catalog does not hold: rules, publications, statistics, casts, default privileges, ….

They are held against each other by name and by the statement that makes them, as the server says it. What a side does
not hold at all (a schema, a snapshot) is told with its number, never called equal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pgready.catalog.model import Catalog
from pgready.parity.model import Detail, Difference

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
    olds, news = grouped(reference.objects), grouped(side.objects)
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
        elif said(before) != said(after):
            if reference.major != side.major and _without_maintain(before) == _without_maintain(after):
                continue
            if reference.major != side.major and any(one.is_printed for one in (*before, *after)):
                printed[address[0]] += 1
                continue
            found.append(Difference(address, "different", (Detail("definition", said(before), said(after)),)))
    limits = [f"{_counted(printed)}: two versions of the server print them in other words"] if printed else []
    return found, limits


def grouped(objects: Iterable[Outside]) -> dict[tuple[str, ...], list[Outside]]:
    """By address; more than one of default privileges only."""
    # Default privileges of one role for another may be given and taken, with and without the option to give them on.
    found: dict[tuple[str, ...], list[Outside]] = {}
    for one in objects:
        found.setdefault(one.address, []).append(one)
    return found


def said(objects: Sequence[Outside]) -> str:
    """What is compared of the objects of one address."""
    if objects[0].kind == "default privileges":  # roles may be called otherwise: the name has them
        return "; ".join(sorted(_rights(one.made) for one in objects))
    return "\n".join(sorted(one.made for one in objects))


def _without_maintain(objects: Sequence[Outside]) -> str:
    """The same without the right that came with 17."""
    return said(objects).replace("MAINTAIN, ", "").replace(", MAINTAIN", "")


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
