"""The other half of step 4: every migration once rolled back at its end, then applied.

What a rollback does not take back (a sequence's numbers, most of all) must not keep a script from working the next
time. A killed boot shows that for one migration; this shows it for all that run in one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence

from pgready.commands.failing import offset_of
from pgready.commands.shadow import ShadowHistory, ShadowPlan
from pgready.commands.smoke.context import Failed, Run
from pgready.history.prepare import Prepared, place, show
from pgready.postgres.deploy.executor import ScriptFailed
from pgready.postgres.session import ServerError, Session
from pgready.postgres.shadow.database import Shadow
from pgready.report.story import silent
from pgready.sql.names import quote_ident

_WORD = "twice"


def tried_twice(run: Run, prepared: Sequence[Prepared]) -> int:
    """How many were rolled back once and worked then; raises Failed for the first that did not."""
    run.doing("every migration once rolled back")
    settings = run.settings(_WORD)
    run.ground.create(_WORD)
    target = run.ground.target(_WORD)
    plan = ShadowPlan(url=None, main=None, schemas=settings.schemas, search_path=target.schema)
    done = 0
    with run.ground.session(_WORD) as session:
        history = ShadowHistory(session, Shadow("beside", target, run.ground.described), plan, silent)
        for one in prepared:
            undone = one.whole and not one.backfills and _undone(session, one, target.schema)
            try:
                history.replay([one])
            except ScriptFailed as e:
                raise _failed(e, undone=undone) from None
            done += undone
    return done


def _undone(session: Session, one: Prepared, search_path: str | None) -> bool:
    """Run the script and take it back; False where it does not run in a transaction of ours."""
    path = f"SET LOCAL search_path = {quote_ident(search_path)}; " if search_path else ""
    try:
        session.run("try", f"BEGIN; {path}{one.body}\n; ROLLBACK", long=True)
    except ServerError:
        return False
    finally:
        if not session.closed:
            session.run("reset", "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL")
    return True


def _failed(error: ScriptFailed, *, undone: bool) -> Failed:
    migration, offset = error.prepared.migration, offset_of(error)
    lines = []
    if offset is not None:
        lines += [place(migration, offset), *show(migration, offset).splitlines()]
    lines += error.error.words().splitlines()
    if undone:
        lines.append("a rollback takes back no numbers of sequences: let the script say keys itself, or look them up")
    when = "cannot be applied after a first try that was rolled back" if undone else "fails"
    return Failed(f"{migration.name} {when}: {error.error.message}", lines)
