"""Full mode's plan: the SQL that turns a database of one catalog into one of another, data kept where it can be.

The order comes from what each statement makes, needs and takes back. What a plan drops it says: see `FullPlan.losses`.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from pgready.catalog.model import Catalog, Composite, Sequence
from pgready.catalog.names import ObjectName
from pgready.diff.full import full_changes
from pgready.diff.full_elements import Address
from pgready.diff.full_renames import renames, with_renames
from pgready.plan.create import Statement, all_steps, settings
from pgready.plan.create_graph import Graph, Key, Step, components
from pgready.plan.create_ranks import RANK
from pgready.plan.full_alter import alterations, new_labels, rename, without_parents
from pgready.plan.full_columns import Columns, comes_with_parent
from pgready.plan.full_drops import CONSTRAINTS, Drops, in_turn, names_aside
from pgready.plan.full_fate import Fates, fates
from pgready.plan.full_side import Side
from pgready.sql.names import quote_ident, quote_literal

_PUBLIC = "public"
_BY_COLUMNS = frozenset({"column", "default", "not null", "identity"})
"""What `Columns` makes of a table that stays."""


@dataclass(frozen=True, slots=True)
class FullPlan:
    """Statements in order, in as many transactions as they need: what one part adds the next can use.

    `settings` go before each part. `losses` are the tables, columns and attributes whose data goes.
    """

    settings: tuple[Statement, ...]
    parts: tuple[tuple[Statement, ...], ...]
    losses: tuple[Address, ...] = ()

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All of the parts."""
        return tuple(one for part in self.parts for one in part)

    @property
    def script(self) -> str:
        """The SQL as one text, "" if there is nothing to do; a part that has to be committed commits itself."""
        if not self.parts:
            return ""
        texts = [_comment(self.losses) + _text(self.settings)]
        texts += [f"{_COMMITTED}BEGIN;\n{_text(part)}COMMIT;\n" for part in self.parts[:-1]]
        return "\n".join([*texts, _text(self.parts[-1])])


_COMMITTED = "-- New labels of an enum cannot be used before they are committed.\n"


def _comment(losses: tuple[Address, ...]) -> str:
    # A name may have a line break in it.
    shown = (f"--   {one[0]} {'.'.join(one[1:])}".replace("\n", " ").replace("\r", " ") for one in losses)
    return "\n".join(["-- Data is lost:", *shown, "", ""]) if losses else ""


def _text(statements: tuple[Statement, ...]) -> str:
    return "".join(one.sql + ";\n" for one in statements)


def full_plan(before: Catalog, after: Catalog) -> FullPlan:
    """The plan from `before` to `after`; it has no part if nothing differs."""
    if not full_changes(before, after):
        return FullPlan((), ())
    renamed = renames(before, after)
    old, new = Side(with_renames(before, renamed)), Side(after)
    anew: set[Address] = set()
    while True:
        plan = _Planner(old, new, anew)
        steps, knots = plan.ordered()
        if knots <= anew:
            break
        anew |= knots
    labels = tuple(plan.labels())
    first = [Statement(rename(one.address, one.after.name), "rename", one.address[1:]) for one in renamed]
    rest = (*first, *(Statement(one.sql, one.kind, one.name) for one in steps if one.sql))
    if not labels and not rest:
        return FullPlan((), ())
    added = [quote_literal(label) for label in plan.added()]
    is_used = any(label in one.sql for one in rest for label in added)
    parts = (labels, rest) if labels and is_used else (labels + rest,)
    return FullPlan(settings(), parts, tuple(plan.losses()))


class _Apart(AbstractSet[Key]):
    """What stands apart from its table or domain: what breaks a cycle, and all that comes to one that is there."""

    def __init__(self, cyclic: set[Key], made: AbstractSet[Address]) -> None:
        self._cyclic = cyclic
        self._made = made

    def __contains__(self, key: object) -> bool:
        if key in self._cyclic:
            return True
        if not isinstance(key, tuple):
            return False
        if key[0] == "default":
            return ("table", *key[1:3]) not in self._made and ("column", *key[1:]) not in self._made
        if key[0] in ("check", "key"):
            return ("table", *key[1:3]) not in self._made
        return key[0] == "domain part" and ("domain", *key[1:3]) not in self._made

    def __iter__(self) -> Iterator[Key]:
        return iter(self._cyclic)

    def __len__(self) -> int:
        return len(self._cyclic)


class _Planner:
    def __init__(self, old: Side, new: Side, anew: AbstractSet[Address]) -> None:
        self._old, self._new = old, new
        self._fates: Fates = fates(old, new, anew)
        self._drops = Drops(old, new, self._fates, names_aside(old, new, self._fates))

    def losses(self) -> Iterator[Address]:
        """The tables, columns of tables that stay, and attributes that go with what is in them."""
        gone = self._fates.gone
        for address in sorted(gone):
            table: Address = ("table", *address[1:3])
            is_made = address[0] == "column" and self._old.elements[address].value.generated is not None
            if (
                address[0] == "table"
                and address in self._fates.made
                and self._old.elements[address].value.partition_key
            ):
                continue  # it has no rows of its own, and its partitions are attached to the new one
            if address[0] == "table" or (address[0] == "column" and table not in gone and not is_made):
                yield address
        for address in sorted(self._fates.altered):
            after = self._new.elements[address].value
            if isinstance(after, Composite):
                names = {one.name for one in after.attributes}
                for one in self._old.elements[address].value.attributes:
                    if one.name not in names:
                        yield ("attribute", *address[1:], one.name)

    def added(self) -> set[str]:
        """The labels that come to enums that stay."""
        return {
            label
            for address in self._fates.altered
            if address[0] == "enum"
            for label in set(self._new.elements[address].value.labels) - set(self._old.elements[address].value.labels)
        }

    def labels(self) -> Iterator[Statement]:
        """ALTER TYPE … ADD VALUE, which goes before everything."""
        for address in sorted(self._fates.altered):
            if address[0] == "enum":
                before, after = self._old.elements[address].value, self._new.elements[address].value
                for sql in new_labels(before, after):
                    yield Statement(sql, "enum label", address[1:])

    def ordered(self) -> tuple[list[Step], set[Address]]:
        """Every other statement in its place, and what would have to be made anew for them all to have one."""
        cyclic: set[Key] = set()
        explicit = set(self._drops.referred())
        while True:
            graph = Graph(self._steps(cyclic, explicit))
            more, apart = graph.cyclic_parts() - cyclic, self._parts_in_circles(graph) - explicit
            if not more and not apart:
                break
            cyclic |= more
            explicit |= apart
        groups = components(graph.needs)
        steps = [graph.steps[number] for group in groups for number in group]
        knots = {one.about for one in steps if one.kind in ("alter view", "alter function")}
        return Graph(_at_once(graph)).ordered(), knots

    def _steps(self, cyclic: set[Key], explicit: set[Address]) -> list[Step]:
        apart = _Apart(cyclic, self._fates.made - self._kept_columns())
        found = list(self._drops.steps(explicit))
        found += Columns(self._old, self._new, self._fates, apart).steps()
        found += self._sequences()
        for address in sorted(self._fates.altered):
            if address[0] not in (*_BY_COLUMNS, "enum"):
                found += self._altered(address)
        found += [self._placed(one) for one in all_steps(self._new.catalog, apart) if self._is_wanted(one)]
        return found

    def _kept_columns(self) -> set[Address]:
        """Columns that come with a parent's: their defaults are theirs to set."""
        columns = {one for one in self._fates.made if one[0] == "column" and ("table", *one[1:3]) in self._old.elements}
        return {one for one in columns if comes_with_parent(one, self._old, self._new, self._fates)}

    def _is_wanted(self, step: Step) -> bool:
        about = step.about
        if about[0] in _BY_COLUMNS and ("table", *about[1:3]) not in self._fates.made:
            return False
        return about in self._fates.made

    def _placed(self, step: Step) -> Step:
        """A step of creation, behind what has to go first."""
        about, gone = step.about, self._fates.gone
        needs: set[Key] = {("free", *key[1:]) for key in step.makes if key[0] in ("name", "index")}
        if about in gone and not self._is_aside(about):
            needs.add(("gone", *about))
        if about[0] in CONSTRAINTS:
            needs |= {("free constraint", *about[1:])} | {("gone", kind, *about[1:]) for kind in CONSTRAINTS}
        if about[0] == "owner":
            needs |= {("gone", "grants", *one) for one in self._with_rights(about[1:])}
            needs |= {("sequence of", *about[2:])}
        if about[0] == "grants":
            needs |= {("gone", *about)}
        if about[0] == "partition":
            needs |= set(self._before_attaching(ObjectName(*about[1:])))
        if step.kind == "owned sequence":
            needs.add(("owner set", *about[1:]))
        makes, own = step.makes, step.needs
        if about[0] == "domain":
            makes += (("bare", *about[1:]),)
        if about[0] == "domain check" and not any(key[0] == "function" for key in own):
            # It cannot be added once the domain stands inside of other types.
            makes += (("name", *about[1:3]),)
            own = (own - {("name", *about[1:3])}) | {("bare", *about[1:3])}
        sql = step.sql
        if about == ("schema", _PUBLIC) and step.kind == "schema":
            sql = sql.replace("SCHEMA", "SCHEMA IF NOT EXISTS", 1)
        return replace(step, sql=sql, makes=makes, needs=own | needs)

    def _before_attaching(self, name: ObjectName) -> Iterator[Key]:
        """What a partition has to have if it is there already in its parent: otherwise the server makes it."""
        table = self._new.table(name)
        if table is None or table.partition is None or ("table", *table.partition.parent) in self._fates.made:
            return
        yield ("early foreign keys", *name)
        indexes = [*table.indexes, *(key.index for key in (table.primary_key, *table.uniques) if key is not None)]
        yield from (("index", name.schema, one.name) for one in indexes)

    def _with_rights(self, of: Address) -> Iterator[Address]:
        yield of
        yield from self._old.children.get(of, ())
        yield from self._old.sequences.get(of, ())

    def _is_aside(self, address: Address) -> bool:
        while address:
            if address in self._fates.set_aside or (address[0] == "function" and self._drops.range_of(address)):
                return True
            address = self._old.elements[address].parent
        return False

    def _altered(self, address: Address) -> Iterator[Step]:
        before, after = self._old.elements[address].value, self._new.elements[address].value
        statements = alterations(address, before, after)
        names: tuple[Key, ...] = tuple(key for key in self._new.makes.get(address, ()) if address[0] != "table")
        needs = frozenset(self._new.needs.get(address, ()))
        if address[0] == "domain check":
            names += (("name", *address[1:3]),)
            needs -= {("name", *address[1:3])}
        if address[0] == "table":
            needs |= {("done", "column", *address[1:], one.name) for one in after.columns}
        if address[0] == "table":
            first = Step(-RANK["table"] - 2, "orphan", address[1:], "", (("orphaned", *address[1:]),), about=address)
            yield from in_turn(first, without_parents(before, after))
            needs |= {("orphaned", *address[1:])}
        step = Step(RANK.get(address[0], RANK["table"]), f"alter {address[0]}", address[1:], "",
                    (("done", *address), *sorted(names)), needs, about=address)  # fmt: skip
        yield from in_turn(step, statements)

    def _sequences(self) -> Iterator[Step]:
        """Sequences that are let go by their columns, and those that columns of tables that stay come to own."""
        gone, made = self._fates.gone, self._fates.made
        old = {one.name: one for one in self._old.catalog.sequences}
        for before in old.values():
            address: Address = ("sequence", *before.name)
            if before.owned_by is None or address in gone:
                continue
            now = self._new.elements[address].value
            column: Address = ("column", *before.owned_by[0], before.owned_by[1])
            if now.owned_by != before.owned_by or column in gone:
                sql = f"ALTER SEQUENCE {before.name.sql} OWNED BY NONE"
                yield Step(-RANK["table"], "free sequence", tuple(before.name), sql, (("released", *before.name),),
                           about=address)  # fmt: skip
        for after in self._new.catalog.sequences:
            if after.owned_by is None:
                continue
            table, column_name = after.owned_by
            was = old.get(after.name) if ("sequence", *after.name) not in made else None
            is_kept = was is not None and was.owned_by == after.owned_by
            if is_kept and ("column", *table, column_name) not in gone:
                continue
            yield from self._owned(after, is_made=was is None)

    def _owned(self, sequence: Sequence, *, is_made: bool) -> Iterator[Step]:
        table, column = sequence.owned_by or (sequence.name, "")
        address: Address = ("sequence", *sequence.name)
        # Both have to have one owner at that moment.
        before = self._old.table(table)
        needs: set[Key] = {("name", *sequence.name), ("released", *sequence.name), ("done", *address)}
        if before is not None and before.owner and ("table", *table) not in self._fates.made:
            sql = f"ALTER SEQUENCE {sequence.name.sql} OWNER TO {quote_ident(before.owner)}"
            needs.add(("gone", "grants", *address))
            yield Step(RANK["sequence"], "owner", tuple(sequence.name), sql, (("owner set", *sequence.name),),
                       frozenset(needs), about=address)  # fmt: skip
        elif not is_made:
            sql = f"ALTER SEQUENCE {sequence.name.sql} OWNER TO CURRENT_USER"
            yield Step(RANK["sequence"], "owner", tuple(sequence.name), sql, (("owner set", *sequence.name),),
                       frozenset(needs), about=address)  # fmt: skip
        if not is_made:
            sql = f"ALTER SEQUENCE {sequence.name.sql} OWNED BY {table.sql}.{quote_ident(column)}"
            needs |= {("owner set", *sequence.name), ("name", *table)}
            yield Step(RANK["owned sequence"], "owned sequence", tuple(sequence.name), sql,
                       (("sequence of", *table),), frozenset(needs), about=address)  # fmt: skip

    def _parts_in_circles(self, graph: Graph) -> set[Address]:
        """Parts that are dropped by themselves, since their tables stand on each other."""
        found: set[Address] = set()
        for group in components(graph.needs):
            below: dict[Address, set[Key]] = {}
            for number in group:
                for key in graph.steps[number].makes:
                    for who in self._old.dependents.get(key[1:], ()) if key[0] == "gone" else ():
                        below.setdefault(who, set()).add(key)
            for number in group:
                root = graph.steps[number].about
                if graph.steps[number].rank >= 0 or root[0] != "table":
                    continue
                parts = (one for one in self._old.below(root) if one[0] in ("foreign key", "default", "check"))
                found |= {part for part in parts if below.get(part, set()) - {("gone", *root)}}
        return found


def _at_once(graph: Graph) -> list[Step]:
    """The steps, those that still stand on each other dropped by force: all of them go anyway."""
    steps = list(graph.steps)
    for group in components(graph.needs):
        if any(steps[number].rank >= 0 for number in group):
            continue
        # With the first of them all go, so whatever stands on one of them goes before.
        made = {key for number in group for key in steps[number].makes}
        needs = frozenset(key for number in group for key in steps[number].needs if key not in made)
        for number in group:
            step = steps[number]
            sql = step.sql
            if sql.startswith("DROP "):
                word, _, name = sql.removeprefix("DROP ").partition(' "')
                sql = f'DROP {word} IF EXISTS "{name} CASCADE'
            steps[number] = replace(step, sql=sql, needs=needs | step.needs)
    return steps
