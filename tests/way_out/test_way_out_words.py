"""An index in words: names as Prisma's, SQL, lines of a schema; and which of the indexes that help are taken."""

import pytest

from pgready.catalog.names import ObjectName
from pgready.proof.way_out.candidates import Candidate, IndexKey
from pgready.proof.way_out.index_words import create, name_of, schema_line
from pgready.proof.way_out.ways import Tried, chosen, could_do, does_all
from pgready.psl.analyse import analyse
from pgready.psl.source import Source
from pgready.sql import tree

TABLE = ObjectName("shop", "order")
SCHEMA = """
datasource db {
  provider = "postgresql"
  schemas  = ["shop", "public"]
}

model Order {
  id       Int      @id
  tenant   Int      @map("tenant_id")
  placedAt DateTime @map("placed_at")
  data     Json
  note     String

  @@map("order")
  @@schema("shop")
}

model Other {
  id   Int @id
  note String

  @@schema("public")
}
"""


def _index(*keys, **rest):
    return Candidate(TABLE, tuple(key if isinstance(key, IndexKey) else IndexKey(key) for key in keys), **rest)


NEWEST = IndexKey("placed_at", descending=True, nulls_first=True)
LOWER = IndexKey("lower(note)", is_expression=True, columns=("note",))

WORDS = [
    (
        _index("tenant_id", NEWEST),
        "order_tenant_id_placed_at_idx",
        'CREATE INDEX CONCURRENTLY "n" ON "shop"."order" ("tenant_id", "placed_at" DESC)',
        "@@index([tenant, placedAt(sort: Desc)])",
    ),
    (
        _index(IndexKey("data", operator_class="jsonb_path_ops"), method="gin"),
        "order_data_idx",
        'CREATE INDEX CONCURRENTLY "n" ON "shop"."order" USING gin ("data" jsonb_path_ops)',
        "@@index([data(ops: JsonbPathOps)], type: Gin)",
    ),
    (
        _index(IndexKey("note", operator_class="gin_trgm_ops"), method="gin"),
        "order_note_idx",
        'CREATE INDEX CONCURRENTLY "n" ON "shop"."order" USING gin ("note" gin_trgm_ops)',
        '@@index([note(ops: raw("gin_trgm_ops"))], type: Gin)',
    ),
    (
        _index("tenant_id", LOWER),
        "order_tenant_id_lower_note_idx",
        'CREATE INDEX CONCURRENTLY "n" ON "shop"."order" ("tenant_id", (lower(note)))',
        "an index of an expression",
    ),
    (
        _index("tenant_id", where="note IS NULL"),
        "order_tenant_id_idx",
        'CREATE INDEX CONCURRENTLY "n" ON "shop"."order" ("tenant_id") WHERE note IS NULL',
        "a partial index",
    ),
    (
        _index(IndexKey("placed_at", descending=True)),
        "order_placed_at_idx",
        'CREATE INDEX CONCURRENTLY "n" ON "shop"."order" ("placed_at" DESC NULLS LAST)',
        "NULLS FIRST",
    ),
    (
        _index(IndexKey("placed_at", nulls_first=True)),
        "order_placed_at_idx",
        'CREATE INDEX CONCURRENTLY "n" ON "shop"."order" ("placed_at" NULLS FIRST)',
        "NULLS FIRST",
    ),
]


@pytest.mark.parametrize(("one", "name", "sql", "line"), WORDS)
def test_an_index_in_words(one, name, sql, line):
    """The name, the statement, and the line of the schema or why there is none."""
    schema = analyse([Source("schema.prisma", SCHEMA)]).schema
    assert schema is not None
    assert name_of(one, ()) == name
    assert create(one, "n") == sql
    assert create(one, "n", default_schema="shop") == sql.replace('"shop".', "")
    found = schema_line(one, name, schema, "public")
    assert found.model == "Order"
    if line.startswith("@@"):
        assert (found.line, found.why_not) == (line, "")
        text = SCHEMA.replace('  @@map("order")', f'  {line}\n  @@map("order")')
        checked = analyse([Source("schema.prisma", text)])
        assert checked.schema is not None, "the line is not valid in a schema"
        (index,) = checked.schema.model("Order").indexes
        assert index.database_name == name
    else:
        assert found.line == ""
        assert line in found.why_not


def test_a_partial_index_has_a_line_where_the_preview_allows_it():
    """With `partialIndexes` of Prisma 7 the condition stands in the schema, quotes and all, and is valid there."""
    preview = 'generator c {\n  provider = "prisma-client"\n  previewFeatures = ["partialIndexes"]\n}\n'
    text = preview + SCHEMA
    schema = analyse([Source("schema.prisma", text)]).schema
    one = _index("tenant_id", where="\"note\" = 'a\\b'")
    line = schema_line(one, "order_tenant_id_idx", schema, "public").line
    assert line == '@@index([tenant], where: raw("\\"note\\" = \'a\\\\b\'"))'
    checked = analyse([Source("schema.prisma", text.replace('  @@map("order")', f'  {line}\n  @@map("order")'))])
    assert checked.schema is not None
    (index,) = checked.schema.model("Order").indexes
    assert index.where is not None
    assert index.where.sql == one.where


def test_a_name_that_is_taken_gets_a_number_and_is_mapped():
    """The next free number stands behind it, in 63 bytes; the schema's line names it then."""
    one = _index("tenant_id")
    assert name_of(one, {"order_tenant_id_idx", "order_tenant_id_idx1"}) == "order_tenant_id_idx2"
    schema = analyse([Source("schema.prisma", SCHEMA)]).schema
    line = schema_line(one, "order_tenant_id_idx2", schema, "public").line
    assert line == '@@index([tenant], map: "order_tenant_id_idx2")'
    long = _index(*(f"a_rather_long_column_{number}" for number in range(4)))
    plain = name_of(long, ())
    assert len(plain.encode()) == 63
    assert plain.endswith("_idx")
    second = name_of(long, {plain})
    assert len(second.encode()) <= 63
    assert second.endswith("_idx1")


def test_a_table_that_the_schema_does_not_have_gets_no_line():
    """Without a schema, and for a table of another schema of the same name, nothing is said."""
    schema = analyse([Source("schema.prisma", SCHEMA)]).schema
    elsewhere = Candidate(ObjectName("public", "order"), (IndexKey("tenant_id"),))
    assert schema_line(elsewhere, "n", schema, "public").line == ""
    assert schema_line(_index("tenant_id"), "n", None, "public").line == ""


A, B, AB, ABC, CB = _index("a"), _index("b"), _index("a", "b"), _index("a", "b", "c"), _index("c", "b")


def _helped(**given):
    return {
        name: [Tried(frozenset(option), kind) for kind, *options in [each] for option in options]
        for name, each in given.items()
    }


@pytest.mark.parametrize(
    ("helped", "expected"),
    [
        (_helped(x=("bounded", [A], [AB])), {"x": [A]}),
        (_helped(x=("bounded", [A], [AB]), y=("bounded", [AB])), {"x": [AB], "y": [AB]}),
        (
            _helped(x=("bounded", [A], [AB]), y=("bounded", [AB], [ABC]), z=("bounded", [ABC])),
            {"x": [AB], "y": [AB], "z": [ABC]},
        ),
        (_helped(x=("bounded", [A, B], [CB])), {"x": [CB]}),
        (_helped(x=("bounded", [A, B]), y=("bounded", [A])), {"x": [A, B], "y": [A]}),
        (_helped(x=("skew", [A])), {"x": [A]}),
        ({"x": [Tried(frozenset([A]), "skew"), Tried(frozenset([AB]), "bounded")]}, {"x": [AB]}),
        ({"x": []}, {}),
        ({"x": [Tried(frozenset(), "bounded"), Tried(frozenset([A]), "bounded")]}, {"x": []}),
    ],
)
def test_what_is_taken(helped, expected):
    """Few indexes, small ones, and none that leaves to skew what another one bounds."""
    assert {name: sorted(tried.option, key=lambda one: one.rank) for name, tried in chosen(helped).items()} == expected


def test_an_index_that_begins_with_anothers_keys_can_take_its_place():
    """Over the same rows, in the same directions, and a btree."""
    assert does_all(AB, A)
    assert not does_all(A, A)
    assert not does_all(AB, B)
    assert not does_all(_index("a", "b", where="c IS NULL"), A)
    backwards = _index(IndexKey("a", descending=True), "b")
    assert not does_all(backwards, A)
    assert could_do(backwards, AB)
    assert could_do(AB, A)
    assert not could_do(AB, AB)
    assert not could_do(_index("a", "b", where="c IS NULL"), AB)


CONDITIONS = [
    ("((o.a = $1) AND (o.b IS NULL))", ["o.a = $1", "o.b IS NULL"]),
    ("(o.amount > (InitPlan 1).col1)", ["o.amount > $9999"]),
    ("((o.a = $1) AND (NOT (ANY (o.id = (hashed SubPlan 1).col1))))", ["o.a = $1"]),
    ("((o.name ~~ 'x) AND (y'::text) AND o.b)", ["o.name ~~ 'x) AND (y'::text", "o.b"]),
    ("(NOT (hashed SubPlan 2))", ["NOT $9999"]),
    ("this is no condition", []),
]


@pytest.mark.parametrize(("text", "parts"), CONDITIONS)
def test_conditions_of_plans_are_read(text, parts):
    """What a plan says in place of a subquery is a value; what is no SQL is left out, the rest is not."""
    assert [tree.text_of(one) for one in tree.conditions(text)] == parts


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT a, (SELECT max(b) FROM u WHERE u.x = t.x) FROM t WHERE a IN (1, 2) ORDER BY a DESC NULLS LAST LIMIT 3",
        "(SELECT a FROM t ORDER BY a LIMIT 1) UNION (SELECT b FROM u ORDER BY b LIMIT 1) ORDER BY 1 LIMIT 1",
        "WITH x AS MATERIALIZED (SELECT 1) SELECT * FROM x JOIN LATERAL (SELECT 2) y ON true WHERE NOT (a OR b AND c)",
        "UPDATE t SET a = $1 FROM u WHERE u.id = t.id AND t.b @> ARRAY['x']::text[] RETURNING *",
        "SELECT sum(a) FILTER (WHERE b) OVER (PARTITION BY c ORDER BY d ROWS UNBOUNDED PRECEDING) FROM t",
        "SELECT 1 WHERE a BETWEEN 1 AND 2 AND (x, y) < ($1, $2) AND c LIKE 'é%' AND d IS DISTINCT FROM 'ü'",
    ],
)
def test_a_query_is_written_as_it_was_read(sql):
    """Laid out or not, what is written reads as the same tree."""
    node = tree.statement(sql)
    assert node is not None
    assert tree.same(tree.statement(tree.written(node)), node)
