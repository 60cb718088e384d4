"""Step 2: a database at each older state, filled with rows, is upgraded; no row is lost that nobody meant to lose."""

from __future__ import annotations

import time
from dataclasses import replace

from pgready.catalog.model import Catalog
from pgready.commands.boot import boot
from pgready.commands.smoke.context import Failed, Run, Shown, Skipped, part_of
from pgready.commands.smoke.ground import told
from pgready.errors import PgreadyError
from pgready.postgres.filling import Filled, fill
from pgready.postgres.introspection import introspect
from pgready.postgres.keeping import Kept, held, kept
from pgready.postgres.readiness import TABLE
from pgready.project.names import list_names
from pgready.report.story import plural, seconds, silent

_SHOWN = 12


def upgrade(run: Run) -> Shown:
    """Each ref in turn; raises Failed after all were tried, Skipped without a ref."""
    if not run.refs:
        raise Skipped('no older state was named: --from v1.2, or from = ["v1.2"] in the settings')
    lines: list[str] = []
    wrong: dict[str, Failed] = {}
    data: dict[str, object] = {}
    for number, (ref, folder) in enumerate(run.refs.items(), 1):
        one = _One(run, ref, folder, f"from{number}")
        try:
            lines += one.upgrade()
        except Failed as e:
            wrong[ref] = e
        data[ref] = one.data
    if wrong:
        # The headline says what is wrong, so the details do not say it again: what they belong to is enough.
        heads = wrong if len(wrong) > 1 else ()
        told_ = [line for ref, e in wrong.items() for line in ([f"{ref}:"] if ref in heads else []) + list(e.lines)]
        raise Failed("; ".join(e.text for e in wrong.values()), [*told_, *lines], {"from": data})
    text = f"{plural(len(run.refs), 'older state')} upgraded with all rows: {', '.join(run.refs)}"
    return Shown(text, tuple(lines), {"from": data})


class _One:
    """One ref: `word` is its database, `word`_rows the filled one before the upgrade."""

    def __init__(self, run: Run, ref: str, folder: str, word: str) -> None:
        self._run = run
        self._ref = ref
        self._folder = folder
        self._word = word
        self.data: dict[str, object] = {}

    def upgrade(self) -> list[str]:
        run, word = self._run, self._word
        run.doing(f"{self._ref}: a database of its migrations")
        old = list_names(self._folder)
        new = [name for name in list_names(run.settings(word).migrations) if name not in old]
        rows = f"{word}_rows"
        run.ground.create(rows)
        try:
            boot(run.settings(rows, self._folder), silent)
        except PgreadyError as e:
            raise Failed(f"{self._ref}: its own migrations fail: {e.what}", told(e)) from None
        run.doing(f"{self._ref}: rows")
        with run.ground.session(rows) as session:
            catalog = introspect(session)
            filled = fill(session, without_history(catalog), run.request.seed, run.request.rows)
            before = held(session)
        run.ground.create(word, template=rows)
        run.doing(f"{self._ref}: upgrade")
        began = time.monotonic()
        try:
            outcome = boot(run.settings(word), silent)
        except PgreadyError as e:
            raise Failed(f"{self._ref}: with rows the upgrade fails: {e.what}", told(e)) from None
        took = time.monotonic() - began
        run.upgraded[self._ref] = word
        with run.ground.session(word) as session:
            after = kept(session, before)
        return self._judged(filled, after, outcome.applied or new, took)

    def _judged(self, filled: Filled, after: tuple[Kept, ...], applied: list[str], took: float) -> list[str]:
        run = self._run
        total = sum(one.before for one in after)
        notes = [f"{self._ref}: {plural(len(applied), 'migration')} in {seconds(took)} over {plural(total, 'row')}"]
        self.data |= {
            "migrations": applied,
            "seconds": round(took, 3),
            "rows": total,
            "tables": len(after),
            "empty_tables": [str(name) for name in filled.empty],
        }
        lost = [one for one in after if one.lost]
        meant = [one for one in lost if one.table in run.wanted.losses]
        unmeant = [one for one in lost if one.table not in run.wanted.losses]
        self.data["lost"] = {one.table: one.lost for one in lost}
        notes += [f"meant: {one.words} ({run.wanted.losses[one.table]})" for one in meant]
        for one in after:
            if one.changed:
                notes.append(f"other values: {one.table}: {', '.join(one.changed)}")
            if one.dropped:
                notes.append(f"dropped with their values: {one.table}: {', '.join(one.dropped)}")
            if one.counted_only and one.now and not one.lost:
                notes.append(f"counted only, there is no common primary key: {one.table}")
        for name in filled.empty:
            why = filled.refused.get(name, "")
            notes.append(f"no rows to upgrade: {name}{f' ({why})' if why else ''}")
        if not unmeant:
            return [notes[0], *_short(notes[1:])]
        by = self._culprits([one.table for one in unmeant], applied)
        lines = [f"{one.words}{f', by {by[one.table]}' if by.get(one.table) else ''}" for one in unmeant]
        self.data["lost_by"] = by
        first = unmeant[0]
        say = f'losses = [{{ table = "{first.table}", reason = "…" }}]'
        raise Failed(
            f"{self._ref}: {plural(sum(one.lost for one in unmeant), 'row')} lost in {plural(len(unmeant), 'table')}",
            [*lines, *_short(notes), f"next: if it is meant, say so in [tool.pgready.smoke]: {say}"],
        )

    def _culprits(self, tables: list[str], applied: list[str]) -> dict[str, str]:
        """Which migration lost a table's rows: the upgrade again, one migration at a time."""
        run, word = self._run, f"{self._word}_again"
        folder = run.settings(word).migrations
        there = list_names(folder)
        try:
            run.ground.create(word, template=f"{self._word}_rows")
            with run.ground.session(word) as session:
                before = held(session)
            found: dict[str, str] = {}
            for name in applied:
                upto = [one for one in there if one not in applied or applied.index(one) <= applied.index(name)]
                with part_of(folder, upto) as part:
                    boot(run.settings(word, part), silent)
                with run.ground.session(word) as session:
                    for one in kept(session, before):
                        if one.lost and one.table in tables:
                            found.setdefault(one.table, name)
        except PgreadyError:
            return {}
        return found


def without_history(catalog: Catalog) -> Catalog:
    """Without the migrations table: its rows are not ours to make up."""
    return replace(catalog, tables=tuple(one for one in catalog.tables if one.name.name != TABLE))


def _short(notes: list[str]) -> list[str]:
    more = len(notes) - _SHOWN
    return notes if more <= 0 else [*notes[:_SHOWN], f"… and {more} more notes"]
