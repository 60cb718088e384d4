"""boot --verify parity: whether the database has what the schema needs, however its history reads."""

from __future__ import annotations

import os

from pgready.commands.arrive import Arrival
from pgready.errors import NotInParity, Unreachable
from pgready.parity.contract_file import Contract
from pgready.parity.lacking import lacking
from pgready.parity.model import WEIGHTS, Finding, reaches
from pgready.postgres.grants import NO_PRIVILEGE
from pgready.postgres.parity_facts import refused
from pgready.postgres.readiness import question as history
from pgready.postgres.readiness_contract import ANSWER, question, told
from pgready.postgres.server import ask
from pgready.postgres.session import ConnectionLost, ServerError, Session
from pgready.process.waiting import Backoff, Patience
from pgready.project.names import list_names
from pgready.project.readiness_file import load, shown
from pgready.project.settings import Settings
from pgready.report.parity import told as told_of
from pgready.report.parity import values_of
from pgready.report.parity_data import finding
from pgready.report.story import Event, Teller, plural

_SHOWN = 10


def read(settings: Settings) -> Contract:
    """The image's readiness contract; raises UsageInvalid for one that is missing, broken or stale."""
    return load(settings, os.getcwd())


def verify(contract: Contract, settings: Settings, tell: Teller) -> None:
    """Return if the database has what the contract names; raises NotInParity with what it lacks, and Unreachable."""
    name = shown(settings.readiness_contract, os.getcwd())
    found = _lacking(contract, settings, tell)
    threshold = next(weight for weight in WEIGHTS if weight == contract.threshold)
    refusing = [one for one in found if reaches(one.weight, threshold)]
    lighter = len(found) - len(refusing)
    if refusing:
        raise _refusal(refusing, name, settings)
    more = f"; {plural(lighter, 'lighter difference')}" if lighter else ""
    text = f"the database has what {name} needs: {plural(len(contract.facts), 'fact')}{more}"
    tell(Event("verified", text, {"facts": len(contract.facts), "lighter": lighter}))


def _lacking(contract: Contract, settings: Settings, tell: Teller) -> tuple[Finding, ...]:
    target, patience, backoff = settings.require_url(), Patience(settings.timeout), Backoff()
    arrival = Arrival(settings, target, tell, patience, creates=False)
    while True:
        session = arrival.session("verify", primary=False)
        try:
            answer = session.run("verify", question(contract, session.major))[ANSWER].rows[0][0]
            there = told(answer)
            return lacking(contract, there, ahead=not contract.facts <= there and _is_ahead(session, settings))
        except ServerError as e:
            raise _unseen(session, e) from None
        except ConnectionLost as e:
            if patience.exhausted:
                raise Unreachable(
                    f"the connection is lost again and again: {e}", where=target.redacted, code="dropped"
                ) from None
            backoff.pause(patience)
        finally:
            session.close()


def _is_ahead(session: Session, settings: Settings) -> bool:
    """Whether migrations are applied that this image does not know."""
    server = ask(session, settings.migrations_schema, settings.schemas)
    if server.table_schema is None or not server.table_exists:
        return False
    (row,) = session.rows("look", history(server.table_schema, ()))
    return not set((row[2] or "").split("\n")) <= {"", *list_names(settings.migrations)}


def _unseen(session: Session, error: ServerError) -> Unreachable:
    """Whatever keeps the question from being answered: what is not seen is not there."""
    told_so = Unreachable(
        "the server refused to tell what is there, so nothing is verified",
        where=session.target.redacted,
        detail=error.words(),
        then="check that the role may read pg_catalog",
        code="structure_unreadable",
    )
    return refused(session, told_so) if error.sqlstate == NO_PRIVILEGE else told_so


def _refusal(found: list[Finding], name: str, settings: Settings) -> NotInParity:
    lines = []
    for one in found[:_SHOWN]:
        lines.append(f"{one.weight:<8}  {told_of(one)}: {one.because}")
        lines += [f"          {value}" for value in values_of(one)]
    if len(found) > _SHOWN:
        lines.append(f"… and {len(found) - _SHOWN} more")
    return NotInParity(
        f"the database lacks what {name} needs: {plural(len(found), 'difference')}",
        [finding(one) for one in found],
        where=settings.require_url().redacted,
        detail="\n".join(lines),
        then='what else differs, and the SQL that ends it: pgready parity migrations "$DATABASE_URL" --fix',
        code="contract_broken",
    )
