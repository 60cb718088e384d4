"""The platform's schema, history, models, contracts and job queue, held against each other. Nothing is started."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import procrastinate
import pytest
from backoffice_platform import BACKOFFICE, PGREADY, ROOT

from fix_server import find_default_bindir

pytestmark = pytest.mark.matrix

MIGRATIONS = sorted(each.name for each in (BACKOFFICE / "prisma/migrations").iterdir() if each.is_dir())


def pgready(*arguments, folder=BACKOFFICE, **environ):
    """A command of pgready in the example's folder."""
    return subprocess.run(
        [*PGREADY, *arguments],
        cwd=folder,
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT / "src"),
            "CURSOR_KEY": "any",
            **({"PGREADY_EMBEDDED_BIN": chosen} if (chosen := find_default_bindir()) else {}),
            **environ,
        },
        capture_output=True,
        text=True,
        timeout=160,
        check=False,
    )


def copied(tmp_path: Path) -> Path:
    """A copy that a test may break."""
    folder = tmp_path / "backoffice"
    shutil.copytree(BACKOFFICE, folder, ignore=shutil.ignore_patterns("node_modules", "__pycache__", ".mypy_cache"))
    return folder


def test_schema_history_and_models_agree():
    """The schema is valid and formatted, the migrations make it, and the generated code is its."""
    for command in (
        ["validate"],
        ["format", "--check"],
        ["migrate", "diff", "--from-migrations", "prisma/migrations", "--to-schema", "prisma", "--exit-code"],
        ["generate", "--check"],
    ):
        done = pgready(*command)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


def test_history_is_in_parity_with_the_schema():
    """Nothing differs but what the schema's language cannot say."""
    done = pgready("parity", "migrations", "schema", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["equal"] is True


@pytest.mark.parametrize("wanted", ["CONCURRENTLY", "pgready: backfill", "ADD VALUE", "CREATE VIEW", "DEFERRABLE"])
def test_history_has_what_teams_meet(wanted):
    """Fifteen migrations at least; an index built alone, a backfill, an enum value, views, a constraint trigger."""
    assert len(MIGRATIONS) >= 15
    scripts = [(BACKOFFICE / "prisma/migrations" / name / "migration.sql").read_text() for name in MIGRATIONS]
    assert any(wanted in script for script in scripts)


def test_history_stalls_nobody():
    """No hazard that is not allowed with a reason."""
    done = pgready("lint", "--json")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_schema_that_runs_ahead_is_seen(tmp_path):
    """A column that no migration makes is a difference, and stale models are named."""
    folder = copied(tmp_path)
    file = folder / "prisma/tagging.prisma"
    file.write_text(file.read_text().replace("  color ", "  icon      String?\n  color "))
    diff = pgready("migrate", "diff", "--from-migrations", "prisma/migrations", "--to-schema", "prisma", "--exit-code",
                   folder=folder)  # fmt: skip
    assert diff.returncode == 2
    assert "Added column `icon`" in diff.stdout
    assert pgready("generate", "--check", folder=folder).returncode == 4


def test_lists_are_bounded_at_ten_million_rows():
    """Every query that a list or a worker can send, at 1, 10 and 100 times the profile; dropped indexes are missed."""
    done = pgready("prove", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    verdicts = {each["name"]: set(each["verdicts"].values()) for each in found["contracts"]}
    assert {word for each in verdicts.values() for word in each} == {"bounded"}
    lists = ("clients", "accounts", "invoices", "transactions", "tags", "records_of_a_tag", "orders", "positions")
    assert set(lists) <= {name.partition(".")[0] for name in verdicts}
    missed = {each["index"].partition(".")[2] for each in found["self_test"]["dropped"] if each["red"]}
    assert {
        "clients_created_at_idx",
        "clients_country_name_idx",
        "accounts_created_at_idx",
        "invoices_created_at_idx",
        "invoices_status_due_on_idx",
        "transactions_booked_at_idx",
    } <= missed


def test_a_dropped_index_turns_the_proof_red(tmp_path):
    """Without the migration's line for invoices by status the proof names the list and its index."""
    folder = copied(tmp_path)
    (script,) = folder.glob("prisma/migrations/*_pagination_indexes/migration.sql")
    lines = script.read_text().splitlines(keepends=True)
    script.write_text("".join(line for line in lines if "invoices_status_due_on_idx" not in line))
    done = pgready("prove", "--no-self-test", "--output-format", "concise", folder=folder)
    assert done.returncode == 4, done.stdout + done.stderr
    assert "invoices.status_by_due_on_up.first" in done.stdout
    assert '("status", "due_on", "id")' in done.stdout


def test_own_schema_of_trading_svc_is_bounded():
    """The service with plain SQL files has contracts of its own."""
    done = pgready("prove", "--config", "services/trading_svc/pgready.toml", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {each["verdict"] for each in json.loads(done.stdout)["contracts"]} == {"bounded"}


def test_job_queue_is_the_librarys_own(make_database):
    """What our migrations make of the queue is what the installed library's schema.sql makes, grants aside."""
    ours, theirs = make_database(), make_database()
    done = pgready("migrate", "deploy", DATABASE_URL=ours.url)
    assert done.returncode == 0, done.stderr
    theirs.query((Path(procrastinate.__file__).parent / "sql/schema.sql").read_text())

    def apart():
        diff = pgready("migrate", "diff", "--full", "--from-url", ours.url, "--to-url", theirs.url, "--json")
        assert diff.returncode == 0, diff.stderr
        about = [each for each in json.loads(diff.stdout)["changes"] if "procrastinate" in each["text"]]
        return [each["text"] for each in about if each["kind"] != "grants"]

    assert apart() == []
    theirs.query("ALTER TABLE procrastinate_jobs ADD COLUMN of_a_newer_version int")
    assert apart() != []


def test_code_is_typed_and_clean():
    """mypy in strict mode, ruff's rules and format, as a newcomer would run them in the folder."""
    for command in (["mypy"], ["ruff", "check", "."], ["ruff", "format", "--check", "."]):
        program = str(Path(sys.executable).parent / command[0])
        done = subprocess.run([program, *command[1:]], cwd=BACKOFFICE, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
