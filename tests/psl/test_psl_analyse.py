"""`analyse` as a whole: whose verdict it is, where it stops, in which order it tells."""

import pytest

from fix_schema import DATASOURCE, analysed, fields, told
from pgready.psl.analyse import analyse
from pgready.psl.source import Source

MODEL = "model User {\n  id Int @id\n}\n"


def test_a_valid_schema_is_a_value():
    """The schema is there, nothing is told, and the provider stands as written."""
    found = analysed(fields("name String"))
    assert found.is_valid
    assert found.diagnostics == ()
    assert (found.style, found.provider) == (7, "postgresql")
    assert found.schema is not None


@pytest.mark.parametrize(
    ("schema", "style"),
    [
        (DATASOURCE[6] + MODEL, 6),
        (DATASOURCE[7] + MODEL, 7),
        ('datasource db {\n  provider = "postgresql"\n  directUrl = "x"\n}\n' + MODEL, 6),
        ('datasource db {\n  provider = "postgresql"\n  shadowDatabaseUrl = "x"\n}\n' + MODEL, 6),
        ("// no datasource\n" + MODEL, 7),
        ('// no datasource\ngenerator g {\n  provider = "x"\n  previewFeatures = ["Metrics"]\n}\n' + MODEL, 6),
        ('// no datasource\ngenerator g {\n  provider = "x"\n  previewFeatures = ["views"]\n}\n' + MODEL, 7),
        (DATASOURCE[7] + 'generator g {\n  provider = "x"\n  previewFeatures = ["metrics"]\n}\n' + MODEL, 7),
    ],
)
def test_the_style_is_read_off_the_schema(schema, style):
    """A URL in the datasource makes it 6; without a datasource a feature that only Prisma 6 has does."""
    assert analysed(schema).style == style


@pytest.mark.parametrize("provider", ["mysql", "sqlite", "sqlserver", "mongodb", "cockroachdb"])
def test_other_databases_get_one_line(provider):
    """Whatever else is wrong with the schema, nothing else is told."""
    schema = f'datasource db {{\n  provider = "{provider}"\n  foo = 1\n}}\nmodel A {{\n  what is this\n}}\n'
    found = analysed(schema)
    assert [each.code for each in found.diagnostics] == ["provider-not-postgresql"]
    assert (found.schema, found.provider, found.is_valid) == (None, provider, False)


def test_object_literals_are_of_prisma_7():
    """In a schema of style 6 their line is no line of the language."""
    schema = "model A {\n  id Int @id\n  b Int\n  @@index([b], where: { b: 1 })\n}\n"
    generator = 'generator g {\n  provider = "x"\n  previewFeatures = ["partialIndexes"]\n}\n'
    assert told(schema + generator) == []
    assert told(schema, style=6) == [(4, "object-literal")]


def test_names_and_types_stop_the_rules_of_the_whole():
    """A model without a key is not told while a type is unknown."""
    schema = "model A {\n  b Foo\n}\n"
    assert told(schema) == [(2, "type-unknown")]
    assert told(schema.replace("Foo", "Int")) == [(1, "model-without-key")]


def test_findings_stand_in_the_order_of_files_and_places():
    """Which pass found them does not matter."""
    files = [
        Source("b.prisma", "model B {\n  id Int @id\n  id Int\n  x Foo\n}\n"),
        Source("a.prisma", DATASOURCE[7] + "model B {\n  id Int @id @foo\n}\n"),
    ]
    found = [(each.span.source.path, each.span.start, each.code) for each in analyse(files).diagnostics]
    assert [(path, code) for path, _, code in found] == [
        ("b.prisma", "field-repeated"),
        ("b.prisma", "type-unknown"),
        ("a.prisma", "name-repeated"),
        ("a.prisma", "attribute-unknown"),
    ]
    assert found[0][1] < found[1][1]


def test_relations_span_files():
    """Types and datasource of one file count in the others."""
    files = [
        Source("a.prisma", DATASOURCE[7] + "model A {\n  id Int @id\n  bs B[]\n}\n"),
        Source(
            "b.prisma",
            "model B {\n  id Int @id @db.Integer\n  aId Int\n  a A @relation(fields: [aId], references: [id])\n}\n",
        ),
    ]
    assert analyse(files).diagnostics == ()


def test_what_cannot_be_told_apart_ends_the_check():
    """Prisma judges models up to the first ambiguous relation: the view and the enum behind it are not looked at."""
    schema = (
        "model First {\n  a Int\n}\n"
        "model User {\n  id Int @id\n  posts Post[]\n  others Post[]\n}\n"
        "model Post {\n  id Int\n}\n"
        'enum E {\n  A\n  @@map("x")\n}\nenum F {\n  A\n  @@map("x")\n}\n'
    )
    assert told(schema) == [(1, "model-without-key"), (6, "relation-ambiguous")]


def test_an_empty_schema_is_valid():
    """As for Prisma: there is nothing wrong with nothing."""
    assert analyse([Source("schema.prisma", "")]).is_valid
    assert analyse([]).is_valid


def test_many_unknown_types_are_all_told():
    """Each of thousands, though not every one is compared with every model."""
    schema = "".join(f"model M{number} {{\n  id Int @id\n  x Foo{number}\n}}\n" for number in range(3000))
    found = analysed(schema).diagnostics
    assert len(found) == 3000
    assert {each.code for each in found} == {"type-unknown"}
