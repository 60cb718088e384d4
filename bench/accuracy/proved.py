"""The other side: the same schema on an empty database, given the profile's size, planned and judged by pgready."""

from __future__ import annotations

import sys
import time
from typing import Any

from full import database, programs, run
from lab import MODES, Cache, Query, Subject

from pgready.embedded import EmbeddedServer
from pgready.postgres.proving.proving_ground import Ground, PlanRefused, proving_ground
from pgready.postgres.shapes import read_shapes
from pgready.project.url import parse
from pgready.proof.contract import Contract, Parameter, Place
from pgready.proof.rule.facts import Facts
from pgready.proof.rule.judge import judge
from pgready.proof.size.profile_file import read_profile_file
from pgready.proof.size.profile_names import located


def contract_of(query: Query, values: tuple[str, ...]) -> Contract:
    """The query as pgready sees it, with one sample."""
    parameters = tuple(
        Parameter(number, type=kind, sample=value)
        for number, (kind, value) in enumerate(zip(query.types, values, strict=True), 1)
    )
    return Contract(query.name, query.sql, Place(f"{query.name}.sql", 1), "sql", parameters=parameters)


def prove(server: EmbeddedServer, subject: Subject, cache: Cache) -> None:
    """Plans (and judgements) of every query, sample and mode on the empty database, into the cache."""
    truth = cache.read("truth", server.major, subject.name)
    if truth is None:
        print(f"prove: nothing captured of {subject.name} on {server.major}", file=sys.stderr)
        return
    started, found = time.perf_counter(), []
    values = {(one["query"], one["sample"]): tuple(one["values"]) for one in truth["records"]}
    for set_name, ddl in subject.sets.items():
        name = f"proof_{subject.name}"
        with database(server, name, subject.ddl) as connection:
            run(connection, ddl)
            with proving_ground(parse(server.url(name, tcp=False)), is_ours=True) as ground:
                file = read_profile_file(truth["profiles"][set_name]["toml"].encode(), f"{subject.name}.toml")
                ground.size(located(file, read_shapes(ground.session)))
                facts = ground.facts()
                for query in subject.queries:
                    for sample, _ in query.samples:
                        contract = contract_of(query, values[query.name, sample])
                        found += [_judged(ground, facts, contract, set_name, sample, mode) for mode in MODES]
    cache.write("profiled", server.major, subject.name, {"records": found})
    print(f"prove: {subject.name} on {server.version}: {len(found)} plans, {time.perf_counter() - started:.1f} s",
          file=sys.stderr, flush=True)  # fmt: skip


def _judged(ground: Ground, facts: Facts, contract: Contract, set_name: str, sample: str, mode: Any) -> dict[str, Any]:
    record: dict[str, Any] = {"set": set_name, "query": contract.name, "sample": sample, "mode": mode}
    try:
        node = ground.plan(contract, mode)
    except PlanRefused as e:
        return {**record, "refused": str(e)}
    said = judge(node, facts, contract, mode)
    why = [said.why_not] if said.why_not else [f"{one.fault}: {one.text}" for one in said.findings]
    return {**record, "plan": _json(node), "kind": said.kind, "rows_read": said.rows_read, "why": why}


def _json(node: Any) -> dict[str, Any]:
    plan = dict(node.raw)
    if node.children:
        plan["Plans"] = [_json(child) for child in node.children]
    return plan


def prove_all(versions: list[int], chosen: list[Subject], cache: Cache) -> None:
    """Every schema on every version."""
    for version in versions:
        with EmbeddedServer(programs(version), tcp=False) as server:
            for one in chosen:
                prove(server, one, cache)
