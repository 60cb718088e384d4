"""Hazards for machines: our own JSON, and SARIF 2.1.0 at the statements. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from pgready.hazards.cost import magnitude
from pgready.hazards.hazard import Hazard
from pgready.hazards.kinds import KINDS
from pgready.hazards.waivers import Waiver
from pgready.report.annotations import dumped, sarif_log
from pgready.report.diagnostics_data import sarif_result
from pgready.report.hazards_gitlab import Issue, fingerprints


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


def sarif(issues: Sequence[Issue], version: str) -> str:
    """A SARIF log with a rule for each kind, as GitHub's code scanning takes it."""
    codes = {kind.id: number for number, kind in enumerate(KINDS)}
    rules = [
        {
            "id": kind.id,
            "name": "".join(word[:1].upper() + word[1:] for word in kind.title.split()),
            "shortDescription": {"text": kind.title},
            "fullDescription": {"text": f"{kind.condition}: {kind.effect}."},
            "help": {"text": kind.safe, "markdown": f"{kind.condition}: {kind.effect}.\n\n**Safe:** {kind.safe}"},
            "defaultConfiguration": {"level": kind.level},
            "properties": {"tags": ["database"], "problem.severity": kind.level},
        }
        for kind in KINDS
    ]
    results = []
    for one, fingerprint in zip(issues, fingerprints(issues), strict=True):
        known = {"pgreadyStatement/v1": fingerprint}
        index = codes[one.diagnostic.code]
        results.append(sarif_result(one.diagnostic, index, known_by=known, is_whole_file=not one.is_section))
    return sarif_log(version, rules, results)
