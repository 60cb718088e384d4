"""`pgready demo` on the reference platform: from nothing to a report, with every check able to go red."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from test_demo import BINDIR, all_gone, environment, family, story

from pgready.commands.demo import statements, tour
from pgready.commands.demo.backoffice import require_packages
from pgready.commands.demo.run import demo
from pgready.commands.demo.stage import example_folder
from pgready.errors import NotReady, UsageInvalid
from pgready.report.story import silent

pytestmark = pytest.mark.matrix
COMMAND = [sys.executable, "-m", "pgready", "demo", *(["--bindir", BINDIR] if BINDIR else [])]
EXAMPLE = Path(example_folder("backoffice"))


def files(folder: Path) -> set[str]:
    """Every file of a folder."""
    return {str(each.relative_to(folder)) for each in folder.rglob("*")}


def copied(tmp_path: Path) -> Path:
    """A copy of the example to break."""
    folder = tmp_path / "backoffice"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
    return folder


def test_platform_from_nothing(tmp_path):
    """All services and workers, a job each, every list by its index, proofs, and a report: one file and nothing else."""
    report = tmp_path / "report.html"
    done = subprocess.run(
        [*COMMAND, "--json", "--replicas", "2", "--html", str(report)],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=160, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert [one for one in data["checks"] if not one["ok"]] == []
    assert data["report"] == str(report)
    parts = {one["name"]: one for one in data["parts"]}
    typescript = statements.find(str(EXAMPLE))  # as this machine has it: no test run downloads it unasked
    built = isinstance(typescript, statements.Built)
    assert list(parts) == [
        "worker-financial", "worker-trading", "tagging-api", "trading-svc", *["statements"] * built,
        "ledger-api-1", "ledger-api-2",
    ]  # fmt: skip
    assert data["left_out"] == ({} if built else {"statements": typescript})
    assert built or f"statements, the service in TypeScript, is left out: {typescript}" in done.stderr
    migrations = sum(each.is_dir() for each in (EXAMPLE / "prisma/migrations").iterdir())
    assert sorted(len(parts[f"ledger-api-{n}"]["applied"]) for n in (1, 2)) == [0, migrations]
    assert len(parts["trading-svc"]["applied"]) == 3
    details = {one["name"]: one["detail"] for one in data["checks"]}
    assert details["GET /invoices?status=ISSUED"].startswith("Index Scan using invoices_status_due_on_idx, 6 rows")
    assert details["GET /instruments"].startswith("instruments_symbol_key at production's size")
    assert "still serving" not in done.stderr
    assert "postgresql://" not in done.stdout + done.stderr
    page = report.read_text()
    assert "GET /invoices?status=ISSUED" in page
    assert "invoices_client_id_status_created_at_idx" in page
    assert "the running database" in page
    # Proofs and comparisons have servers of their own.
    assert set(re.findall(r"PostgreSQL ([0-9.]+)", page)) == {data["server_version"]}
    assert "postgresql://" not in page
    assert os.listdir(tmp_path) == ["report.html"]


def test_a_list_without_its_index_and_one_that_nobody_visits_are_told(tmp_path, monkeypatch):
    """The faults that the demo is to show as such: an index that is gone, a list that the demo does not know."""
    folder = copied(tmp_path)
    (script,) = folder.glob("prisma/migrations/*_pagination_indexes/migration.sql")
    lines = script.read_text().splitlines(keepends=True)
    script.write_text("".join(line for line in lines if "invoices_status_due_on_idx" not in line))
    (late,) = folder.glob("prisma/migrations/*_receivables/migration.sql")
    late.write_text(f"{late.read_text()}\nCREATE TABLE tagging.nobody_knows (id int PRIMARY KEY);\n")
    monkeypatch.setattr(tour, "LISTS", tuple(one for one in tour.LISTS if one.path != "/quotes"))
    before = files(folder)
    found = {one.name: one for one, _ in demo(silent, replicas=1, rows=2000, bindir=BINDIR, folder=str(folder)).checks}
    assert {name for name, one in found.items() if not one.ok} == {
        "every query bounded at 10 million rows",
        "schema = migrations = live database",
        "GET /invoices?status=ISSUED",
        "every list was paged",
    }
    assert "Sort" in found["GET /invoices?status=ISSUED"].detail
    assert files(folder) == before
    assert found["every list was paged"].detail == "not paged: trading-svc /quotes"


def test_the_typescript_service_is_what_the_example_has(tmp_path, monkeypatch):
    """Without Node, not built, built from other files: each is told by its name; what was built is found."""
    monkeypatch.setenv("PGREADY_CACHE_DIR", str(tmp_path / "cache"))
    folder = copied(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert statements.find(str(folder)) == "there is no Node on this machine"
    with pytest.raises(UsageInvalid, match="statements is built by Node and npm: they are not on this machine"):
        statements.prepare(str(folder), silent)
    for name, says in (("node", "v18.1.0"), ("npm", "9.0.0")):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {says}\n")
        (tmp_path / name).chmod(0o755)
    assert statements.find(str(folder)) == "it is not built: pgready demo --prepare"
    with pytest.raises(UsageInvalid, match=r"built by Node and npm: this is Node v18\.1\.0"):
        statements.prepare(str(folder), silent)
    (tmp_path / "node").write_text("#!/bin/sh\necho v22.1.0\n")
    (tmp_path / "npm").write_text("#!/bin/sh\necho no such host >&2\nexit 1\n")
    with pytest.raises(NotReady, match="npm ci --no-audit --no-fund failed") as caught:
        statements.prepare(str(folder), silent)
    assert caught.value.detail == "no such host"
    assert os.listdir(tmp_path / "cache") == []  # nothing half made stays


@pytest.mark.timeout(900)
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not here")
def test_prepared_typescript_is_part_of_the_platform(tmp_path, monkeypatch):
    """Built by npm as the image is, it waits for the schema that it was made for, and what it reads is checked."""
    monkeypatch.delenv("PGREADY_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))  # the server's own stays where root's server can read
    folder = copied(tmp_path)
    before = files(folder)
    built = statements.prepare(str(folder), silent)
    assert statements.prepare(str(folder), silent) == built == statements.find(str(folder))

    def checks():
        report = demo(silent, replicas=1, rows=500, bindir=BINDIR, folder=str(folder))
        return {one.name: one for one, _ in report.checks}

    found = checks()
    assert [one for one in found.values() if not one.ok] == []
    assert found["statements reads it by Prisma's client"].detail == "Demo & Sons: DEMO-1 PAID 127.50, owes 0.00"
    program = Path(built.server).with_name("statement.js")
    program.write_text(program.read_text().replace('status: { not: "DRAFT" }', 'status: "DRAFT"'))
    assert [name for name, one in checks().items() if not one.ok] == ["statements reads it by Prisma's client"]
    assert files(folder) == before
    schema = folder / "prisma/financial.prisma"
    schema.write_text(schema.read_text() + "\n// another\n")
    assert statements.find(str(folder)) == "it was built from other files: pgready demo --prepare"


def test_packages_that_are_missing_are_named(tmp_path):
    """By name, with the command that installs them; what is there is not named."""
    require_packages(str(EXAMPLE))
    folder = copied(tmp_path)
    settings = folder / "pyproject.toml"
    settings.write_text(settings.read_text().replace('"fastapi>=0.115"', '"no-such-package>=0.115"'))
    with pytest.raises(UsageInvalid) as caught:
        demo(silent, bindir=BINDIR, folder=str(folder))
    assert caught.value.what == "the demo's services need packages that are not installed: no-such-package"
    assert "pip install 'no-such-package>=0.115'" in caught.value.then


def test_once_and_keep(tmp_path):
    """What excludes each other is refused before anything is started."""
    for flags, words in ((["--once", "--keep"], "exclude each other"), (["--small", "--html", "x"], "no report")):
        done = subprocess.run([*COMMAND, *flags], capture_output=True, text=True, check=False, env=environment())
        assert done.returncode == 2
        assert words in done.stderr


def test_ctrl_c_while_the_platform_serves(tmp_path):
    """With --keep the services answer until Ctrl-C, which ends every process and is no failure."""
    started = []
    with subprocess.Popen(
        [*COMMAND, "--keep", "--replicas", "1"],
        cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    ) as process:  # fmt: skip
        for line in story(process):
            if "still serving" in line:
                started = family(process)
                process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert len(started) >= 6
    assert all_gone(started)
