"""What the lab works on: schemas with their queries, samples and index sets, read from `schemas/`; and where it writes.

A schema is a folder: `schema.sql` (a migration: tables and keys), `fill.sql` (2 million rows, seeds fixed),
`indexes.sql` (`-- set: name` begins a set; each set stands alone on top of the keys) and `queries.sql`:

    -- name: invoices_of_client
    -- types: bigint, timestamptz
    -- common: 1 | 2024-06-01
    -- typical: 1250 | 2024-06-01
    -- rare: 9000 | 2024-06-01
    SELECT …

`common` is the commonest value of all, which skew makes an outlier; `typical` is that of a row picked at random;
`rare` is at the other end, or there is no such row. A query of which every value is alike has `common` alone.
Every line but name and types is a sample, named as it likes; a value that begins with `=` is an SQL expression, asked
of the full database. The values of `-- limit: 2` are the numbers of parameters of LIMIT or OFFSET.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SCHEMAS = HERE / "schemas"
HELD_OUT = ("clinic",)
"""Schemas whose queries were written after the rule was settled."""

MODES = ("literal", "generic")
SLOW = 1_000
"""More shared buffers touched than this is slow."""

_PARAMETER = re.compile(r"\$(\d+)")


@dataclass(frozen=True)
class Query:
    """A query of a schema: `sql` has `$1…`, `samples` are (name, values as text)."""

    name: str
    sql: str
    types: tuple[str, ...] = ()
    samples: tuple[tuple[str, tuple[str, ...]], ...] = ()
    limits: tuple[int, ...] = ()

    @property
    def writes(self) -> bool:
        """Whether it is an UPDATE or DELETE."""
        return self.sql.lstrip().split(None, 1)[0].upper() in {"UPDATE", "DELETE", "INSERT"}


@dataclass(frozen=True)
class Subject:
    """A schema: its DDL, its data, its index sets and its queries."""

    name: str
    ddl: str
    fill: str
    sets: dict[str, str] = field(default_factory=dict)
    queries: tuple[Query, ...] = ()


def subject(folder: Path) -> Subject:
    """The schema of this folder."""
    sets: dict[str, list[str]] = {}
    for line in (folder / "indexes.sql").read_text().splitlines():
        if line.startswith("-- set:"):
            here = sets.setdefault(line.partition(":")[2].strip(), [])
        elif line.strip() and not line.startswith("--"):
            here.append(line)
    return Subject(
        name=folder.name,
        ddl=(folder / "schema.sql").read_text(),
        fill=(folder / "fill.sql").read_text(),
        sets={key: "\n".join(lines) for key, lines in sets.items()},
        queries=tuple(_queries((folder / "queries.sql").read_text())),
    )


def subjects(names: str | None, folder: str | None = None) -> list[Subject]:
    """The schemas of a comma-separated list, all of them for None; `folder` has other schemas than the lab's own."""
    home = Path(folder) if folder else SCHEMAS
    known = sorted(path.name for path in home.iterdir() if (path / "queries.sql").exists())
    return [subject(home / name) for name in (names.split(",") if names else known)]


def _queries(text: str) -> list[Query]:
    found = []
    for chunk in re.split(r"^-- name:", text, flags=re.M)[1:]:
        lines = chunk.splitlines()
        name, types, limits = lines[0].strip(), (), ()
        samples, body = [], []
        for line in lines[1:]:
            head = re.match(r"-- (\w+): (.*)", line)
            if head is None:
                body.append(line)
            elif head[1] == "types":
                types = tuple(part.strip() for part in head[2].split(","))
            elif head[1] == "limit":
                limits = tuple(int(part) for part in head[2].split(","))
            elif head[1] != "note":
                samples.append((head[1], tuple(part.strip() for part in head[2].split(" | "))))
        sql = "\n".join(body).strip().rstrip(";")
        query = Query(name, sql, types, tuple(samples) or (("only", ()),), limits)
        numbers = {int(number) for number in _PARAMETER.findall(sql)}
        if numbers != set(range(1, len(types) + 1)) or any(len(values) != len(types) for _, values in query.samples):
            raise SystemExit(f"{name}: parameters {sorted(numbers)}, {len(types)} types, samples {samples}")
        found.append(query)
    names = [query.name for query in found]
    if len(set(names)) != len(names):
        raise SystemExit(f"two queries of one name: {sorted({one for one in names if names.count(one) > 1})}")
    return found


def with_limits(query: Query, values: tuple[str, ...]) -> str:
    """The query with its LIMIT and OFFSET parameters as constants: a generic plan guesses 10 % for them, and no server
    keeps such a plan. The parameters stay declared."""
    return _PARAMETER.sub(
        lambda found: values[int(found[1]) - 1] if int(found[1]) in query.limits else found[0], query.sql
    )


class Cache:
    """The folder that everything captured goes to: a JSON file a version, schema and kind."""

    def __init__(self, folder: str | None) -> None:
        self.folder = Path(folder) if folder else ROOT / ".cache" / "accuracy"
        self.folder.mkdir(parents=True, exist_ok=True)

    def path(self, kind: str, version: int, schema: str) -> Path:
        """Where `kind` (truth, small, empty, hypopg, profiled) of this version and schema is."""
        return self.folder / f"{kind}-{version}-{schema}.json"

    def write(self, kind: str, version: int, schema: str, data: Any) -> None:
        """Write it, whole or not at all."""
        path = self.path(kind, version, schema)
        part = path.with_suffix(".part")
        part.write_text(json.dumps(data, indent=None, separators=(",", ":")))
        part.rename(path)

    def read(self, kind: str, version: int, schema: str) -> Any:
        """What was written, None if it was not."""
        path = self.path(kind, version, schema)
        return json.loads(path.read_text()) if path.exists() else None
