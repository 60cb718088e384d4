"""Schemas, extensions, types and sequences."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace

from pgready.catalog.model import Catalog, Composite, Domain, Enum, Extension, Range, Schema, Sequence
from pgready.catalog.names import ObjectName
from pgready.plan import create_rendered as rendered
from pgready.plan.create_graph import Key, Part, Step
from pgready.plan.create_mentions import mentioned, of_type, schema_of
from pgready.plan.create_ranks import RANK
from pgready.plan.create_rights import comment, grants, owner
from pgready.sql.names import quote_ident, quote_literal

_PUBLIC = "public"


def named(kind: str, name: ObjectName, sql: str, needs: frozenset[Key], *more: Key, rank: str = "") -> Step:
    """A step that makes a relation or type."""
    makes: tuple[Key, ...] = (("name", *name), ("any", name.name), *more)
    word = {"domain": "DOMAIN", "sequence": "SEQUENCE"}.get(kind, "TYPE")
    return Step(RANK[rank or kind], kind, tuple(name), sql, makes, needs | {schema_of(name)},
                about=(kind, *name), undo=f"DROP {word} {name.sql}")  # fmt: skip


def schema_steps(schema: Schema) -> Iterator[Step]:
    """CREATE SCHEMA; `public` is there in a new database, and made anew where somebody has made it anew."""
    name, made = (schema.name,), ("schema", schema.name)
    about: Key = ("schema", schema.name)
    sql = f"CREATE SCHEMA {quote_ident(schema.name)}"
    what = f"SCHEMA {quote_ident(schema.name)}"
    if schema.name != _PUBLIC:
        yield Step(RANK["schema"], "schema", name, sql, (made,), about=about, undo=f"DROP {what}")
    elif _was_made_anew(schema):
        gone: Key = ("no schema", _PUBLIC)
        yield Step(RANK["schema"], "drop schema", name, f"DROP {what}", (gone,), about=about)
        yield Step(RANK["schema"], "schema", name, sql, (made,), frozenset({gone}), about=about)
    yield from comment(what, about, schema.comment, [made])
    for step in owner(what, about, schema.owner, [made]):
        undo = f"ALTER {what} OWNER TO pg_database_owner" if schema.name == _PUBLIC else ""
        yield replace(step, undo=undo)
    yield from grants(what, about, schema.grants, [made], owned_by=schema.owner)


def _was_made_anew(schema: Schema) -> bool:
    """Whether this is not initdb's `public`: that one given to another owner has rights that its first owner lost."""
    return bool(schema.owner) and not any(one.revoked and one.role not in ("", schema.owner) for one in schema.grants)


def extension_steps(extension: Extension) -> Iterator[Step]:
    """CREATE EXTENSION, of exactly the version that the catalog says."""
    name = quote_ident(extension.name)
    sql = f"CREATE EXTENSION {name}"
    sql += f" SCHEMA {quote_ident(extension.schema)}" if extension.schema else ""
    sql += f" VERSION {quote_literal(extension.version)}" if extension.version else ""
    made: Key = ("extension", extension.name)
    undo = f"DROP EXTENSION {name}"
    needs = {("schema", extension.schema), *(("extension", one) for one in extension.requires)}
    makes = (made, ("extensions of", extension.schema))
    yield Step(RANK["extension"], "extension", (extension.name,), sql, makes, frozenset(needs), about=made,
               undo=undo)  # fmt: skip
    yield from comment(f"EXTENSION {name}", made, extension.comment, [made])


def _rights(what: str, of: Key, value: Enum | Domain | Composite | Range | Sequence) -> Iterator[Step]:
    needs = [("name", *value.name)]
    yield from comment(what, of, value.comment, needs)
    yield from owner(what, of, value.owner, needs)
    # A right on a domain is given as one on a type.
    rights = what.replace("DOMAIN", "TYPE", 1)
    yield from grants(rights, of, value.grants, needs, after_owner=what, owned_by=value.owner)


def enum_steps(enum: Enum) -> Iterator[Step]:
    """CREATE TYPE … AS ENUM."""
    sql = f"CREATE TYPE {enum.name.sql} AS ENUM ({', '.join(map(quote_literal, enum.labels))})"
    yield named("enum", enum.name, sql, frozenset())
    yield from _rights(f"TYPE {enum.name.sql}", ("enum", *enum.name), enum)


def domain_steps(domain: Domain, apart: AbstractSet[Key]) -> Iterator[Step]:
    """CREATE DOMAIN, its checks and default inside where no cycle forbids it."""
    name, what = domain.name, f"DOMAIN {domain.name.sql}"
    about: Key = ("domain", *name)
    made: Key = ("name", *name)
    sql = f"CREATE {what} AS {domain.type.sql}{rendered.collate(domain.collation)}"
    needs = of_type(domain.type)
    parts: list[Part] = []
    later: list[Step] = []

    def add(
        part: str, inline: str, alter: str, undo: str, mentions: frozenset[Key], *, must_be_apart: bool = False
    ) -> None:
        nonlocal sql, needs
        key: Key = ("domain part", *name, part)
        if key in apart or must_be_apart:
            of: Key = ("domain check", *name, part[1:]) if part else ("domain default", *name)
            step = Step(RANK["domain constraint"], "domain constraint", (*name, part), f"ALTER {what} {alter}",
                        (key,), mentions | {made}, about=of, undo=f"ALTER {what} {undo}")  # fmt: skip
            later.append(step)
            return
        sql += inline
        needs |= mentions
        parts.append(Part(key, mentions))

    if domain.default is not None:
        add(
            "", f" DEFAULT {domain.default}", f"SET DEFAULT {domain.default}", "DROP DEFAULT", mentioned(domain.default)
        )
    sql += " NOT NULL" if domain.not_null else ""
    for one in domain.checks:
        text = rendered.check(one)
        valid = "" if one.is_valid else " NOT VALID"
        mentions = mentioned(one.expression)
        undo = f"DROP CONSTRAINT {quote_ident(one.name)}"
        add("." + one.name, " " + text, f"ADD {text}{valid}", undo, mentions, must_be_apart=not one.is_valid)
        after = [made, ("domain part", *name, "." + one.name)]
        of: Key = ("domain check", *name, one.name)
        yield from comment(f"CONSTRAINT {quote_ident(one.name)} ON {what}", of, one.comment, after)
    step = named("domain", name, sql, needs)
    yield replace(step, parts=tuple(parts))
    yield from later
    yield from _rights(what, about, domain)


def composite_steps(composite: Composite) -> Iterator[Step]:
    """CREATE TYPE … AS (…)."""
    attributes = [
        f"{quote_ident(one.name)} {one.type.sql}{rendered.collate(one.collation)}" for one in composite.attributes
    ]
    sql = f"CREATE TYPE {composite.name.sql} AS ({', '.join(attributes)})"
    yield named(
        "composite", composite.name, sql, frozenset().union(*(of_type(one.type) for one in composite.attributes))
    )
    for one in composite.attributes:
        what = f"COLUMN {composite.name.sql}.{quote_ident(one.name)}"
        of: Key = ("attribute", *composite.name, one.name)
        yield from comment(what, of, one.comment, [("name", *composite.name)])
    yield from _rights(f"TYPE {composite.name.sql}", ("composite", *composite.name), composite)


def range_steps(value: Range) -> Iterator[Step]:
    """CREATE TYPE … AS RANGE; a canonical function takes the type itself, so a shell of it is made first."""
    name, needs = value.name, set(of_type(value.subtype))
    words = [f"subtype = {value.subtype.sql}"]
    if value.operator_class is not None:
        words.append(f"subtype_opclass = {value.operator_class.sql}")
    if value.collation is not None:
        words.append(f"collation = {value.collation.sql}")
    if value.canonical is not None:
        words.append(f"canonical = {value.canonical.sql}")
        needs |= {("function", *value.canonical), ("shell", *name)}
        shell: Key = ("shell", *name)
        yield Step(RANK["shell type"], "shell type", tuple(name), f"CREATE TYPE {name.sql}", (shell,),
                   frozenset({schema_of(name)}), about=("range", *name))  # fmt: skip
    if value.difference is not None:
        words.append(f"subtype_diff = {value.difference.sql}")
        needs.add(("function", *value.difference))
    words.append(f"multirange_type_name = {value.multirange.sql}")
    multi = value.multirange
    more: tuple[Key, ...] = (("name", *multi), ("any", multi.name), ("function", *name), ("function", *multi))
    sql = f"CREATE TYPE {name.sql} AS RANGE ({', '.join(words)})"
    yield named("range", name, sql, frozenset(needs), *more)
    yield from _rights(f"TYPE {name.sql}", ("range", *name), value)


def sequence_steps(value: Sequence, owners: AbstractSet[ObjectName]) -> Iterator[Step]:
    """CREATE SEQUENCE and its column; the owner of an owned one is its table's (`owners`: tables that are here)."""
    name, made = value.name, ("name", *value.name)
    what, about = f"SEQUENCE {name.sql}", ("sequence", *value.name)
    unlogged = "UNLOGGED " if value.unlogged else ""
    sql = f"CREATE {unlogged}{what} AS {value.options.type} {rendered.sequence(value.options)}"
    yield named("sequence", name, sql, frozenset())
    yield from comment(what, about, value.comment, [made])
    if value.owned_by is None or value.owned_by[0] not in owners:
        yield from owner(what, about, value.owner, [made])
        yield from grants(what, about, value.grants, [made], owned_by=value.owner)
        return
    table, column = value.owned_by
    sql = f"ALTER {what} OWNED BY {table.sql}.{quote_ident(column)}"
    owned: tuple[Key, ...] = (("sequence of", *table),)
    yield Step(RANK["owned sequence"], "owned sequence", tuple(name), sql, owned, frozenset({made, ("name", *table)}),
               about=about)  # fmt: skip
    yield from grants(what, about, value.grants, [made], after_owner=f"TABLE {table.sql}", owned_by=value.owner)


def type_steps(catalog: Catalog, apart: AbstractSet[Key]) -> Iterator[Step]:
    """Everything that tables and functions stand on."""
    for schema in catalog.schemas:
        yield from schema_steps(schema)
    for extension in catalog.extensions:
        yield from extension_steps(extension)
    for enum in catalog.enums:
        yield from enum_steps(enum)
    for domain in catalog.domains:
        yield from domain_steps(domain, apart)
    for composite in catalog.composites:
        yield from composite_steps(composite)
    for range_ in catalog.ranges:
        yield from range_steps(range_)
    tables = {table.name for table in catalog.tables}
    for sequence in catalog.sequences:
        yield from sequence_steps(sequence, tables)
