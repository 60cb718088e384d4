"""The SQL that brings what a side holds beyond its catalog to the reference, around the plan for the catalog itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pgready.catalog.model import Catalog
from pgready.parity.outside import KINDS, Outside, OutsideSide, grouped, said
from pgready.parity.outside_alter import altering
from pgready.sql.names import quote_ident

Objects = Mapping[tuple[str, ...], Sequence[Outside]]

_HOLD = frozenset({"typed table", "rule", "statistics", "publication table"})
"""They hold columns of their relations, so that these cannot be changed below them."""
_UNDER = frozenset(KINDS[: KINDS.index("rule")]) - {"typed table", "user mapping"}
"""Tables, indexes and views may stand on them."""
_BASES = frozenset(
    {"foreign data wrapper", "foreign server", "operator family", "operator", "text search parser",
     "text search template", "text search dictionary"}
)  # fmt: skip
"""Others of these kinds stand on them."""
_MAKES = tuple(
    f"CREATE {word}"
    for word in ("TABLE", "UNLOGGED", "VIEW", "MATERIALIZED", "SEQUENCE", "FUNCTION", "PROCEDURE", "OR REPLACE",
                 "AGGREGATE", "TYPE", "DOMAIN", "SCHEMA", "RECURSIVE")
)  # fmt: skip
_GROUND = tuple(
    f"CREATE {word}" for word in ("FUNCTION", "PROCEDURE", "OR REPLACE", "AGGREGATE", "TYPE", "DOMAIN", "EXTENSION")
)
_OF_COLUMNS = (" TYPE ", "DROP COLUMN ", "SET EXPRESSION ")


_DROPS = re.compile(r'DROP (?:FUNCTION|PROCEDURE|AGGREGATE|TYPE|DOMAIN) ("(?:[^"]|"")+")\.("(?:[^"]|"")+")')


@dataclass(frozen=True, slots=True)
class OutsidePlan:
    """Statements before and after the plan for the catalog; `helpless` is what none of them does, with the reason."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    helpless: tuple[str, ...] = ()


def outside_plan(reference: OutsideSide, side: OutsideSide, body: str, role: str, new: Catalog) -> OutsidePlan:
    """What brings `side` to `reference` around the script `body` for its catalog `new`, which `role` is to run.

    What holds a column that changes is taken away and made anew around it; so are the role's own default privileges
    where something is made: it would come with rights that the reference does not have.
    """
    return _Planner(reference, side, body.splitlines(), role, new).plan()


class _Planner:
    def __init__(self, reference: OutsideSide, side: OutsideSide, lines: list[str], role: str, new: Catalog) -> None:
        self._olds: Objects = grouped(reference.objects)
        self._news: Objects = grouped(side.objects)
        self._is_text = reference.major != side.major
        self._lines = lines
        self._role = role
        self._new = new
        self._gone: list[tuple[str, ...]] = []
        self._made: list[tuple[str, ...]] = []
        self._altered: list[str] = []
        self._helpless: list[str] = []

    def plan(self) -> OutsidePlan:
        for address in sorted(self._olds.keys() | self._news.keys()):
            self._sort_out(address)
        self._take_along()
        self._with_members()
        self._around()
        gone, made = self._gone, self._made
        late = self._late()
        early = [one for one in made if self._is_early(one)]
        first = [sql for one in _ordered(gone, back=True) if one not in late for sql in _drops(self._news[one])]
        first += [sql for one in _ordered(early) for sql in _makes(self._olds[one])]
        last = [sql for one in _ordered(late, back=True) for sql in _drops(self._news[one])]
        last += [sql for one in _ordered(made) if one not in early for sql in _makes(self._olds[one])]
        return OutsidePlan(tuple(first), (*last, *self._altered), tuple(self._helpless))

    def _sort_out(self, address: tuple[str, ...]) -> None:
        before, after = self._olds.get(address), self._news.get(address)
        if before and after:
            if said(before) == said(after) or (self._is_text and before[0].is_printed):
                if self._is_in_the_way(after):
                    self._gone.append(address)
                    self._made.append(address)
                return
            statements = altering(before, after)
            if statements is not None:
                self._altered += statements
                return
            if self._is_stood_on(after):
                self._helpless.append(f"{' '.join(address)}: what stands on it has to go first")
                return
        if (before and not before[0].can_be_made) or (after and not after[0].dropped):
            self._helpless.append(f"{' '.join(address)}: it holds a password, and is yours to write")
            return
        self._gone += [address] if after else []
        self._made += [address] if before else []

    def _is_in_the_way(self, after: Sequence[Outside]) -> bool:
        one = after[0]
        if one.kind == "default privileges":
            creates = any(line.startswith(_MAKES) or "AS IDENTITY" in line for line in self._lines)
            return creates and one.name[0] == self._role
        is_typed = one.kind == "typed table"
        relations = [name for each in after for name in each.relations]
        return one.kind in _HOLD and any(_changes(self._lines, name, any_column=is_typed) for name in relations)

    def _is_stood_on(self, after: Sequence[Outside]) -> bool:
        """Whether a view is printed with its name, or an index with that of an operator class."""
        one = after[0]
        if one.kind == "operator class":
            indexes = [index for table in self._new.tables for index in table.indexes]
            classes = [column.operator_class for index in indexes for column in index.columns]
            return any(found is not None and (found.schema, found.name) == one.name[:2] for found in classes)
        if one.kind not in _UNDER:
            return False
        pattern = _mention(one.address)
        return any(pattern.search(view.definition) for view in self._new.views)

    def _around(self) -> None:
        """What stands on a function or type that the plan makes anew goes before it and comes behind it, or is told."""
        names = self._dropped()
        for address, objects in sorted(self._news.items()):
            if objects[0].kind not in _UNDER or address in self._gone:
                continue
            for name in names:
                if any(_mention(("", *name)).search(one.made) for one in objects):
                    if address[0] in ("cast", "foreign table") and not self._is_stood_on(objects):
                        self._gone.append(address)
                        self._made += [address] if address in self._olds and address not in self._made else []
                        break
                    why = f"it stands on {'.'.join(name)}, which is made anew: drop it before, and make it again behind"
                    self._helpless.append(f"{' '.join(address)}: {why}")
                    break

    def _late(self) -> list[tuple[str, ...]]:
        """What goes behind the plan, since something of the plan's may stand on it and go before."""
        late = [one for one in self._gone if one[0] in _UNDER and one not in self._made]
        patterns = [_mention(("", *name)) for name in self._dropped()]
        for one in _ordered(late):
            # What it stands on goes in the plan, or with one that does.
            if any(pattern.search(each.made) for pattern in patterns for each in self._news[one]):
                late.remove(one)
                patterns.append(_mention(one))
        return late

    def _dropped(self) -> list[tuple[str, str]]:
        """The functions and types that the plan drops, also those that it makes anew."""
        dropped = [found for line in self._lines if (found := _DROPS.match(line))]
        return sorted({(_unquoted(found[1]), _unquoted(found[2]).removesuffix("_old")) for found in dropped})

    def _take_along(self) -> None:
        """What stands on one that is made anew goes and comes with it; one that cannot come back keeps it there."""
        for address in _ordered(set(self._gone) & set(self._made)):
            if address[0] not in _BASES:
                continue
            above = [
                one for one in _ordered(self._news) if one not in self._gone and _stands_on(self._news[one], address)
            ]
            objects = [one for each in above for one in self._news[each]]
            if any(not one.can_be_made or self._is_stood_on([one]) for one in objects):
                self._gone.remove(address)
                self._made.remove(address)
                self._helpless.append(f"{' '.join(address)}: what stands on it has to go first")
            else:
                self._gone += above
                self._made += [one for one in above if one in self._olds and one not in self._made]

    def _with_members(self) -> None:
        """A publication that is made anew has lost its tables; one that goes takes them along."""
        publications = {address[1] for address in self._gone if address[0] == "publication"}
        self._gone = [one for one in self._gone if not (one[0].startswith("publication ") and one[1] in publications)]
        members = [one for one in self._olds if one[0].startswith("publication ") and one[1] in publications]
        self._made = list(dict.fromkeys([*self._made, *members]))

    def _is_early(self, address: tuple[str, ...]) -> bool:
        """Whether the plan may need it, and it nothing of the plan."""
        one = self._olds[address][0]
        if one.kind not in _UNDER or (one.schema and one.schema not in {each.name for each in self._new.schemas}):
            return False
        is_free = one.kind == "collation" or one.kind.startswith(
            ("text search dictionary", "text search configuration")
        )
        return is_free or not any(line.startswith(_GROUND) for line in self._lines)


def _stands_on(objects: Sequence[Outside], address: tuple[str, ...]) -> bool:
    one = objects[0]
    if one.kind == "user mapping":
        return address[0] == "foreign server" and one.name[0] == address[1]
    pattern = _mention(address)
    return KINDS.index(one.kind) > KINDS.index(address[0]) and any(pattern.search(each.made) for each in objects)


def _mention(address: tuple[str, ...]) -> re.Pattern[str]:
    """The object's name as the server prints it in what stands on it."""
    kind, names = address[0], address[1:]
    if kind == "foreign server":
        return re.compile(rf"\bSERVER {_printed(names[0])}(?![\w$])")
    if kind == "foreign data wrapper":
        return re.compile(rf"FOREIGN DATA WRAPPER {_printed(names[0])}(?![\w$])")
    if kind == "operator":
        return re.compile(rf"{_printed(names[0])}\.{re.escape(names[1])}(?=[\s()])")
    if len(names) < 2:
        return re.compile(r"(?!)")
    return re.compile(rf"(?<![\w$.\"]){_printed(names[0])}\.{_printed(names[1])}(?![\w$])")


def _unquoted(name: str) -> str:
    return name[1:-1].replace('""', '"')


def _printed(name: str) -> str:
    quoted = re.escape(quote_ident(name))
    return rf"(?:{quoted}|{re.escape(name)})" if re.fullmatch(r"[a-z_][a-z0-9_$]*", name) else quoted


def _changes(lines: Sequence[str], relation: tuple[str, str], *, any_column: bool) -> bool:
    """Whether the script changes a column of the relation, or makes the relation anew."""
    name = ".".join(quote_ident(part) for part in relation)
    alters = (f"ALTER TABLE {name} ", f"ALTER TABLE ONLY {name} ")
    anew = tuple(f"DROP {word} {name}" for word in ("TABLE", "VIEW", "MATERIALIZED VIEW"))
    signs = (*_OF_COLUMNS, "ADD COLUMN ") if any_column else _OF_COLUMNS
    for line in lines:
        if line.startswith(anew) or (line.startswith(alters) and any(sign in line for sign in signs)):
            return True
    return False


def _ordered(addresses: Iterable[tuple[str, ...]], *, back: bool = False) -> list[tuple[str, ...]]:
    return sorted(addresses, key=lambda one: (KINDS.index(one[0]), one), reverse=back)


def _makes(objects: Sequence[Outside]) -> Iterator[str]:
    yield from (one.made for one in sorted(objects, key=lambda one: one.made))


def _drops(objects: Sequence[Outside]) -> Iterator[str]:
    yield from (one.dropped for one in sorted(objects, key=lambda one: one.made))
