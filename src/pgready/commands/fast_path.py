"""The no-op boot: one connection, one round trip, no import that is not needed.

This is the hot path of every replica start, so it knows one outcome only: *ready*. Any surprise (an option it does
not know, a setting that needs a real parser, any answer but "whole") returns None and the full path starts over,
which explains. Hot module: see docs/explanation/fast-path.md for what each import costs.
"""

import os
import sys

from pgready.history.readiness import Readiness, judge
from pgready.process.exec import become, check_runnable, find_command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pgready.postgres.libpq import Connection
    from pgready.project.settings import Settings

# Flags that only choose settings; with any other word the full path parses the command line.
_VALUES = {
    "--url": "url",
    "--schema": "schema",
    "--migrations": "migrations",
    "--config": "config",
    "--timeout": "timeout",
    "--log-format": "log_format",
    "--health": "health",
    "--verify": "verify",
    "--readiness-contract": "readiness_contract",
}
_SWITCHES = {"--quiet": "quiet", "-q": "quiet", "--refuse-hazards": "refuse_hazards"}

# A fast path that waits is no fast path: past this the full path takes over, with its own bounds and words.
_PATIENCE = 3.0


def parse(argv: "list[str]") -> "tuple[str, dict[str, object], list[str]] | None":
    """Verb, flags and CMD of a plain `boot` or `wait` command line; None if a real parser has to read it."""
    if len(argv) < 3 or argv[0] not in ("boot", "wait"):
        return None
    flags: dict[str, object] = {}
    at = 1
    while argv[at] != "--":
        word = argv[at]
        if word in _SWITCHES:
            flags[_SWITCHES[word]] = True
            at += 1
        elif word in _VALUES and at + 1 < len(argv):
            flags[_VALUES[word]] = argv[at + 1]
            at += 2
        else:
            return None
        if at >= len(argv):
            return None
    return (argv[0], flags, argv[at + 1 :]) if len(argv) > at + 1 else None


def run(argv: "list[str]") -> None:
    """Exec CMD if the database is ready already; return if the full path has to look."""
    plain = parse(argv)
    if plain is None:
        return
    _, flags, command = plain
    environ = dict(os.environ)
    try:
        path = find_command(command, environ)
        check_runnable(path)
        readiness, log_format, quiet = look(flags, environ, os.getcwd())
    except Exception:  # whatever it is: the full path explains it
        return
    if readiness is None or not readiness.ready:
        return
    if not quiet:
        tell(readiness, log_format)
    try:
        become(path, command, environ)
    except Exception:  # the kernel refused it after all: the full path says so
        return


def look(flags: "dict[str, object]", environ: "dict[str, str]", cwd: str) -> "tuple[Readiness | None, str, bool]":
    """Readiness by one question, with the log format and quietness that the settings ask for; None: look closer."""
    from pgready.postgres.libpq import Connection, Trouble
    from pgready.postgres.readiness import answer, first_question
    from pgready.project.names import list_names
    from pgready.project.resolution import resolve

    settings = resolve(flags, environ, cwd)
    if settings.url is None or settings.json:
        return None, "", False
    names = list_names(settings.migrations)
    params = dict(settings.url.params)
    params.setdefault("application_name", "pgready")
    params["client_encoding"] = "UTF8"
    try:
        connection = Connection(params, _PATIENCE)
        try:
            (result,) = connection.execute(first_question(settings.migrations_schema, settings.schemas), _PATIENCE)
            if settings.verify == "parity" and result.error is None and not _verified(connection, settings, cwd):
                return None, "", False
        finally:
            connection.close()
    except (Trouble, UnicodeError):
        return None, "", False
    found = answer(result.rows[0]) if result.error is None else None
    if found is None:
        return None, "", False
    readiness = judge(names, found)
    if len(settings.url.hosts) > 1 and not readiness.in_recovery:
        # After a failover the old primary may answer first, and be ahead of the new one: all hosts must be asked.
        return None, "", False
    return readiness, settings.log_format, settings.quiet


def _verified(connection: "Connection", settings: "Settings", cwd: str) -> bool:
    """Whether the database has every fact of the readiness contract: by one question."""
    from pgready.postgres.readiness_contract import ANSWER, question, told
    from pgready.project.readiness_file import load

    contract = load(settings, cwd)
    results = connection.execute(question(contract, connection.major), _PATIENCE)
    # Where something is lacking, the full path weighs it.
    return all(result.error is None for result in results) and contract.facts <= told(results[ANSWER].rows[0][0])


def tell(readiness: Readiness, log_format: str) -> None:
    """One line on stderr: a boot that did nothing says so and no more."""
    count = readiness.applied
    text = "ready, %d migration%s applied, nothing pending" % (count, "" if count == 1 else "s")
    line = "pgready: " + text
    if log_format == "json":  # as pgready.cli.story writes it
        import time

        now = time.time()
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + ".%03d+00:00" % (now % 1 * 1000)
        line = '{"time": "%s", "event": "ready", "message": "%s", "applied": 0, "pending": 0, "migrations": %d}'
        line %= (stamp, text, count)
    try:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()
    except OSError:
        pass  # a closed stderr must not keep a service from starting
