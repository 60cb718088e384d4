"""Step 4: a boot is killed in the middle of a migration; another finishes, and nothing is applied twice or half.

The middle is no matter of luck: a lock of ours holds the boot inside a migration's transaction until it was killed. The
server may still run what the killed boot sent, as it may in production; the boot that follows has to know.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from contextlib import ExitStack

from pgready.commands.boot import boot
from pgready.commands.smoke.context import SILENCE, Failed, Run, Shown, event_of, nothing, part_of, words_of
from pgready.commands.smoke.ground import told
from pgready.commands.smoke.rolled_back import tried_twice
from pgready.commands.smoke.upgrade import without_history
from pgready.commands.sources import migrations_of
from pgready.embedded.launch import watchdog
from pgready.errors import PgreadyError
from pgready.history.prepare import prepare
from pgready.parity.compare import differences
from pgready.parity.model import named
from pgready.postgres.deploy.lock import FENCE, KEY
from pgready.postgres.keeping import held
from pgready.postgres.session import Session
from pgready.process.children import Children
from pgready.process.waiting import Backoff, Patience
from pgready.report.story import plural, seconds, silent

_WORD = "crash"
_HOLD = FENCE.replace("pg_advisory_xact_lock", "pg_advisory_lock")
_WAITS = (
    "SELECT EXISTS (SELECT FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND NOT granted"
    f" AND classid = {KEY} AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))"
)


def killed(run: Run) -> Shown:
    """Kill one, let another finish; raises Failed."""
    settings = run.settings(_WORD)
    prepared = [prepare(one) for one in migrations_of(settings)]
    names = [one.migration.name for one in prepared]
    middle = len(names) // 2
    whole = [at for at, one in enumerate(prepared) if one.whole and not one.backfills]
    at = next((one for one in whole if one >= middle), whole[-1] if whole else None)
    run.ground.create(_WORD)
    if at:
        with part_of(settings.migrations, names[:at]) as part:
            try:
                boot(run.settings(_WORD, part), silent)
            except PgreadyError as e:
                raise Failed(f"the first {plural(at, 'migration')} alone fail: {e.what}", told(e)) from None
    with ExitStack() as stack:
        keeper = stack.enter_context(run.ground.session(_WORD))
        if at is not None:
            keeper.run("hold the fence", _HOLD)
        where = _kill(run, keeper, names, at)
        began = time.monotonic()
        with Children(watchdog) as children:
            command = [*run.boot_command(), "--", *nothing()]
            children.start("another", command, cwd=run.cwd, env=run.child_environ(_WORD))
            keeper.run("let the fence go", "SELECT pg_advisory_unlock_all()")
            said = _heard(children)
            code = children.exit_code("another")
        took = time.monotonic() - began
    if code:
        raise Failed(f"the boot after the killed one ended with exit code {code}", words_of(said))
    _judge(run, _WORD, names)
    tried = tried_twice(run, prepared)
    same_as_fresh(run, "twice")
    text = f"killed {where}; another boot finished in {seconds(took)}, each migration applied once"
    text += f"; {tried} of {len(names)} were rolled back once and applied then"
    return Shown(
        text,
        data={"killed_in": names[at] if at is not None else names[0], "seconds": round(took, 3), "rolled_back": tried},
    )


def _kill(run: Run, keeper: Session, names: list[str], at: int | None) -> str:
    """Start a boot, wait until it is in the middle, kill it; where that was, in words."""
    said: list[str] = []
    with Children(watchdog) as children:
        pid = children.start(
            "killed", [*run.boot_command(), "--", *nothing()], cwd=run.cwd, env=run.child_environ(_WORD)
        )
        patience, backoff = Patience(SILENCE), Backoff(first=0.005, most=0.05)
        while True:
            line = children.next_line(0.005)
            if line is not None and line.stream == "end":
                raise Failed("the boot that was to be killed ended by itself", words_of(said))
            if line is not None:
                said.append(line.text)
                event = event_of(line.text)
                if at is None and event is not None and event["event"] in ("applied", "applying", "split"):
                    break
                continue
            if at is not None and keeper.rows("is it there", _WAITS) == (("t",),):
                break
            if patience.exhausted:
                raise Failed(f"a boot did not come to its migrations in {SILENCE:.0f} s", words_of(said))
            backoff.pause(patience)
        os.kill(pid, signal.SIGKILL)
        children.exit_code("killed")
    run.doing("killed; another boot")
    return f"inside {names[at]} ({at + 1} of {len(names)})" if at is not None else f"in {names[0]}"


def _heard(children: Children) -> list[str]:
    said: list[str] = []
    while True:
        line = children.next_line(SILENCE)
        if line is None:
            raise Failed(f"the boot after the killed one said nothing for {SILENCE:.0f} s", words_of(said))
        if line.stream == "end":
            return said
        said.append(line.text)


def _judge(run: Run, word: str, names: list[str]) -> None:
    rows = run.history(word)
    finished = Counter(row.name for row in rows if row.finished_at is not None)
    wrong = [name for name in names if finished[name] != 1]
    if wrong:
        raise Failed(
            f"{plural(len(wrong), 'migration')} not applied exactly once",
            [f"{name}: {finished[name]} finished rows" for name in wrong[:10]],
        )
    same_as_fresh(run, word)


def same_as_fresh(run: Run, word: str) -> None:
    """Structure and the migrations' own rows, as after a boot that nobody killed; raises Failed."""
    catalogs = [without_history(one) for one in (run.catalog, run.read(word))]
    changed = [named(one.address) for one in differences(*catalogs)]
    if changed:
        raise Failed(
            "the structure is not that of a boot that was left alone", [f"differs: {one}" for one in changed[:10]]
        )
    with run.ground.session(run.fresh) as one, run.ground.session(word) as other:
        counts = [{table.name: table.count for table in held(session)} for session in (one, other)]
    if counts[0] != counts[1]:
        apart = [
            f"{name}: {counts[1].get(name)} rows, {count} after a boot that was left alone"
            for name, count in counts[0].items()
            if counts[1].get(name) != count
        ]
        raise Failed("the migrations' own rows are not those of a boot that was left alone", apart[:10])
