"""Renames by chance, swaps and circles among them: after the script nothing differs, nothing was dropped, rows are there.

PGREADY_RENAMES=N makes N cases instead of the default run's few.
"""

import os
import random
from dataclasses import dataclass, field

import pytest
from developing import DATASOURCE_7

from pgready.commands.dev.plan import plan_of
from pgready.diff.catalog_side import side_of_catalog
from pgready.diff.prisma import prisma_changes
from pgready.diff.schema_side import side_of_schema
from pgready.diff.sides import EMPTY
from pgready.plan.prisma import prisma_sql
from pgready.postgres.connect import open_session
from pgready.postgres.introspection import introspect
from pgready.project.url import parse
from pgready.psl.analyse import analyse
from pgready.psl.source import Source

pytestmark = pytest.mark.matrix

CASES = int(os.environ.get("PGREADY_RENAMES", "12"))
NAMES = ("A", "B", "User", "Post", "user", "order", "Üñ", "x_y", "Group", "Line9", "T" * 30)
COLUMNS = ("a", "b", "name", "select", "is_it", "Größe", "c" * 24, "mail")
TYPES = ("Int", "String", "String?", "DateTime?", "Decimal?", "Boolean?", "Int[]")


@dataclass
class Model:
    """A model: fields by name with their type, references by field to another model, keys over fields."""

    fields: dict[str, str]
    references: dict[str, str] = field(default_factory=dict)
    unique: list[str] = field(default_factory=list)
    index: list[str] = field(default_factory=list)


@dataclass
class World:
    """Models by their table's name, enums by name, and pairs of models that are many-to-many."""

    models: dict[str, Model]
    enums: dict[str, list[str]]
    joined: list[tuple[str, str]]


def made(chance):
    """A world by chance."""
    enums = {
        name: chance.sample(["x", "y", "z", "w"], chance.randint(1, 4))
        for name in chance.sample(["Kind", "Role"], chance.randint(0, 2))
    }
    models = {}
    for name in chance.sample(NAMES, chance.randint(2, 4)):
        columns = chance.sample(COLUMNS, chance.randint(1, 5))
        fields = {each: chance.choice([*TYPES, *(f"{enum}?" for enum in enums)]) for each in columns}
        model = Model(fields, {}, [], [])
        plain = [each for each in columns if not fields[each].endswith("[]")]
        model.unique = [each for each in plain if chance.random() < 0.3]
        model.index = [each for each in plain if each not in model.unique and chance.random() < 0.3]
        models[name] = model
    for model in models.values():
        if chance.random() < 0.7:
            model.references["ref"] = chance.choice(list(models))
    pairs = [tuple(chance.sample(list(models), 2))] if chance.random() < 0.6 else []
    return World(models, enums, pairs)


def renamed(chance, world):
    """The world with other names, and the flags that say so."""

    def some(names, fresh):
        """Old to new: strangers, or each other's."""
        names = list(names)
        chosen = [each for each in names if chance.random() < 0.5]
        if len(chosen) > 1 and chance.random() < 0.5:
            return dict(zip(chosen, chosen[1:] + chosen[:1], strict=True))
        free = [each for each in fresh if each not in names]
        return dict(zip(chosen, chance.sample(free, min(len(chosen), len(free))), strict=False))

    tables = some(world.models, NAMES)
    enums = some(world.enums, ["Sort", "Level"])
    flags = [f"{old}={new}" for old, new in (*tables.items(), *enums.items())]
    labels, models = {}, {}
    for name, values in world.enums.items():
        values_too = some(values, ["p", "q", "r", "s"])
        flags += [f"{name}.{old}={new}" for old, new in values_too.items()]
        labels[enums.get(name, name)] = [values_too.get(each, each) for each in values]
    for name, model in world.models.items():
        columns = some(model.fields, COLUMNS)
        flags += [f"{name}.{old}={new}" for old, new in columns.items()]
        new = {columns.get(each, each): typed(kind, enums) for each, kind in model.fields.items()}
        models[tables.get(name, name)] = Model(
            new,
            {each: tables.get(target, target) for each, target in model.references.items()},
            [columns.get(each, each) for each in model.unique],
            [columns.get(each, each) for each in model.index],
        )
    joined = [(tables.get(a, a), tables.get(b, b)) for a, b in world.joined]
    return World(models, labels, joined), flags


def typed(kind, enums):
    """A type whose enum may have another name."""
    return f"{enums.get(kind.rstrip('?'), kind.rstrip('?'))}?" if kind.endswith("?") else kind


def text_of(world):
    """The schema: models and fields have plain names, tables and columns those of the world."""
    names = {name: f"M{at}" for at, name in enumerate(sorted(world.models))}
    parts = [DATASOURCE_7]
    for name, values in world.enums.items():
        parts.append(f"enum {name} {{\n" + "".join(f"  {each}\n" for each in values) + "}\n")
    for name, model in world.models.items():
        own = {each: f"f{at}" for at, each in enumerate(model.fields)}
        lines = ["  id Int @id @default(autoincrement())"]
        for each, kind in model.fields.items():
            unique = " @unique" if each in model.unique else ""
            lines.append(f'  {own[each]} {kind} @map("{each}"){unique}')
        for each, target in model.references.items():
            lines.append(f"  {each}Id Int?")
            relation = f'"{names[name]}_{each}"'
            lines.append(f"  {each} {names[target]}? @relation({relation}, fields: [{each}Id], references: [id])")
        for other, theirs in world.models.items():
            for each, target in theirs.references.items():
                if target == name:
                    lines.append(f'  back_{names[other]}_{each} {names[other]}[] @relation("{names[other]}_{each}")')
        for pair in world.joined:
            if name in pair:
                (other,) = {*pair} - {name}
                lines.append(f"  many{names[other]} {names[other]}[]")
        lines += [f"  @@index([{own[each]}])" for each in model.index]
        lines.append(f'  @@map("{name}")')
        parts.append(f"model {names[name]} {{\n" + "\n".join(lines) + "\n}\n")
    return "\n".join(parts)


def side_of(text):
    """The side of a schema."""
    found = analyse([Source("s.prisma", text)])
    assert found.schema is not None, (text, found.diagnostics)
    return side_of_schema(found.schema)


@pytest.mark.parametrize("seed", range(CASES))
def test_renames_by_chance(database, seed):
    """The script is run as it is; what it makes is what the new schema asks for."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    world = made(chance)
    after_world, flags = renamed(chance, world)
    start, after = side_of(text_of(world)), side_of(text_of(after_world))
    database.query(prisma_sql(prisma_changes(EMPTY, start), EMPTY, start))
    for table in start.tables:
        if not table.name.name.startswith("_M") and nullable(table):
            database.query(f"INSERT INTO {table.name.sql} (id) VALUES (1)")
    session = open_session(parse(database.url, "test"), "test")
    try:
        before = side_of_catalog(introspect(session, ["public"]), ["public"], "public")
        planned = plan_of(before, after, flags, lambda rename: False)  # noqa: ARG005
        rows = counts(database)
        if planned.script:
            database.query(planned.script)
        now = side_of_catalog(introspect(session, ["public"]), ["public"], "public")
    finally:
        session.close()
    assert prisma_changes(now, after) == (), (flags, planned.script)
    assert "DROP TABLE" not in planned.script
    assert "DROP COLUMN" not in planned.script
    assert sorted(counts(database)) == sorted(rows)


def nullable(table):
    """Whether a row of an id alone will do."""
    return all(each.arity != "required" or each.default is not None or each.is_autoincrement for each in table.columns)


def counts(database):
    """How many rows the tables have, whatever they are called."""
    names = database.query(
        "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    return [database.query(f"SELECT count(*) FROM {name}")[0] for (name,) in names]
