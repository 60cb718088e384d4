"""db execute: a script as it stands, against the project's database; no row, no lock, no data comes back."""

from __future__ import annotations

import os
import sys

from pgready.commands.arrive import Arrival
from pgready.commands.boot import tell_notes
from pgready.commands.failing import offset_of
from pgready.errors import MigrationFailed, NotReady, Unreachable, UsageInvalid
from pgready.history.model import Migration
from pgready.history.prepare import place, prepare, show
from pgready.postgres.connect import ConnectFailed, unreachable
from pgready.postgres.deploy.executor import ScriptFailed
from pgready.postgres.free_script import FreeScript
from pgready.postgres.server import Server, ask
from pgready.postgres.session import ConnectionLost, ServerError
from pgready.process.waiting import Patience
from pgready.project.folder import decode
from pgready.project.settings import Settings
from pgready.report.story import Event, Teller, plural

_READ_ONLY = "25006"


def read_script(file: str | None) -> Migration:
    """The script of a file, or of standard input (None); raises UsageInvalid for one that cannot be sent."""
    path = "stdin" if file is None else file
    try:
        if file is None:
            raw = sys.stdin.buffer.read()
        else:
            with open(file, "rb") as opened:
                raw = opened.read()
    except OSError as e:
        raise UsageInvalid(f"{path} cannot be read: {e.strerror}", where=path, code="script_unreadable") from None
    text, problem = decode(raw, path)
    return Migration(os.path.basename(path), text, "", path, problem=problem)


def execute(settings: Settings, tell: Teller, script: Migration) -> int:
    """Run the script; returns how many statements it has.

    Raises UsageInvalid for a script that must not be sent, MigrationFailed with the statement that failed, Unreachable,
    and NotReady where the server is read-only.
    """
    prepared = prepare(script)
    tell_notes(settings, tell)
    patience = Patience(settings.timeout)
    target = settings.require_url()
    arrival = Arrival(settings, target, tell, patience)
    run: FreeScript | None = None
    try:
        session = arrival.session("execute", primary=False)
        try:
            server = ask(session, settings.migrations_schema, settings.schemas)
            if server.pooled and prepared.needs_direct and settings.direct_url is not None:
                session.close()
                session = arrival.second("execute", settings.direct_url)
                server = ask(session, settings.migrations_schema, settings.schemas)
            _refuse_old_strings(server, settings)
            run = FreeScript(session, server, prepared, target.schema)
            try:
                run.run()
            finally:
                for warning in session.warnings:
                    tell(Event("note", f"the server warns: {warning}", {"warning": warning}))
        finally:
            session.close()
    except ScriptFailed as e:
        raise _failed(e, run.done if run else 0, server, settings) from None
    except ConnectFailed as e:
        raise unreachable(e.trouble, target) from None
    except ConnectionLost as e:
        committed = f"{plural(run.done, 'statement')} committed before" if run and run.done else "none committed before"
        raise Unreachable(
            f"the connection was lost: {e.words}; {committed}, and whether the part under way did is not known",
            where=target.redacted,
            then="look at the database before you run the script again",
            code="connection_lost",
        ) from None
    except ServerError as e:
        raise UsageInvalid(
            f"the server refused what pgready asks: {e.message}", where=target.redacted, detail=e.words()
        ) from None
    count = len(prepared.statements)
    tell(Event("executed", f"executed {script.path}: {plural(count, 'statement')}", {"statements": count}))
    return count


def _refuse_old_strings(server: Server, settings: Settings) -> None:
    if not server.conforming_strings:
        raise UsageInvalid(
            "standard_conforming_strings is off for this role or database: scripts would be read differently",
            where=settings.require_url().redacted,
            then="switch it on for the role; nothing was executed",
            code="old_strings",
        )


def _failed(failed: ScriptFailed, done: int, server: Server, settings: Settings) -> MigrationFailed | NotReady:
    error, script = failed.error, failed.prepared.migration
    if error.sqlstate == _READ_ONLY and server.in_recovery:
        return NotReady(
            "the server is a read-only standby (in recovery), and the script writes",
            where=settings.require_url().redacted,
            then="run it against the primary",
            code="standby",
            detail=error.words(),
        )
    offset = offset_of(failed)
    state = f"{plural(done, 'statement')} before it stay committed" if done else "nothing of the script was committed"
    alone = failed.statement is not None and "CONCURRENTLY" in failed.prepared.statements[failed.statement].words
    return MigrationFailed(
        f"{script.path} failed: {error.message} (SQLSTATE {error.sqlstate}); {state}",
        where=script.path if offset is None else place(script, offset),
        excerpt="" if offset is None else show(script, offset),
        detail="\n".join(error.words().splitlines()[1:]),
        then="drop the INVALID index that CONCURRENTLY may have left, mend the script and run it again"
        if alone
        else "mend the script and run what has not run yet"
        if done
        else "mend the script and run it again",
        code="script_failed",
    )
