"""The safe way, offered only after it was seen to be one.

Twice through the history, each time in an empty shadow database: once as it is written, to learn the catalog around
every statement with a hazard, from which its way is made; then by the ways, traced like any migration. A migration's
ways are offered if nothing of them has a hazard and if they end in the catalog in which the migration itself ends.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.commands.online.lock_first import with_lock_first
from pgready.commands.shadow import ShadowHistory, ShadowPlan, replaying
from pgready.diff.full import full_changes
from pgready.errors import UsageInvalid
from pgready.hazards.checks import hazards_of
from pgready.hazards.hazard import Hazard
from pgready.hazards.rewrite.folders import Folder, folders, with_comments
from pgready.hazards.rewrite.way import Ground, NoWay, Piece, Way
from pgready.hazards.rewrite.ways import kinder, safe_way
from pgready.hazards.rewrite.whole import missing_between, why_whole
from pgready.history.model import Migration
from pgready.history.prepare import Prepared, prepare
from pgready.postgres.deploy.executor import ScriptFailed
from pgready.postgres.session import Session
from pgready.postgres.tracing.tracer import Tracer
from pgready.report.story import silent
from pgready.sql.lexer import comments
from pgready.sql.standalone import needs_no_transaction
from pgready.sql.statements import Statement, split
from pgready.sql.transactions import control, sets_session

_TIMEOUTS = ("LOCK_TIMEOUT", "STATEMENT_TIMEOUT")
_BOUNDS = (
    "SELECT n.nspname, c.relname, pg_catalog.pg_get_partition_constraintdef(c.oid) FROM pg_catalog.pg_class c"
    " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relispartition"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A migration to do otherwise: the hazards to be rid of, by statement. `eager`: what is only kinder, too."""

    hazards: Mapping[int, frozenset[str]]
    eager: bool = False


@dataclass(frozen=True, slots=True)
class Offered:
    """What is offered for a migration: the migrations that do the same, () for none.

    `notes` are what to know of them, by statement. `why_not` says for a statement why there is no way, `why_none` why
    nothing is offered at all.
    """

    folders: tuple[Folder, ...] = ()
    notes: Mapping[int, tuple[str, ...]] | None = None
    why_not: Mapping[int, str] | None = None
    why_none: str = ""

    def scripts(self, statement: int) -> tuple[str, ...]:
        """What is done instead of one statement, a script for each migration that it needs."""
        if self.why(statement):
            return ()
        parts = [tuple(one for one in each.pieces if one.statement == statement) for each in self.folders]
        return tuple(Folder("", part).script for part in parts if part)

    def but(self, statement: int) -> tuple[str, ...]:
        """What is not quite the same, or left to people, where it is done so instead of one statement."""
        return (self.notes or {}).get(statement, ())

    @property
    def told(self) -> tuple[str, ...]:
        """The same of all statements."""
        return tuple(dict.fromkeys(text for texts in (self.notes or {}).values() for text in texts))

    def why(self, statement: int) -> str:
        """Why there is nothing instead of it, "" if there is."""
        return self.why_none or (self.why_not or {}).get(statement, "")


class _Cannot(Exception):
    """A migration that cannot be cut, or whose ways are none; `args[0]` says why."""


def offers(
    plan: ShadowPlan,
    history: Sequence[Prepared],
    wanted: Mapping[str, Wanted],
    *,
    default_schema: str = "public",
    together: Collection[str] = (),
) -> dict[str, Offered]:
    """The safe ways of the migrations of `wanted`, by name; `history` is all of them in their order.

    `together` are migrations that are deployed at once: nobody uses yet what they make. Raises what a replay raises.
    """
    return _Offers(plan, history, wanted, default_schema, together).found()


@dataclass(frozen=True, slots=True)
class _Draft:
    """The ways of a migration's statements, and the catalog in which it ends."""

    folders: tuple[Folder, ...]
    notes: Mapping[int, tuple[str, ...]]
    why_not: Mapping[int, str]
    end: Catalog


class _Offers:
    """One search."""

    def __init__(
        self,
        plan: ShadowPlan,
        history: Sequence[Prepared],
        wanted: Mapping[str, Wanted],
        default_schema: str,
        together: Collection[str],
    ) -> None:
        self._plan = plan
        self._history = history
        self._wanted = wanted
        self._default_schema = default_schema
        self._together = together
        self._none: dict[str, Offered] = {}

    def found(self) -> dict[str, Offered]:
        """Each attempt that fails takes a migration out, and the shadow is begun anew."""
        drafts: dict[str, _Draft] | None = None
        while drafts is None:
            drafts = self._drafts()
        for name, draft in drafts.items():
            if not any(one.rewritten for each in draft.folders for one in each.pieces):
                self._none[name] = Offered(why_not=draft.why_not)
        found: dict[str, Offered] | None = None
        while found is None:
            found = self._traced(drafts)
        return {**found, **self._none}

    def _drop(self, prepared: Prepared, why: str, why_not: Mapping[int, str] | None = None) -> None:
        self._none[prepared.migration.name] = Offered(why_not=why_not, why_none=why)

    # ── as it is written ────────────────────────────────────────────────────────────────────────────────────────

    def _drafts(self) -> dict[str, _Draft] | None:
        found: dict[str, _Draft] = {}
        names = self._wanted.keys() - self._none.keys()
        if not names:
            return found
        with replaying(self._plan, len(self._history), silent) as shadow:
            facts = shadow.shadow.open("facts of the shadow")
            try:
                waiting: list[Prepared] = []
                for one in self._history:
                    if one.migration.name not in names:
                        waiting.append(one)
                        continue
                    shadow.replay(waiting)
                    waiting = []
                    wanted = self._wanted[one.migration.name]
                    try:
                        found[one.migration.name] = _Cut(shadow, facts, one, wanted, self._default_schema).draft()
                    except _Cannot as e:
                        self._drop(one, str(e))
                        return None
                    if len(found) == len(names):
                        break
            finally:
                facts.close()
        return found

    # ── by the ways ─────────────────────────────────────────────────────────────────────────────────────────────

    def _traced(self, drafts: Mapping[str, _Draft]) -> dict[str, Offered] | None:
        found: dict[str, Offered] = {}
        names = drafts.keys() - self._none.keys()
        if not names:
            return found
        with (
            replaying(self._plan, len(self._history), silent) as shadow,
            shadow.tracing() as tracer,
            closing(shadow.shadow.open("locks in the shadow")) as locks,
        ):
            young: set[ObjectName] = set()
            waiting: list[Prepared] = []
            for one in self._history:
                name = one.migration.name
                if name not in names and name not in self._together:
                    waiting.append(one)
                    continue
                shadow.replay(waiting)
                waiting = []
                before = frozenset(young)
                if name not in names:
                    _, made = _trace(tracer, one, before)
                else:
                    draft = drafts[name]
                    try:
                        folders, made = self._follow(shadow, tracer, locks, one, draft, before)
                    except _Cannot as e:
                        self._drop(one, str(e), draft.why_not)
                        return None
                    found[name] = Offered(folders, draft.notes, draft.why_not)
                young |= made if name in self._together else frozenset()
        return found

    def _follow(
        self,
        shadow: ShadowHistory,
        tracer: Tracer,
        locks: Session,
        one: Prepared,
        draft: _Draft,
        young: frozenset[ObjectName],
    ) -> tuple[tuple[Folder, ...], frozenset[ObjectName]]:
        """The ways of one migration, and what they made; raises _Cannot if they are none."""
        made: frozenset[ObjectName] = frozenset()
        found: list[Folder] = []
        for each in draft.folders:
            folder = with_lock_first(
                locks,
                each,
                young | made,
                search_path=self._plan.search_path,
                default_schema=self._default_schema,
            )
            found.append(folder)
            try:
                step = prepare(Migration(f"{one.migration.name} {folder.words}", folder.script, "", one.migration.path))
                hazards, more = _trace(tracer, step, young | made)
            except UsageInvalid as e:
                raise _Cannot(f"what would be done instead is refused: {e.what}") from None
            except ScriptFailed as e:
                raise _Cannot(f"what would be done instead fails in the shadow database: {e.error.message}") from None
            made |= more
            origins = _origins(folder)
            wrong = [hazard for hazard in hazards if origins[hazard.statement]]
            if wrong:
                raise _Cannot(f"what would be done instead has a hazard of its own: {wrong[0].id}, {wrong[0].text}")
        differences = full_changes(draft.end, shadow.catalog())
        if differences:
            what = " ".join(str(part) for part in differences[0].address)
            raise _Cannot(f"what would be done instead does not end in the same catalog: {what}")
        return tuple(found), made


def _origins(folder: Folder) -> list[bool]:
    """For each statement of the folder's script, whether it is one of ours."""
    return [one.rewritten for one in folder.pieces for _ in split(one.piece.sql)]


def _trace(
    tracer: Tracer, one: Prepared, young: frozenset[ObjectName]
) -> tuple[tuple[Hazard, ...], frozenset[ObjectName]]:
    traced = tracer.trace(one)
    found = hazards_of(traced, young, [each.statement for each in one.backfills])
    return found, traced.made


class _Cut:
    """One migration, run statement by statement; the state around those with hazards is looked at."""

    def __init__(
        self, shadow: ShadowHistory, facts: Session, prepared: Prepared, wanted: Wanted, default_schema: str
    ) -> None:
        self._shadow = shadow
        self._facts = facts
        self._prepared = prepared
        self._wanted = wanted
        self._default_schema = default_schema
        self._waiting: list[Statement] = []
        self._seen: Catalog | None = None
        version = facts.rows("version", "SELECT current_setting('server_version_num')")[0][0] or "140000"
        self._version = int(version) // 10000

    def draft(self) -> _Draft:
        """The ways of all statements; raises _Cannot."""
        ways: list[tuple[int, bool, Way]] = []
        settings: list[str] = []
        notes: dict[int, tuple[str, ...]] = {}
        missing = missing_between(self._prepared.statements)
        why_not: dict[int, str] = {}
        for number, statement in enumerate(self._prepared.statements):
            if (what := control(statement)) is not None:
                if what not in ("begin", "commit"):
                    raise _Cannot(f"its own {what.upper()} cannot be cut into migrations")
                continue
            if statement.words[:1] == ("SET",) or sets_session(statement):
                settings.append(_timeout(statement))
                self._waiting.append(statement)
                continue
            lead, trail = self._comments(number)
            found = self._way(number, statement)
            if isinstance(found, list):
                said = "".join(piece.sql for way in found for piece in way.pieces)
                lead = "\n".join(filter(None, (lead, *(one for one in comments(statement.text) if one not in said))))
            if isinstance(found, NoWay):
                why_not[number] = found.why
            rewritten = isinstance(found, list)
            parts = found if isinstance(found, list) else [Way((self._as_it_is(number, statement),))]
            told = dict.fromkeys(text for way in parts for text in way.told)
            if rewritten and number in missing:
                told[missing[number]] = None
            if told:
                notes[number] = tuple(told)
            ways += [(number, rewritten, way) for way in with_comments(parts, lead, trail)]
        self._run()
        cut = folders(ways, settings)
        if len(cut) > 1 and (why := why_whole(self._prepared.statements, cut)):
            raise _Cannot(why)
        return _Draft(cut, notes, why_not, self._catalog())

    def _way(self, number: int, statement: Statement) -> list[Way] | NoWay | None:
        """What is done instead of a statement; None to leave it."""
        ids = self._wanted.hazards.get(number, frozenset())
        if not ids:
            self._waiting.append(statement)
            return kinder(statement) if self._wanted.eager else None
        self._run()
        before = self._catalog()
        old = self._bounds()
        self._waiting.append(statement)
        self._run()
        bounds = {name: text for name, text in self._bounds().items() if old.get(name) != text}
        ground = Ground(
            before,
            self._catalog(),
            self._default_schema,
            self._version,
            # A server of our own may be newer than the one that the migrations are for.
            self._shadow.shadow.kind != "embedded",
            bounds,
        )
        return safe_way(statement, ids, ground)

    def _catalog(self) -> Catalog:
        """What stands there now; looked at once."""
        self._seen = self._seen or self._shadow.catalog()
        return self._seen

    def _run(self) -> None:
        """Everything that waits, as one script."""
        if not self._waiting:
            return
        self._seen = None
        migration = self._prepared.migration
        script = ";\n".join(one.text for one in self._waiting) + ";\n"
        self._waiting = []
        try:
            self._shadow.replay([prepare(replace(migration, script=script, first_line=1))])
        except (ScriptFailed, UsageInvalid) as e:
            words = e.error.message if isinstance(e, ScriptFailed) else e.what
            raise _Cannot(f"its statements do not run one by one: {words}") from None

    def _bounds(self) -> dict[ObjectName, str]:
        rows = self._facts.rows("bounds of partitions", _BOUNDS)
        return {ObjectName(schema or "", name or ""): text for schema, name, text in rows if text}

    def _as_it_is(self, number: int, statement: Statement) -> Piece:
        marked = next((one for one in self._prepared.backfills if one.statement == number), None)
        if marked is not None:
            return Piece(statement.text, "backfill", "fill")
        alone = needs_no_transaction(statement) is not None
        apart = number in self._wanted.hazards
        return Piece(statement.text, "alone" if alone else "long" if apart else "quick")

    def _comments(self, number: int) -> tuple[str, str]:
        """The comments in front of a statement, and the one behind it on its line."""
        body, statements = self._prepared.body, self._prepared.statements
        start = statements[number - 1].end if number else 0
        gap = body[start : statements[number].start]
        if number:
            gap = gap.partition("\n")[2]
        end = statements[number + 1].start if number + 1 < len(statements) else len(body)
        after = body[statements[number].end : end]
        trail, _, rest = after.partition("\n")
        trail = trail.strip()
        if number + 1 == len(statements) and rest.strip():
            trail = f"{trail}\n{rest.strip()}".strip()
        return gap.strip(), trail if trail.startswith(("--", "/*")) else ""


def _timeout(statement: Statement) -> str:
    words = [one for one in statement.words if one not in ("LOCAL", "SESSION")]
    if words[:1] == ["SET"] and words[1:2] and words[1] in _TIMEOUTS:
        return re.sub(r"\A(SET)\s+(?:LOCAL|SESSION)?\s*", "SET LOCAL ", statement.text, flags=re.IGNORECASE)
    raise _Cannot(f"{statement.text.splitlines()[0]} holds for all of it, and migrations do not share it")
