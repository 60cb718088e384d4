"""Keys, indexes, views and schemas: which lines of a schema offend, and by which rule.

The verdicts were taken from Prisma's own parser, line by line; the conformance tests hold them against it again.
"""

import pytest

from pgready.psl.analyse import analyse
from pgready.psl.operator_classes import OPERATOR_CLASSES
from pgready.psl.source import Source

_HEAD = """\
datasource db {
  provider = "postgresql"
}
generator client {
  provider        = "prisma-client"
  previewFeatures = ["partialIndexes", "views"]
}
"""


def _findings(schema: str) -> list[tuple[int, str]]:
    """Line (behind the head) and code of every error."""
    head = "" if "datasource" in schema else _HEAD
    found = analyse([Source("schema.prisma", head + schema)]).diagnostics
    lines = head.count("\n")
    return [(each.span.source.position(each.span.start)[0] - lines, each.code) for each in found]


def _model(*lines: str) -> str:
    fields = "id Int @id\na Int\nb Int?\ns String\nj Json\nl Int[]\nat DateTime\nok Boolean\nx Bytes\n"
    return "model A {\n" + fields + "\n".join(lines) + "\n}\n"


_FIRST = 11
"""The line behind the fields of `_model`."""


@pytest.mark.parametrize(
    ("attribute", "codes"),
    [
        ("@@index([a])", []),
        ("@@index(a)", []),
        ("@@index(fields: [a, b(sort: Desc)])", []),
        ("@@index([a, zz])", ["index-field-unknown"]),
        ("@@index([a, a(sort: Desc)])", ["index-field-repeated"]),
        ("@@index([])", ["index-without-fields"]),
        ("@@index()", ["argument-missing"]),
        ('@@index(["a"])', ["value-type"]),
        ("@@index([a.b])", ["index-field-unknown"]),
        ("@@index([a(length: 3)])", ["index-length"]),
        ("@@index([a(length: -3)])", []),
        ("@@index([a(sort: Foo)])", ["sort-unknown"]),
        ("@@index([a(foo: 1)])", []),
        ('@@index([a], map: "")', ["constraint-name-empty"]),
        ('@@index([a], name: "old spelling")', []),
        ('@@index([a], name: "x", map: "y")', ["index-name-and-map"]),
        ("@@index([a], type: Foo)", ["index-type-unknown"]),
        ("@@index([a], type: Hash)", []),
        ("@@index([a(sort: Asc)], type: Hash)", ["index-hash-sort"]),
        ("@@index([a], clustered: true)", ["clustered"]),
        (f'@@index([a], map: "{"x" * 64}")', ["constraint-name-length"]),
        ("@@index([j], type: Gin)", []),
        ("@@index([l], type: Gin)", []),
        ("@@index([a], type: Gin)", ["index-type-column"]),
        ("@@index([l(ops: ArrayOps)], type: Gin)", []),
        ("@@index([j(ops: ArrayOps)], type: Gin)", ["operator-class-column"]),
        ("@@index([s(ops: JsonbOps)], type: Gin)", ["operator-class-column"]),
        ("@@index([j(ops: JsonbOps)])", ["operator-class-index-type"]),
        ("@@index([s(ops: InetOps)], type: Gist)", ["operator-class-column"]),
        ('@@index([s(ops: raw("gist_trgm_ops"))], type: Gist)', []),
        ("@@index([s(ops: Foo)], type: Gist)", ["operator-class-unknown"]),
        ("@@index([s(ops: raw(x))], type: Gist)", ["operator-class-value"]),
        ("@@index([s(ops: foo(x))], type: Gist)", ["operator-class-value"]),
        ("@@index([a, at], type: Brin)", []),
        ("@@index([ok], type: Brin)", ["index-type-column"]),
        ("@@index([s, a], type: SpGist)", ["index-type-column", "index-spgist-columns"]),
        ("@@fulltext([s])", ["index-fulltext"]),
        ("@@fulltext([s], map: 1)", ["value-type"]),
        ("@@unique([a])", []),
        ('@@unique([a, s], name: "by_a")', []),
        ('@@unique([a, s], name: "by a")', ["client-name-characters"]),
        ('@@unique([a(ops: raw("x"))])', ["operator-class-place"]),
        ("@@unique([a], type: BTree)", ["argument-unknown"]),
        ("c Int @unique(sort: Desc)", []),
        ('c Int @unique(name: "x")', ["argument-unknown"]),
        ("c Int @unique(length: -1)", ["index-length"]),
        ("@@shardKey([a])", ["shard-key"]),
        ("@@shardKey([b])", ["shard-key-not-required"]),
    ],
)
def test_index(attribute: str, codes: list[str]) -> None:
    """Every offence of an index stands on its line, under its rule."""
    assert _findings(_model(attribute)) == [(_FIRST, code) for code in codes]


@pytest.mark.parametrize(
    ("where", "codes"),
    [
        ('raw("a > 1")', []),
        ('raw(sql: "a > 1")', []),
        ('raw("")', ["where-empty"]),
        ("raw()", ["where-raw-value"]),
        ("raw(1)", ["where-raw-value"]),
        ('"a > 1"', ["where-value"]),
        ('sql("a > 1")', ["where-value"]),
        ("{}", ["where-empty"]),
        ('{ a: 1, s: "x", ok: true, at: "2026-01-01" }', []),
        ("{ b: null, x: { not: null } }", []),
        ("{ a: { not: -1.5 } }", []),
        ("{ l: 1 }", []),
        ('{ a: "1" }', ["where-type"]),
        ("{ at: 1 }", ["where-type"]),
        ("{ j: 1 }", ["where-type"]),
        ('{ x: { not: "x" } }', ["where-type"]),
        ("{ ok: 1, a: true }", ["where-type", "where-type"]),
        ("{ zz: 1 }", ["where-field-unknown"]),
        ("{ a: { gt: 1 } }", ["where-condition"]),
        ("{ a: { not: 1, gt: 1 } }", ["where-condition"]),
        ("{ a: { not: { not: 1 } } }", ["where-constant"]),
        ("{ s: DONE }", ["where-constant"]),
        ("{ s: [1] }", ["where-constant"]),
    ],
)
def test_partial_index(where: str, codes: list[str]) -> None:
    """The predicate of a partial index is held against the fields of the model."""
    assert _findings(_model(f"@@index([a], where: {where})")) == [(_FIRST, code) for code in codes]
    assert _findings(_model(f"@@unique([a], where: {where})")) == [(_FIRST, code) for code in codes]


def test_partial_index_is_for_prisma_7() -> None:
    """In a schema of Prisma 6 there is no argument `where`, and without the preview Prisma 7 refuses it."""
    six = 'datasource db {\n  provider = "postgresql"\n  url      = env("URL")\n}\n'
    assert _findings(six + 'model A {\n  id Int @id\n  @@index([id], where: raw("x"))\n}\n') == [
        (7, "argument-unknown")
    ]
    seven = 'datasource db {\n  provider = "postgresql"\n}\n'
    assert _findings(seven + 'model A {\n  id Int @id @unique(where: raw("x"))\n}\n') == [(5, "where-preview")]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (["a Int", "@@id([a])"], []),
        (["a Int? @id"], [(2, "id-not-required")]),
        (["a Int[] @id"], [(2, "id-not-required")]),
        (["a Int? @id", "@@ignore"], []),
        (["a Int?", "@@id([a])"], [(3, "id-not-required")]),
        (["a Int @id", "b Int @id"], [(1, "id-several")]),
        (["a Int @id", 'b Int @id(map: "x")'], [(1, "id-several"), (3, "id-several")]),
        (["a Int @id", "@@id([a])"], [(1, "id-twice")]),
        (["a Int", "@@id([a, b])"], [(3, "id-field-unknown")]),
        (["a Int", "@@id([])"], [(3, "id-without-fields")]),
        (["a Int", "@@id([a, a])"], [(3, "id-field-repeated")]),
        (["a Int @id(sort: Desc)"], [(2, "id-sort")]),
        (["a String @id(length: 3)"], [(2, "id-length")]),
        (["a Int @id(clustered: false)"], [(2, "clustered")]),
        (['a Int @id(map: "")'], [(2, "constraint-name-empty")]),
        (["a Int", "b Int", "a_b Int", "@@id([a, b])"], [(5, "client-name-taken")]),
        (["a Int", "b Int", "a_b Int", '@@unique([a, b], name: "x")'], [(5, "client-name-taken")]),
        (["a Int"], [(1, "model-without-key")]),
        (["a Int? @unique"], [(1, "model-without-key")]),
        (["a Int?", "b Int", "@@unique([a, b])"], [(1, "model-without-key")]),
        (['a Unsupported("x") @id'], [(1, "model-without-key")]),
        (["a Int[] @unique"], []),
        (["a Int", "@@ignore"], []),
        (["a Int @id", "@@index([a])", "@@index([a])"], [(3, "constraint-name-taken"), (4, "constraint-name-taken")]),
        (
            ['a Int @id(map: "x")', '@@index([a], map: "x")'],
            [(2, "constraint-name-taken"), (3, "constraint-name-taken")],
        ),
        (
            ["a Int @unique", "b Int", '@@id([a], name: "x")', '@@unique([b], name: "x")'],
            [(4, "client-name-repeated"), (5, "client-name-repeated")],
        ),
        (["a String @id @db.Xml"], []),
        (["a Int @id", "b String @db.Xml", "@@index([b])"], [(3, "index-xml")]),
    ],
)
def test_keys_of_a_model(body: list[str], expected: list[tuple[int, str]]) -> None:
    """Keys are unique, required and PostgreSQL's; names differ."""
    found = _findings("model A {\n" + "\n".join(body) + "\n}\n")
    assert [each for each in found if each[1] != "client-name-clash"] == expected


def test_names_are_those_of_a_schema() -> None:
    """Indexes of two schemas may have one name, two tables of one schema may not; a cut name counts."""
    head = _HEAD.replace('"postgresql"\n', '"postgresql"\n  schemas = ["s", "t"]\n', 1)
    table = 'model {name} {{\n  id Int @id(map: "{name}_pk")\n  @@index([id], map: "x")\n  @@schema("{schema}")\n}}\n'
    apart = table.format(name="A", schema="s") + table.format(name="B", schema="t")
    together = apart.replace('"t"', '"s"')
    assert [each.code for each in analyse([Source("x", head + apart)]).diagnostics] == []
    assert [each.code for each in analyse([Source("x", head + together)]).diagnostics] == ["constraint-name-taken"] * 2
    long = f'model A {{\n  id Int @id\n  a Int\n  @@map("{"x" * 70}")\n  @@index([id])\n  @@index([a])\n}}\n'
    assert _findings(long) == [(5, "constraint-name-taken"), (6, "constraint-name-taken")]


def test_foreign_keys_share_names_with_their_table() -> None:
    """A foreign key of the name of its table's primary key offends twice, of another table's index never."""
    schema = (
        'model A {\n  id Int @id(map: "x")\n  b  Int\n  r  B @relation(fields: [b], references: [id], map: "x")\n}\n'
        'model B {\n  id Int @id\n  as A[]\n  @@index([id], map: "{name}")\n}\n'
    )
    assert _findings(schema.replace("{name}", "y")) == [(2, "constraint-name-taken"), (4, "constraint-name-taken")]
    assert _findings(schema.replace('"x"', '"z"', 1).replace("{name}", "x")) == []


def test_tables() -> None:
    """Two models of one table offend at the `@@map`, whichever of them has it."""
    assert _findings('model A {\n  id Int @id(map: "a")\n  @@map("B")\n}\nmodel B {\n  id Int @id\n}\n') == [
        (3, "model-table-taken")
    ]
    assert _findings('model B {\n  id Int @id(map: "a")\n}\nmodel A {\n  id Int @id\n  @@map("B")\n}\n') == [
        (6, "model-table-taken")
    ]


def test_schemas() -> None:
    """`@@schema` is one that the datasource lists, and none is missing once it lists some."""
    head = 'datasource db {\n  provider = "postgresql"\n  schemas = ["s"]\n}\n'
    assert _findings(head + 'model A {\n  id Int @id\n  @@schema("s")\n}\n') == []
    assert _findings(head + 'model A {\n  id Int @id\n  @@schema("t")\n}\n') == [(7, "schema-unknown")]
    assert _findings(head + "model A {\n  id Int @id\n}\n") == [(5, "schema-missing")]


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("@@unique([a, b])", []),
        ("@@id([a])", ["view-key"]),
        ("@@index([a])", ["view-index"]),
        ('@@unique([a], map: "x")', ["view-unique-argument"]),
        ("@@unique([a(sort: Desc)])", ["view-unique-argument"]),
        ("@@unique([a], clustered: true)", ["view-unique-argument"]),
    ],
)
def test_views(line: str, codes: list[str]) -> None:
    """Views have no keys and indexes of their own."""
    assert _findings(f"view V {{\n  a Int\n  b Int\n  {line}\n}}\n") == [(4, code) for code in codes]


def test_views_need_their_preview() -> None:
    """Without the preview feature each view offends."""
    head = 'datasource db {\n  provider = "postgresql"\n}\n'
    assert _findings(head + "view V {\n  a Int @unique\n}\n") == [(4, "view-preview")]


@pytest.mark.parametrize("name", sorted(OPERATOR_CLASSES))
def test_operator_classes(name: str) -> None:
    """Each operator class is accepted on a column and an index type that the table gives it, and refused on another."""
    found = OPERATOR_CLASSES[name]
    scalars = {
        "Json": "Json",
        "Bit": "String",
        "ByteA": "Bytes",
        "Real": "Float",
        "SmallInt": "Int",
        "Decimal": "Decimal",
    }
    scalars |= {"JsonB": "Json", "DoublePrecision": "Float", "Integer": "Int", "BigInt": "BigInt", "Oid": "Int"}
    scalars |= dict.fromkeys(("Date", "Timestamp", "Timestamptz", "Time", "Timetz"), "DateTime")
    for algorithm in found.algorithms:
        for native in found.native_types:
            column = f"c {scalars.get(native, 'String')} @db.{native}"
            assert _findings(_model(column, f"@@index([c(ops: {name})], type: {algorithm})")) == []
    assert _findings(_model("c Boolean", f"@@index([c(ops: {name})], type: {found.algorithms[0]})")) == [
        (_FIRST + 1, "operator-class-column")
    ]


def test_near_misses_are_named() -> None:
    """The help of a misspelt field or class names the one that was meant."""
    found = analyse([Source("x", _HEAD + _model("nummer Int", "@@index([numer])"))]).diagnostics
    assert found[0].help == "did you mean `nummer`?"
    found = analyse([Source("x", _HEAD + _model("@@index([j(ops: JsonPathOps)], type: Gin)"))]).diagnostics
    assert found[0].help == "did you mean `JsonbPathOps`?"


@pytest.mark.parametrize(
    ("name", "in_sql"),
    [
        ("ArrayOps", "array_ops"),
        ("JsonbPathOps", "jsonb_path_ops"),
        ("VarBitMinMaxOps", "varbit_minmax_ops"),
        ("InetInclusionOps", "inet_inclusion_ops"),
        ("Float8BloomOps", "float8_bloom_ops"),
        ("TimestampTzMinMaxMultiOps", "timestamptz_minmax_multi_ops"),
        ("TimeTzMinMaxOps", "timetz_minmax_ops"),
    ],
)
def test_operator_classes_in_sql(name: str, in_sql: str) -> None:
    """An operator class is written in SQL as Prisma's own diff writes it."""
    assert OPERATOR_CLASSES[name].in_sql == in_sql


def test_suggestions_have_a_budget() -> None:
    """A model of many misspelt columns is told of all of them, and only the first ones get a suggestion."""
    columns = "".join(f"column{number} Int\n" for number in range(400))
    indexes = "".join(f"@@index([colum{number}])\n" for number in range(400))
    found = analyse([Source("x", _HEAD + "model A {\nid Int @id\n" + columns + indexes + "}\n")]).diagnostics
    assert [each.code for each in found] == ["index-field-unknown"] * 400
    suggested = [each.help for each in found if each.help]
    assert suggested[0] == "did you mean `column0`?"
    assert len(suggested) == 101
