"""`pgready profile` against a real server: what it reads, what it must never read, and who may run it."""

import json
import subprocess
import sys
from collections.abc import Callable

import pytest
from ground_shop import DDL

from fix_server import Database, Role
from pgready.catalog.names import ObjectName
from pgready.commands.prove.profile import profiled
from pgready.errors import Unreachable, UsageInvalid
from pgready.postgres.connect import open_session
from pgready.postgres.proving.proving_ground import proving_ground
from pgready.postgres.shapes import read_shapes
from pgready.project.url import parse
from pgready.proof.profile import ColumnProfile, Profile, TableProfile
from pgready.proof.size.profile_file import read_profile_file
from pgready.proof.size.profile_names import located

pytestmark = pytest.mark.matrix

FILL = """
INSERT INTO countries VALUES ('de', 'x'), ('fr', 'y');
INSERT INTO clients (name, tags, country) SELECT 'n' || g % 20, '{a,b}', 'de' FROM generate_series(1, 400) g;
INSERT INTO invoices (client_id, status, is_paid, deleted_at, number)
SELECT 1 + g % 400, (ARRAY['open', 'open', 'paid'])[1 + g % 3]::status, g % 4 = 0, CASE WHEN g % 10 = 0 THEN now() END, g
FROM generate_series(1, 3000) g;
INSERT INTO events SELECT g, date '2024-06-01' + g % 300, 1 + g % 7 FROM generate_series(1, 900) g;
VACUUM ANALYZE invoices;
ANALYZE clients;
ANALYZE countries;
ANALYZE events_2024;
ANALYZE events_2025_few;
ANALYZE events_2025_rest"""

SECRET = "s3cret-4711"


def fill(database: Database, text: str = FILL) -> None:
    """Run a script statement by statement: VACUUM runs in no transaction."""
    with database.connect() as connection:
        for statement in text.split(";\n"):
            connection.execute(statement.encode())


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """`pgready profile` as a process."""
    command = [sys.executable, "-m", "pgready", "profile", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def table(profile: Profile, name: str) -> TableProfile:
    """A table of the schema public."""
    return next(one for one in profile.tables if one.name == ObjectName("public", name))


def column(profile: Profile, name: str, column: str) -> ColumnProfile:
    """A column of it."""
    return next(one for one in table(profile, name).columns if one.name == column)


def test_a_profile_of_everything(database: Database) -> None:
    """Rows, pages, shares and frequencies are those of the server's statistics; the file reads back as the same value."""
    database.query(DDL)
    fill(database)
    done = run(database.url)
    assert (done.returncode, done.stderr) == (0, "")
    file = read_profile_file(done.stdout.encode(), "profile.toml")
    with proving_ground(parse(database.socket_url), is_ours=True) as ground:
        profile = located(file, ground.shapes)
        assert table(profile, "invoices").rows == 3_000
        assert table(profile, "invoices").pages == int(str(database.query(
            "SELECT relpages FROM pg_class WHERE relname = 'invoices'")[0][0]))  # fmt: skip
        assert table(profile, "events").rows == 900
        assert column(profile, "clients", "id").distinct == -1
        assert column(profile, "clients", "name").distinct == 20
        assert column(profile, "invoices", "deleted_at").null_fraction == pytest.approx(0.9)
        assert dict(column(profile, "invoices", "status").frequencies) == pytest.approx(
            {"open": 2 / 3, "paid": 1 / 3}, rel=1e-3
        )
        assert dict(column(profile, "invoices", "is_paid").frequencies) == pytest.approx(
            {"f": 0.75, "t": 0.25}, rel=1e-3
        )
        assert column(profile, "events", "client_id").distinct == 7
        assert column(profile, "clients", "tags").frequencies == ()
        indexes = {one.name: one for one in table(profile, "invoices").indexes}
        assert indexes["invoices_open"].rows == 2_700
        assert indexes["invoices_client"].pages
        lower = next(one for one in table(profile, "clients").indexes if one.name == "clients_lower")
        assert lower.columns[0].distinct == 20
        ground.size(profile, 1)
        answer = ground.session.rows("test", "EXPLAIN SELECT * FROM invoices")[0][0]
        assert "rows=3000 " in str(answer)


def test_no_value_leaves_the_server(database: Database) -> None:
    """Secrets in every kind of column, with common values, histograms and extended statistics, are in no output."""
    columns = {
        "a": "text", "b": "varchar(30)", "c": "char(11)", "d": "text[]", "e": "jsonb", "f": "json", "g": "bytea",
        "h": "bigint", "i": "numeric", "j": "uuid", "k": "timestamptz", "l": "date", "m": "inet", "n": "tsvector",
        "o": "int4range", "p": "double precision", "q": "interval", "r": "name", "s": "time", "t": "secret_domain",
        "u": "secret_row", "w": "money",
    }  # fmt: skip
    values = {
        "a": f"'{SECRET}'", "b": f"'{SECRET}'", "c": f"'{SECRET}'", "d": f"ARRAY['{SECRET}']",
        "e": f"jsonb_build_object('{SECRET}', '{SECRET}')", "f": f"json_build_object('{SECRET}', 1)",
        "g": "'\\x5331337333'", "h": "471147114711", "i": "4711.4711", "j": "'47114711-4711-4711-4711-471147114711'",
        "k": "'1947-11-04 11:47:11+00'", "l": "'1947-11-04'", "m": "'47.11.47.11'", "n": f"'{SECRET}'::tsvector",
        "o": "'[4711,47110)'", "p": "4711.4711", "q": "'4711 hours 47 min'", "r": f"'{SECRET}'", "s": "'04:47:11'",
        "t": f"'{SECRET}'", "u": f"ROW('{SECRET}')::secret_row", "w": "4711.47",
    }  # fmt: skip
    listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    plain = ", ".join(values.values())
    # Uncommon ones too, for histograms: the same secrets with a number.
    fill(
        database,
        f"CREATE DOMAIN secret_domain AS text;\nCREATE TYPE secret_row AS (x text);\nCREATE TABLE vault ({listed});\n"
        f"INSERT INTO vault SELECT {plain} FROM generate_series(1, 300);\n"
        f"INSERT INTO vault (a, b, h, k, r, t) SELECT '{SECRET}' || g, '{SECRET}' || g, 471147110000 + g,"
        f" '1947-11-04'::timestamptz + g * interval '1 s', '{SECRET}' || g, '{SECRET}' || g FROM generate_series(1, 400) g;\n"
        "CREATE INDEX vault_expression ON vault (upper(a));\n"
        f"CREATE INDEX vault_partial ON vault (h) WHERE a = '{SECRET}';\n"
        "CREATE STATISTICS vault_extended (mcv, dependencies) ON a, b, h FROM vault;\nANALYZE vault",
    )
    histograms = database.query(
        "SELECT count(*) FROM pg_stats WHERE tablename = 'vault' AND histogram_bounds IS NOT NULL"
    )
    assert int(histograms[0][0]) >= 4  # there is something to be leaked
    for arguments in ([database.url], [database.url, "--json"], [database.url, "--schemas", "public"]):
        done = run(*arguments)
        assert done.returncode == 0, done.stderr
        assert "vault" in done.stdout
        assert "vault_expression" in done.stdout
        for told in (done.stdout, done.stderr):
            assert "4711" not in told.replace(database.url, "")
            assert "1947" not in told
            assert "s3cret" not in told.lower()


def test_no_value_crosses_the_wire(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the server answers holds no secret either: values are left out by the query, not by the reader."""
    fill(
        database,
        f"CREATE TABLE vault (a text, b boolean);\nINSERT INTO vault SELECT '{SECRET}', true FROM generate_series(1, 99);\n"
        "ANALYZE vault",
    )
    session = open_session(parse(database.socket_url), "test")
    from pgready.postgres import profile as module

    seen = []
    real = type(session).run

    def spying(self: object, *arguments: object, **more: object) -> object:
        replies = real(self, *arguments, **more)  # type: ignore[arg-type]  # passed on as they came
        seen.extend(str(reply.rows) for reply in replies)
        return replies

    monkeypatch.setattr(type(session), "run", spying)
    found = module.read_profile(session)
    session.close()
    assert column(found.profile, "vault", "b").frequencies == (("t", 1.0),)
    assert seen
    assert not any(SECRET in text for text in seen)


def test_an_ordinary_role(database: Database, make_role: Callable[..., Role]) -> None:
    """It gets what it may see; the columns that it may not see are named, on stderr and in the file."""
    database.query(DDL)
    fill(database)
    role = make_role("reader", "GRANT SELECT ON invoices TO {role}", "GRANT SELECT (id, name) ON clients TO {role}")
    done = run(role.url)
    assert done.returncode == 0, done.stderr
    profile = read_profile_file(done.stdout.encode(), "profile.toml").profile
    assert column(profile, "invoices", "status").frequencies
    assert {one.name for one in table(profile, "clients").columns} == {"id", "name"}
    assert table(profile, "lines").rows == 0
    assert "public.clients (email, tags, country" in done.stderr
    assert "could not be seen" in done.stdout


def test_reading_is_read_only_and_takes_no_locks(database: Database) -> None:
    """Behind a table that is locked exclusively the profile is there at once; a never analysed one counts as empty."""
    database.query(DDL)
    fill(database)
    with database.connect(autocommit=False) as holder:
        holder.execute("LOCK TABLE invoices, clients, visits IN ACCESS EXCLUSIVE MODE")
        found = profiled(parse(database.url), timeout=5)
    assert table(found.profile, "invoices").rows == 3_000


def test_tables_that_were_never_analysed(database: Database) -> None:
    """Their rows are an estimate, which is said; empty ones are empty."""
    fill(
        database,
        "CREATE TABLE unseen (a int, b text) WITH (autovacuum_enabled = false);\n"
        "INSERT INTO unseen SELECT g, 'x' FROM generate_series(1, 20000) g;\n"
        "CREATE TABLE nothing (a int)",
    )
    found = profiled(parse(database.url))
    assert 5_000 < table(found.profile, "unseen").rows < 40_000
    assert table(found.profile, "nothing").rows == 0
    assert [note for note in found.notes if "public.unseen" in note and "public.nothing" not in note]


def test_settings_that_somebody_changed(database: Database) -> None:
    """Planner settings of the database go into the profile, others and defaults do not."""
    database.query(
        f"CREATE TABLE t (a int); ALTER DATABASE {database.name} SET random_page_cost = 1.1;"
        f" ALTER DATABASE {database.name} SET effective_cache_size = '9GB';"
        f" ALTER DATABASE {database.name} SET application_name = 'x'"
    )
    found = profiled(parse(database.url)).profile.settings
    assert found == (("effective_cache_size", "9GB"), ("random_page_cost", "1.1"))


def test_schemas_are_chosen(database: Database) -> None:
    """Only the tables of these schemas are in the file; one that is not there is refused by name."""
    database.query("CREATE SCHEMA billing; CREATE TABLE billing.a (x int); CREATE TABLE b (x int)")
    target = parse(database.url)
    assert [str(one.name) for one in profiled(target, ["billing"]).profile.tables] == ["billing.a"]
    with pytest.raises(UsageInvalid, match="no schema biling"):
        profiled(target, ["biling"])
    with pytest.raises(UsageInvalid, match="no tables"):
        profiled(target, ["pg_catalog"])


def test_a_server_that_does_not_answer_in_time(database: Database) -> None:
    """A statement that takes longer than its timeout is told as that."""
    database.query("CREATE TABLE t (a int)")
    with database.connect(autocommit=False) as holder:
        holder.execute("LOCK TABLE pg_catalog.pg_statistic IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(Unreachable, match="too long"):
            profiled(parse(database.url), timeout=0.3)


def test_the_command(database: Database, tmp_path: object) -> None:
    """`-o` writes the file and nothing to stdout, `--json` is data, and errors have the usual form and code."""
    database.query("CREATE TABLE t (a int); INSERT INTO t VALUES (1)")
    fill(database, "ANALYZE t")
    path = f"{tmp_path}/profile.toml"
    done = run(database.url, "-o", path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    assert "no values of users" in text
    data = json.loads(run(database.url, "--json").stdout)
    assert data["tables"]["public.t"]["rows"] == 1
    refused = run("postgresql://127.0.0.1:1/x?connect_timeout=2")
    assert refused.returncode == 7
    assert "next:" in refused.stderr
    session = open_session(parse(database.socket_url), "test")
    assert located(read_profile_file(text.encode(), path), read_shapes(session)).tables
    session.close()
