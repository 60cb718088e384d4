"""pgready prove as a process: green with the right index, red with a planted fault, and every way that it can end."""

import json

import pytest

from conftest import BY_CLIENT, BY_ID, INDEX

pytestmark = pytest.mark.matrix

NAME = "invoice_client_id_created_at_idx"


def test_a_page_through_its_index_is_bounded_at_every_size(shop):
    """Exit 0; stdout has the table, stderr the story; the self-test dropped both indexes and both were missed."""
    made = shop(INDEX)
    done = made.project.run("prove", env=made.env, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    header, page, by_id, *_ = done.stdout.splitlines()
    assert header.split() == ["contract", "1x", "10x", "100x", "rows", "read", "through"]
    assert page.split()[:4] == ["invoices_by_client", "bounded", "bounded", "bounded"]
    assert page.split()[-1] == NAME
    assert by_id.split()[-1] == "invoice_pkey"
    assert "self-test: 2 indexes dropped in turn, 2 missed" in done.stdout
    assert "planning 2 contracts at 100x" in done.stderr
    assert "2 contracts: 2 bounded" in done.stderr
    assert not (made.path / "contracts.lock").exists()


@pytest.mark.parametrize(
    ("steps", "turns_at"),
    [
        ((), 1),
        ((INDEX, f"DROP INDEX shop.{NAME};"), 1),
        (("CREATE INDEX x ON shop.invoice (created_at DESC, id DESC, client_id);",), 1),
        (("CREATE INDEX x ON shop.invoice (client_id, created_at DESC, id DESC) WHERE status = 'open';",), 1),
        (("CREATE INDEX x ON shop.invoice USING brin (client_id);",), 1),
    ],
    ids=["missing", "dropped", "wrong order", "partial", "brin"],
)
def test_a_planted_fault_is_red(shop, steps, turns_at):
    """Without the index, or with one that does not serve: exit 4, the contract named, the other one still green."""
    data = shop(*steps).data("--no-self-test", "--no-way-out", code=4)
    page, by_id = data["contracts"]
    assert (page["verdict"], page["fails"], page["unbounded_at"]) == ("unbounded", True, turns_at)
    assert by_id["verdict"] == "bounded"
    assert page["judgements"][0]["findings"][0]["text"]
    assert data["counts"]["failing"] == 1


def test_growth_is_part_of_the_question(shop):
    """A scan of a table that is small today: green at 1x alone, red at the size of tomorrow, and so it is told."""
    made = shop(contracts="-- name: clients\nSELECT name FROM shop.client WHERE name = :name;\n" + BY_ID)
    profile = made.path / "profile.toml"
    profile.write_text(profile.read_text().replace("50_000", "5_000"))
    assert made.prove("--growth", "1", "--no-self-test").returncode == 0
    data = made.data("--no-self-test", "--no-way-out", code=4)
    assert data["contracts"][0]["verdicts"]["1"] == "bounded"
    assert data["contracts"][0]["verdicts"]["100"] == "unbounded"


def test_each_output_format(shop):
    """Lines, annotations and SARIF at the query's file and line; colours nowhere but on a terminal."""
    made = shop()
    lines = made.prove("--output-format", "concise", "--no-self-test", "--no-way-out")
    assert lines.returncode == 4
    assert lines.stdout.startswith("contracts/invoices.sql:1:10: error[")
    assert "\x1b" not in lines.stdout
    commands = made.prove("--output-format", "github", "--no-self-test", "--no-way-out", "--quiet")
    assert commands.stdout.startswith("::error file=contracts/invoices.sql,line=1,col=10,title=pgready%3A ")
    assert commands.stderr == ""
    log = json.loads(made.prove("--output-format", "sarif", "--no-self-test", "--no-way-out").stdout)
    (result,) = log["runs"][0]["results"]
    assert result["level"] == "error"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "contracts/invoices.sql"
    assert place["region"]["startLine"] == 1


def test_the_baseline_fails_only_on_what_got_worse(shop):
    """Accepted once, green afterwards; a new unbounded contract and a lost index are worse, a removed one is told."""
    made = shop(INDEX, contracts=BY_ID + "-- name: all\nSELECT count(*) FROM shop.invoice;\n")
    fast = ("--no-self-test", "--no-way-out")
    assert made.prove("--update-baseline", *fast).returncode == 0
    lock = made.path / "contracts.lock"
    accepted = lock.read_text()
    assert '[contracts."all"]' in accepted
    again = made.prove(*fast)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "unbounded: all (the baseline knows it)" in again.stdout
    assert lock.read_text() == accepted
    made.contract(BY_ID + "-- name: some\nSELECT count(*) FROM shop.client;\n")
    worse = made.prove(*fast)
    assert worse.returncode == 4
    assert "worse: some: a new contract, unbounded" in worse.stdout
    assert "removed: all, which the baseline has" in worse.stdout
    assert made.prove("--no-baseline", *fast).returncode == 4
    assert lock.read_text() == accepted


def test_a_damaged_baseline_is_refused_and_kept(shop):
    """Merge marks: exit 2 before anything slow, with and without --update-baseline, and the file stays."""
    made = shop(INDEX)
    lock = made.path / "contracts.lock"
    lock.write_text("<<<<<<< ours\n")
    for flags in ((), ("--update-baseline",)):
        done = made.prove(*flags)
        assert done.returncode == 2
        assert "the baseline cannot be read" in done.stderr
        assert "planning" not in done.stderr
    assert lock.read_text() == "<<<<<<< ours\n"


def test_everything_wrong_is_told_at_once(shop):
    """SQL that does not parse, a table and a column that are not there, DDL: each at its line; the rest is judged."""
    made = shop(
        INDEX,
        contracts=BY_ID
        + "-- name: broken\nSELEC * FROM shop.invoice;\n"
        + "-- name: table\nSELECT * FROM shop.invoyce WHERE id = :id;\n"
        + "-- name: col\nSELECT i.client FROM shop.invoice i WHERE id = :id AND i.client_ide = :x;\n"
        + "-- name: ddl\nCREATE TABLE x ();\n"
        + "-- name: bare\nSELECT * FROM invoice WHERE id = :id;\n"
        + "-- name: untyped\nSELECT * FROM shop.invoice WHERE id = :id AND :x IS NULL;\n",
    )
    done = made.prove("--no-self-test", "--no-way-out")
    assert done.returncode == 2
    assert "invoice_by_id  bounded" in done.stdout
    for place, text in {
        "contracts/invoices.sql:4:1": "SELEC",
        "contracts/invoices.sql:6:15": "perhaps shop.invoice is meant",
        "contracts/invoices.sql:8:8": "client",
        "contracts/invoices.sql:10:1": "CREATE TABLE",
        "contracts/invoices.sql:12:15": "perhaps shop.invoice is meant: it is not in the search path",
        "contracts/invoices.sql:14:": "say its type in the contract's header:  -- param x: text",
    }.items():
        assert place in done.stdout, done.stdout
        assert text in done.stdout
    data = made.data("--no-self-test", "--no-way-out", code=2)
    assert {one["line"] for one in data["refused"]} == {4, 6, 8, 10, 12, 14}
    assert [one["name"] for one in data["contracts"]] == ["invoice_by_id"]


def test_a_profile_of_tables_that_are_not_there_is_refused(shop):
    """Exit 2 with its place and the nearest name; nothing is judged."""
    made = shop(INDEX, profile='[tables."shop.invoyce"]\nrows = 5\n')
    done = made.prove()
    assert done.returncode == 2
    assert "profile.toml:2" in done.stderr
    assert "shop.invoice" in done.stderr
    assert done.stdout == ""
    missing = made.prove("--profile", "nowhere.toml")
    assert missing.returncode == 2
    assert "pgready profile URL -o nowhere.toml" in missing.stderr


def test_no_contracts_at_all_is_no_success(shop):
    """A gate that found nothing to check is broken: exit 2, with what to write."""
    made = shop(INDEX)
    (made.path / "contracts/invoices.sql").unlink()
    (made.path / "contracts").rmdir()
    done = made.prove()
    assert done.returncode == 2
    assert "there are no query contracts" in done.stderr
    assert "-- name: invoices_by_client" in done.stderr


def test_a_migration_that_fails_ends_the_run(shop):
    """Exit 6 at its line; json says so on stdout."""
    made = shop("CREATE TABLE shop.invoice ();")
    done = made.prove("--json")
    assert done.returncode == 6
    error = json.loads(done.stdout)["error"]
    assert error["where"].startswith("prisma/migrations/2_step/migration.sql:1")


def test_a_schema_without_migrations_will_do(shop):
    """The Prisma schema's own SQL is the structure then; @@index makes the page bounded."""
    made = shop(contracts='-- name: page\nSELECT * FROM "Post" WHERE "author" = :author ORDER BY "id" LIMIT 10;\n')
    for file in sorted(made.project.migrations.rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    made.project.migrations.rmdir()
    (made.path / "profile.toml").unlink()
    made.project.write_schema(
        'datasource db {\n  provider = "postgresql"\n}\n'
        "model Post {\n  id Int @id @default(autoincrement())\n  author Int\n  @@index([author, id])\n}\n"
    )
    done = made.prove()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "building the Prisma schema in an embedded server" in done.stderr
    assert "Post_author_id_idx" in done.stdout


def test_a_superusers_server_serves_as_ground(shop, database):
    """--url: a database of its own beside, gone afterwards; the given one is not touched."""
    made = shop(INDEX)
    done = made.prove("--url", database.url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert database.query("SELECT count(*) FROM pg_namespace WHERE nspname = 'shop'") == [(0,)]
    assert database.query("SELECT count(*) FROM pg_database WHERE datname LIKE 'pgready_shadow_%'") == [(0,)]
    assert "s3cr3t" not in done.stdout + done.stderr


def test_a_role_that_may_not_is_told(shop, database, make_role):
    """No superuser: exit 2 with a clear word; a password is in no output; a server that is not there is exit 7."""
    role = make_role("prover", options="CREATEDB")
    made = shop(INDEX)
    done = made.prove("--url", role.url)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "superuser" in done.stderr
    assert "r0le" not in done.stdout + done.stderr
    for flag in ("--url", "--live", "--from-live"):
        gone = made.prove(flag, "postgresql://u:hunter2@127.0.0.1:1/x")
        assert gone.returncode == 7, gone.stdout + gone.stderr
        assert "hunter2" not in gone.stdout + gone.stderr


def test_an_index_whose_loss_nobody_notices_is_replaceable(shop):
    """Two indexes that serve the same page: each stands in for the other, and so it is told."""
    made = shop(INDEX, "CREATE INDEX twin ON shop.invoice (client_id, created_at DESC, id DESC, status);")
    data = made.data(code=0)
    dropped = {one["index"]: one for one in data["self_test"]["dropped"]}
    (spare,) = [one for name, one in dropped.items() if name in (f"shop.{NAME}", "shop.twin")]
    assert spare["red"] == []
    (instead,) = spare["replaced"].values()
    assert {spare["index"], *instead} == {f"shop.{NAME}", "shop.twin"}
    assert dropped["shop.invoice_pkey"]["constraint"] == "invoice_pkey"
    assert dropped["shop.invoice_pkey"]["red"] == ["invoice_by_id"]
    made.contract(BY_CLIENT)
    both = made.data(code=0)["self_test"]
    assert (both["failed"], both["together"]) == (False, ["invoices_by_client"])
    (redundant,) = data["coverage"]["redundant"]
    assert (redundant["index"], redundant["by"]) == (f"shop.{NAME}", "shop.twin")


def test_a_self_test_that_finds_nothing_fails_the_run(shop):
    """Only a small lookup table: its index is not needed, so the proof could not have gone red; exit 4 says so."""
    made = shop(contracts="-- name: client\nSELECT * FROM shop.client WHERE id = :id;\n")
    profile = made.path / "profile.toml"
    profile.write_text(profile.read_text().replace("rows = 50_000", "rows = 3_000\ngrows = false"))
    done = made.prove()
    assert done.returncode == 4, done.stdout + done.stderr
    assert "could not have gone red" in done.stdout
    assert made.prove("--no-self-test").returncode == 0


def test_what_a_query_needs_to_be_one_counts_as_missed(shop):
    """A query that the server refuses without its primary key (GROUP BY, ON CONFLICT) goes red, and no error is told."""
    contracts = """\
-- name: grouped
SELECT c.*, count(i.id) FROM shop.client c LEFT JOIN shop.invoice i ON i.client_id = c.id
WHERE c.id = :id GROUP BY c.id;
-- name: upsert
INSERT INTO shop.client (id, name) VALUES (:id, :name) ON CONFLICT (id) DO UPDATE SET name = excluded.name;
"""
    data = shop(INDEX, contracts=contracts + BY_ID).data(code=0)
    dropped = {one["index"]: one for one in data["self_test"]["dropped"]}
    assert "grouped" in dropped["shop.client_pkey"]["red"]
    assert dropped["shop.invoice_pkey"]["red"] == ["invoice_by_id"]


def test_the_paths_pick_contracts(shop):
    """Only the named file is proved; a partial run says nothing of what the baseline has beside it."""
    made = shop(INDEX)
    made.contract(BY_CLIENT.replace("invoices_by_client", "other"), "other.sql")
    assert made.prove("--update-baseline", "--no-self-test").returncode == 0
    data = made.data("contracts/other.sql", "--no-self-test", code=0)
    assert [one["name"] for one in data["contracts"]] == ["other"]
    assert data["baseline"]["removed"] == []


def test_coverage_is_shown_when_asked_for(shop):
    """Indexes that serve nothing, with what a live server says of them, read-only."""
    made = shop(INDEX, "CREATE INDEX idle ON shop.invoice (status);")
    done = made.prove("--coverage", "--no-self-test")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"shop.invoice: {NAME} (client_id, created_at DESC, id DESC): invoices_by_client" in done.stdout
    assert "indexes that serve no contract\n  shop.invoice: idle (status)" in done.stdout


def test_strict_counts_warnings(shop):
    """What depends on skew is a warning, unless somebody wants to know for sure."""
    made = shop(INDEX, contracts="-- name: by_client\nSELECT id FROM shop.invoice WHERE client_id = :client;\n" + BY_ID)
    profile = made.path / "profile.toml"
    profile.write_text(profile.read_text().replace("0.00004", "0.2"))
    data = made.data("--no-self-test", "--growth", "1", code=0)
    assert data["contracts"][0]["verdict"] == "skew"
    assert made.prove("--no-self-test", "--growth", "1", "--strict").returncode == 4


@pytest.mark.parametrize(
    "flags",
    [
        ("--growth", "0"),
        ("--growth", "1,x"),
        ("--growth", "-1"),
        ("--growth", "nan"),
        ("--json", "--output-format", "sarif"),
        ("--no-baseline", "--update-baseline"),
        ("--baseline", "nowhere.lock"),
        ("--top", "0"),
        ("--url", "mysql://x"),
        ("nowhere.sql",),
    ],
)
def test_flags_that_make_no_sense(shop, flags):
    """Exit 2 at once, in a sentence."""
    done = shop(INDEX).prove(*flags)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "planning" not in done.stderr
