"""`--html` of the commands: the page is written beside what they say, and how they end stays."""

HISTORY = {"1_first": "CREATE TABLE t (id int PRIMARY KEY, note text); CREATE INDEX t_note ON t (note);"}


def test_prove_writes_a_page(make_project):
    """With the plan as a tree and the last word, and GitHub's step summary too; the exit code is the proof's."""
    project = make_project(migrations=HISTORY)
    (project.path / "contracts").mkdir()
    (project.path / "contracts/t.sql").write_text(
        "-- name: newest\nSELECT * FROM t ORDER BY id DESC LIMIT 20;\n-- name: all_notes\nSELECT note FROM t;\n"
    )
    run = project.run(
        "prove", "--html", "proof.html", "--no-self-test", "--growth", "1", "--output-format", "concise",
        env={"GITHUB_STEP_SUMMARY": str(project.path / "summary.md")},
    )  # fmt: skip
    assert run.returncode == 4, run.stderr
    page = (project.path / "proof.html").read_text()
    assert page.startswith("<!doctype html>")
    assert "all_notes" in page
    assert "Seq Scan" in page
    assert "1 unbounded" in page
    summary = (project.path / "summary.md").read_text()
    assert summary.startswith("### ❌ pgready prove: 2 contracts: 1 bounded, 1 unbounded")
    assert "| ❌ | all\\_notes | unbounded |" in summary
    assert "Seq Scan on public.t" in summary
    run = project.run("prove", "--html", "nowhere/proof.html", "--no-self-test", "--growth", "1")
    assert (run.returncode, "nowhere/proof.html cannot be written" in run.stderr) == (2, True)


def test_parity_writes_a_page(database, make_project):
    """With the sides and what differs; the database's password is nowhere."""
    project = make_project(migrations=HISTORY)
    database.query("CREATE TABLE t (id int PRIMARY KEY)")
    run = project.run("parity", "migrations", database.url, "--html", "parity.html")
    assert run.returncode == 4, run.stderr
    page = (project.path / "parity.html").read_text()
    assert "t_note" in page
    assert "s3cr3t" not in page
    assert "breaks" in page
    assert 'id="migrations"' not in page, "nothing was migrated there"


def test_parity_shows_the_history_of_a_live_side(database, make_project):
    """The timeline is that of the side's migrations table, each with its duration; the summary has the diagram."""
    project = make_project(migrations={**HISTORY, "2_slow": "SELECT pg_sleep(0.1); ALTER TABLE t ADD COLUMN more int;"})
    assert project.run("migrate", "deploy", url=database.url).returncode == 0
    database.query("ALTER TABLE t DROP COLUMN note")
    summary = project.path / "summary.md"
    run = project.run(
        "parity", "migrations", database.url, "--html", "parity.html", env={"GITHUB_STEP_SUMMARY": str(summary)}
    )
    assert run.returncode == 4, run.stderr
    page = (project.path / "parity.html").read_text()
    assert 'id="migrations"' in page
    assert "2_slow" in page
    assert f"<h3>{database.name} on 127.0.0.1:" in page, "a side is known by its database and host"
    assert "://*" not in page
    assert "the longest took 1" in page
    assert "s3cr3t" not in page
    words = summary.read_text()
    assert words.startswith("### ❌ pgready parity")
    assert "erDiagram" in words
    assert "s3cr3t" not in words
    run = project.run("parity", "migrations", database.url, env={"GITHUB_STEP_SUMMARY": str(project.path)})
    assert (run.returncode, "GITHUB_STEP_SUMMARY was not written" in run.stderr) == (4, True)
