"""Every trouble on the way to the server is told by its name: waited out where it may pass, told at once elsewhere."""

import os
import signal
import socket
import socketserver
import threading
import time
from contextlib import closing

import psycopg
import pytest

from pgready.embedded.configuration import free_port
from pgready.errors import PgreadyError

pytestmark = pytest.mark.matrix

ONE = {"1_one": "CREATE TABLE one (id int);"}
# A bound that no timing of a busy machine touches and that a wait without end breaks.
BOUND = 40


def boot(project, url, *flags, verb="boot"):
    return project.run(verb, *flags, "--", "echo", "served", url=url, timeout=BOUND)


def _unresolved(make_server, database):
    return "postgresql://u@nope.invalid/db"


def _refused(make_server, database):
    return f"postgresql://u@127.0.0.1:{free_port()}/db"


def _no_socket(make_server, database):
    return "postgresql://u@/db?host=/nonexistent"


PASSING = {
    "unresolved host": (_unresolved, "the host name does not resolve"),
    "refused": (_refused, "nothing listens there"),
    "socket missing": (_no_socket, "the server's socket is not there"),
}


@pytest.mark.parametrize("verb", ["boot", "wait"])
@pytest.mark.parametrize("case", PASSING)
def test_what_may_pass_is_waited_for_and_told(case, verb, make_project):
    """Told while waiting with the time that is left, and named again at the end, exit 7."""
    make_url, words = PASSING[case]
    done = boot(make_project(migrations=ONE), make_url(None, None), "--timeout", "1s", verb=verb)
    assert (done.returncode, done.stdout) == (7, ""), done.stderr
    assert "pgready: waiting for " in done.stderr
    assert f": {words} (1 s left)\n" in done.stderr
    assert f"error: cannot connect: {words}, for " in done.stderr


def _wrong_password(database):
    return database.url_for("postgres", "not-it"), "the server refused the password"


def _no_tls(database):
    return database.url + "?sslmode=require", "the server does not speak TLS and the URL demands it"


def _closed_database(database):
    database.query(f"UPDATE pg_database SET datallowconn = false WHERE datname = '{database.name}'")
    return database.url, "the database accepts no connections"


FATAL = {
    "wrong password": (_wrong_password, "check the password in DATABASE_URL; `--retry-auth` keeps trying"),
    "TLS refused": (_no_tls, "use sslmode=prefer"),
    "database closed": (_closed_database, "ALLOW_CONNECTIONS"),
}


@pytest.mark.parametrize("verb", ["boot", "wait"])
@pytest.mark.parametrize("case", FATAL)
def test_what_does_not_pass_is_told_at_once(case, verb, make_database, make_project):
    """Five minutes of patience are not spent on a wrong password: exit 7 and the way out."""
    make, way_out = FATAL[case]
    url, words = make(make_database())
    done = boot(make_project(migrations=ONE), url, verb=verb)
    assert (done.returncode, done.stdout) == (7, ""), done.stderr
    assert f"error: cannot connect: {words}" in done.stderr
    assert way_out in done.stderr
    assert "waiting for" not in done.stderr


def test_role_without_connect_is_told_at_once(make_role, make_database, make_project):
    """No CONNECT on the database: told with the GRANT, exit 7."""
    database = make_database()
    role = make_role("app", "REVOKE CONNECT ON DATABASE {database} FROM PUBLIC", database=database)
    done = boot(make_project(migrations=ONE), role.url)
    assert done.returncode == 7, done.stderr
    assert "error: cannot connect: the role may not connect to this database" in done.stderr
    assert "GRANT CONNECT ON DATABASE" in done.stderr


def _trust(server, roles):
    """Let these roles in over TCP without a password, and nobody else; returns once the server goes by it."""
    hba = os.path.join(os.path.dirname(server.log_path), "pg_hba.conf")
    with open(hba, "w") as file:
        file.write(f"local all all trust\nhost all {roles} 127.0.0.1/32 trust\n")
    os.kill(server.pid, signal.SIGHUP)
    deadline = time.monotonic() + BOUND
    while True:
        try:
            psycopg.connect(f"postgresql://postgres@127.0.0.1:{server.port}/postgres").close()
        except psycopg.OperationalError:
            assert time.monotonic() < deadline
        else:
            return


def test_unknown_role_no_login_and_no_hba_entry_are_told_at_once(make_server, make_project):
    """The three other ways to be turned away, each by its name and with its way out."""
    server = make_server()
    _trust(server, "postgres,nobody,barred")
    with psycopg.connect(server.url(tcp=False), autocommit=True) as connection:
        connection.execute("CREATE ROLE barred NOLOGIN")
    project = make_project(migrations=ONE)
    cases = {
        "nobody": ("the role does not exist on the server", "create the role"),
        "barred": ("the role may not log in", "ALTER ROLE … LOGIN"),
        "stranger": ("pg_hba.conf does not let this client in", "add a line for this user"),
    }
    for role, (words, way_out) in cases.items():
        done = boot(project, f"postgresql://{role}@127.0.0.1:{server.port}/postgres")
        assert done.returncode == 7, done.stderr
        assert f"error: cannot connect: {words}" in done.stderr
        assert way_out in done.stderr


class _Web(socketserver.BaseRequestHandler):
    """What nginx and its like answer to words that are no HTTP."""

    def handle(self):
        self.request.recv(8)
        self.request.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")


def test_a_web_server_is_not_postgresql(make_project):
    """A port where something else answers is told at once: the URL is wrong, and waiting mends no URL."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Web) as web:
        thread = threading.Thread(target=web.serve_forever)
        thread.start()
        try:
            done = boot(make_project(migrations=ONE), f"postgresql://u:p@127.0.0.1:{web.server_address[1]}/db")
        finally:
            web.shutdown()
            thread.join()
    assert done.returncode == 7, done.stderr
    assert "error: cannot connect: something answers there that is not PostgreSQL" in done.stderr


def test_a_black_hole_is_bounded_by_connect_timeout(make_project):
    """A peer that accepts and never speaks ends in a timeout and not in a wait without end."""
    with closing(socket.create_server(("127.0.0.1", 0))) as hole:
        url = f"postgresql://u:p@127.0.0.1:{hole.getsockname()[1]}/db?connect_timeout=2"
        done = boot(make_project(migrations=ONE), url, "--timeout", "1s")
    assert done.returncode == 7, done.stderr
    assert "error: cannot connect: no answer in time" in done.stderr


def _lines_until(process, words):
    """Read stderr until a line holds `words`; what was read."""
    seen = []
    for line in process.stderr:
        seen.append(line)
        if words in line:
            return seen
    raise AssertionError("".join(seen))


def _finish(process):
    out, err = process.communicate(timeout=BOUND)
    return process.returncode, out, err


@pytest.fixture
def starts(make_project):
    """`starts(url, *flags)`: a boot left running, killed after the test if it still runs."""
    running = []
    project = make_project(migrations=ONE)

    def start(url, *flags):
        running.append(project.start("boot", *flags, "--", "echo", "served", url=url))
        return running[-1]

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_a_server_that_comes_up_late_is_waited_for(make_server, starts):
    """Nothing listens, then the server starts: the boot goes on by itself and serves."""
    server = make_server()
    server.stop()
    process = starts(server.url())
    _lines_until(process, "nothing listens there")
    server.start()
    code, out, err = _finish(process)
    assert (code, out) == (0, "served\n"), err
    assert "applied 1_one" in err


def test_a_server_that_recovers_is_waited_for(make_server, make_open_dir, starts):
    """57P03 while the server replays its log: told as starting up, then served."""
    gate = os.path.join(make_open_dir(), "gate")
    server = make_server(settings={"restore_command": f"while [ ! -e {gate} ]; do sleep 0.05; done; exit 1"})
    server.stop()
    signal_file = os.path.join(server.data_dir, "recovery.signal")
    with open(signal_file, "w"):
        pass
    owner = os.stat(server.data_dir)
    os.chown(signal_file, owner.st_uid, owner.st_gid)

    def start():  # its own start gives up while the server takes no writes; the boot must not
        for _ in range(20):
            try:
                server.start()
            except (PgreadyError, psycopg.Error):
                continue
            break

    starting = threading.Thread(target=start)
    starting.start()
    try:
        process = starts(server.url())
        _lines_until(process, "the server is starting up")
    finally:
        with open(gate, "w"):
            pass
        starting.join()
    code, out, err = _finish(process)
    assert (code, out) == (0, "served\n"), err


def test_a_server_that_shuts_down_is_told(make_server, starts):
    """A smart shutdown that waits for a session turns newcomers away: told by name, exit 7 in time."""
    server = make_server()
    with psycopg.connect(server.url(tcp=False)):
        stopping = threading.Thread(target=server.stop, args=("smart",), kwargs={"timeout": BOUND})
        stopping.start()
        process = starts(server.url(), "--timeout", "2s")
        code, _, err = _finish(process)
    stopping.join()
    assert code == 7, err
    assert "cannot connect: the server is shutting down" in err


def test_a_stopped_server_is_waited_for(make_server, starts):
    """A server whose process is held (SIGSTOP) answers nothing: told as no answer, and served once it goes on."""
    server = make_server()
    os.kill(server.pid, signal.SIGSTOP)
    try:
        process = starts(server.url() + "?connect_timeout=2")
        _lines_until(process, "no answer in time")
    finally:
        os.kill(server.pid, signal.SIGCONT)
    code, out, err = _finish(process)
    assert (code, out) == (0, "served\n"), err


def test_a_full_server_is_waited_for(make_server, starts):
    """No connection left: told by name; served as soon as some are."""
    settings = {"max_connections": "5", "superuser_reserved_connections": "0", "max_wal_senders": "0"}
    server = make_server(settings={**settings, "autovacuum": "off"})
    taken = [psycopg.connect(server.url(tcp=False)) for _ in range(5)]
    try:
        process = starts(server.url())
        _lines_until(process, "the server has no connection left")
    finally:
        for connection in taken:
            connection.close()
    code, out, err = _finish(process)
    assert (code, out) == (0, "served\n"), err


def test_a_full_server_ends_in_exit_7(make_server, make_project):
    """No connection left for the whole time: exit 7 with the reason."""
    settings = {"max_connections": "5", "superuser_reserved_connections": "0", "max_wal_senders": "0"}
    server = make_server(settings={**settings, "autovacuum": "off"})
    taken = [psycopg.connect(server.url(tcp=False)) for _ in range(5)]
    try:
        done = boot(make_project(migrations=ONE), server.url(), "--timeout", "1s")
    finally:
        for connection in taken:
            connection.close()
    assert done.returncode == 7, done.stderr
    assert "error: cannot connect: the server has no connection left" in done.stderr


def test_a_secret_that_arrives_late(make_role, starts):
    """With --retry-auth a refused password is tried again until the server knows it."""
    role = make_role("late", "GRANT CREATE ON DATABASE {database} TO {role}", "GRANT CREATE ON SCHEMA public TO {role}")
    role.database.query(f"ALTER ROLE {role.name} PASSWORD 'another one'")
    process = starts(role.url, "--retry-auth")
    _lines_until(process, "the server refused the password")
    role.database.query(f"ALTER ROLE {role.name} PASSWORD '{role.password}'")
    code, out, err = _finish(process)
    role.database.query(f"REASSIGN OWNED BY {role.name} TO CURRENT_USER; DROP OWNED BY {role.name}")
    assert (code, out) == (0, "served\n"), err


@pytest.mark.parametrize("verb", ["boot", "wait"])
def test_a_missing_database_is_waited_for(absent_database, make_project, verb):
    """A server may be up before its database is made: it is waited for, and the way out is told in the end."""
    done = boot(make_project(migrations=ONE), absent_database.url, "--timeout", "1s", verb=verb)
    assert done.returncode == 7, done.stderr
    assert "the database does not exist (1 s left)" in done.stderr
    assert "next: create it, or let pgready do it with --create-database" in done.stderr


def test_boot_goes_on_when_somebody_makes_the_database(absent_database, make_database, starts):
    """What is missing at first may come late, as in an image whose entrypoint creates it after the first start."""
    process = starts(absent_database.url)
    _lines_until(process, "the database does not exist")
    make_database(absent_database.name)
    assert _finish(process)[:2] == (0, "served\n")


def test_a_missing_database_is_created_when_asked_for(absent_database, make_project):
    """--create-database makes it, tells so, and migrates it."""
    done = boot(make_project(migrations=ONE), absent_database.url, "--create-database")
    assert (done.returncode, done.stdout) == (0, "served\n"), done.stderr
    assert f"pgready: created database {absent_database.name}\n" in done.stderr
    assert absent_database.query("SELECT count(*) FROM one") == [(0,)]


def test_racing_to_create_the_database(absent_database, make_project):
    """Several boots at once create the missing database once, and all of them serve."""
    project = make_project(migrations=ONE)
    url = absent_database.url
    boots = [project.start("boot", "--create-database", "--", "echo", "served", url=url) for _ in range(4)]
    ends = [_finish(process) for process in boots]
    assert [(code, out) for code, out, _ in ends] == [(0, "served\n")] * 4, "\n".join(err for *_, err in ends)
    assert absent_database.query("SELECT count(*) FROM _prisma_migrations") == [(1,)]


def test_a_role_that_may_not_create_the_database(make_role, absent_database, make_project):
    """Told who could, exit 7, and the database still does not exist."""
    role = make_role("app")
    url = role.url.rpartition("/")[0] + f"/{absent_database.name}"
    done = boot(make_project(migrations=ONE), url, "--create-database")
    assert done.returncode == 7, done.stderr
    assert f"the database {absent_database.name} does not exist and cannot be created" in done.stderr
    assert f'CREATE DATABASE "{absent_database.name}"' in done.stderr
    assert role.database.query(f"SELECT count(*) FROM pg_database WHERE datname = '{absent_database.name}'") == [(0,)]


def test_the_wait_of_wait_is_bounded(database, make_project):
    """A database that nobody migrates: `wait` tells what is missing and who is at it, exit 5 in time."""
    project = make_project(migrations=ONE)
    began = time.monotonic()
    done = boot(project, database.url, "--timeout", "1s", verb="wait")
    assert time.monotonic() - began < BOUND
    assert (done.returncode, done.stdout) == (5, ""), done.stderr
    assert "the migrations table is not there yet; nobody is at it yet" in done.stderr
    assert "next: start the service that migrates (pgready boot -- CMD)" in done.stderr


def test_a_zero_timeout_is_one_try(make_project):
    """--timeout 0 looks once and waits for nothing."""
    done = boot(make_project(migrations=ONE), f"postgresql://u@127.0.0.1:{free_port()}/db", "--timeout", "0")
    assert done.returncode == 7, done.stderr
    assert "waiting for" not in done.stderr
