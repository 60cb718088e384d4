"""parity --write-contract: what a side needs of a database, as the file that ships in the image."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pgready.catalog.model import Catalog
from pgready.commands.parity.run import DEFAULT_THRESHOLD
from pgready.commands.parity.sides import Held, asked, held
from pgready.commands.sides import Project
from pgready.errors import UsageInvalid
from pgready.parity.contract import address, facts
from pgready.parity.contract_file import Contract, text
from pgready.parity.ignore import IgnoreRule, expired
from pgready.parity.model import Finding, Weight
from pgready.project.durable import write_file
from pgready.project.parity_settings import parity_settings
from pgready.project.readiness_file import NO_STAMP, stamp
from pgready.report.story import Teller

_OWNERS = ("table", "view", "domain", "composite")


@dataclass(frozen=True, slots=True)
class Written:
    """What was written; nothing if `expired` names ignore rules past their day. `ignored` facts are left out."""

    path: str
    made_of: str
    threshold: Weight
    facts: int = 0
    ignored: int = 0
    expired: tuple[IgnoreRule, ...] = ()


def write_contract(
    words: Sequence[str], path: str, project: Project, tell: Teller, threshold: Weight | None
) -> Written:  # fmt: skip
    """Write the contract of one side (default: migrations) to `path`; the same side gives the same bytes.

    Raises UsageInvalid, MigrationFailed and Unreachable as `parity` does.
    """
    if len(words) > 1:
        raise UsageInvalid(
            "--write-contract takes one side", then="e.g. pgready parity migrations --write-contract FILE", code="usage"
        )
    settings = parity_settings(project.flags, project.environ, project.cwd)
    weight = threshold or settings.threshold or DEFAULT_THRESHOLD
    today = dt.datetime.now(tz=dt.UTC).date()
    late = expired(settings.rules, today)
    sides = asked(words or ("migrations",), settings, project)
    if late:
        return Written(path, sides[0].side.kind, weight, expired=late)
    with held(sides, project, tell) as (side,):
        catalog = side.resolved.catalog
        made_of, digest = _origin(side, project)
    all_ = facts(catalog)
    kept = [fact for fact in all_ if not _ignored(fact, settings.rules)]
    contract = Contract(made_of, digest, weight, *_names(catalog), frozenset(kept))
    full = os.path.join(project.cwd, path)
    try:
        write_file(full, text(contract).encode())
    except OSError as e:
        raise UsageInvalid(
            f"the readiness contract cannot be written: {e.strerror}",
            where=path,
            then="name a file in a folder that is there and can be written to",
            code="contract_unwritable",
        ) from None
    return Written(path, made_of, weight, len(kept), len(all_) - len(kept))


def _origin(side: Held, project: Project) -> tuple[str, str]:
    """What it is made of, and the digest of that."""
    if side.kind == "migrations":
        return side.kind, stamp("migrations", side.resolved.side.text, ())
    if side.kind == "schema":
        named = side.resolved.side.text
        own = Project({**project.flags, "schema": named}, project.shadow) if named else project
        return side.kind, stamp("schema", "", own.settings.schema_files)
    return "database" if side.kind == "url" else side.kind, NO_STAMP


def _names(catalog: Catalog) -> tuple[str, str, str]:
    kinds = (catalog.tables, catalog.views, catalog.sequences, catalog.composites)
    return (
        _listed(one.name for one in catalog.schemas),
        _listed(one.name.name for kind in kinds for one in kind),
        _listed(one.name.name for one in catalog.functions),
    )


def _listed(names: Iterable[str]) -> str:
    return json.dumps(sorted(set(names)), ensure_ascii=False)


def _ignored(fact: str, rules: Sequence[IgnoreRule]) -> bool:
    """Whether a rule for all sides covers the fact, or what it belongs to."""
    own = address(fact)
    places = [own, *((kind, *own[1:3]) for kind in _OWNERS if len(own) > 3)]
    found = [Finding(place, "missing", "breaks", "", "") for place in places]
    return any(rule.covers(one, "") for rule in rules if not rule.side for one in found)
