"""The way out of unbounded contracts: indexes and other wordings that were tried, not guessed.

Candidates are really created on the proving ground and shown to the planner one at a time; the contract is planned and
judged with each at every growth. What is offered made its contracts bounded, alone and with all the other offers; of
what did, the fewest indexes and of these the smallest. Where nothing helps, it is said why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pgready.catalog.names import ObjectName
from pgready.commands.prove_plans import Judging
from pgready.postgres.hiding import Hidden, bare_plans, hidden_indexes
from pgready.postgres.proving import PlanRefused
from pgready.proof.candidates import Candidate, arms, candidates, superfluous
from pgready.proof.contract import Contract
from pgready.proof.facts import Facts
from pgready.proof.index_words import create, name_of, schema_line
from pgready.proof.query_shape import TableUse, uses
from pgready.proof.result import Offer, Proved
from pgready.proof.rewrites import Rewrite, no_way, rewrites
from pgready.proof.samples import LIMIT, sample_for
from pgready.proof.verdict import WORST, Kind
from pgready.proof.ways import ACCEPTED, Option, Tried, chosen
from pgready.psl.schema import Schema
from pgready.report.story import Event, plural

_MOST_OPTIONS = 40
"""What is tried for one contract, at most."""

_MOST_OTHERS = 12
"""Of what helped others, how much is tried for one contract, at most; the same of what helps at a smaller size."""

_MOST_FALLEN = 12

_TOGETHER = 3
"""Indexes that are tried together, at most: one for each table of a join."""


@dataclass(frozen=True, slots=True)
class WayOut:
    """What is offered for each contract, by name, and the indexes of all of it as (name, CREATE INDEX)."""

    offers: tuple[tuple[str, tuple[Offer, ...]], ...] = ()
    indexes: tuple[tuple[str, str], ...] = ()


@dataclass
class _Subject:
    """A contract as it is, or as a rewrite would have it, with what may help and what did."""

    name: str
    contract: Contract
    rewrite: Rewrite | None = None
    uses: tuple[TableUse, ...] = ()
    alive: dict[Option, Kind] = field(default_factory=dict)
    fallen: dict[Option, Kind] = field(default_factory=dict)
    until: float = 0
    """The largest growth at which something of what fell at a larger one helps, 0 for none."""

    @property
    def tables(self) -> frozenset[ObjectName]:
        return frozenset(use.table.name for use in self.uses)


@dataclass(frozen=True, slots=True)
class _Offered:
    """What helps a subject."""

    subject: _Subject
    tried: Tried


def ways_out(
    judging: Judging, proved: Sequence[Proved], schema: Schema | None = None, default_schema: str = "public"
) -> WayOut:
    """Look for a way out of each unbounded contract; the ground is as before afterwards, but for its size."""
    unbounded = [one.contract for one in proved if one.kind == "unbounded"]
    if not unbounded:
        return WayOut()
    return _Search(judging, schema, default_schema).run(unbounded)


class _Search:
    def __init__(self, judging: Judging, schema: Schema | None, default_schema: str) -> None:
        self.judging = judging
        self.ground = judging.ground
        self.catalog = judging.ground.catalog
        self.schema = schema
        self.default_schema = default_schema
        self.tables = {table.name: table for table in self.catalog.tables}
        self.names: dict[Candidate, ObjectName] = {}
        self.growths = sorted(judging.growths, reverse=True)
        self.facts = Facts({})

    def run(self, unbounded: Sequence[Contract]) -> WayOut:
        subjects = self._subjects(unbounded)
        self._read(subjects)
        for subject in subjects:
            options = [frozenset((one,)) for use in subject.uses for one in candidates(use, self.catalog)]
            options = options[:_MOST_OPTIONS] + self._alternatives(subject)
            subject.alive = dict.fromkeys(options, "bounded")
        self._name(one for subject in subjects for option in subject.alive for one in option)
        count = len(self.names)
        self.judging.tell(
            Event("way_out", f"looking for a way out of {plural(len(unbounded), 'contract')}", {"indexes": count})
        )
        statements = {name: self._sql(one, concurrently=False) for one, name in self.names.items()}
        with hidden_indexes(self.ground, statements) as hidden:
            self._size(self.growths[0])
            self._try_all(subjects, hidden)
            offered = self._settled(subjects, hidden)
            self._try_fallen(subjects, offered, hidden)
            sizes = self._sizes(hidden, offered)
        return self._told(unbounded, subjects, offered, sizes)

    # ── what could help ──

    def _subjects(self, unbounded: Sequence[Contract]) -> list[_Subject]:
        found = []
        for contract in unbounded:
            found.append(_Subject(contract.name, contract))
            types = dict(enumerate(self.ground.parameter_types(contract), 1))
            path = _path(contract.search_path or self.ground.search_path) or ("public",)
            for number, rewrite in enumerate(rewrites(contract, self.catalog, types, path), 1):
                rewritten = replace(
                    contract, name=f"{contract.name}\n{number}", sql=rewrite.sql, parameters=rewrite.parameters
                )
                completed = self._completed(rewritten)
                if completed is not None:
                    found.append(_Subject(contract.name, completed, rewrite))
        return found

    def _completed(self, contract: Contract) -> Contract | None:
        try:
            types = self.ground.parameter_types(contract)
        except PlanRefused:
            return None
        parameters = []
        for one in contract.parameters:
            sample = one.sample
            if sample is None and not one.is_null and one.number <= len(types):
                sample = sample_for(types[one.number - 1], self.catalog)
            parameters.append(replace(one, sample=sample or (None if one.is_null else LIMIT)))
        return replace(contract, parameters=tuple(parameters))

    def _read(self, subjects: Sequence[_Subject]) -> None:
        plans = bare_plans(self.ground, [subject.contract for subject in subjects])
        for subject in subjects:
            plan = plans.get(subject.contract.name)
            subject.uses = uses(plan, self.catalog) if plan else ()

    def _alternatives(self, subject: _Subject) -> list[Option]:
        """For an OR, an index for each of its sides."""
        found: list[Option] = []
        for use in subject.uses:
            sides = arms(use, self.catalog)
            if 1 < len(sides) <= _TOGETHER:
                found += [frozenset(side[min(at, len(side) - 1)] for side in sides) for at in range(2)]
            elif len(sides) == 1:
                found += [frozenset((one,)) for one in sides[0]]
        return found

    def _name(self, found: Iterable[Candidate]) -> None:
        taken = {index.name for table in self.catalog.tables for index in table.indexes}
        taken |= {table.name.name for table in self.catalog.tables}
        taken |= {name.name for name in self.names.values()}
        for one in found:
            if one not in self.names:
                name = name_of(one, taken)
                taken.add(name)
                self.names[one] = ObjectName(one.table.schema, name)

    def _sql(self, one: Candidate, *, concurrently: bool, name: str = "", default_schema: str = "") -> str:
        return create(one, name or self.names[one].name, concurrently=concurrently, default_schema=default_schema)

    # ── what does ──

    def _size(self, growth: float) -> None:
        if self.facts.growth != growth or not self.facts.tables:
            self.facts = self.judging.size(growth)

    def _try_all(self, subjects: Sequence[_Subject], hidden: Hidden) -> None:
        """Everything at the largest size, where most guesses fail."""
        for subject in subjects:
            # A rewrite may do with the indexes that are there.
            options = [*subject.alive, frozenset()] if subject.rewrite else list(subject.alive)
            self._try(subject, options, hidden)
        for subject in subjects:
            self._try_others(subject, subjects, hidden)
        for subject in subjects:
            if not subject.alive:
                self._try_together(subject, hidden)

    def _try(self, subject: _Subject, options: Sequence[Option], hidden: Hidden) -> None:
        for option in options:
            kind = self._judged(subject.contract, option, hidden)
            if kind in ACCEPTED:
                subject.alive[option] = kind
            else:
                subject.alive.pop(option, None)
                subject.fallen[option] = kind

    def _try_fallen(self, subjects: Sequence[_Subject], offered: Mapping[str, _Offered], hidden: Hidden) -> None:
        """Where nothing helps at the largest size: what helps until then."""
        helped = {one.subject.name for one in offered.values()}
        hopeless = [one for one in subjects if one.name not in helped and one.rewrite is None]
        for growth in self.growths[1:]:
            left = [subject for subject in hopeless if not subject.until]
            if not left:
                return
            self._size(growth)
            for subject in left:
                options = sorted(subject.fallen, key=lambda option: Tried(option, "bounded").cost)[:_MOST_FALLEN]
                kinds = {option: self._judged(subject.contract, option, hidden) for option in options}
                found = {option: kind for option, kind in kinds.items() if kind in ACCEPTED and option}
                if found:
                    subject.fallen, subject.until = found, growth

    def _try_others(self, subject: _Subject, subjects: Sequence[_Subject], hidden: Hidden) -> None:
        """What helped another contract of the same tables may serve this one, too."""
        found = {
            option: None
            for other in subjects
            for option in other.alive
            if other is not subject and len(option) == 1 and next(iter(option)).table in subject.tables
        }
        self._try(subject, [option for option in found if option not in subject.alive][:_MOST_OTHERS], hidden)

    def _try_together(self, subject: _Subject, hidden: Hidden) -> None:
        """One index for each table, the one that helps most first, until it is bounded."""
        pool = [one for use in subject.uses for one in candidates(use, self.catalog) if self.names[one] in hidden.names]
        option: Option = frozenset()
        least = self._rows(subject.contract, option, hidden)
        while pool and len(option) < _TOGETHER:
            tries = [one for one in dict.fromkeys(pool) if one not in option]
            measured = [(self._rows(subject.contract, option | {one}, hidden), one.rank, one) for one in tries]
            best = min(measured, key=lambda each: each[:2], default=None)
            if best is None or best[0] >= least:
                return
            least, option = best[0], option | {best[2]}
            self._try(subject, [option], hidden)
            if subject.alive:
                return

    def _judged(self, contract: Contract, option: Option, hidden: Hidden) -> Kind:
        if not {self.names[one] for one in option} <= hidden.names:
            return "unbounded"
        hidden.show([self.names[one] for one in option])
        kind: Kind = "bounded"
        try:
            for one in self.judging.judged(contract, self.facts):
                kind = max(kind, one.judgement.kind, key=WORST.index)
                if kind not in ACCEPTED:
                    break
        except PlanRefused:
            return "unbounded"
        return kind

    def _rows(self, contract: Contract, option: Option, hidden: Hidden) -> float:
        hidden.show([self.names[one] for one in option])
        try:
            return max((one.judgement.rows_read for one in self.judging.judged(contract, self.facts)), default=0)
        except PlanRefused:
            return float("inf")

    # ── what is offered ──

    def _settled(self, subjects: Sequence[_Subject], hidden: Hidden) -> dict[str, _Offered]:
        """For each subject that is offered, by its contract's own name, what helps it; all together still help."""
        while True:
            wanted = _preferred(subjects)
            picked = chosen({name: _tried(subject) for name, subject in wanted.items()})
            everything: Option = frozenset(one for tried in picked.values() for one in tried.option)
            offered = {name: _Offered(wanted[name], tried) for name, tried in picked.items()}
            if not self._fall(offered, everything, hidden):
                return offered

    def _fall(self, offered: Mapping[str, _Offered], everything: Option, hidden: Hidden) -> bool:
        """Whether something that was picked does not help at every size, alone and with all the others."""
        for growth in self.growths:
            self._size(growth)
            fallen = False
            for one in offered.values():
                option, contract = one.tried.option, one.subject.contract
                kinds = [self._judged(contract, each, hidden) for each in dict.fromkeys((option, everything))]
                kind = max(kinds, key=WORST.index)
                if kind not in ACCEPTED:
                    one.subject.alive.pop(option)
                    one.subject.fallen[option] = kind
                elif WORST.index(kind) > WORST.index(one.tried.kind):
                    one.subject.alive[option] = kind
                else:
                    continue
                fallen = True
            if fallen:
                return True
        return False

    def _sizes(self, hidden: Hidden, offered: Mapping[str, _Offered]) -> dict[Candidate, int]:
        self._size(1)
        found = {one for each in offered.values() for one in each.tried.option}
        return {one: hidden.bytes_of(self.names[one]) for one in found}

    def _told(
        self,
        unbounded: Sequence[Contract],
        subjects: Sequence[_Subject],
        offered: Mapping[str, _Offered],
        sizes: Mapping[Candidate, int],
    ) -> WayOut:
        partly = {one.name: self._partly(one) for one in subjects if one.until and one.rewrite is None}
        self._rename(sizes)
        serves: dict[Candidate, list[str]] = {one: [] for one in sizes}
        for each in offered.values():
            for one in each.tried.option:
                serves[one] += [each.subject.name] if each.subject.name not in serves[one] else []
        offers = []
        for contract in unbounded:
            mine: list[Offer] = []
            for each in offered.values():
                subject, tried = each.subject, each.tried
                if subject.name != contract.name:
                    continue
                if subject.rewrite is not None:
                    mine.append(_rewritten(subject.rewrite, tried, contract.name))
                mine += [self._offer(one, tried, sizes[one], serves[one]) for one in sorted(tried.option, key=_rank)]
            offers.append(
                (contract.name, tuple(mine) or (_nothing(contract, subjects, partly.get(contract.name, "")),))
            )
        indexes = [(self.names[one].name, self._shown(one)) for one in sorted(sizes, key=_rank)]
        return WayOut(tuple(offers), tuple(indexes))

    def _partly(self, subject: _Subject) -> str:
        best = min(
            (Tried(option, kind) for option, kind in subject.fallen.items()), key=lambda one: one.cost, default=None
        )
        if best is None or not best.option:
            return ""
        sql = "; ".join(self._shown(one) for one in sorted(best.option, key=_rank))
        return f"up to {subject.until:g}x it is kept bounded by {sql}"

    def _rename(self, kept: Mapping[Candidate, int]) -> None:
        """Names without the numbers that stood for candidates which were not taken."""
        self.names = {}
        self._name(sorted(kept, key=_rank))

    def _shown(self, one: Candidate) -> str:
        is_split = self.tables[one.table].partition_key is not None
        return self._sql(one, concurrently=not is_split, default_schema=self.default_schema)

    def _offer(self, one: Candidate, tried: Tried, size: int, serves: Sequence[str]) -> Offer:
        name, table = self.names[one].name, self.tables[one.table]
        line = schema_line(one, name, self.schema, self.default_schema)
        spare = superfluous(one, table)
        said = [f"an index of {plural(len(one.keys), 'key')} on {one.table}"]
        said += ["bounded, but for very common values"] if tried.kind == "skew" else []
        said += [f"it makes {' and '.join(spare)} superfluous"] if spare else []
        said += [line.why_not] if line.why_not else []
        if table.partition_key is not None:
            said.append("a partitioned table's index cannot be made CONCURRENTLY: this one blocks writers meanwhile")
        if len(tried.option) > 1:
            said.append(f"needed together with {plural(len(tried.option) - 1, 'other')}")
        return Offer(
            kind="index",
            text="; ".join(said),
            sql=self._shown(one),
            schema_line=line.line,
            model=line.model,
            size=size,
            serves=tuple(serves),
            index=name,
            after=tried.kind,
            superfluous=spare,
        )


def _tried(subject: _Subject) -> list[Tried]:
    return [Tried(option, kind) for option, kind in subject.alive.items()]


def _preferred(subjects: Sequence[_Subject]) -> dict[str, _Subject]:
    """For each contract the wording to offer: its own, unless another one needs less of a bad bargain.

    An index of an expression is one, and being at the mercy of skew is a worse one.
    """
    best: dict[str, tuple[tuple[int, bool, bool], _Subject]] = {}
    for subject in subjects:
        for one in _tried(subject):
            has_expression = any(key.is_expression for each in one.option for key in each.keys)
            value = (WORST.index(one.kind), has_expression, subject.rewrite is not None)
            if subject.name not in best or value < best[subject.name][0]:
                best[subject.name] = (value, subject)
    return {subject.contract.name: subject for _, subject in best.values()}


def _rewritten(rewrite: Rewrite, tried: Tried, name: str) -> Offer:
    needs = f"; with {plural(len(tried.option), 'new index')}".replace("indexs", "indexes") if tried.option else ""
    return Offer(kind="rewrite", text=f"{rewrite.text}{needs}", sql=rewrite.sql, serves=(name,), after=tried.kind)


def _nothing(contract: Contract, subjects: Sequence[_Subject], partly: str) -> Offer:
    words = no_way(contract)
    if not words:
        own = [subject for subject in subjects if subject.name == contract.name]
        tried = "no index that was tried makes it bounded" if any(one.uses for one in own) else "no index can serve it"
        words = f"{tried}: it has to read less (a narrower condition, a LIMIT over an indexed order, a summary table)"
    words += f"; {partly}" if partly else ""
    return Offer(kind="none", text=words, serves=(contract.name,))


def _rank(one: Candidate) -> tuple[object, ...]:
    return (one.table, *one.rank)


def _path(text: str) -> tuple[str, ...]:
    """The schemas of a search path."""
    return tuple(name for part in text.split(",") if (name := part.strip().strip('"')))
