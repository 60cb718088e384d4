"""The catalog of a schema is the one that a database has after the schema's SQL was run."""

from importlib.metadata import distribution
from pathlib import Path

import pytest

import catalog_declared
from fix_schema import DATASOURCE
from pgready.catalog.fingerprint import from_json, to_json
from pgready.catalog.from_psl import Declared, catalog_of, in_order, read_schema
from pgready.catalog.names import ObjectName
from pgready.psl.analyse import analyse
from pgready.psl.schema import Schema
from pgready.psl.source import Source

FILES = sorted((Path(__file__).parent / "declared").glob("*.prisma"))


def schema_of(text: str) -> Schema:
    """A schema that must be valid."""
    found = analyse([Source("schema.prisma", text)])
    assert found.schema is not None, found.diagnostics
    return found.schema


def same(database, read, schema: Schema) -> Declared:
    """Run the schema's SQL and hold the two catalogs against each other."""
    declared = read_schema(schema)
    database.query(catalog_declared.creating(schema))
    assert catalog_declared.found(read(database), declared) == catalog_declared.expected(declared)
    return declared


@pytest.mark.matrix
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_database_made_from_it_is_the_same(path, database, read):
    """Types, defaults, keys, relations, indexes, schemas and odd names: read back as they were declared, all of them."""
    assert same(database, read, schema_of(path.read_text(encoding="utf-8"))).as_written == ()


@pytest.mark.matrix
def test_a_real_schema(database, read):
    """The 101 models of litellm-proxy-extras."""
    package = distribution("litellm-proxy-extras").locate_file("litellm_proxy_extras")
    declared = same(database, read, schema_of(Path(str(package), "schema.prisma").read_text(encoding="utf-8")))
    assert len(declared.catalog.tables) >= 100
    assert declared.as_written == ()


@pytest.mark.matrix
def test_another_default_schema(database, read):
    """What has no @@schema is in the schema of the URL."""
    text = (Path(__file__).parent / "declared" / "relations.prisma").read_text(encoding="utf-8")
    schema = schema_of(text)
    declared = read_schema(schema, "Tenant 1")
    database.query('SET search_path = "Tenant 1"; ' + catalog_declared.creating(schema, "Tenant 1"))
    assert catalog_declared.found(read(database), declared) == catalog_declared.expected(declared)


@pytest.mark.matrix
def test_extensions(database, read):
    """Types and operator classes of an extension are in its schema, where the schema says which that is."""
    if not database.query("SELECT FROM pg_available_extensions WHERE name = 'citext'"):
        pytest.skip("extensions: this server has no citext")
    generator = 'generator c {\n  provider = "x"\n  previewFeatures = ["postgresqlExtensions"]\n}\n'
    datasource = DATASOURCE[7].replace("}", '  extensions = [citext(schema: "pg_catalog")]\n}')
    model = "model A {\n  id Int @id\n  a String @db.Citext\n  b String[] @db.Citext\n}\n"
    declared = same(database, read, schema_of(generator + datasource + model))
    assert declared.catalog.tables[0].columns[1].type.name == ObjectName("pg_catalog", "citext")


def test_unreadable_sql_stays_and_is_told():
    """SQL whose stored form only a server knows is in the catalog as written, and as_written names its place."""
    generator = 'generator c {\n  provider = "x"\n  previewFeatures = ["partialIndexes"]\n}\n'
    text = (
        generator + DATASOURCE[7] + "model A {\n  id Int @id\n"
        '  a String @default(dbgenerated("my_function(1)"))\n  b Int @default(dbgenerated("(1)"))\n'
        '  @@index([a], where: raw("length(a) > 3"), map: "i")\n}\n'
    )
    declared = read_schema(schema_of(text))
    (table,) = declared.catalog.tables
    assert [column.default for column in table.columns] == [None, "my_function(1)", "1"]
    assert table.indexes[0].where == "length(a) > 3"
    assert set(declared.as_written) == {(table.name, "a"), (table.name, "i")}


def test_order_is_the_schema_s():
    """Objects stand as declared, join tables last; in_order sorts them, and changes nothing else."""
    text = (
        DATASOURCE[7]
        + "model Z {\n  id Int @id\n  b Int @unique\n  a Int @unique\n  as A[]\n  @@index([b])\n  @@index([a])\n}\n"
        + "enum Y {\n  B\n  A\n}\nmodel A {\n  id Int @id\n  zs Z[]\n}\nenum B {\n  X\n}\n"
    )
    catalog = catalog_of(schema_of(text))
    assert [table.name.name for table in catalog.tables] == ["Z", "A", "_AToZ"]
    assert [enum.name.name for enum in catalog.enums] == ["Y", "B"]
    assert [index.name for index in catalog.tables[0].indexes] == ["Z_b_key", "Z_a_key", "Z_b_idx", "Z_a_idx"]
    ordered = in_order(catalog)
    assert [table.name.name for table in ordered.tables] == ["A", "Z", "_AToZ"]
    assert [index.name for index in ordered.tables[1].indexes] == ["Z_a_idx", "Z_a_key", "Z_b_idx", "Z_b_key"]
    assert [column.name for column in ordered.tables[1].columns] == ["id", "b", "a"]
    assert ordered.enums[1].labels == ("B", "A")


def test_views_make_nothing_and_a_snapshot_keeps_everything():
    """A view is not made from a schema; the catalog survives the snapshot file."""
    text = DATASOURCE[6].replace("}", "}\n") + (
        'generator c {\n  provider = "x"\n  previewFeatures = ["views"]\n}\n'
        "model A {\n  id Int @id @default(autoincrement())\n  v V?\n}\n"
        "view V {\n  id Int @unique\n  a A @relation(fields: [id], references: [id])\n}\n"
    )
    catalog = catalog_of(schema_of(text))
    assert [table.name.name for table in catalog.tables] == ["A"]
    assert catalog.views == ()
    assert from_json(to_json(catalog)) == catalog


@pytest.mark.parametrize(
    "change",
    [
        ("@default(5)", "@default(6)"),
        ("a Int ", "a BigInt "),
        ("a Int ", "a Int? "),
        ("b String", "b String[]"),
        ("b String", "b String @db.VarChar(3)"),
        ("@@index([a])", "@@index([a(sort: Desc)])"),
        ("@@index([a])", "@@index([a], type: Brin)"),
        ("@@index([a])", "@@unique([a])"),
        ("@@index([a])", '@@index([a], map: "other")'),
        ("references: [id]", "references: [id], onDelete: Cascade"),
        ("references: [id]", "references: [id], onUpdate: Restrict"),
        ("@id // B", '@id(map: "other") // B'),
        ("X // E", 'X @map("x")'),
        ("Y // E", ""),
        ("@default(now())", ""),
        ("model B {", 'model B {\n  @@map("other")'),
        ("id Int @id // B", "id Int @id @default(autoincrement()) // B"),
    ],
    ids=lambda change: change[1],
)
def test_every_word_counts(change):
    """A schema that says something else has another catalog."""
    text = (
        DATASOURCE[7] + "model A {\n  id Int @id\n  a Int @default(5)\n  b String\n  at DateTime @default(now())\n"
        "  bs B[]\n  e E\n  @@index([a])\n}\n"
        "model B {\n  id Int @id // B\n  aId Int\n  a A @relation(fields: [aId], references: [id])\n}\n"
        "enum E {\n  X // E\n  Y // E\n}\n"
    )
    assert change[0] in text
    assert catalog_of(schema_of(text)) != catalog_of(schema_of(text.replace(change[0], change[1], 1)))
