"""Step 1: replicas boot at once from nothing; one migrates, each migration once, and one more boot does nothing."""

from __future__ import annotations

import time
from collections import Counter

from pgready.commands.smoke.context import SILENCE, Failed, Run, Shown, event_of, nothing, words_of
from pgready.embedded.launch import watchdog
from pgready.parity.compare import differences
from pgready.parity.model import named
from pgready.process.children import Children
from pgready.report.story import plural, seconds


def replicas(run: Run) -> Shown:
    """Race them; raises Failed."""
    count = run.request.replicas
    settings = run.settings("fresh")
    if settings.create_database:
        run.ground.reserve("fresh")
    else:
        run.ground.create("fresh")
    began = time.monotonic()
    applied, said = _race(run, count)
    took = time.monotonic() - began
    from pgready.project.names import list_names

    names = list_names(settings.migrations)
    _each_once(run, names, applied, said)
    run.booted("fresh")
    before, rows = run.catalog, run.history("fresh")
    noop = _again(run)
    after = run.read("fresh")
    changed = [named(one.address) for one in differences(before, after)]
    if changed or run.history("fresh") != rows:
        what = changed[:10] or ["rows of the migrations table"]
        raise Failed("one more boot, with nothing to do, changed the database", [f"changed: {one}" for one in what])
    workers = [name for name, found in applied.items() if found]
    text = (
        f"{plural(count, 'replica')} ready in {seconds(took)}: {plural(len(names), 'migration')} applied once each"
        f" by {' and '.join(workers)}; one more boot: {seconds(noop)}, nothing to do"
    )
    data = {"replicas": count, "ready_seconds": round(took, 3), "noop_seconds": round(noop, 3), "applied": applied}
    return Shown(text, data=data)


def _race(run: Run, count: int) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    names = [f"replica-{number}" for number in range(1, count + 1)]
    applied: dict[str, list[str]] = {name: [] for name in names}
    said: dict[str, list[str]] = {name: [] for name in names}
    running = set(names)
    with Children(watchdog) as children:
        for name in names:
            command = [*run.boot_command(), "--", *nothing()]
            children.start(name, command, cwd=run.cwd, env=run.child_environ("fresh"))
        while running:
            line = children.next_line(SILENCE)
            if line is None:
                raise Failed(f"nothing moved for {SILENCE:.0f} s: {', '.join(sorted(running))}", _last(said, running))
            if line.stream == "end":
                running.discard(line.child)
                code = children.exit_code(line.child)
                if code:
                    raise Failed(
                        f"{line.child} ended with exit code {code}",
                        words_of(said[line.child]),
                        {"exit_code": code},
                    )
                continue
            said[line.child].append(line.text)
            event = event_of(line.text)
            if event is not None and event["event"] == "applied":
                applied[line.child].append(str(event.get("migration")))
                run.doing(f"{line.child}: {event['message']}", done=event.get("done"), total=event.get("total"))
    return applied, said


def _each_once(run: Run, names: list[str], applied: dict[str, list[str]], said: dict[str, list[str]]) -> None:
    told = Counter(name for found in applied.values() for name in found)
    rows = Counter(row.name for row in run.history("fresh") if row.finished_at is not None)
    total = Counter(row.name for row in run.history("fresh"))
    wrong = [name for name in names if (told[name], rows[name], total[name]) != (1, 1, 1)]
    if wrong:
        raise Failed(
            f"{plural(len(wrong), 'migration')} not applied exactly once",
            [f"{name}: told {told[name]} times, {rows[name]} of {total[name]} rows finished" for name in wrong[:10]]
            + list(_last(said, set(said))),
        )


def _again(run: Run) -> float:
    """One more boot, which has nothing to do; seconds of the whole process."""
    run.doing("one more boot")
    began = time.monotonic()
    said: list[str] = []
    applied: list[str] = []
    with Children(watchdog) as children:
        command = [*run.boot_command(), "--", *nothing()]
        children.start("again", command, cwd=run.cwd, env=run.child_environ("fresh"))
        while True:
            line = children.next_line(SILENCE)
            if line is None:
                raise Failed(f"one more boot said nothing for {SILENCE:.0f} s", words_of(said))
            if line.stream == "end":
                took = time.monotonic() - began
                if code := children.exit_code("again"):
                    raise Failed(f"one more boot, with nothing to do, ended with exit code {code}", words_of(said))
                break
            said.append(line.text)
            event = event_of(line.text)
            if event is not None and event["event"] == "applied":
                applied.append(str(event.get("migration")))
    if applied:
        raise Failed(
            f"one more boot applied {plural(len(applied), 'migration')} again", [f"again: {name}" for name in applied]
        )
    return took


def _last(said: dict[str, list[str]], names: set[str]) -> tuple[str, ...]:
    return tuple(f"{name}: {words_of(said[name])[-1]}" for name in sorted(names) if said[name])
