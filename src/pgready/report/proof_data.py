"""A proof for machines: our own JSON, GitHub's workflow commands, SARIF 2.1.0 at the query's file and line. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from pgready.proof.baseline import fingerprint
from pgready.proof.coverage import Coverage, IndexName, LiveCost, OwnedIndex
from pgready.proof.plan_tree import PlanNode
from pgready.proof.result import Judged, Offer, Proof, Proved, SelfTest
from pgready.proof.verdict import Finding
from pgready.report import diagnostics_data
from pgready.report.annotations import command, dumped, location, sarif_log
from pgready.report.excerpt import mask, plain
from pgready.report.proof import SELF_TEST_FAILED, problems

RULES = {
    "scan": "The query reads a large table, or a large index, from end to end.",
    "filter": "Rows are read and thrown away until enough of them match.",
    "sort": "A large set of rows is sorted before the first one is returned.",
    "range": "The condition lets through more rows the larger the table is, and no LIMIT ends it.",
    "offset": "OFFSET reads every row that it skips.",
    "leading-column": "The index is used without a condition on its first column, so it is read from end to end.",
    "join": "A join reads one of its sides in a way that grows with the table.",
    "rows-read": "The query reads more rows than its limit allows.",
    "unbounded": "The query reads more rows the larger the tables are.",
    "skew": "How many rows the query reads depends on which value is asked for.",
    "not-judged": "The plan holds something that pgready does not judge.",
    "self-test": "No dropped index was missed by any contract.",
}
"""Every code of a finding and what it means, in a sentence."""

INVALID = "The contract is not valid."
"""What every other code means."""


def as_json(proof: Proof, *, plans: bool = False) -> str:
    """One object with everything; `plans` adds every plan, not only the one that the verdict is about."""
    return dumped(as_dict(proof, plans=plans))


def as_dict(proof: Proof, *, plans: bool = False) -> dict[str, object]:
    """The proof as JSON data; its keys never change. What has no end (`inf`) is null."""
    failing = {one.contract.name for one in proof.failing}
    comparison = proof.comparison
    data = {
        "ok": proof.exit_code == 0,
        "exit_code": proof.exit_code,
        "ground": proof.ground,
        "profile": proof.profile,
        "growths": list(proof.growths),
        "counts": {
            **{kind: len(proof.of_kind(kind)) for kind in ("bounded", "skew", "not judged", "unbounded")},
            "refused": len(proof.refused),
            "failing": len(failing),
        },
        "contracts": [_contract(proof, one, failing, plans=plans) for one in proof.proved],
        "refused": [diagnostics_data.as_dict(one) for one in proof.refused],
        "baseline": None
        if comparison is None
        else {
            "path": proof.baseline,
            "worse": [asdict(change) for change in comparison.worse],
            "better": [asdict(change) for change in comparison.better],
            "removed": list(comparison.removed),
            "edited": list(comparison.edited),
            "notes": list(comparison.notes),
        },
        "self_test": None if proof.self_test is None else _self_test(proof.self_test),
        "coverage": _coverage(proof.coverage),
        "migrations": list(proof.written),
        "notes": list(proof.notes),
    }
    return {key: _masked(value) for key, value in data.items()}


def _contract(proof: Proof, one: Proved, failing: set[str], *, plans: bool) -> dict[str, object]:
    contract = one.contract
    return {
        "name": contract.name,
        "source": contract.source,
        "file": contract.place.file,
        "line": contract.place.line,
        "column": contract.place.column,
        "sql": contract.sql,
        "query": fingerprint(contract.sql),
        "calls": contract.calls,
        "mean_ms": contract.mean_ms,
        "verdict": one.kind,
        "fails": contract.name in failing,
        "verdicts": {f"{growth:g}": one.kind_at(growth) for growth in one.growths},
        "unbounded_at": one.turns_at,
        "rows_read": _finite(one.rows_read),
        "indexes": _names(one.indexes),
        "judgements": [_judged(judged, plan=plans or judged is one.shown) for judged in one.judged],
        "offers": [_offer(offer) for offer in proof.offers_for(contract.name)],
    }


def _judged(judged: Judged, *, plan: bool) -> dict[str, object]:
    judgement = judged.judgement
    found: dict[str, object] = {
        "growth": judged.growth,
        "mode": judged.mode,
        "verdict": judgement.kind,
        "rows_read": _finite(judgement.rows_read),
        "why_not": judgement.why_not or None,
        "indexes": _names(judgement.indexes),
        "findings": [_finding(finding) for finding in judgement.findings],
        "waived": [
            {**_finding(finding), "allows": waiver.allows, "reason": waiver.reason}
            for finding, waiver in judgement.waived
        ],
    }
    return {**found, "plan": plan_as_dict(judged.plan)} if plan else found


def plan_as_dict(plan: PlanNode) -> dict[str, Any]:
    """The plan as EXPLAIN (FORMAT JSON) gave it."""
    children = [plan_as_dict(child) for child in plan.children]
    return {**plan.raw, "Plans": children} if children else dict(plan.raw)


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "fault": finding.fault,
        "text": finding.text,
        "rows": _finite(finding.rows),
        "path": list(finding.path),
        "skew": finding.is_skew,
        "relation": ".".join(finding.relation) if finding.relation else None,
        "index": finding.index or None,
    }


def _offer(offer: Offer) -> dict[str, object]:
    return {
        "kind": offer.kind,
        "text": offer.text,
        "sql": offer.sql or None,
        "schema_line": offer.schema_line or None,
        "model": offer.model or None,
        "bytes": offer.size,
        "serves": list(offer.serves),
        "index": offer.index or None,
        "after": offer.after,
        "superfluous": list(offer.superfluous),
    }


def _self_test(found: SelfTest) -> dict[str, object]:
    return {
        "failed": found.failed,
        "together": list(found.together),
        "dropped": [
            {
                "index": ".".join(one.index),
                "constraint": one.constraint or None,
                "contracts": list(one.contracts),
                "red": list(one.red),
                "replaced": {contract: _names(indexes) for contract, indexes in one.replaced},
            }
            for one in found.dropped
        ],
    }


def _coverage(found: Coverage) -> dict[str, object]:
    return {
        "indexes": [
            {**_owned(use.owned), "contracts": list(use.contracts), **_cost(use.cost)} for use in found.indexes
        ],
        "redundant": [
            {**_owned(one.owned), "by": ".".join(one.by.name), "why": one.why, **_cost(one.cost)}
            for one in found.redundant
        ],
        "foreign_keys": [
            {"table": str(one.table), "name": one.key.name, "columns": list(one.key.columns), "sql": one.create}
            for one in found.foreign_keys
        ],
    }


def _owned(owned: OwnedIndex) -> dict[str, object]:
    index = owned.index
    return {
        "index": ".".join(owned.name),
        "table": str(owned.table),
        "method": index.method,
        "columns": [column.text for column in index.columns],
        "where": index.where,
        "role": owned.role or None,
    }


def _cost(cost: LiveCost | None) -> dict[str, object]:
    return {"live": None if cost is None else asdict(cost)}


def _names(indexes: tuple[IndexName, ...]) -> list[str]:
    return [".".join(name) for name in indexes]


def _finite(rows: float) -> float | None:
    return rows if math.isfinite(rows) else None


def _masked(data: Any) -> Any:
    """`data` with every URL in it that may hold a secret turned into asterisks."""
    if isinstance(data, str):
        return mask(data)
    if isinstance(data, Mapping):
        return {mask(key): _masked(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_masked(value) for value in data]
    return data


# ── CI systems ────────────────────────────────────────────────────────────────────────────────────────────────────────


def github(proof: Proof) -> Iterator[str]:
    """A workflow command for each finding: errors for what fails the run, warnings for the rest."""
    failing = {one.contract.name for one in proof.failing}
    for one in proof.proved:
        if one.kind == "bounded":
            continue
        contract, place = one.contract, one.contract.place
        where: dict[str, object] = {"file": place.file} if place.line else {}
        where |= {"line": place.line} if place.line else {}
        where |= {"col": place.column} if place.line and place.column else {}
        for code, text in problems(one):
            level = "error" if contract.name in failing else "warning"
            advice = "".join(f"\nway out: {offer.sql}" for offer in proof.offers_for(contract.name) if offer.sql)
            yield command(
                level, {**where, "title": f"pgready: {code}"}, f"{plain(contract.name)}: {plain(text)}{mask(advice)}"
            )
    yield from diagnostics_data.github(proof.refused)
    if proof.self_test is not None and proof.self_test.failed:
        yield command("error", {"title": "pgready: self-test"}, SELF_TEST_FAILED)


def sarif(proof: Proof, version: str) -> str:
    """A SARIF log of one run: a result for each finding and for what is not valid."""
    failing = {one.contract.name for one in proof.failing}
    found = [
        (code, "error" if one.contract.name in failing else "warning", one, text)
        for one in proof.proved
        if one.kind != "bounded"
        for code, text in problems(one)
    ]
    tested = proof.self_test is not None and proof.self_test.failed
    invalid = {one.code for one in proof.refused}
    codes = sorted({code for code, *_ in found} | invalid | ({"self-test"} if tested else set()))
    results = [_result(proof, codes, *each) for each in found]
    results += [diagnostics_data.sarif_result(one, codes.index(one.code)) for one in proof.refused]
    if tested:
        message = {"text": SELF_TEST_FAILED}
        results.append(
            {"ruleId": "self-test", "ruleIndex": codes.index("self-test"), "level": "error", "message": message}
        )
    rules = [{"id": code, "shortDescription": {"text": RULES.get(code, INVALID)}} for code in codes]
    return sarif_log(version, rules, results)


def _result(proof: Proof, codes: list[str], code: str, level: str, one: Proved, text: str) -> dict[str, object]:
    place = one.contract.place
    advice = "".join(f"\nway out: {offer.sql}" for offer in proof.offers_for(one.contract.name) if offer.sql)
    found: dict[str, object] = {
        "ruleId": code,
        "ruleIndex": codes.index(code),
        "level": level,
        "message": {"text": mask(f"{one.contract.name}: {text}{advice}")},
        # The query, not its line: a finding stays the same one when the file is edited above it.
        "partialFingerprints": {"pgreadyContract/v1": fingerprint(f"{one.contract.name} {code}")},
    }
    if place.line:
        region = {"startLine": place.line, **({"startColumn": place.column} if place.column else {})}
        found["locations"] = [location(place.file, region)]
    return found
