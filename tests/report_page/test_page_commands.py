"""`--html` of the commands: the page is written beside what they say, and how they end stays."""

HISTORY = {"1_first": "CREATE TABLE t (id int PRIMARY KEY, note text); CREATE INDEX t_note ON t (note);"}


def test_prove_writes_a_page(make_project):
    """With the plan as a tree and the last word; the exit code is the proof's."""
    project = make_project(migrations=HISTORY)
    (project.path / "contracts").mkdir()
    (project.path / "contracts/t.sql").write_text(
        "-- name: newest\nSELECT * FROM t ORDER BY id DESC LIMIT 20;\n-- name: all_notes\nSELECT note FROM t;\n"
    )
    run = project.run("prove", "--html", "proof.html", "--no-self-test", "--growth", "1", "--output-format", "concise")
    assert run.returncode == 4, run.stderr
    page = (project.path / "proof.html").read_text()
    assert page.startswith("<!doctype html>")
    assert "all_notes" in page
    assert "Seq Scan" in page
    assert "1 unbounded" in page
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
