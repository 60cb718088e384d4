"""The embedded server does what it promises: unprivileged, cached, private, restartable."""

import os
import shutil
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from fix_server import PASSWORD, find_default_bindir
from pgready.embedded import EmbeddedServer, find_binaries
from pgready.embedded import server as server_module
from pgready.errors import PgreadyError, Unreachable, UsageInvalid

pytestmark = pytest.mark.matrix

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give processes another uid")


def templates(cache: str) -> list[Path]:
    """The finished template directories, and anything else that is there and should not be."""
    return [entry for entry in (Path(cache) / "templates").iterdir() if entry.suffix != ".lock"]


def one(server: EmbeddedServer, statement: str, *, tcp: bool = False) -> object:
    """The single value of a query on the database postgres."""
    with psycopg.connect(server.url(tcp=tcp), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


@needs_root
def test_root_starts_it_as_somebody_else(server: EmbeddedServer) -> None:
    """Started by root, the process and its data belong to an unprivileged account."""
    assert os.stat(f"/proc/{server.pid}").st_uid != 0
    assert os.stat(server.data_dir).st_uid == os.stat(f"/proc/{server.pid}").st_uid


def test_its_data_and_socket_are_closed_to_others(server: EmbeddedServer) -> None:
    """Neither data nor the password-less socket can be reached by other users."""
    assert os.stat(server.data_dir).st_mode & 0o077 == 0
    assert os.stat(server.socket_dir).st_mode & 0o077 == 0


def test_it_has_the_databases_of_a_normal_cluster(server: EmbeddedServer) -> None:
    """The three databases that tools count on exist, template0 closed to connections; text is UTF-8."""
    found = "SELECT string_agg(datname || datallowconn::text, ' ' ORDER BY oid) FROM pg_database"
    names = str(one(server, f"{found} WHERE datname IN ('postgres', 'template0', 'template1')")).split()
    assert sorted(names) == ["postgrestrue", "template0false", "template1true"]
    assert one(server, "SHOW server_encoding") == "UTF8"


def test_tcp_asks_for_the_password(server: EmbeddedServer) -> None:
    """A password of special characters works in the URL; a wrong one, or none, does not come in over TCP."""
    assert one(server, "SELECT current_user", tcp=True) == "postgres"
    assert PASSWORD not in server.url()
    for wrong in ("wrong", ""):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(server.url(password=wrong), passfile="/dev/null")


def test_passwords_differ_unless_given() -> None:
    """Without a password of the caller's, each server gets a random one."""
    first, second = EmbeddedServer(find_default_bindir()), EmbeddedServer(find_default_bindir())
    assert len(first.password) >= 16
    assert first.password != second.password


def test_no_password_in_the_log(make_server: Callable[..., EmbeddedServer]) -> None:
    """Even a server that logs every statement does not log the password."""
    server = make_server(settings={"log_statement": "all", "log_min_duration_statement": "0"})
    assert "ALTER ROLE" in server.log_text()
    assert PASSWORD not in server.log_text()


def test_settings_reach_the_server(make_server: Callable[..., EmbeddedServer]) -> None:
    """Settings are applied, quotes and all, and more can come with a restart."""
    server = make_server(settings={"work_mem": "7MB", "cluster_name": "it's"})
    assert (one(server, "SHOW work_mem"), one(server, "SHOW cluster_name")) == ("7MB", "it's")
    assert one(server, "SHOW fsync") == "off"
    port = server.port
    server.restart(settings={"work_mem": "9MB"})
    assert (one(server, "SHOW work_mem"), server.port) == ("9MB", port)


def test_a_setting_it_does_not_know_is_told_in_its_own_words(
    make_server: Callable[..., EmbeddedServer], seeded_cache: str
) -> None:
    """A server that does not start raises, with the end of its log."""
    (made,) = templates(seeded_cache)
    identity = made.stat().st_ino
    with pytest.raises(Unreachable) as caught:
        make_server(settings={"no_such_setting": "1"})
    assert 'unrecognized configuration parameter "no_such_setting"' in caught.value.detail
    assert caught.value.then
    assert [path.stat().st_ino for path in templates(seeded_cache)] == [identity], "the cache is not to blame"


@pytest.mark.parametrize("mode", ["fast", "smart", "immediate"])
def test_data_outlives_each_way_to_stop(make_server: Callable[..., EmbeddedServer], mode: str) -> None:
    """After any stop the same data is there on the next start; only `immediate` needs recovery."""
    server = make_server()
    one(server, "CREATE TABLE kept AS SELECT 42 AS v")
    pid = server.pid
    server.stop(mode)  # type: ignore[arg-type]
    assert server.pid is None
    assert pid is not None
    assert not os.path.exists(f"/proc/{pid}")
    before = len(server.log_text())
    server.start()
    assert one(server, "SELECT v FROM kept") == 42
    assert ("was not properly shut down" in server.log_text()[before:]) == (mode == "immediate")


def test_fast_cuts_sessions_off(make_server: Callable[..., EmbeddedServer]) -> None:
    """A fast stop does not wait for clients."""
    server = make_server()
    with psycopg.connect(server.url()) as connection:
        server.stop("fast")
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_a_context_leaves_nothing_behind() -> None:
    """After the context there is neither process nor directory."""
    with EmbeddedServer(find_default_bindir()) as server:
        pid, data, sockets = server.pid, server.data_dir, server.socket_dir
        assert os.path.isdir(data)
    assert not os.path.exists(f"/proc/{pid}")
    assert not os.path.exists(data)
    assert not os.path.exists(os.path.dirname(sockets))


def test_a_server_started_in_a_thread_outlives_the_thread(make_server: Callable[..., EmbeddedServer]) -> None:
    """The end of the starting thread is not the end of the process: the server stays."""
    made: list[EmbeddedServer] = []
    thread = threading.Thread(target=lambda: made.append(make_server()))
    thread.start()
    thread.join()
    assert one(made[0], "SELECT 1") == 1


def test_a_chosen_port_in_use_is_told(make_server: Callable[..., EmbeddedServer]) -> None:
    """A port of the caller's choice that is taken is an error with its number."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageInvalid, match=f"port {port} of 127.0.0.1 is in use") as caught:
            make_server(port=port)
    assert caught.value.code == "embedded_port"
    assert make_server(port=port).port == port


def test_a_restart_keeps_the_port_or_says_so(make_server: Callable[..., EmbeddedServer]) -> None:
    """URLs given out stay true: a server whose port was taken while it was down does not move elsewhere."""
    server = make_server()
    server.stop()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", server.port))
        taken.listen()
        with pytest.raises(UsageInvalid, match=f"port {server.port} of 127.0.0.1 is in use"):
            server.start()


def test_a_fork_does_not_stop_it(make_server: Callable[..., EmbeddedServer]) -> None:
    """A forked child that ends, running its exit handlers, leaves its parent's server alone."""
    server = make_server()
    child = os.fork()
    if child == 0:
        server.close()
        os._exit(0)
    os.waitpid(child, 0)
    assert one(server, "SELECT 1") == 1


def test_the_environment_of_libpq_does_not_disturb_it(
    make_server: Callable[..., EmbeddedServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings meant for another server, as CI jobs have them, do not reach this one."""
    for name, value in {
        "PGDATA": "/nowhere",
        "PGPORT": "1",
        "PGHOST": "nowhere.invalid",
        "PGOPTIONS": "-c no.such=1 -c nonsense=1",
        "PGCHANNELBINDING": "require",
        "PGTARGETSESSIONATTRS": "standby",
    }.items():
        monkeypatch.setenv(name, value)
    assert make_server().pid


def test_a_port_lost_in_a_race_is_replaced(
    make_server: Callable[..., EmbeddedServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """If somebody takes the free port before the server binds it, another one is tried."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        lost, really_free = taken.getsockname()[1], server_module.free_port
        offers = iter([lost])
        monkeypatch.setattr(server_module, "free_port", lambda: next(offers, None) or really_free())
        server = make_server()
        assert server.port != lost
        assert one(server, "SELECT 1", tcp=True) == 1
        assert str(lost) in server.log_text()


# ── data directories ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def short_dir(make_open_dir: Callable[[], str]) -> Path:
    """One open directory."""
    return Path(make_open_dir())


def test_a_named_data_directory_stays(make_server: Callable[..., EmbeddedServer], short_dir: Path) -> None:
    """What one server wrote to a directory of the caller's, a later one finds there."""
    data = str(short_dir / "data")
    first = make_server(data_dir=data)
    one(first, "CREATE TABLE kept AS SELECT 42 AS v")
    first.close()
    second = make_server(data_dir=data, password="another one")
    assert one(second, "SELECT v FROM kept", tcp=True) == 42


def test_two_servers_on_one_data_directory_are_refused(
    make_server: Callable[..., EmbeddedServer], short_dir: Path
) -> None:
    """The second is told who is there; the first is not disturbed."""
    data = str(short_dir / "data")
    first = make_server(data_dir=data)
    with pytest.raises(UsageInvalid, match=f"pid {first.pid}"):
        make_server(data_dir=data)
    assert one(first, "SELECT 1") == 1


def test_a_directory_of_something_else_is_refused(make_server: Callable[..., EmbeddedServer], short_dir: Path) -> None:
    """A directory with other files in it is left as it is."""
    (short_dir / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageInvalid, match="not empty"):
        make_server(data_dir=str(short_dir))
    assert [entry.name for entry in short_dir.iterdir()] == ["thesis.txt"]


def test_data_of_another_major_version_is_refused(make_server: Callable[..., EmbeddedServer], short_dir: Path) -> None:
    """A data directory of another version is named, with its version."""
    (short_dir / "PG_VERSION").write_text("9\n")
    with pytest.raises(UsageInvalid, match="belongs to PostgreSQL 9"):
        make_server(data_dir=str(short_dir))


# ── the cached template ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_template_is_made_once(make_server: Callable[..., EmbeddedServer], empty_cache: str) -> None:
    """The second start uses the first one's template, untouched."""
    make_server()
    (made,) = templates(empty_cache)
    identity = made.stat().st_ino, made.stat().st_mtime_ns
    server = make_server()
    assert [(path.stat().st_ino, path.stat().st_mtime_ns) for path in templates(empty_cache)] == [identity]
    assert one(server, "SELECT 1") == 1


@pytest.mark.parametrize("damage", ["missing", "shorter", "unmarked", "same size"])
def test_a_broken_template_is_made_again(
    make_server: Callable[..., EmbeddedServer], seeded_cache: str, damage: str
) -> None:
    """Whatever is wrong with the cached directory, the server starts, and the cache is whole afterwards."""
    (made,) = templates(seeded_cache)
    control = made / "data" / "global" / "pg_control"
    if damage == "missing":
        control.unlink()
    elif damage == "shorter":
        control.write_bytes(control.read_bytes()[:100])
    elif damage == "unmarked":
        (made / "fingerprint").unlink()
    else:
        control.write_bytes(bytes(control.stat().st_size))
    assert one(make_server(), "SELECT 1") == 1
    assert any((made / "data" / "global" / "pg_control").read_bytes())
    assert (made / "fingerprint").exists()


def test_a_cache_that_others_can_write_to_is_not_used(
    make_server: Callable[..., EmbeddedServer], seeded_cache: str
) -> None:
    """Programs and data from a directory open to everybody would be anybody's: refused by name."""
    os.chmod(seeded_cache, 0o777)
    with pytest.raises(UsageInvalid) as caught:
        make_server()
    assert seeded_cache in caught.value.where
    assert "PGREADY_CACHE_DIR" in caught.value.then


# ── the programs ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_missing_bindir_is_told(tmp_path: Path) -> None:
    """A chosen directory without server programs: what is missing, where, and what to name instead."""
    with pytest.raises(UsageInvalid, match="postgres and initdb missing") as caught:
        find_binaries(str(tmp_path))
    assert caught.value.where == f"{tmp_path} (from argument)"
    assert "/bin" in caught.value.then


def test_the_environment_chooses_a_bindir(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """PGREADY_EMBEDDED_BIN goes before what is found, and a wrong one is an error, not a fallback."""
    found = find_binaries(find_default_bindir())
    monkeypatch.setenv("PGREADY_EMBEDDED_BIN", found.bindir)
    chosen = find_binaries()
    assert (chosen.bindir, chosen.source) == (found.bindir, "PGREADY_EMBEDDED_BIN")
    monkeypatch.setenv("PGREADY_EMBEDDED_BIN", str(tmp_path))
    with pytest.raises(UsageInvalid, match="missing"):
        find_binaries()


def test_programs_that_do_not_run_are_told(tmp_path: Path) -> None:
    """A program that fails is named with what it printed."""
    for name in ("postgres", "initdb"):
        (tmp_path / name).write_text("#!/bin/sh\necho no such library >&2\nexit 127\n")
        (tmp_path / name).chmod(0o755)
    with pytest.raises(PgreadyError, match="does not run") as caught:
        find_binaries(str(tmp_path))
    assert caught.value.detail == "no such library"


@needs_root
def test_programs_below_a_private_directory_are_copied(
    make_server: Callable[..., EmbeddedServer], make_open_dir: Callable[[], str], seeded_cache: str
) -> None:
    """Root's virtual environment may be closed to others: it stays closed, and the server runs from a copy."""
    original = Path(os.path.realpath(find_binaries(find_default_bindir()).bindir)).parent
    if not (original / "lib").is_dir() or str(original).startswith("/usr"):
        pytest.skip("these programs cannot be moved")
    private = Path(make_open_dir())
    package = private / original.parent.name
    for part in ("bin", "lib", "share"):
        shutil.copytree(original / part, package / original.name / part, symlinks=True)
    if (libraries := original.parent.with_name(original.parent.name + ".libs")).is_dir():
        shutil.copytree(libraries, private / libraries.name)
    private.chmod(0o700)
    server = make_server(bindir=str(package / original.name / "bin"))
    assert one(server, "SELECT 1") == 1
    assert server.binaries.bindir.startswith(seeded_cache)
    assert private.stat().st_mode & 0o777 == 0o700
