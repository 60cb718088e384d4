"""The contracts of a project from every source, and what a proving ground has to say of their parameters."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from pgready.catalog.model import Catalog
from pgready.commands.sides import Project
from pgready.errors import PgreadyError, UsageInvalid
from pgready.project.contract_places import DEFAULT, Places, find_places
from pgready.project.schema_files import read_text
from pgready.project.url import Target, parse
from pgready.proof.contract import Contract, Parameter
from pgready.proof.contracts.file import read_contracts
from pgready.proof.contracts.parse import read
from pgready.proof.contracts.samples import LIMIT, sample_for
from pgready.psl.diagnostics import Diagnostic, Findings
from pgready.psl.source import Source, Span
from pgready.report.story import Event, Teller


@dataclass(frozen=True, slots=True)
class Collected:
    """The contracts, each name once, and everything wrong with those that are not among them, in order of the files.

    `not_judged` are queries of a live server that cannot be planned, with the reason; `left_out` counts what was passed
    over there, as in "12 that are no queries".
    """

    contracts: tuple[Contract, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    not_judged: tuple[tuple[Contract, str], ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()


def collect(paths: Sequence[str], project: Project, from_live: str | None, top: int, tell: Teller) -> Collected:
    """The contracts of `paths`, else of the settings, `contracts/` and entry points; and those of a live server.

    With `from_live` only what is named is looked at beside it. Files and modules connect to nothing; every error of
    every one of them is a diagnostic. Raises UsageInvalid where there is nothing to look at, for settings that are not
    understood and without the parser, and Unreachable for the live server.
    """
    live = Collected(())
    if from_live is not None:
        live = collect_live(parse(from_live, "flag --from-live", project.cwd), top, tell)
        if not paths:
            return live
    own = collect_own(paths, project)
    findings = Findings()
    unique = _each_name_once((*own.contracts, *live.contracts), {}, project.cwd, findings)
    return Collected(unique, (*own.diagnostics, *findings), live.not_judged, live.left_out)


def collect_own(paths: Sequence[str], project: Project) -> Collected:
    """The contracts of files and modules, as `collect` has them."""
    folder = project.cwd
    places = find_places(paths, project.flags, project.environ, folder)
    modules = places.modules if places.asked else _with_entry_points(places)
    if not places.files and not modules and not places.missing:
        raise UsageInvalid(
            f"there are no query contracts: looked at contracts in pgready.toml and [tool.pgready], {DEFAULT}/ and the"
            " entry points pgready.contracts",
            then=f"write one, for example in {DEFAULT}/invoices.sql:\n"
            "  -- name: invoices_by_client\n"
            "  SELECT * FROM invoices WHERE client_id = :client ORDER BY created_at DESC LIMIT :limit;\n"
            f"or record those of your tests: pytest --pgready-record {DEFAULT}/recorded.sql",
            code="contracts_missing",
        )
    findings = Findings()
    sources: dict[str, Source] = {}
    contracts: list[Contract] = []
    for place, what in places.missing:
        findings.error("contracts-missing", _nowhere(place), f"{place} {what}", "name a folder, a file or a module")
    for path in places.files:
        try:
            source = Source(path, read_text(os.path.join(folder, path), path))
        except UsageInvalid as e:
            what = e.what.removeprefix(f"{e.where}: ")
            findings.error("file-unreadable", _nowhere(path), what, e.then)
            continue
        sources[path] = source
        contracts += read_contracts(source, findings)
    if modules:
        from pgready.project.python_contracts import read_modules

        contracts += read_modules(modules, folder, findings)
    unique = _each_name_once(contracts, sources, folder, findings)
    return Collected(unique, tuple(findings))


def collect_live(target: Target, top: int, tell: Teller) -> Collected:
    """The `top` queries of a live server by total time; raises UsageInvalid and Unreachable."""
    from pgready.postgres.proving.live_queries import live_queries

    tell(Event("live_queries", f"reading the queries of {target.redacted}", {"top": top}))
    found = live_queries(target, top)
    for reason, count in found.left_out:
        noun = "query" if count == 1 else "queries"
        tell(Event("left_out", f"left out {count} {noun} {reason}", {"count": count}))
    return Collected(found.contracts, not_judged=found.not_judged, left_out=found.left_out)


# ── parameters ──


class Typing(Protocol):
    """What a proving ground knows of types."""

    @property
    def catalog(self) -> Catalog:
        """The structure, for enums and domains."""

    def parameter_types(self, contract: Contract) -> tuple[str, ...]:
        """The types of `$1…`; raises pgready.postgres.proving.explain.PlanRefused."""


def completed(contracts: Iterable[Contract], ground: Typing) -> tuple[Contract, ...]:
    """The contracts with a type and a sample for every parameter, as far as the server can tell.

    What was declared stays. A LIMIT without a sample gets a page of 50, an OFFSET none of its own: the static rule
    judges it. A contract that the server refuses comes back as it was: planning it tells why.
    """
    from pgready.postgres.proving.explain import PlanRefused

    made = []
    for contract in contracts:
        try:
            types = ground.parameter_types(contract)
        except PlanRefused:
            made.append(contract)
            continue
        made.append(replace(contract, parameters=_filled(contract, types, ground.catalog)))
    return tuple(made)


def _filled(contract: Contract, types: Sequence[str], catalog: Catalog) -> tuple[Parameter, ...]:
    query = read(contract.sql)
    known = {one.number: one for one in contract.parameters}
    filled = []
    for number, type_ in enumerate(types, 1):
        one = known.get(number, Parameter(number))
        sample = one.sample
        if sample is None and not one.is_null:
            if number in query.limits:
                sample = LIMIT
            elif number in query.offsets:
                sample = "0"
            else:
                sample = sample_for(type_, catalog)
        filled.append(replace(one, type=one.type or type_, sample=sample))
    return tuple(filled)


# ── inside ──


def _with_entry_points(places: Places) -> tuple[str, ...]:
    from pgready.project.python_contracts import entry_points

    return tuple(dict.fromkeys((*places.modules, *entry_points())))


def _each_name_once(
    contracts: Sequence[Contract], sources: dict[str, Source], folder: str, findings: Findings
) -> tuple[Contract, ...]:
    first: dict[str, Contract] = {}
    for contract in contracts:
        other = first.setdefault(contract.name, contract)
        if other is contract:
            continue
        what = f"two contracts are named {contract.name}: the first is at {other.place.where()}"
        help_ = "give one of them another name"
        help_ += '  @pgready.contract(name="…")' if contract.source == "python" else ""
        findings.error("name-twice", _span(contract, sources, folder), what, help_)
    return tuple(first.values())


def _span(contract: Contract, sources: dict[str, Source], folder: str) -> Span:
    """The contract's name, or the line that it begins at."""
    place = contract.place
    if place.file not in sources:
        try:
            text = read_text(os.path.join(folder, place.file), place.file)
        except PgreadyError:
            return _nowhere(place.file)
        sources[place.file] = Source(place.file, text)
    source = sources[place.file]
    lines = source.text.splitlines(keepends=True)
    start = sum(len(line) for line in lines[: max(place.line - 1, 0)]) + max(place.column - 1, 0)
    shown = contract.name if source.text.startswith(contract.name, start) else source.line(place.line).strip()
    return Span(source, start, start + max(len(shown), 1))


def _nowhere(place: str) -> Span:
    return Span(Source(place, ""), 0, 0)
