"""Step 5: the generated models are fresh, can be imported, and each of them asks the database one query."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from pgready.commands.generate import Outcome, Written, generate
from pgready.commands.smoke.context import Failed, Run, Shown, Skipped
from pgready.errors import UsageInvalid
from pgready.postgres.filling import fill
from pgready.report.story import plural

_SECONDS = 120
_ABSENT = ("generator_missing", "schema_missing")


def models(run: Run) -> Shown:
    """Check, import, query; raises Failed, and Skipped without a generator of ours."""
    if not run.settings(run.fresh).schema_files:
        raise Skipped("the project has no Prisma schema")
    try:
        outcome = generate(run.flags, check=True)
    except UsageInvalid as e:
        if e.code in _ABSENT:
            raise Skipped("the schema has no generator of pgready's") from None
        raise
    stale = [
        f"{job.job.output}/{one.name}: {one.state}" for job in outcome.jobs for one in job.files if one.state != "same"
    ]
    if stale:
        raise Failed(f"{plural(len(stale), 'generated file')} not up to date", [*stale[:12], "next: pgready generate"])
    word = _with_rows(run)
    return _asked(run, outcome, word)


def _with_rows(run: Run) -> str:
    """A database with rows: one that was upgraded, else the fresh one, filled."""
    if run.upgraded:
        return list(run.upgraded.values())[-1]
    run.ground.create("models", template=run.fresh)
    run.doing("rows for the models")
    from pgready.commands.smoke.upgrade import without_history

    with run.ground.session("models") as session:
        fill(session, without_history(run.catalog), run.request.seed, run.request.rows)
    return "models"


def _asked(run: Run, outcome: Outcome, word: str) -> Shown:
    asked = read = 0
    lines = []
    for one in outcome.jobs:
        run.doing(f"{one.job.output}: import, one query per model")
        found = _child(run, one, word)
        if found.get("error"):
            raise Failed(f"{one.job.output}: {found['error']}", _texts(found.get("lines")))
        failed = found.get("failed", {})
        names = found.get("models", [])
        if isinstance(failed, dict) and failed:
            raise Failed(
                f"{one.job.output}: {plural(len(failed), 'model')} cannot be queried",
                [f"{name}: {why}" for name, why in list(failed.items())[:12]],
            )
        count = len(names) if isinstance(names, list) else 0
        rows = found.get("rows", 0)
        asked += count if one.job.provider == "pgready-sqlalchemy" else 0
        read += rows if isinstance(rows, int) else 0
        lines.append(f"{one.job.output}: {plural(count, 'model')} imported")
    text = f"{plural(asked, 'model')} fresh, imported and queried; {plural(read, 'row')} came back"
    return Shown(text, tuple(lines), {"models": asked, "rows": read})


def _child(run: Run, job: Written, word: str) -> dict[str, object]:
    """In a process of its own, with the project's folder on the path, as its services have it."""
    schema = run.settings(word).url
    argv = [
        sys.executable, "-P", "-m", "pgready.commands.smoke.model_queries",
        os.path.abspath(job.job.folder), job.job.provider, schema.schema or "" if schema else "",
    ]  # fmt: skip
    env = {**run.child_environ(word), "PYTHONPATH": os.pathsep.join(_path(run))}
    try:
        done = subprocess.run(
            argv, cwd=run.cwd, env=env, capture_output=True, text=True, timeout=_SECONDS, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"error": f"no answer after {_SECONDS} s"}
    last = done.stdout.strip().rpartition("\n")[2]
    try:
        found = json.loads(last)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        return {"error": f"the import ended with exit code {done.returncode}", "lines": done.stderr.splitlines()[-6:]}
    return found


def _path(run: Run) -> list[str]:
    package = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
    given = os.environ.get("PYTHONPATH", "")
    return [package, *([given] if given else []), run.cwd]


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
