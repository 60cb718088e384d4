"""The way out of unbounded contracts: indexes and other wordings that were tried, not guessed.

What is offered made its contracts bounded on the proving ground, at every growth, alone and with all the other offers:
of what did, the fewest indexes and of these the smallest. Where nothing helps, it is said why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.commands.prove.plans import Judging
from pgready.commands.prove.way_out_search import Found, Helped, Subject, search
from pgready.proof.contract import Contract
from pgready.proof.result import Offer, Proved
from pgready.proof.size.assumed import guessed
from pgready.proof.way_out.candidates import Candidate, superfluous
from pgready.proof.way_out.index_words import create, name_of, names_taken, schema_line
from pgready.proof.way_out.rewrites import no_way
from pgready.proof.way_out.ways import Tried
from pgready.psl.schema import Schema
from pgready.report.story import plural


@dataclass(frozen=True, slots=True)
class WayOut:
    """What is offered for each contract, by name, and the indexes of all of it as (name, CREATE INDEX)."""

    offers: tuple[tuple[str, tuple[Offer, ...]], ...] = ()
    indexes: tuple[tuple[str, str], ...] = ()


def ways_out(
    judging: Judging, proved: Sequence[Proved], schema: Schema | None = None, default_schema: str = "public"
) -> WayOut:
    """Look for a way out of each unbounded contract; the ground is as before afterwards, but for its size.

    `schema` is the project's Prisma schema, for its `@@index` lines; `default_schema` the one that SQL need not name.
    Raises ConnectionLost.
    """
    unbounded = [one.contract for one in proved if one.kind == "unbounded"]
    if not unbounded:
        return WayOut()
    return _Words(judging.ground.catalog, schema, default_schema, search(judging, unbounded)).told(unbounded)


class _Words:
    """What was found, in words."""

    def __init__(self, catalog: Catalog, schema: Schema | None, default_schema: str, found: Found) -> None:
        self.found = found
        self.catalog = catalog
        self.schema = schema
        self.default_schema = default_schema
        self.tables = {table.name: table for table in catalog.tables}
        self.taken = names_taken(catalog)
        self.names: dict[Candidate, str] = {}
        for one in sorted(found.sizes, key=_rank):
            self.names[one] = name_of(one, self.taken | set(self.names.values()))
        self.serves: Mapping[Candidate, list[str]] = {
            one: list(dict.fromkeys(each.subject.name for each in found.helped if one in each.tried.option))
            for one in found.sizes
        }

    def told(self, unbounded: Sequence[Contract]) -> WayOut:
        """Everything, in the order of the contracts."""
        helped = {one.subject.name: one for one in self.found.helped}
        offers = [
            (one.name, self._offers(helped[one.name]) if one.name in helped else (self._nothing(one),))
            for one in unbounded
        ]
        return WayOut(tuple(offers), tuple((name, self._sql(one, name)) for one, name in self.names.items()))

    def _offers(self, helped: Helped) -> tuple[Offer, ...]:
        subject, tried = helped.subject, helped.tried
        offers = []
        if subject.rewrite is not None:
            count = len(tried.option)
            needs = f"; it needs {'an index' if count == 1 else f'{count} indexes'}" if count else ""
            by_orm = subject.contract.source == "python" and not subject.rewrite.same_rows
            orm = "; in SQLAlchemy pgready.orm.page writes the condition and the cursor" if by_orm else ""
            text = f"{subject.rewrite.text}{orm}{needs}"
            offers.append(Offer("rewrite", text, subject.rewrite.sql, serves=(subject.name,), after=tried.kind))
        offers += [self._index(one, tried) for one in sorted(tried.option, key=_rank)]
        return tuple(offers)

    def _index(self, one: Candidate, tried: Tried) -> Offer:
        name, table = self.names[one], self.tables[one.table]
        line = schema_line(one, name, self.schema, self.default_schema)
        spare = superfluous(one, table)
        said = [f"an index of {plural(len(one.keys), 'key')} on {self._called(one.table)}"]
        said += ["bounded, but for very common values"] if tried.kind == "skew" else []
        said += [f"it makes {' and '.join(spare)} superfluous"] if spare else []
        said += [line.why_not] if line.why_not else []
        if self._is_split(one):
            said.append("a partitioned table's index cannot be made CONCURRENTLY: it blocks writers while it is made")
        if len(tried.option) > 1:
            said.append(f"needed together with {plural(len(tried.option) - 1, 'other')}")
        return Offer(
            kind="index",
            text="; ".join(said),
            sql=self._sql(one, name),
            schema_line=line.line,
            model=line.model,
            size=self.found.sizes[one],
            serves=tuple(self.serves[one]),
            index=name,
            after=tried.kind,
            superfluous=spare,
        )

    def _nothing(self, contract: Contract) -> Offer:
        subject = next(one for one in self.found.subjects if one.name == contract.name and one.rewrite is None)
        settled = self._settled(subject)
        if settled:
            return Offer("none", settled, serves=(contract.name,))
        words = no_way(contract, self.catalog)
        if not words:
            tried = "no index that was tried makes it bounded" if subject.uses else "no index can serve it"
            words = f"{tried}: it has to read less (a narrower condition, a LIMIT over an indexed order, a summary)"
        partly = self._partly(subject)
        return Offer("none", f"{words}; {partly}" if partly else words, serves=(contract.name,))

    def _settled(self, subject: Subject) -> str:
        """What was assumed of columns, and what would help if it is not so: nobody has to believe a guess."""
        if not subject.settled:
            return ""
        best = min((Tried(option, kind) for option, kind in subject.settled.items()), key=lambda one: one.cost)
        sql = "; ".join(self._sql(one, name_of(one, self.taken)) for one in sorted(best.option, key=_rank))
        return f"{guessed(subject.assumed)}, {f'this keeps it bounded: {sql}' if sql else 'it is bounded as it is'}"

    def _partly(self, subject: Subject) -> str:
        if not subject.until:
            return ""
        best = min((Tried(option, kind) for option, kind in subject.fallen.items()), key=lambda one: one.cost)
        sql = "; ".join(self._sql(one, name_of(one, self.taken)) for one in sorted(best.option, key=_rank))
        return f"at {subject.until:g}x, and not much beyond, this keeps it bounded: {sql}"

    def _sql(self, one: Candidate, name: str) -> str:
        return create(one, name, concurrently=not self._is_split(one), default_schema=self.default_schema)

    def _is_split(self, one: Candidate) -> bool:
        return one.table in self.tables and self.tables[one.table].partition_key is not None

    def _called(self, table: ObjectName) -> str:
        return table.name if table.schema == self.default_schema else str(table)


def _rank(one: Candidate) -> tuple[object, ...]:
    return (one.table, *one.rank)
