"""No secret in any output: every command, on every way out, with a password that no output may hold."""

import json
import os
import pty
import re
import select
import subprocess
import time
from urllib.parse import quote

import psutil
import pytest

from fix_server import PASSWORD
from pgready.embedded.configuration import free_port

pytestmark = pytest.mark.matrix

ONE = {"1_one": "CREATE TABLE one (id int);"}
FORMS = {PASSWORD, quote(PASSWORD, safe=""), quote(PASSWORD), PASSWORD.replace("'", "''"), json.dumps(PASSWORD)[1:-1]}
"""The password as it is, percent-encoded, in SQL and in JSON."""
# No piece of it either: what stands between the characters that URLs stumble over.
PIECES = [piece for piece in re.split(r"[^\w]", PASSWORD) if len(piece) >= 4]


def clean(text, what=""):
    """Assert that `text` holds no form of the password."""
    for form in (*FORMS, *PIECES):
        assert form not in text, f"{what}: {text}"


def run(project, *words, url, code, **env):
    """Run, check the exit code, and search all that was said."""
    done = project.run(*words, url=url, env={k: v for k, v in env.items() if v is not None})
    assert done.returncode == code, (words, done.stdout, done.stderr)
    clean(done.stdout + done.stderr, words)
    return done


STORIES = [(), ("--json",), ("--log-format", "json"), ("--quiet",)]


@pytest.mark.parametrize("story", STORIES, ids=lambda s: " ".join(s) or "text")
def test_every_command_on_its_good_way(story, database, make_project):
    """Cold boot, no-op boot, wait, deploy, status, resolve, settings, adopt, in every kind of story."""
    project = make_project(migrations=ONE)
    url = database.url
    quiet = [word for word in story if word != "--quiet"]
    run(project, "settings", *quiet, url=url, code=0)
    run(project, "boot", *story, "--", "true", url=url, code=0)
    run(project, "boot", *story, "--", "true", url=url, code=0)
    run(project, "wait", *story, "--", "true", url=url, code=0)
    run(project, "migrate", "deploy", *story, url=url, code=0)
    run(project, "migrate", "status", *story, url=url, code=0)
    project.migration("2_two", "SELECT 1;")
    run(project, "migrate", "resolve", "--applied", "2_two", *story, url=url, code=0)
    run(project, "migrate", "adopt", *story, url=url, code=0)


def _failing(project, database):
    project.migration("2_two", "SELECT nope;")
    return database.url, 6


def _unsendable(project, database):
    project.migration("2_two", "\\connect x")
    return database.url, 2


def _strangers(project, database):
    database.query("CREATE TABLE legacy (id int)")
    return database.url, 9


def _refused(project, database):
    return re.sub(r":\d+/", f":{free_port()}/", database.url), 7


def _wrong_user(project, database):
    return database.url.replace("postgres:", "nobody:", 1).replace("nobodyql", "postgresql"), 7


def _no_database(project, database):
    return database.url + "_nope", 7


def _no_tls(project, database):
    return database.url + "?sslmode=require", 7


def _unknown_parameter(project, database):
    return database.url + "?frobnicate=1", 2


def _unencoded(project, database):
    return database.url.replace(quote(PASSWORD, safe=""), PASSWORD), 2


def _cut(project, database):
    return database.url.partition("@")[0], 2


def _bad_service(project, database):
    return database.url + "?service=nope", 7


def _bad_certificate(project, database):
    return database.url + "?sslmode=verify-full&sslrootcert=/nonexistent", 7


def _bad_options(project, database):
    return database.url + "?options=-c%20nope%3D1", 7


WAYS = [_failing, _unsendable, _strangers, _refused, _wrong_user, _no_database, _no_tls, _unknown_parameter, _unencoded,
        _cut, _bad_service, _bad_certificate, _bad_options]  # fmt: skip


@pytest.mark.parametrize("story", [(), ("--json", "--log-format", "json")], ids=["text", "json"])
@pytest.mark.parametrize("way", WAYS, ids=lambda w: w.__name__.strip("_"))
def test_every_way_out_of_a_boot(way, story, database, make_project):
    """Each error, in each kind of story."""
    project = make_project(migrations=ONE)
    url, code = way(project, database)
    done = project.run("boot", "--timeout", "0", *story, "--", "true", url=url)
    assert done.returncode == code, (done.stdout, done.stderr)
    clean(done.stdout + done.stderr)
    if story:
        assert json.loads(done.stdout)["error"]["exit_code"] == code
        assert [json.loads(line)["message"] for line in done.stderr.splitlines()]
    done = project.run("migrate", "status", *story, url=url)
    clean(done.stdout + done.stderr)


def test_secrets_in_other_places(database, make_project):
    """directUrl, sslpassword, .env, the datasource's literal, --url, PGPASSWORD: none is shown."""
    project = make_project(migrations=ONE)
    run(project, "settings", url=database.url, code=0, PGREADY_DIRECT_URL=database.url)
    run(project, "settings", "--json", url=database.url + f"?sslpassword={quote(PASSWORD, safe='')}", code=0)
    done = run(project, "boot", "--url", database.url, "--", "true", url=None, code=0)
    assert "its password shows in the process list" in done.stderr
    (project.path / ".env").write_text(f"DATABASE_URL='{database.url}'\nPGREADY_DIRECT_URL='{database.url}'\n")
    run(project, "settings", url=None, code=0)
    run(project, "boot", "--", "true", url=None, code=0)
    (project.path / ".env").write_text(f"DATABASE_URL='{database.url}\n")
    done = project.run("boot", "--", "true")
    clean(done.stdout + done.stderr)
    (project.path / ".env").unlink()
    no_password = database.url.replace(":" + quote(PASSWORD, safe=""), "")
    run(project, "boot", "--", "true", url=no_password, code=0, PGPASSWORD=PASSWORD)
    project.write_schema(f'datasource db {{\n  provider = "postgresql"\n  url = "{database.url}"\n}}\n')
    run(project, "settings", url=None, code=0)
    run(project, "boot", "--", "true", url=None, code=0)
    project.write_schema(f'datasource db {{\n  provider = "postgresql"\n  url = "{database.url}\n}}\n')
    done = project.run("boot", "--", "true")
    assert done.returncode == 2
    clean(done.stdout + done.stderr)


@pytest.mark.parametrize("file", ["pgready.toml", "pyproject.toml", "prisma.config.ts"])
def test_a_password_in_a_committed_file(file, database, make_project):
    """Refused in TOML, and never shown, also where the file does not parse."""
    project = make_project(migrations=ONE)
    head = "[tool.pgready]\n" if file == "pyproject.toml" else ""
    texts = [f'{head}url = "{database.url}"\n', f'{head}url = "{database.url}\n']
    if file == "prisma.config.ts":
        texts = [f'export default {{ datasource: {{ url: "{database.url}" }} }}\n', f'export default {{ datasource: {{ url: "{database.url} }} }}\n']  # fmt: skip
    for number, text in enumerate(texts):
        (project.path / file).write_text(text)
        done = project.run("boot", "--timeout", "0", "--", "true")
        assert done.returncode == (0 if file == "prisma.config.ts" and number == 0 else 2), done.stderr
        clean(done.stdout + done.stderr)


def test_a_script_that_sets_a_password_fails_without_showing_it(database, make_project):
    """The excerpt of a failing statement masks what stands behind PASSWORD."""
    quoted = PASSWORD.replace("'", "''")
    project = make_project(migrations={"1_one": f"ALTER ROLE nope PASSWORD '{quoted}';\n"})
    done = run(project, "boot", "--", "true", url=database.url, code=6)
    assert "1 | ALTER ROLE nope PASSWORD '***" in done.stderr


BUG = """
import sys
import pgready.history.diagnose as d
def broken(*a, **k):
    secret = {url!r}
    raise RuntimeError("a bug near " + secret)
import pgready.commands.deploy as deploy, pgready.commands.status as status
deploy.diagnose = status.diagnose = broken
deploy.ask = broken
from pgready.cli.main import main
sys.exit(main({argv!r}))
"""


@pytest.mark.parametrize("argv", [["boot", "--", "true"], ["boot", "--json", "--", "true"], ["migrate", "status"]])
def test_a_bug_of_ours_shows_no_values(argv, database, make_project):
    """A bug ends in exit 1 with file and line, without traceback, message or values."""
    project = make_project(migrations=ONE)
    command = [project.command()[0], "-c", BUG.format(url=database.url, argv=argv)]
    done = subprocess.run(
        command, cwd=project.path, env=project.env(database.url), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    assert "this is a bug in pgready" in done.stderr
    assert "broken" in done.stderr
    assert "Traceback" not in done.stderr
    assert "a bug near" not in done.stderr
    clean(done.stdout + done.stderr)


def _on_terminal(project, *words, url):
    """Run under a pseudo-terminal of its own; exit code and everything that was drawn."""
    leader, follower = pty.openpty()
    env = project.env(url, {"TERM": "xterm-256color"})
    process = subprocess.Popen(project.command(*words), cwd=project.path, env=env, stdout=follower, stderr=follower)
    os.close(follower)
    drawn = b""
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if not select.select([leader], [], [], 1)[0]:
                continue
            try:
                chunk = os.read(leader, 65536)
            except OSError:  # the last writer is gone
                break
            if not chunk:
                break
            drawn += chunk
        return process.wait(timeout=60), drawn.decode(errors="replace")
    finally:
        process.kill()
        process.wait()
        os.close(leader)


def test_the_live_view_shows_no_secret(database, make_project):
    """On a terminal: a cold boot, a failing one, and one that waits in vain."""
    project = make_project(migrations=ONE)
    code, drawn = _on_terminal(project, "boot", "--", "echo", "served", url=database.url)
    assert (code, "served" in drawn, "1_one" in drawn) == (0, True, True), drawn
    clean(drawn)
    project.migration("2_two", "SELECT nope;")
    code, drawn = _on_terminal(project, "boot", "--", "true", url=database.url)
    assert (code, "SELECT nope" in drawn) == (6, True), drawn
    clean(drawn)
    gone = re.sub(r":\d+/", f":{free_port()}/", database.url)
    code, drawn = _on_terminal(project, "boot", "--timeout", "1s", "--", "true", url=gone)
    assert (code, "nothing listens there" in drawn) == (7, True), drawn
    clean(drawn)


def test_the_process_list_shows_no_secret(database, make_project):
    """While a migration runs: neither our processes' command lines nor what the server lists of our sessions."""
    project = make_project(migrations={"1_slow": "SELECT pg_advisory_lock(4711);"})
    with database.connect() as holder:
        holder.execute("SELECT pg_advisory_lock(4711)")
        process = project.start("boot", "--", "true", url=database.url)
        try:
            deadline = time.monotonic() + 60
            waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted"
            while database.query(waiting) != [(1,)]:
                assert time.monotonic() < deadline
                assert process.poll() is None, process.communicate()
            family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
            for member in family:
                clean(" ".join(member.cmdline()))
            seen = database.query(
                "SELECT application_name, query FROM pg_stat_activity WHERE datname = current_database()"
            )
            assert any("4711" in query for _, query in seen)
            for application, query in seen:
                clean(f"{application} {query}")
        finally:
            holder.execute("SELECT pg_advisory_unlock(4711)")
            out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    clean(out + err)


def test_values_do_not_print_secrets(database):
    """repr and str of what the library hands out: a target, settings, an error."""
    from pgready.project.resolution import resolve

    settings = resolve({}, {"DATABASE_URL": database.url, "PGREADY_DIRECT_URL": database.url}, "/")
    target = settings.require_url()
    assert target.password == PASSWORD
    for value in (settings, target, target.params, target.redacted):
        clean(repr(value) + str(value))


def test_the_servers_log_holds_no_secret(make_server, make_project):
    """With every statement logged, the server's log of a boot holds no password."""
    server = make_server(settings={"log_statement": "all", "log_connections": "on"})
    project = make_project(migrations=ONE)
    offset = len(server.log_text())
    run(project, "boot", "--", "true", url=server.url(), code=0)
    log = server.log_text()[offset:]
    assert "CREATE TABLE one" in log
    clean(log)
