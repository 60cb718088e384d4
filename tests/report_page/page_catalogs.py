"""Catalogs for the report page and the diagram: a real one, one by chance, one with names that mean harm."""

import random
from dataclasses import replace
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from pgready.catalog.from_psl import catalog_of, in_order
from pgready.catalog.model import Catalog, Enum, Function, Schema, View, ViewColumn
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Check, Column, ForeignKey, Index, IndexColumn, Key, NotNull, Table
from pgready.catalog.types import DataType
from pgready.parity.compare import differences
from pgready.parity.model import Finding
from pgready.parity.rules import weighed
from pgready.psl.analyse import analyse
from pgready.psl.source import Source

LITELLM = Path(str(distribution("litellm-proxy-extras").locate_file("litellm_proxy_extras")))
WORDS = [
    "account",
    "ledger",
    "invoice",
    "payment",
    "order",
    "item",
    "tag",
    "rule",
    "price",
    "trade",
    "fill",
    "position",
    "quote",
    "market",
    "asset",
    "wallet",
    "user",
    "role",
    "team",
    "plan",
    "event",
    "audit",
    "note",
    "label",
    "group",
    "batch",
    "job",
    "task",
    "report",
    "metric",
    "alert",
    "limit",
    "quota",
    "token",
    "device",
    "session",
]
HOSTILE = (
    "</script><script>window.hacked=1</script>",
    '"><img src=x onerror="window.hacked=1">',
    "'; alert(1); //",
    "${window.hacked=1}",
    "javascript:window.hacked=1",
    "<!--",
    "]]>",
    "&lt;b&gt;",
    "\u202eevil",
    "日本語のとても長いテーブルの名前です",
    "zero\u200bwidth",
    "line\nbreak",
    "postgresql://u:hunter2@h/d",
    "x" * 63,
    "a%b\\c`d",
)


def system(name: str) -> DataType:
    """A type of PostgreSQL."""
    return DataType(ObjectName("pg_catalog", name))


@cache
def litellm() -> Catalog:
    """The 101 models of litellm-proxy-extras."""
    text = (LITELLM / "schema.prisma").read_text(encoding="utf-8")
    schema = analyse([Source("schema.prisma", text)]).schema
    assert schema is not None
    return in_order(catalog_of(schema, "public"))


def table(name: ObjectName, columns: tuple[Column, ...], keys: tuple[ForeignKey, ...] = (), **more) -> Table:
    """A table with the primary key `id`."""
    index = Index(f"{name.name}_pkey", "btree", (IndexColumn("id"),), is_unique=True)
    key = Key(f"{name.name}_pkey", ("id",), is_primary=True, index=index)
    identity = Column("id", system("int8"), NotNull())
    return Table(name, (identity, *columns), primary_key=key, foreign_keys=keys, **more)


def by_chance(seed: int, sizes: dict[str, int], most: int = 3) -> Catalog:
    """Tables in several schemas; each refers to up to `most` others, one in five across schemas, or to itself."""
    chance = random.Random(seed)
    names = sorted(
        ObjectName(schema, f"{chance.choice(WORDS)}_{chance.choice(WORDS)}_{number}")
        for schema, count in sizes.items()
        for number in range(count)
    )
    tables = []
    for name in names:
        near = [one for one in names if one.schema == name.schema]
        columns: dict[str, Column] = {}
        keys = []
        for _ in range(chance.randint(0, most)):
            target = chance.choice(near if chance.random() < 0.8 else names)
            column = f"{target.name}_id"
            if column not in columns:
                columns[column] = Column(column, system("int8"), NotNull() if chance.random() < 0.6 else None)
                keys.append(ForeignKey(f"{name.name}_{column}_fkey", (column,), target, ("id",)))
        for number in range(chance.randint(1, 14)):
            word = f"{chance.choice(WORDS)}_{number}"
            columns[word] = Column(word, system(chance.choice(["text", "int4", "timestamptz", "jsonb", "bool"])))
        keys.sort(key=lambda one: one.name)
        tables.append(table(name, tuple(columns.values()), tuple(keys)))
    schemas = tuple(Schema(one) for one in sorted(sizes))
    return Catalog(schemas=schemas, tables=tuple(tables))


def hostile() -> Catalog:
    """Every name, type, comment, default and label is one that a careless page would run or break at."""
    names = sorted(ObjectName(HOSTILE[number % 4], name) for number, name in enumerate(HOSTILE))
    tables = []
    for number, name in enumerate(names):
        bad = HOSTILE[(number + 3) % len(HOSTILE)]
        target = names[(number * 7 + 1) % len(names)]
        columns = (
            Column(bad, DataType(ObjectName("x", bad), bad), default=f"'{bad}'", comment=bad),
            Column("ref", system("int8")),
        )
        keys = (ForeignKey(bad, ("ref",), target, ("id",)),)
        index = Index(bad + "_idx", "btree", (IndexColumn(bad), IndexColumn(f"lower({bad})", is_expression=True)))
        checks = (Check(bad, f"{bad} <> ''"),)
        tables.append(table(name, columns, keys, comment=bad, checks=checks, indexes=(index,)))
    return Catalog(
        schemas=tuple(Schema(one) for one in sorted({name.schema for name in names})),
        enums=tuple(Enum(one, HOSTILE[:3]) for one in names[:2]),
        tables=tuple(tables),
        views=tuple(
            View(ObjectName("v", one), (ViewColumn(one, system("text")),), f"SELECT '{one}'") for one in HOSTILE
        ),
        functions=(Function(ObjectName("f", HOSTILE[0]), "text", "function", f"CREATE FUNCTION {HOSTILE[0]}"),),
    )


def drifted(catalog: Catalog) -> Catalog:
    """The catalog of litellm with seven things not as they should be."""

    def edited(one: Table) -> Table | None:
        match one.name.name:
            case "LiteLLM_TagTable":
                return None
            case "LiteLLM_TeamTable":
                return replace(one, columns=tuple(c for c in one.columns if c.name != "blocked"))
            case "LiteLLM_UserTable":
                columns = [replace(c, type=system("int4")) if c.name == "spend" else c for c in one.columns]
                return replace(one, columns=tuple(columns))
            case "LiteLLM_ProjectTable":
                return replace(one, foreign_keys=one.foreign_keys[1:])
            case "LiteLLM_SpendLogs":
                return replace(one, indexes=one.indexes[1:], comment="not in the schema")
        return one

    own = table(ObjectName("public", "forgotten_by_everybody"), ())
    tables = [kept for one in catalog.tables if (kept := edited(one)) is not None]
    return replace(catalog, tables=tuple(sorted([*tables, own], key=lambda one: one.name)))


def findings(reference: Catalog, side: Catalog) -> tuple[Finding, ...]:
    """What parity finds."""
    return tuple(weighed(one) for one in differences(reference, side))
