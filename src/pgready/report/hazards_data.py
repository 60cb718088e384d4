"""Hazards for machines: our own JSON, and SARIF 2.1.0 at the statements. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from pgready.hazards.cost import magnitude
from pgready.hazards.hazard import Hazard
from pgready.hazards.kinds import KINDS
from pgready.hazards.waivers import Waiver
from pgready.psl.diagnostics import Diagnostic
from pgready.report.annotations import dumped, sarif_log
from pgready.report.diagnostics_data import sarif_result


def hazard_as_dict(hazard: Hazard, where: str, waiver: Waiver | None) -> dict[str, object]:
    """One hazard; its keys never change."""
    return {
        "id": hazard.id,
        "title": hazard.kind.title,
        "level": hazard.kind.level,
        "migration": hazard.migration,
        "where": where,
        "statement": hazard.statement + 1,
        "tables": [str(table) for table in hazard.tables],
        "blocked": hazard.blocked,
        "lock": hazard.mode.words if hazard.mode is not None else None,
        "lock_taken_by": None if hazard.cause is None else hazard.cause + 1,
        "message": hazard.text,
        "effect": hazard.kind.effect,
        "safe_way": hazard.safe,
        "rows": None if hazard.rows is None else round(hazard.rows),
        "seconds": None if hazard.seconds is None else magnitude(hazard.seconds),
        "expand_now": list(hazard.now),
        "contract_later": list(hazard.later),
        "waived": None
        if waiver is None
        else {"reason": waiver.reason, "until": waiver.until.isoformat() if waiver.until else None},
    }


def rewrite_as_dict(migration: str, scripts: Sequence[tuple[str, str]], but: Sequence[str]) -> dict[str, object]:
    """What to deploy instead of a migration: `scripts` are (words for a name, SQL), in order; its keys never change."""
    return {
        "migration": migration,
        "scripts": [{"name": name, "sql": sql} for name, sql in scripts],
        "but": list(but),
    }


def as_json(
    found: Sequence[dict[str, object]],
    rewrites: Sequence[dict[str, object]],
    migrations: Sequence[str],
    exit_code: int,
    running: str = "",
) -> str:
    """One object: what was traced, the version that it was held against, each hazard, and what to deploy instead."""
    data = {
        "ok": exit_code == 0,
        "exit_code": exit_code,
        "since": running or None,
        "migrations": list(migrations),
        "hazards": list(found),
        "rewrites": list(rewrites),
    }
    return dumped(data)


def sarif(diagnostics: Sequence[Diagnostic], version: str) -> str:
    """A SARIF log with a rule for each kind."""
    codes = {kind.id: number for number, kind in enumerate(KINDS)}
    rules = [
        {
            "id": kind.id,
            "shortDescription": {"text": kind.title},
            "fullDescription": {"text": f"{kind.condition}: {kind.effect}."},
            "help": {"text": kind.safe},
        }
        for kind in KINDS
    ]
    return sarif_log(version, rules, [sarif_result(found, codes[found.code]) for found in diagnostics])
