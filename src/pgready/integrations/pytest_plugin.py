"""pytest: record the queries that a test suite runs as contracts, and fail a test whose endpoint asks without bounds.

    pytest --pgready-record contracts/recorded.sql

    @pytest.mark.pgready_bounded
    def test_list(client): client.get("/invoices")

    def test_list(client, bounded_queries):
        make_invoices(20)
        with bounded_queries:
            client.get("/invoices")

Nothing is imported or listened to until it is asked for.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

from pgready.errors import PgreadyError

if TYPE_CHECKING:
    from pgready.integrations.bounded import BoundedQueries, Prover
    from pgready.integrations.recording import Recorder
    from pgready.proof.contracts.normalise import Seen

_RECORDER: pytest.StashKey[Recorder] = pytest.StashKey()
_SEEN: pytest.StashKey[list[Seen]] = pytest.StashKey()
_PROVER: pytest.StashKey[Prover] = pytest.StashKey()
_SUMMARY: pytest.StashKey[str] = pytest.StashKey()
_SENT = "pgready_recorded"
_MARKER = "pgready_bounded"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The flags."""
    group = parser.getgroup("pgready")
    group.addoption(
        "--pgready-record",
        metavar="FILE|DIR",
        help="Write the queries that the tests ran to a file of contracts (DIR/recorded.sql).",
    )
    group.addoption(
        "--pgready-clones", metavar="N", type=_count, default=2, help="Test databases that are made ahead (default 2)."
    )
    group.addoption("--pgready-profile", metavar="FILE", help="Profile of production for bounded queries.")


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def pytest_configure(config: pytest.Config) -> None:
    """Announce the marker; begin to record."""
    config.addinivalue_line(
        "markers",
        f"{_MARKER}(max_rows_read=None, allow=None): the test fails if a query that it runs reads without bounds"
        " at production's size",
    )
    if not config.getoption("--pgready-record"):
        return
    from pgready.integrations.recorded_queries import check
    from pgready.integrations.recording import Recorder

    try:
        check(_path(config))
    except PgreadyError as e:
        raise pytest.UsageError(_words(e)) from None
    recorder = Recorder(str(config.rootpath))
    recorder.install()
    config.stash[_RECORDER] = recorder
    config.stash[_SEEN] = []


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave the libraries as they were, and stop the proving ground."""
    recorder = config.stash.get(_RECORDER, None)
    if recorder is not None:
        recorder.uninstall()
    prover = config.stash.get(_PROVER, None)
    if prover is not None:
        prover.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Say which test runs."""
    recorder = item.config.stash.get(_RECORDER, None)
    if recorder is not None:
        recorder.test = item.nodeid
    result = yield
    if recorder is not None:
        recorder.test = ""
        item.config.stash[_SEEN] += recorder.take()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Judge the queries of a marked test once it has passed."""
    marker = item.get_closest_marker(_MARKER)
    if marker is None:
        return (yield)
    bounded = _bounded(item, **marker.kwargs)
    with bounded:
        result = yield
    return result


@pytest.fixture
def bounded_queries(request: pytest.FixtureRequest) -> BoundedQueries:
    """A context manager: the test fails if a query of the block reads without bounds at production's size."""
    marker = request.node.get_closest_marker(_MARKER)
    return _bounded(request.node, **(marker.kwargs if marker else {}))


def _bounded(item: pytest.Item, **options: Any) -> BoundedQueries:
    from pgready.integrations.bounded import BoundedQueries, Prover

    config = item.config
    prover = config.stash.get(_PROVER, None)
    if prover is None:
        prover = config.stash[_PROVER] = Prover(str(config.rootpath), config.getoption("--pgready-profile"))
    return BoundedQueries(prover, item.nodeid, **options)


# ── the record's way to the file ──


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the file; a worker of xdist hands its record to the process that does."""
    config = session.config
    if _SEEN not in config.stash:
        return
    config.stash[_SEEN] += config.stash[_RECORDER].take()
    output = getattr(config, "workeroutput", None)
    if output is not None:
        output[_SENT] = [[one.text, one.site, one.test, [list(pair) for pair in one.numbers]] for one in _seen(config)]
        return
    from pgready.integrations.recorded_queries import write

    try:
        config.stash[_SUMMARY] = write(_path(config), _seen(config))
    except PgreadyError as e:
        config.stash[_SUMMARY] = f"nothing was recorded: {_words(e)}"
        session.exitstatus = pytest.ExitCode.INTERNAL_ERROR


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker of xdist has ended: take its record."""
    sent = getattr(node, "workeroutput", {}).get(_SENT)
    if sent is None or _SEEN not in node.config.stash:
        return
    from pgready.proof.contracts.normalise import Seen

    node.config.stash[_SEEN] += [
        Seen(text, site, test, tuple((name, value) for name, value in numbers)) for text, site, test, numbers in sent
    ]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """What was written, and what a green test is no proof of."""
    if _PROVER in config.stash:
        for note in sorted(config.stash[_PROVER].notes):
            terminalreporter.write_line(f"pgready: {note}")
    if _SUMMARY in config.stash:
        terminalreporter.write_line(f"pgready: {config.stash[_SUMMARY]}")


def _seen(config: pytest.Config) -> list[Seen]:
    seen: list[Seen] = config.stash[_SEEN]
    return sorted(set(seen))


def _path(config: pytest.Config) -> str:
    path = os.path.join(str(config.invocation_params.dir), str(config.getoption("--pgready-record")))
    return path if path.endswith(".sql") else os.path.join(path, "recorded.sql")


def _words(error: PgreadyError) -> str:
    return "\n".join(part for part in (error.what, error.excerpt, error.then) if part)
