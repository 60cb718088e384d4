"""The proving ground: an empty database that the planner takes for production, by a profile.

It is given the structure by whoever made it; here it gets files of production's length and statistics. It is thrown
away afterwards: nothing in it can be trusted but its structure and the planner's answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.errors import UsageInvalid
from pgready.postgres.connect import ConnectFailed, open_session, unreachable
from pgready.postgres.introspection import introspect
from pgready.postgres.proving.explain import ALONE, NESTED, Frame, PlanRefused, parameter_types, plan
from pgready.postgres.proving.inflate import Inflater, by_program, on_this_machine
from pgready.postgres.proving.statistics import relation_sql, statistic_sql
from pgready.postgres.session import ServerError, Session
from pgready.postgres.shapes import read_shapes
from pgready.project.url import Target
from pgready.proof.contract import Contract
from pgready.proof.plan_tree import PlanNode
from pgready.proof.profile import Profile
from pgready.proof.rule.facts import Facts, facts_of
from pgready.proof.size.shape import Shapes
from pgready.proof.size.sizes import SizedIndex, SizedTable, Sizing, sized
from pgready.proof.size.statistics import relation_rows, statistic_rows
from pgready.proof.verdict import Mode
from pgready.sql.names import quote_ident, quote_literal

__all__ = ["Ground", "PlanRefused", "proving_ground"]

# Others would change the proof's own session (timeouts, roles), not what is planned.
_PLANNERS = (
    "SELECT name FROM pg_catalog.pg_settings WHERE category LIKE 'Query Tuning%'"
    " OR name IN ('work_mem', 'hash_mem_multiplier', 'max_parallel_workers', 'max_parallel_workers_per_gather')"
)


@contextmanager
def proving_ground(
    target: Target, *, is_ours: bool, catalog: Catalog | None = None, search_path: str = ""
) -> Iterator[Ground]:
    """A ground in the database of `target`, which has its structure already and may be spoilt.

    `is_ours`: the server is our own embedded one on this machine, else the role has to be a superuser. `catalog` is
    read if it is not given. `search_path` is that of contracts that name none. Raises Unreachable and UsageInvalid.
    """
    try:
        session = open_session(target, "ground")
    except ConnectFailed as e:
        raise unreachable(e.trouble, target) from None
    try:
        yield Ground(session, catalog or introspect(session), is_ours=is_ours, search_path=search_path)
    finally:
        session.close()


class Ground:
    """See the module; `catalog` is the structure at the start, without what `run_ddl` changes."""

    def __init__(self, session: Session, catalog: Catalog, *, is_ours: bool, search_path: str = "") -> None:
        self.session = session
        self.catalog = catalog
        self.search_path = search_path
        setup = (
            "SET jit = off; SET statement_timeout = '60s'; SET lock_timeout = 0; SET client_min_messages = error;"
            " SELECT current_setting('server_version_num')::int / 10000, current_setting('is_superuser'),"
            " CASE current_setting('is_superuser') WHEN 'on' THEN current_setting('data_directory') END"
        )
        major, is_superuser, directory = session.rows("ground", setup)[0]
        if is_superuser != "on":
            raise _no_superuser(session.target)
        self.major = int(major or 0)
        self._inflate: Inflater = on_this_machine(directory or "") if is_ours else by_program(session)
        self._shapes: Shapes | None = None
        self._sizing: Sizing | None = None
        self._asked: tuple[Profile, float] = (Profile(), 1)
        self._settings: tuple[tuple[str, str], ...] = ()
        self._types: dict[tuple[object, ...], tuple[str, ...]] = {}
        self._by_name: dict[ObjectName, SizedTable | SizedIndex] = {}

    def size(self, profile: Profile, growth: float = 1) -> None:
        """Give every relation the size and statistics that `profile` says, `growth` times as large.

        Can be called again, with any profile and growth. Raises UsageInvalid where the server or the file system does
        not allow it.
        """
        self._asked = (profile, growth)
        self._apply_settings(profile)
        shares = self._shares(profile, growth)
        sizing = sized(self.shapes, profile, growth, shares)
        self._write(sizing)

    @property
    def shapes(self) -> Shapes:
        """The relations as they are, without the lengths that they were given."""
        if self._shapes is None:
            self._shapes = read_shapes(self.session)
        return self._shapes

    def _write(self, sizing: Sizing) -> None:
        self._sizing = sizing
        self._by_name = {table.shape.name: table for table in sizing.tables}
        self._by_name.update({one.shape.name: one for table in sizing.tables for one in table.indexes})
        files = self._files(sizing)
        if not files:
            return
        self._inflate(files)
        # After the files: an updated row of pg_class makes the server forget which segments it had open.
        message = f"{relation_sql(relation_rows(sizing))}; {statistic_sql(statistic_rows(sizing))}"
        self.session.run("statistics", message, long=True)

    def _shares(self, profile: Profile, growth: float) -> dict[int, float]:
        """Which part of its table each partial index has: the planner's own estimate of its predicate."""
        measured = {
            ObjectName(table.name.schema, one.name)
            for table in profile.tables
            for one in table.indexes
            if one.rows is not None
        }
        partial = [
            (relation, index)
            for relation in self.shapes.relations
            for index in relation.indexes
            if index.predicate is not None and relation.kind != "p" and index.name not in measured
        ]
        if not partial:
            return {}
        self._write(sized(self.shapes, profile, growth))
        asked = [f"EXPLAIN SELECT FROM ONLY {relation.name.sql} WHERE {index.predicate}" for relation, index in partial]
        replies = self.session.run("partial indexes", "; ".join(asked), long=True)
        found = {}
        for (relation, index), reply in zip(partial, replies, strict=True):
            rows = self.rows_of(relation.name)
            line = reply.rows[0][0] or ""
            estimate = float(line.partition(" rows=")[2].partition(" ")[0] or 0)
            found[index.id] = min(1.0, estimate / rows) if rows else 0.0
        return found

    def _apply_settings(self, profile: Profile) -> None:
        if profile.settings == self._settings:
            return
        planners = {name for (name,) in self.session.rows("settings", _PLANNERS)}
        for name, _ in profile.settings:
            if name.lower() not in planners:
                raise UsageInvalid(
                    f"the profile's setting {name} is not one of the planner of PostgreSQL {self.major}",
                    where=profile.source,
                    then="remove it from [settings] of the profile",
                    code="profile_setting",
                )
        resets = [f"RESET {quote_ident(name)}" for name, _ in self._settings]
        sets = [f"SET {quote_ident(name.lower())} = {quote_literal(value)}" for name, value in profile.settings]
        try:
            self.session.run("settings", "; ".join([*resets, *sets]) or "SELECT 1")
        except ServerError as e:
            number = e.index - len(resets)
            name = profile.settings[number][0] if 0 <= number < len(profile.settings) else "a setting"
            raise UsageInvalid(
                f"the profile's setting {name} cannot be made on PostgreSQL {self.major}",
                where=profile.source,
                detail=e.words(),
                then="remove it from [settings] of the profile, or prove on the version that production has",
                code="profile_setting",
            ) from None
        self._settings = profile.settings

    def plan(self, contract: Contract, mode: Mode) -> PlanNode:
        """The planner's plan of a contract, which is not executed; raises PlanRefused."""
        types = self.parameter_types(contract)
        shapes = self.shapes
        keep, constants = shapes.partition_keys, shapes.compared
        return plan(self.session, contract, mode, types, self.search_path, self.major, self._frame, keep, constants)

    @property
    def _frame(self) -> Frame:
        return NESTED if self.session.in_transaction else ALONE

    def parameter_types(self, contract: Contract) -> tuple[str, ...]:
        """The types of the contract's parameters, declared or inferred; raises PlanRefused."""
        key = (contract.sql, contract.search_path, tuple((one.number, one.type) for one in contract.parameters))
        if key not in self._types:
            self._types[key] = parameter_types(self.session, contract, self.search_path, self._frame)
        return self._types[key]

    def run_ddl(self, sql: str) -> None:
        """Run CREATE or DROP INDEX, then give everything its size again; raises ServerError.

        Files have their real lengths meanwhile: building an index over a table of empty pages would read them all.
        """
        self._deflate()
        try:
            self.session.run("ddl", sql, long=True)
        finally:
            self._shapes = None
            self.size(*self._asked)

    @contextmanager
    def trying(self, sql: str, *, builds: bool = True) -> Iterator[None]:
        """As if `sql` (CREATE or DROP INDEX, DROP CONSTRAINT) had been run: plans inside of the block see it.

        All is as before afterwards. `builds` False says that `sql` only drops: it costs nothing then. Not nested.
        `rows_of` and `pages_of` tell of new indexes inside of the block. Raises ServerError, nothing changed.
        """
        before = (self._shapes, self._sizing, self._by_name)
        try:
            self.session.run("try", "BEGIN")
            if builds:
                self._deflate()
            self.session.run("try", sql, long=True)
            if builds:
                self._shapes = None
                self.size(*self._asked)
            yield
        finally:
            if not self.session.closed:
                self.session.run("try", "ROLLBACK")
            self._shapes, self._sizing, self._by_name = before
            if builds and self._sizing is not None and not self.session.closed:
                self._inflate(self._files(self._sizing))

    def _deflate(self) -> None:
        sizing = self._sizing
        if sizing is None:
            return
        files = [(path, real, 0) for path, real, _ in self._files(sizing)]
        ids = ", ".join(str(table.shape.id) for table in sizing.tables) or "0"
        self._inflate(files)
        # Forget open segments, as above.
        self.session.run(
            "deflate",
            "UPDATE pg_catalog.pg_class SET relpages = 0 WHERE oid IN (SELECT indexrelid FROM pg_catalog.pg_index"
            f" WHERE indrelid IN ({ids})) OR oid IN ({ids})",
        )

    @staticmethod
    def _files(sizing: Sizing) -> list[tuple[str, int, int]]:
        """Path, real pages and wanted ones of every file."""
        tables = [table for table in sizing.tables if table.shape.kind != "p"]
        owners: list[SizedTable | SizedIndex] = [*tables, *(one for table in tables for one in table.indexes)]
        return [(one.shape.path, one.shape.blocks, one.pages) for one in owners]

    def facts(self, catalog: Catalog | None = None) -> Facts:
        """What the rule has to know of the database at its size; `catalog` instead of that of the start."""
        sizing = self._sizing or Sizing(())
        return facts_of(catalog or self.catalog, sizing, *self._asked, self.major)

    def rows_of(self, relation: tuple[str, str]) -> float:
        """The rows of a table or index as it was sized; 0 for what is not there."""
        found = self._by_name.get(ObjectName(*relation))
        return found.rows if found else 0.0

    def pages_of(self, relation: tuple[str, str]) -> int:
        """The pages of a table or index as it was sized; 0 for what is not there."""
        found = self._by_name.get(ObjectName(*relation))
        return found.pages if found else 0


def _no_superuser(target: Target) -> UsageInvalid:
    """PostgreSQL 18 lets a table's owner write statistics, but no size: plans would be those of an empty file."""
    return UsageInvalid(
        "proofs need a superuser: only one can give empty tables the size of production",
        where=target.redacted,
        then="let pgready start a server of its own: pip install 'pgready[embedded]',\n"
        "or name a superuser of a server that may be used for it; managed servers have none",
        code="ground_refused",
    )
