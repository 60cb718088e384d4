"""Contracts of a project: where they are looked for, and what becomes of their parameters on a server."""

import os
from pathlib import Path

import pytest

from pgready.commands.prove.contracts import Collected, collect, completed
from pgready.commands.prove.plans import Judging
from pgready.commands.prove.refusal import refusal
from pgready.commands.sides import Project
from pgready.errors import PgreadyError, UsageInvalid
from pgready.postgres.proving.explain import PlanRefused
from pgready.postgres.proving.proving_ground import proving_ground
from pgready.project.url import parse
from pgready.proof.contract import Contract, Place
from pgready.proof.profile import Profile
from pgready.report.story import silent


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_sql", ".sql").replace("_py", ".py").replace("_toml", ".toml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def found(*paths: str) -> Collected:
    return collect(paths, Project({}), None, 50, silent)


def names(*paths: str) -> list[str]:
    collected = found(*paths)
    assert not collected.diagnostics
    return [one.name for one in collected.contracts]


def test_contracts_are_looked_for_in_their_folder(folder: Path):
    """Without a word said, every SQL file below contracts/ counts, in the order of the paths."""
    write(
        folder,
        contracts__b_sql="-- name: b\nSELECT 1 FROM t",
        contracts__a__z_sql="-- name: z\nSELECT 1 FROM t",
        contracts__c_sql="-- name: c2\nSELECT 2 FROM t;\n-- name: c1\nSELECT 1 FROM t",
        other__d_sql="-- name: d\nSELECT 1 FROM t",
    )
    assert names() == ["z", "b", "c2", "c1"]
    assert names("other", "contracts/b.sql", "contracts") == ["d", "b", "z", "c2", "c1"]


@pytest.mark.parametrize("name", ["pgready.toml", "pyproject.toml"])
def test_settings_name_folders_files_and_modules(folder: Path, name: str):
    """`contracts` in pgready.toml or [tool.pgready]; what is named in a run is stronger."""
    header = "[tool.pgready]\n" if name == "pyproject.toml" else ""
    (folder / name).write_text(f'{header}contracts = ["queries/", "app/more.sql", "contracts_app.queries"]\n')
    declared = "import pgready\n\n@pgready.contract\ndef declared():\n    return 'SELECT 1 FROM t'\n"
    package = f"contracts_app_{name[:2]}"
    (folder / name).write_text((folder / name).read_text().replace("contracts_app", package))
    write(folder, queries__a_sql="-- name: a\nSELECT 1 FROM t", app__more_sql="-- name: more\nSELECT 1 FROM t")
    write(folder, contracts__x_sql="-- name: x\nSELECT 1 FROM t")
    (folder / package).mkdir()
    (folder / package / "queries.py").write_text(declared)
    assert names() == ["a", "more", "declared"]
    assert names("contracts") == ["x"]
    (folder / name).write_text(f"{header}contracts = 5\n")
    with pytest.raises(UsageInvalid, match="contracts takes a list"):
        found()


def test_entry_points_are_found_where_nobody_says_otherwise(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """An installed package names its module of contracts in the group pgready.contracts."""
    write(
        folder,
        site__team_queries_py="import pgready\n\n@pgready.contract\ndef theirs():\n    return 'SELECT 1 FROM t'\n",
    )
    about = folder / "site" / "team-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: team\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[pgready.contracts]\nteam = team_queries\n")
    monkeypatch.syspath_prepend(str(folder / "site"))
    assert names() == ["theirs"]
    write(folder, contracts__a_sql="-- name: a\nSELECT 1 FROM t")
    assert names() == ["a", "theirs"]
    assert names("contracts") == ["a"]


def test_nothing_to_look_at_is_said_with_what_to_write(folder: Path):
    """No contract anywhere is an error: a proof of nothing would be green."""
    with pytest.raises(UsageInvalid, match="there are no query contracts") as caught:
        found()
    assert caught.value.code == "contracts_missing"
    assert "-- name:" in caught.value.then


def test_errors_of_all_files_are_told_at_once(folder: Path):
    """Two of one name, a file that is no UTF-8, a folder that is not there, a module that fails: one run tells all."""
    write(
        folder,
        contracts__a_sql="-- name: same\nSELECT 1 FROM t",
        contracts__b_sql="-- name: b\nSELEC 1\n-- name: same\nSELECT 2 FROM t\n-- name: good\nSELECT 1 FROM t",
        failing_module_py="raise ValueError('no')\n",
    )
    (folder / "contracts" / "c.sql").write_bytes(b"-- name: c\nSELECT '\xff'")
    (folder / "empty").mkdir()
    collected = found("contracts", "missing/", "empty", "nix.sql", "failing_module")
    assert [one.name for one in collected.contracts] == ["same", "good"]
    assert [one.span.where() for one in collected.diagnostics] == [
        "missing/:1:1",
        "empty:1:1",
        "nix.sql:1:1",
        "contracts/b.sql:2:1",
        "contracts/c.sql:1:1",
        "failing_module.py:1:1",
        "contracts/b.sql:3:10",
    ]
    twice = collected.diagnostics[-1]
    assert "the first is at contracts/a.sql:1:10" in twice.message
    assert twice.span.text == "same"


SCHEMA = """
CREATE SCHEMA app;
CREATE TYPE app."Status" AS ENUM ('open', 'paid');
CREATE TABLE app.t (id uuid PRIMARY KEY, status app."Status", at timestamptz, tags text[], n int);
"""


@pytest.mark.matrix
def test_parameters_get_the_server_s_types_and_values(folder: Path, database):
    """Declared ones stay; a LIMIT is a page, an enum its first label; what the server refuses comes back as it was."""
    write(
        folder,
        contracts__a_sql="""
-- name: a
-- param declared: int = 5
SELECT * FROM app.t WHERE status = :status AND id = ANY(:ids) AND n = :declared AND tags @> :tags
ORDER BY at LIMIT :limit OFFSET :offset;
-- name: typed
-- param x: text
SELECT :x FROM app.t LIMIT least(:a, 10);
-- name: untyped
SELECT * FROM app.t WHERE :x IS NULL;
-- name: unknown
SELECT * FROM app.nothing WHERE id = :id;
-- name: changed
-- search_path: app
UPDATE t SET status = :status WHERE id = :id;
""",
    )
    database.query(SCHEMA)
    contracts = found().contracts
    with proving_ground(parse(database.socket_url, "test"), is_ours=True) as ground:
        done = {one.name: one for one in completed(contracts, ground)}
        for name, sqlstate in (("unknown", "42P01"), ("untyped", "42P18")):
            with pytest.raises(PlanRefused) as caught:
                ground.parameter_types(done[name])
            assert caught.value.sqlstate == sqlstate
            said = refusal(done[name], caught.value, ground.catalog)
            assert said.span.text == {"unknown": "app.nothing", "untyped": ":x"}[name]
        assert "-- param x: text" in said.help
    known = {one.name: (one.type, one.sample) for one in done["a"].parameters}
    assert known == {
        "status": ('app."Status"', "open"),
        "ids": ("uuid[]", '{"5f0c1d3e-6a52-4b1b-9d6e-2f4c8a7b9e01"}'),
        "declared": ("int", "5"),
        "tags": ("text[]", '{"sample"}'),
        "limit": ("bigint", "50"),
        "offset": ("bigint", "0"),
    }
    assert [(one.name, one.sample) for one in done["typed"].parameters] == [("x", "sample"), ("a", "50")]
    assert [one.sample for one in done["changed"].parameters] == ["open", "5f0c1d3e-6a52-4b1b-9d6e-2f4c8a7b9e01"]
    before = {one.name: one for one in contracts}
    assert done["unknown"] == before["unknown"]


@pytest.mark.matrix
def test_a_live_server_s_other_tables_are_not_judged(database):
    """What others keep in the same database is no mistake of this project; in a contract of its own it is one."""
    database.query(SCHEMA)
    other = Contract("live", "SELECT * FROM theirs WHERE id = $1", Place("queryid 5"), "live")
    own = Contract("own", "SELECT * FROM theirs WHERE id = $1", Place("nowhere.sql", 1, 1), "sql")
    with proving_ground(parse(database.socket_url, "test"), is_ours=True) as ground:
        judging = Judging(ground, Profile(), (1.0, 10.0), silent)
        (proved,) = judging.run([other, own])
    assert (proved.contract.name, proved.kind) == ("live", "not judged")
    assert 'relation "theirs" does not exist' in proved.shown.judgement.why_not
    assert len(judging.refused) == 1
    assert judging.refused_names == {"own"}


def test_a_missing_parser_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """Without the extra, the command that installs it is the answer."""
    import sys

    monkeypatch.setitem(sys.modules, "postgast", None)
    write(folder, contracts__a_sql="-- name: a\nSELECT 1 FROM t")
    with pytest.raises(PgreadyError) as caught:
        found()
    assert (caught.value.exit_code, caught.value.code) == (2, "parser_missing")
    assert caught.value.then == "pip install 'pgready[prove]'"


def test_folders_are_not_left_by_links(folder: Path):
    """A link in a circle ends the search of nothing."""
    write(folder, contracts__a_sql="-- name: a\nSELECT 1 FROM t")
    os.symlink("..", folder / "contracts" / "around")
    assert names() == ["a"]
