"""What each linter says of each case: pgready's `lint`, squawk and pgfence. `None` where it says that it cannot.

A verdict is (readers wait, writers wait, what was said). Of squawk's rules those count that speak of locks, rewrites
and scans of tables that are there, not those of style, of timeouts that are not set, or of clients that break.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from lab import GROUND, ROOT, Cache, Case, key
from measure import programs

from pgready.commands.online.lint import Request, lint
from pgready.commands.sides import Project
from pgready.errors import PgreadyError
from pgready.report.story import silent

Verdict = dict[str, Any]

SQUAWK_WRITERS = frozenset(
    {"require-concurrent-index-creation", "adding-foreign-key-constraint", "require-concurrent-reindex"}
)
SQUAWK_BOTH = frozenset(
    {
        "adding-field-with-default",
        "adding-not-nullable-field",
        "adding-serial-primary-key-field",
        "ban-alter-domain-with-add-constraint",
        "ban-truncate-cascade",
        "changing-column-type",
        "constraint-missing-not-valid",
        "disallowed-unique-constraint",
        "require-concurrent-index-deletion",
        "require-concurrent-partition-detach",
    }
)


def judge_all(version: int, cases: list[Case], cache: Cache, linters: list[str]) -> None:
    """Ask; neighbours are asked once per text, pgready always."""
    chosen = [one for one in cases if one.is_for(version)]
    for name in linters:
        known = cache.read(name, version)
        for case in chosen:
            if name == "pgready" or known.get(case.name, {}).get("key") != key(case):
                known[case.name] = {**_LINTERS[name](case, version), "key": key(case)}
                cache.write(name, version, known)


def _pgready(case: Case, version: int) -> Verdict:
    scripts = {"1_ground": GROUND, "2_setup": case.setup, "3_case": case.run}
    os.environ["PGREADY_EMBEDDED_BIN"] = programs(version)
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home, "migrations")
        for name, text in scripts.items():
            folder.joinpath(name).mkdir(parents=True)
            folder.joinpath(name, "migration.sql").write_text(text or "SELECT 1;")
        try:
            project = Project({"migrations": str(folder)}, "embedded")
            done = lint(Request(date(2026, 1, 1), ["3_case"]), project, silent)
        except PgreadyError as e:
            return {"readers": None, "writers": None, "said": [str(e)]}
    found = [one.hazard for one in done.hazards if one.hazard.kind.level == "error"]
    return {
        "readers": any(one.blocked == "readers and writers" for one in found),
        "writers": any(one.blocked != "nobody" for one in found),
        "said": [f"{one.hazard.id} {one.hazard.blocked}: {one.hazard.text}" for one in done.hazards],
    }


def _squawk(case: Case, version: int) -> Verdict:
    with tempfile.TemporaryDirectory() as home:
        path = Path(home, "case.sql")
        path.write_text(case.run)
        program = str(ROOT / ".venv" / "bin" / "squawk")
        run = subprocess.run(
            [program, "--reporter", "json", "--pg-version", f"{version}.0", "--assume-in-transaction", str(path)],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    said = [one["rule_name"] for one in json.loads(run.stdout or "[]")]
    both = any(one in SQUAWK_BOTH for one in said)
    return {"readers": both, "writers": both or any(one in SQUAWK_WRITERS for one in said), "said": sorted(set(said))}


def _pgfence(case: Case, version: int) -> Verdict:
    program = ROOT / ".cache" / "hazards" / "npm" / "node_modules" / ".bin" / "pgfence"
    if not program.exists():
        return {"readers": None, "writers": None, "said": ["npm install --prefix .cache/hazards/npm @flvmnt/pgfence"]}
    with tempfile.TemporaryDirectory() as home:
        path = Path(home, "case.sql")
        path.write_text(case.run)
        run = subprocess.run(
            [str(program), "analyze", "--output", "json", "--min-pg-version", str(version), str(path)],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    if not run.stdout.startswith("{"):
        return {"readers": None, "writers": None, "said": [run.stderr.strip()[:300]]}
    checks = [check for one in json.loads(run.stdout)["results"] for check in one["checks"]]
    found = [one for one in checks if one["risk"] not in ("SAFE", "LOW") and "error:" not in one["ruleId"]]
    return {
        "readers": any(one["blocks"]["reads"] for one in found),
        "writers": any(one["blocks"]["writes"] or one["blocks"]["reads"] for one in found),
        "said": sorted({f"{one['ruleId']} {one['risk']}" for one in found}),
    }


_LINTERS = {"pgready": _pgready, "squawk": _squawk, "pgfence": _pgfence}
