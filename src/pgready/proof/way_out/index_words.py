"""A candidate index in words: its name as Prisma would give it, its SQL, its line in a Prisma schema. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.proof.way_out.candidates import Candidate, IndexKey
from pgready.psl.constraint_names import cut
from pgready.psl.constraint_names import index as index_name
from pgready.psl.operator_classes import OPERATOR_CLASSES
from pgready.psl.schema import Model, Schema
from pgready.sql.names import MAX_BYTES, quote_ident

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ALGORITHMS = {"gin": "Gin", "gist": "Gist", "brin": "Brin", "hash": "Hash", "spgist": "SpGist"}
_CLASSES = {one.in_sql: one.name for one in OPERATOR_CLASSES.values()}


def names_taken(catalog: Catalog) -> set[str]:
    """The names that indexes, tables, views and sequences have, in whichever schema."""
    found = {one.name.name for one in catalog.views} | {one.name.name for one in catalog.sequences}
    found |= {index.name for view in catalog.views for index in view.indexes}
    for table in catalog.tables:
        found.add(table.name.name)
        found |= {index.name for index in table.indexes} | {one.index.name for one in table.exclusions}
        found |= {key.index.name for key in (table.primary_key, *table.uniques) if key is not None}
    return found


def name_of(candidate: Candidate, taken: Collection[str]) -> str:
    """`table_column_column_idx` in 63 bytes, with a number behind it where that is taken."""
    plain = index_name(candidate.table.name, [_part(key) for key in candidate.keys])
    name, number = plain, 0
    while name in taken:
        number += 1
        name = cut(plain.removesuffix("_idx"), MAX_BYTES - len(f"_idx{number}")) + f"_idx{number}"
    return name


def _part(key: IndexKey) -> str:
    if not key.is_expression:
        return key.text
    words = [word for word in _WORD.findall(re.sub(r"'(?:[^']|'')*'|::\w+", "", key.text)) if not word.isupper()]
    return "_".join(words) or "expr"


def create(candidate: Candidate, name: str, *, concurrently: bool = True, default_schema: str = "") -> str:
    """CREATE INDEX without a last semicolon; the table without its schema where that is the default."""
    table = candidate.table
    shown = quote_ident(table.name) if table.schema == default_schema else table.sql
    using = f" USING {candidate.method}" if candidate.method != "btree" else ""
    keys = ", ".join(_key(key) for key in candidate.keys)
    where = f" WHERE {candidate.where}" if candidate.where else ""
    word = "CREATE INDEX CONCURRENTLY" if concurrently else "CREATE INDEX"
    return f"{word} {quote_ident(name)} ON {shown}{using} ({keys}){where}"


def _key(key: IndexKey) -> str:
    text = f"({key.text})" if key.is_expression else quote_ident(key.text)
    text += f" {key.operator_class}" if key.operator_class else ""
    text += " DESC" if key.descending else ""
    if key.nulls_first != key.descending:
        text += " NULLS FIRST" if key.nulls_first else " NULLS LAST"
    return text


@dataclass(frozen=True, slots=True)
class SchemaLine:
    """The `@@index` of a model, or why the schema cannot say it (`line` is "" then)."""

    line: str
    model: str = ""
    why_not: str = ""


def schema_line(candidate: Candidate, name: str, schema: Schema | None, default_schema: str) -> SchemaLine:
    """The index as a line of the Prisma schema, in the names of its fields."""
    model = _model(candidate.table, schema, default_schema)
    if model is None:
        return SchemaLine("")
    fields = {field.database_name: field.name for field in model.scalar_fields}
    if candidate.where and (schema is None or "partialIndexes" not in schema.preview_features):
        return SchemaLine(
            "", model.name, "the schema has no word for a partial index without partialIndexes of Prisma 7"
        )
    if any(key.is_expression or key.text not in fields for key in candidate.keys):
        return SchemaLine("", model.name, "the schema has no word for an index of an expression")
    if any(key.nulls_first != key.descending for key in candidate.keys):
        return SchemaLine("", model.name, "the schema has no word for NULLS FIRST and NULLS LAST")
    parts = ", ".join(_field(fields[key.text], key) for key in candidate.keys)
    arguments = [f"[{parts}]"]
    default = index_name(candidate.table.name, [key.text for key in candidate.keys])
    if name != default:
        arguments.append(f'map: "{name}"')
    if candidate.method in _ALGORITHMS:
        arguments.append(f"type: {_ALGORITHMS[candidate.method]}")
    if candidate.where:
        arguments.append(f'where: raw("{_escaped(candidate.where)}")')
    return SchemaLine(f"@@index({', '.join(arguments)})", model.name)


def _field(name: str, key: IndexKey) -> str:
    arguments = []
    if key.operator_class:
        known = _CLASSES.get(key.operator_class)
        arguments.append(f"ops: {known}" if known else f'ops: raw("{_escaped(key.operator_class)}")')
    if key.descending:
        arguments.append("sort: Desc")
    return f"{name}({', '.join(arguments)})" if arguments else name


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _model(table: ObjectName, schema: Schema | None, default_schema: str) -> Model | None:
    if schema is None:
        return None
    return next(
        (
            model
            for model in schema.models
            if model.database_name == table.name and (model.schema or default_schema) == table.schema
        ),
        None,
    )
