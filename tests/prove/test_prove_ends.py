"""How a proof ends: the way out that mends it, a signal in the middle of it, secrets that stay where they are."""

import json
import os
import signal
from pathlib import Path

import pytest

from conftest import BY_ID, INDEX

pytestmark = pytest.mark.matrix


def test_the_way_out_is_written_and_mends_it(shop):
    """Red, with the index as SQL; --write-migration makes a migration of it; the next run is green."""
    made = shop()
    red = made.prove("--write-migration", "page of a client", "--no-self-test")
    assert red.returncode == 4, red.stdout + red.stderr
    assert "CREATE INDEX CONCURRENTLY" in red.stdout
    (file,) = [path for path in made.project.migrations.rglob("*.sql") if "page_of_a_client" in str(path)]
    assert f"wrote {file.relative_to(made.path)}" in red.stderr
    assert file.read_text().startswith("CREATE INDEX CONCURRENTLY ")
    data = made.data("--write-migration", "another", code=0)
    assert data["migrations"] == []
    assert len(list(made.project.migrations.iterdir())) == 3  # two migrations and the lock file
    assert data["contracts"][0]["verdict"] == "bounded"


def test_a_plain_folder_is_not_written_into(shop):
    """Exit 2 before anything is planned."""
    made = shop(INDEX)
    plain = made.path / "sql"
    plain.mkdir()
    (plain / "1_init.sql").write_text("SELECT 1;")
    done = made.prove("--migrations", "sql", "--write-migration", "x")
    assert done.returncode == 2
    assert "plain SQL files" in done.stderr
    assert os.listdir(plain) == ["1_init.sql"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_signal_leaves_no_server_and_no_files(shop, make_open_dir, number):
    """Stopped while it plans: exit 128 + n, no process and no file of the embedded server are left."""
    many = "".join(BY_ID.replace("invoice_by_id", f"by_id_{each}") for each in range(400))
    made = shop(INDEX, contracts=many)
    place = make_open_dir()
    process = made.project.start("prove", env={**made.env, "TMPDIR": place})
    try:
        told = ""
        while "planning" not in told:
            line = process.stderr.readline()
            assert line, told
            told += line
        process.send_signal(number)
        _, rest = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 128 + number, rest
    assert "Traceback" not in rest
    assert os.listdir(place) == []
    assert not [pid for pid in Path("/proc").glob("[0-9]*") if _command(pid).find(place) >= 0]


def _command(process: Path) -> str:
    try:
        return (process / "cmdline").read_text(errors="replace")
    except OSError:
        return ""


def test_contracts_of_a_live_server(shop, make_server):
    """The queries that a server has seen, planned on the empty ground; a password is in no output."""
    made = shop(INDEX)
    live = make_server(settings={"shared_preload_libraries": "pg_stat_statements"})
    import psycopg

    init = "".join(path.read_text() for path in sorted(made.project.migrations.rglob("*.sql")))
    with psycopg.connect(live.url(tcp=False), autocommit=True) as connection:
        connection.execute(b"CREATE EXTENSION pg_stat_statements;" + init.encode())
        connection.execute("SELECT * FROM shop.invoice WHERE number = 5")
        connection.execute("SELECT count(*) FROM shop.invoice WHERE status = 'open'")
    done = made.prove("--from-live", live.url(), "--live", live.url(), "--json", "--no-self-test", "--no-way-out")
    assert done.returncode == 4, done.stdout + done.stderr
    data = json.loads(done.stdout)
    verdicts = {one["sql"]: one for one in data["contracts"] if "invoice" in one["sql"]}
    by_number = next(one for sql, one in verdicts.items() if "number" in sql)
    counted = next(one for sql, one in verdicts.items() if "count" in sql)
    assert (by_number["verdict"], by_number["calls"], by_number["line"]) == ("bounded", 1, 0)
    assert counted["verdict"] == "unbounded"
    costs = [one["live"] for one in data["coverage"]["indexes"]]
    assert all(one["size"] == 8192 for one in costs)
    assert live.password not in done.stdout + done.stderr
