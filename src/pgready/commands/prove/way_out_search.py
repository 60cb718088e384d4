"""The search for a way out: candidates and other wordings, planned and judged on the proving ground.

Most guesses fail at the largest growth, so everything is tried there first; what is picked then has to help at every
growth, alone and together with everything else that is picked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pgready.catalog.names import ObjectName
from pgready.commands.prove.plans import Judging
from pgready.postgres.proving.hiding import Hidden, bare_plans, hidden_indexes
from pgready.postgres.proving.proving_ground import PlanRefused
from pgready.proof.contract import Contract
from pgready.proof.contracts.samples import LIMIT, sample_for
from pgready.proof.rule.facts import Facts
from pgready.proof.size.assumed import Assumed, as_keys, assumed
from pgready.proof.verdict import WORST, Kind
from pgready.proof.way_out.candidates import Candidate, arms, candidates
from pgready.proof.way_out.index_words import create, name_of, names_taken
from pgready.proof.way_out.query_references import referring
from pgready.proof.way_out.query_shape import TableUse, uses
from pgready.proof.way_out.rewrites import Rewrite, rewrites
from pgready.proof.way_out.ways import ACCEPTED, Option, Tried, chosen, could_do, does_all
from pgready.report.story import Event, plural

_MOST_OPTIONS = 40
"""What is tried for one contract, at most."""

_MOST_OTHERS = 12
"""Of what helped other contracts, how much is tried for one, at most."""

_MOST_FALLEN = 12
"""Of what did not help at the largest growth, how much is tried at a smaller one, at most."""

_TOGETHER = 3
"""Indexes that are tried together, at most."""


@dataclass
class Subject:
    """A contract as it is, or as a rewrite would have it: what may help, what did, what did not.

    `name` is the contract's own, `contract.name` that of this wording. `until` is the largest growth at which something
    that failed at a larger one helps (`fallen` holds just that then), 0 if there is none. `settled` is what would help
    if the `assumed` columns had as many values as rows.
    """

    name: str
    contract: Contract
    rewrite: Rewrite | None = None
    uses: tuple[TableUse, ...] = ()
    alive: dict[Option, Kind] = field(default_factory=dict)
    fallen: dict[Option, Kind] = field(default_factory=dict)
    until: float = 0
    assumed: tuple[Assumed, ...] = ()
    settled: dict[Option, Kind] = field(default_factory=dict)

    @property
    def tables(self) -> frozenset[ObjectName]:
        """The tables that it uses."""
        return frozenset(use.table.name for use in self.uses)

    @property
    def tried(self) -> list[Tried]:
        """What helps it."""
        return [Tried(option, kind) for option, kind in self.alive.items()]


@dataclass(frozen=True, slots=True)
class Helped:
    """What is to be offered for a subject."""

    subject: Subject
    tried: Tried


@dataclass(frozen=True, slots=True)
class Found:
    """What the search found; `sizes` are bytes at growth 1 of every index that is to be offered."""

    subjects: tuple[Subject, ...]
    helped: tuple[Helped, ...]
    sizes: Mapping[Candidate, int]


def search(judging: Judging, unbounded: Sequence[Contract]) -> Found:
    """Look for what helps these contracts; the ground is as before afterwards, but for its size."""
    return _Search(judging).run(unbounded)


class _Search:
    def __init__(self, judging: Judging) -> None:
        self.judging = judging
        self.ground = judging.ground
        self.catalog = judging.ground.catalog
        self.names: dict[Candidate, ObjectName] = {}
        self.growths = sorted(judging.growths, reverse=True)
        self.facts = Facts({})

    def run(self, unbounded: Sequence[Contract]) -> Found:
        subjects = self._subjects(unbounded)
        plans = bare_plans(self.ground, [subject.contract for subject in subjects])
        for subject in subjects:
            plan = plans.get(subject.contract.name)
            subject.uses = (*uses(plan, self.catalog), *referring(plan, self.catalog)) if plan else ()
            options = [frozenset((one,)) for use in subject.uses for one in candidates(use, self.catalog)]
            subject.alive = dict.fromkeys((*options[:_MOST_OPTIONS], *self._sides(subject)), "bounded")
        self._name(one for subject in subjects for option in subject.alive for one in option)
        said = f"trying {plural(len(self.names), 'candidate')} for {plural(len(unbounded), 'unbounded contract')}"
        self.judging.tell(Event("way_out", said, {"candidates": len(self.names), "contracts": len(unbounded)}))
        statements = {name: create(one, name.name, concurrently=False) for one, name in self.names.items()}
        with hidden_indexes(self.ground, statements) as hidden:
            self._size(self.growths[0])
            self._try_all(subjects, hidden)
            helped = self._settled(subjects, hidden)
            self._try_fallen(subjects, helped, hidden)
            self._size(1)
            self._try_assumed(subjects, helped, hidden)
            kept = {one for each in helped for one in each.tried.option}
            sizes = {one: hidden.bytes_of(self.names[one]) for one in kept}
        return Found(tuple(subjects), tuple(helped), sizes)

    # ── what could help ──

    def _subjects(self, unbounded: Sequence[Contract]) -> list[Subject]:
        found = []
        for contract in unbounded:
            found.append(Subject(contract.name, contract))
            types = dict(enumerate(self.ground.parameter_types(contract), 1))
            path = _path(contract.search_path or self.ground.search_path) or ("public",)
            for number, rewrite in enumerate(rewrites(contract, self.catalog, types, path), 1):
                name = f"{contract.name}\n{number}"
                rewritten = replace(contract, name=name, sql=rewrite.sql, parameters=rewrite.parameters)
                completed = self._completed(rewritten)
                if completed is not None:
                    found.append(Subject(contract.name, completed, rewrite))
        return found

    def _completed(self, contract: Contract) -> Contract | None:
        """With a value for each parameter; None if the server does not take the query."""
        try:
            types = self.ground.parameter_types(contract)
        except PlanRefused:
            return None
        parameters = []
        for one in contract.parameters:
            sample = one.sample
            if sample is None and not one.is_null:
                sample = sample_for(types[one.number - 1], self.catalog) if one.number <= len(types) else LIMIT
            parameters.append(replace(one, sample=sample))
        return replace(contract, parameters=tuple(parameters))

    def _sides(self, subject: Subject) -> list[Option]:
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
        taken = names_taken(self.catalog)
        for one in found:
            if one not in self.names:
                name = name_of(one, taken)
                taken.add(name)
                self.names[one] = ObjectName(one.table.schema, name)

    # ── what does ──

    def _size(self, growth: float) -> None:
        if self.facts.growth != growth or not self.facts.tables:
            self.facts = self.judging.size(growth)

    def _try_all(self, subjects: Sequence[Subject], hidden: Hidden) -> None:
        for subject in subjects:
            # A rewrite may do with the indexes that are there.
            options = [*subject.alive, frozenset()] if subject.rewrite else list(subject.alive)
            self._try(subject, options, hidden)
        for subject in subjects:
            self._try_others(subject, subjects, hidden)
        for subject in subjects:
            if "bounded" not in subject.alive.values():
                self._try_together(subject, hidden)

    def _try(self, subject: Subject, options: Iterable[Option], hidden: Hidden) -> None:
        for option in options:
            kind = self._judged(subject.contract, option, hidden)
            if kind in ACCEPTED:
                subject.alive[option] = kind
            else:
                subject.alive.pop(option, None)
                subject.fallen[option] = kind

    def _try_others(self, subject: Subject, subjects: Sequence[Subject], hidden: Hidden) -> None:
        """What helped another contract of the same tables may serve this one, too."""
        found = {
            option: None
            for other in subjects
            for option in other.alive
            if other is not subject and len(option) == 1 and next(iter(option)).table in subject.tables
        }
        rest = [option for option in found if option not in subject.alive and option not in subject.fallen]
        self._try(subject, rest[:_MOST_OTHERS], hidden)

    def _try_together(self, subject: Subject, hidden: Hidden) -> None:
        """Several indexes, the one that helps most first, until it is bounded."""
        pool = [one for use in subject.uses for one in candidates(use, self.catalog) if self.names[one] in hidden.names]
        option: Option = frozenset()
        least = self._rows(subject.contract, option, hidden)
        while len(option) < _TOGETHER:
            tries = [one for one in dict.fromkeys(pool) if one not in option]
            measured = [(self._rows(subject.contract, option | {one}, hidden), one.rank, one) for one in tries]
            best = min(measured, key=lambda each: each[:2], default=None)
            if best is None or best[0] >= least:
                return
            least, option = best[0], option | {best[2]}
            self._try(subject, [option], hidden)
            kind = subject.alive.get(option)
            if kind == "skew":
                self._try_longer(subject, option, pool, hidden)
            if kind is not None:
                return

    def _try_longer(self, subject: Subject, option: Option, pool: Sequence[Candidate], hidden: Hidden) -> None:
        """In place of an index one with more keys: an order that spares what a common value would cost."""
        for one in sorted(option, key=lambda each: each.rank):
            longer = [each for each in dict.fromkeys(pool) if does_all(each, one) and each not in option]
            for each in longer[:4]:
                tried = option - {one} | {each}
                self._try(subject, [tried], hidden)
                if subject.alive.get(tried) == "bounded":
                    return
            if longer:
                option = option - {one} | {longer[0]}

    def _judged(self, contract: Contract, option: Option, hidden: Hidden) -> Kind:
        if not {self.names[one] for one in option} <= hidden.names:
            return "unbounded"
        hidden.show([self.names[one] for one in option])
        kind: Kind = "bounded"
        try:
            for one in self.judging.judged(contract, hidden.facts(self.facts)):
                kind = max(kind, one.judgement.kind, key=WORST.index)
                if kind not in ACCEPTED:
                    break
        except PlanRefused:
            return "unbounded"
        return kind

    def _rows(self, contract: Contract, option: Option, hidden: Hidden) -> float:
        hidden.show([self.names[one] for one in option])
        try:
            judged = self.judging.judged(contract, hidden.facts(self.facts))
            return max((one.judgement.rows_read for one in judged), default=0)
        except PlanRefused:
            return float("inf")

    # ── what is picked ──

    def _settled(self, subjects: Sequence[Subject], hidden: Hidden) -> list[Helped]:
        while True:
            wanted = _preferred(subjects)
            picked = chosen({name: subject.tried for name, subject in wanted.items()})
            everything: Option = frozenset(one for tried in picked.values() for one in tried.option)
            helped = [Helped(wanted[name], tried) for name, tried in picked.items()]
            if not self._spare(helped, everything, hidden) and not self._fall(helped, everything, hidden):
                return helped

    def _spare(self, helped: Sequence[Helped], everything: Option, hidden: Hidden) -> bool:
        """Whether an index can be done without, since a longer one or one in other directions is taken anyway."""
        for short in sorted(everything, key=lambda one: one.rank):
            longer = sorted((one for one in everything if could_do(one, short)), key=lambda one: one.rank)
            users = [one for one in helped if short in one.tried.option]
            for long in longer:
                tried = [(one, one.tried.option - {short} | {long}) for one in users]
                kinds = [self._judged(one.subject.contract, option, hidden) for one, option in tried]
                if all(kind == one.tried.kind for kind, one in zip(kinds, users, strict=True)):
                    for one, option in tried:
                        one.subject.alive.pop(one.tried.option)
                        one.subject.alive[option] = one.tried.kind
                    return True
        return False

    def _fall(self, helped: Sequence[Helped], everything: Option, hidden: Hidden) -> bool:
        """Whether something that was picked does not help at every size, alone and with all the others."""
        for growth in self.growths:
            self._size(growth)
            fallen = False
            for one in helped:
                option, subject = one.tried.option, one.subject
                kinds = [self._judged(subject.contract, each, hidden) for each in dict.fromkeys((option, everything))]
                kind = max(kinds, key=WORST.index)
                if kind not in ACCEPTED:
                    subject.alive.pop(option)
                    subject.fallen[option] = kind
                elif WORST.index(kind) > WORST.index(one.tried.kind):
                    subject.alive[option] = kind
                else:
                    continue
                fallen = True
            if fallen:
                self._size(self.growths[0])  # what is picked next was judged there so far
                return True
        return False

    def _try_fallen(self, subjects: Sequence[Subject], helped: Sequence[Helped], hidden: Hidden) -> None:
        """Where nothing helps at the largest size: what helps until then."""
        names = {one.subject.name for one in helped}
        hopeless = [one for one in subjects if one.name not in names and one.rewrite is None]
        for growth in self.growths[1:]:
            left = [subject for subject in hopeless if not subject.until]
            if not left:
                return
            self._size(growth)
            for subject in left:
                options = sorted(subject.fallen, key=lambda option: Tried(option, "bounded").cost)[:_MOST_FALLEN]
                kinds = {option: self._judged(subject.contract, option, hidden) for option in options if option}
                found = {option: kind for option, kind in kinds.items() if kind in ACCEPTED}
                if found:
                    subject.fallen, subject.until = found, growth

    def _try_assumed(self, subjects: Sequence[Subject], helped: Sequence[Helped], hidden: Hidden) -> None:
        """Where nothing helps, since columns are taken to have few values: what would help if they had many."""
        names = {one.subject.name for one in helped}
        profile = self.judging.profile
        hopeless = [one for one in subjects if one.name not in names and one.rewrite is None]
        for subject in hopeless:
            subject.assumed = assumed(subject.uses, self.facts, profile)
            options = sorted(subject.fallen, key=lambda option: Tried(option, "bounded").cost)[:_MOST_FALLEN]
            if subject.assumed:
                subject.settled = dict.fromkeys((frozenset(), *options), "bounded")
        columns = list(dict.fromkeys(one for subject in hopeless for one in subject.assumed))
        if not columns:
            return
        self.judging.profile = as_keys(profile, self.facts, columns)
        try:
            for growth in self.growths:
                self.facts = self.judging.size(growth)
                for subject in hopeless:
                    kinds = {option: self._judged(subject.contract, option, hidden) for option in subject.settled}
                    subject.settled = {option: kind for option, kind in kinds.items() if kind in ACCEPTED}
        finally:
            self.judging.profile = profile
            if not self.ground.session.closed:
                self.facts = self.judging.size(1)


def _preferred(subjects: Sequence[Subject]) -> dict[str, Subject]:
    """For each contract the wording to offer: its own, unless another one is the better bargain.

    To be at the mercy of skew is a bad one, and so is an index of an expression.
    """
    best: dict[str, tuple[tuple[int, bool, bool], Subject]] = {}
    for subject in subjects:
        for one in subject.tried:
            has_expression = any(key.is_expression for each in one.option for key in each.keys)
            value = (WORST.index(one.kind), has_expression, subject.rewrite is not None)
            if subject.name not in best or value < best[subject.name][0]:
                best[subject.name] = (value, subject)
    return {subject.contract.name: subject for _, subject in best.values()}


def _path(text: str) -> tuple[str, ...]:
    """The schemas of a search path."""
    return tuple(name for part in text.split(",") if (name := part.strip().strip('"')))
