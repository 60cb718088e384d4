"""What the lab works on: the ground, the cases in `cases/`, and where what was measured is kept.

A case is a migration with what was deployed before it:

    -- case: check_added
    -- since: 15                    (the first version that has it)
    -- probe: clients, invoices     (default: what the text of the migration names)
    -- write: 1-1000                (the ids that writers change; default: any)
    -- alone: 0                     (statements that a server refuses in a transaction, and only the server knows)
    -- setup
    ALTER TABLE …;                  (earlier migrations)
    -- fill
    INSERT …;                       (rows for what the setup made: on the real server only)
    -- run
    ALTER TABLE …;
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
GROUND = (HERE / "ground.sql").read_text()
FILL = (HERE / "fill.sql").read_text()

TABLES = ("clients", "invoices", "events_a", "events_b", "events_c", "events", "balances", "europeans", "options")
"""What a case may name."""
READ_ONLY = frozenset({"balances"})

_HEAD = re.compile(r"^-- (since|until|probe|write|alone): *(.*)$")
_PART = re.compile(r"^-- (setup|fill|run)$")


@dataclass(frozen=True)
class Case:
    """A migration, `run`, with the scripts that were deployed before it."""

    name: str
    family: str
    setup: str
    fill: str
    run: str
    probes: tuple[str, ...]
    write: tuple[int, int]
    alone: frozenset[int]
    since: int
    until: int

    def is_for(self, version: int) -> bool:
        """Whether this version has it."""
        return self.since <= version <= self.until


def cases(families: str | None = None) -> list[Case]:
    """The cases of these files of `cases/`, all of them for None."""
    found: list[Case] = []
    for path in sorted((HERE / "cases").glob("*.sql")):
        if families is None or path.stem in families.split(","):
            found += [_case(path.stem, chunk) for chunk in re.split(r"^-- case:", path.read_text(), flags=re.M)[1:]]
    names = [one.name for one in found]
    if twice := {one for one in names if names.count(one) > 1}:
        raise SystemExit(f"two cases of one name: {', '.join(sorted(twice))}")
    return found


def _case(family: str, chunk: str) -> Case:
    name, _, rest = chunk.partition("\n")
    heads: dict[str, str] = {}
    parts: dict[str, list[str]] = {"setup": [], "fill": [], "run": []}
    part = "run"
    for line in rest.splitlines():
        if (head := _HEAD.match(line)) is not None:
            heads[head[1]] = head[2]
        elif (mark := _PART.match(line)) is not None:
            part = mark[1]
        else:
            parts[part].append(line)
    run = "\n".join(parts["run"]).strip() + "\n"
    named = [table for table in TABLES if re.search(rf"\b{table}\b", run)]
    probes = [one.strip() for one in heads["probe"].split(",")] if "probe" in heads else named
    first, _, last = heads.get("write", "1-1000000").partition("-")
    return Case(
        name.strip(),
        family,
        "\n".join(parts["setup"]).strip(),
        "\n".join(parts["fill"]).strip(),
        run,
        tuple(probes or ("clients",)),
        (int(first), int(last)),
        frozenset(int(one) for one in heads.get("alone", "").split(",") if one),
        int(heads.get("since", "14")),
        int(heads.get("until", "99")),
    )


class Cache:
    """The folder that everything measured goes to: a JSON file a kind and version, from case to what was seen."""

    def __init__(self, folder: str | None) -> None:
        self.folder = Path(folder) if folder else ROOT / ".cache" / "hazards"
        self.folder.mkdir(parents=True, exist_ok=True)

    def read(self, kind: str, version: int) -> dict[str, Any]:
        """What is there; a case whose text has changed since is not."""
        path = self.folder / f"{kind}-{version}.json"
        return dict(json.loads(path.read_text())) if path.exists() else {}

    def write(self, kind: str, version: int, data: dict[str, Any]) -> None:
        """Write it, whole or not at all."""
        path = self.folder / f"{kind}-{version}.json"
        part = path.with_suffix(".part")
        part.write_text(json.dumps(data, indent=1, sort_keys=True))
        part.rename(path)


def key(case: Case) -> str:
    """What tells that a case is still the one that was measured."""
    return json.dumps([case.setup, case.fill, case.run, case.probes, case.write, sorted(case.alone)])
