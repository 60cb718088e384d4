"""The smallest index that makes a query bounded: what is expected for each, and that it really does."""

from dataclasses import replace

import pytest
from way_out_ground import PROFILE, contract, ground, judging, look, worst_with

from pgready.commands.prove.way_out import ways_out

pytestmark = pytest.mark.matrix

ORDERS = 'SELECT * FROM "order" WHERE '

# The query, and behind `ON` what is expected of each index, in the order of their tables.
EXPECTED = {
    # one key
    "equality": (ORDERS + "reference = $1", '"order" ("reference")'),
    "the tenant costs a key": (ORDERS + "tenant_id = $1 AND reference = $2", '"order" ("reference")'),
    "among some": (ORDERS + "reference = ANY ($1)", '"order" ("reference")'),
    "in a list": (ORDERS + "reference IN ($1, $2, $3)", '"order" ("reference")'),
    "foreign key": (ORDERS + "customer_id = $1", '"order" ("customer_id")'),
    "a range after a key that is enough": (
        ORDERS + "customer_id = $1 AND placed_at >= $2 AND placed_at < $3",
        '"order" ("customer_id")',
    ),
    "filter after a key that is enough": (ORDERS + "customer_id = $1 AND note ILIKE $2", '"order" ("customer_id")'),
    "text": ("SELECT * FROM customer WHERE email = $1", '"customer" ("email")'),
    # orders
    "newest": (ORDERS + "true ORDER BY placed_at DESC LIMIT 20", '"order" ("placed_at" DESC)'),
    "newest of one": (
        ORDERS + "customer_id = $1 ORDER BY placed_at DESC LIMIT 20",
        '"order" ("customer_id", "placed_at" DESC)',
    ),
    "newest of one, a parameter of pages": (
        ORDERS + "customer_id = $1 ORDER BY placed_at DESC, id DESC LIMIT $2",
        '"order" ("customer_id", "placed_at" DESC, "id" DESC)',
    ),
    "oldest first": (
        ORDERS + "tenant_id = $1 ORDER BY placed_at, id LIMIT 20",
        '"order" ("tenant_id", "placed_at", "id")',
    ),
    "both directions": (
        ORDERS + "tenant_id = $1 ORDER BY placed_at DESC, id ASC LIMIT 20",
        '"order" ("tenant_id", "placed_at" DESC, "id")',
    ),
    "NULLS LAST": (
        ORDERS + "tenant_id = $1 ORDER BY sent_at DESC NULLS LAST LIMIT 20",
        '"order" ("tenant_id", "sent_at" DESC NULLS LAST)',
    ),
    "two equalities": (
        ORDERS + 'tenant_id = $1 AND "orderStatus" = $2 ORDER BY placed_at DESC LIMIT 20',
        '"order" ("tenant_id", "orderStatus", "placed_at" DESC)',
    ),
    "the tenant first": (
        ORDERS + '"orderStatus" = $2 AND tenant_id = $1 ORDER BY placed_at DESC LIMIT 20',
        '"order" ("tenant_id", "orderStatus", "placed_at" DESC)',
    ),
    "by name": (
        "SELECT * FROM customer WHERE tenant_id = $1 ORDER BY name LIMIT 50",
        '"customer" ("tenant_id", "name")',
    ),
    "a queue": (ORDERS + '"orderStatus" = $1 ORDER BY placed_at LIMIT 10', '"order" ("orderStatus", "placed_at")'),
    "a range that is the order": (ORDERS + "placed_at > $1 ORDER BY placed_at LIMIT 100", '"order" ("placed_at")'),
    "keyset": (
        ORDERS + "(placed_at, id) < ($1, $2) ORDER BY placed_at DESC, id DESC LIMIT 20",
        '"order" ("placed_at" DESC, "id" DESC)',
    ),
    "keyset of a tenant": (
        ORDERS + "tenant_id = $1 AND (placed_at, id) < ($2, $3) ORDER BY placed_at DESC, id DESC LIMIT 20",
        '"order" ("tenant_id", "placed_at" DESC, "id" DESC)',
    ),
    "max": ('SELECT max(placed_at) FROM "order" WHERE tenant_id = $1', '"order" ("tenant_id", "placed_at" DESC)'),
    "min of all": ('SELECT min(placed_at) FROM "order"', '"order" ("placed_at")'),
    # partial
    "a state by name": (
        ORDERS + "\"orderStatus\" = 'open' ORDER BY placed_at LIMIT 10",
        '"order" ("placed_at") WHERE "orderStatus" = \'open\'',
    ),
    "not deleted": (
        ORDERS + "tenant_id = $1 AND deleted_at IS NULL ORDER BY placed_at DESC LIMIT 20",
        '"order" ("tenant_id", "placed_at" DESC) WHERE deleted_at IS NULL',
    ),
    "a flag": (
        ORDERS + "tenant_id = $1 AND is_gift ORDER BY placed_at DESC LIMIT 20",
        '"order" ("tenant_id", "placed_at" DESC) WHERE is_gift',
    ),
    # expressions
    "lower": ("SELECT * FROM customer WHERE lower(email) = $1", '"customer" ((lower(email)))'),
    "lower on both sides": ("SELECT * FROM customer WHERE lower(email) = lower($1)", '"customer" ((lower(email)))'),
    "lower of a tenant": (
        "SELECT * FROM customer WHERE tenant_id = $1 AND lower(name) = $2",
        '"customer" ((lower(name)))',
    ),
    # other kinds
    "tags": (ORDERS + "tags @> $1", '"order" USING gin ("tags")'),
    "a key of JSON": (ORDERS + "data ? $1", '"order" USING gin ("data")'),
    "full text": (ORDERS + "search @@ plainto_tsquery('english', $1)", '"order" USING gin ("search")'),
    "full text of an expression": (
        ORDERS + "to_tsvector('english', note) @@ plainto_tsquery('english', $1)",
        "\"order\" USING gin ((to_tsvector('english'::regconfig, note)))",
    ),
    "a range": (ORDERS + "during && $1", '"order" USING gist ("during")'),
    "within a range": (ORDERS + "during @> $1::timestamptz", '"order" USING gist ("during")'),
    # more than one table
    "join": (
        'SELECT c.email, o.* FROM customer c JOIN "order" o ON o.customer_id = c.id WHERE c.email = $1',
        '"customer" ("email")',
        '"order" ("customer_id")',
    ),
    "the inner side": (
        'SELECT o.*, i.sku FROM "order" o JOIN item i ON i.order_id = o.id WHERE o.id = $1',
        '"item" ("order_id")',
    ),
    "lateral": (
        "SELECT x.* FROM customer c CROSS JOIN LATERAL"
        ' (SELECT * FROM "order" o WHERE o.customer_id = c.id ORDER BY o.placed_at DESC LIMIT 3) x WHERE c.id = $1',
        '"order" ("customer_id", "placed_at" DESC)',
    ),
    "a CTE": (
        'WITH mine AS (SELECT * FROM "order" WHERE customer_id = $1) SELECT count(*) FROM mine',
        '"order" ("customer_id")',
    ),
    "a view": ("SELECT id, email FROM gift WHERE customer_id = $1", '"order" ("customer_id")'),
    "two sides of a UNION": (
        'SELECT id FROM "order" WHERE customer_id = $1 UNION ALL SELECT id FROM event WHERE customer_id = $1',
        '"event" ("customer_id")',
        '"order" ("customer_id")',
    ),
    "either": (ORDERS + "customer_id = $1 OR reference = $2", '"order" ("customer_id")', '"order" ("reference")'),
    "partitions": (
        "SELECT * FROM event WHERE customer_id = $1 ORDER BY at DESC LIMIT 20",
        '"event" ("customer_id", "at" DESC)',
    ),
    "window": (
        'SELECT *, row_number() OVER (ORDER BY placed_at) FROM "order" WHERE customer_id = $1',
        '"order" ("customer_id")',
    ),
    "count": ("SELECT count(*) FROM item WHERE order_id = $1", '"item" ("order_id")'),
    # what changes rows
    "update": ('UPDATE "order" SET is_gift = true WHERE reference = $1', '"order" ("reference")'),
    "delete": ("DELETE FROM item WHERE order_id = $1", '"item" ("order_id")'),
}


@pytest.fixture(scope="module")
def shop(server):
    """The shop's proving ground."""
    from psycopg import connect

    with connect(server.url(tcp=False), autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS way_out_shop WITH (FORCE)")
        admin.execute("CREATE DATABASE way_out_shop")
    with ground(server.url("way_out_shop", tcp=False)) as made:
        yield made
    with connect(server.url(tcp=False), autocommit=True) as admin:
        admin.execute("DROP DATABASE way_out_shop WITH (FORCE)")


@pytest.mark.parametrize("name", EXPECTED)
def test_the_smallest_index_is_offered_and_helps(shop, name):
    """The index is the expected one; with it really there the contract is bounded at both ends of growth."""
    sql, *expected = EXPECTED[name]
    one = contract(sql)
    way = look(shop, one)
    ((_, offers),) = way.offers
    assert [offer.kind for offer in offers] == ["index"] * len(expected)
    assert [statement.partition(" ON ")[2] for _, statement in way.indexes] == expected
    assert {offer.after for offer in offers} <= {"bounded", "skew"}
    assert worst_with(shop, [statement for _, statement in way.indexes], one) == offers[0].after
    for offer in offers:
        assert offer.serves == (one.name,)
        assert offer.size > 8192 * 100
        partitioned = '"event"' in offer.sql
        assert offer.sql.startswith("CREATE INDEX " if partitioned else "CREATE INDEX CONCURRENTLY ")
        assert ("blocks writers" in offer.text) == partitioned


REWRITTEN = {
    "keyset by OR": (
        ORDERS + "tenant_id = $1 AND (placed_at < $2 OR placed_at = $2 AND id < $3)"
        " ORDER BY placed_at DESC, id DESC LIMIT 20",
        "(placed_at, id) < ($2, $3)",
        '"order" ("tenant_id", "placed_at" DESC, "id" DESC)',
    ),
    "mixed keyset": (
        ORDERS + "placed_at < $1 OR placed_at = $1 AND id > $2 ORDER BY placed_at DESC, id LIMIT 20",
        "placed_at <= $1",
        '"order" ("placed_at")',
    ),
    "deep offset": (
        ORDERS + "tenant_id = $1 ORDER BY placed_at DESC LIMIT 20 OFFSET $2",
        "(placed_at, id) < ($2, $3)",
        '"order" ("tenant_id", "placed_at" DESC, "id" DESC)',
    ),
    "nothing appended": (ORDERS + "reference || '' = $1", "reference = $1", '"order" ("reference")'),
    "nothing added to a key": (ORDERS + "id + 0 = $1", "id = $1"),
    "a default": (ORDERS + "coalesce(reference, '') = $1", "reference IS NULL", '"order" ("reference")'),
    "an element": (ORDERS + "$1 = ANY (tags)", "tags @> ", '"order" USING gin ("tags")'),
    "either, in order": (
        ORDERS + "tenant_id = $1 OR customer_id = $2 ORDER BY placed_at DESC LIMIT 10",
        "UNION",
        '"order" ("customer_id", "placed_at" DESC, "id" DESC)',
        '"order" ("tenant_id", "placed_at" DESC, "id" DESC)',
    ),
}


@pytest.mark.parametrize("name", REWRITTEN)
def test_a_query_at_fault_is_rewritten_and_helps(shop, name):
    """The rewritten query is bounded with the indexes that are offered beside it, and they do not help the query."""
    sql, part, *expected = REWRITTEN[name]
    one = contract(sql)
    way = look(shop, one)
    ((_, (rewrite, *indexes)),) = way.offers
    statements = [statement for _, statement in way.indexes]
    assert (rewrite.kind, [offer.kind for offer in indexes]) == ("rewrite", ["index"] * len(expected))
    assert part in rewrite.sql
    assert [statement.partition(" ON ")[2] for statement in statements] == expected
    assert worst_with(shop, statements, contract(rewrite.sql)) == rewrite.after
    assert worst_with(shop, statements, one) != "bounded"


def test_a_number_of_another_type_is_cast_once(shop):
    """A numeric parameter would have every id cast; the value is cast instead, and the primary key serves."""
    way = look(shop, contract(ORDERS + "id = $1", {1: "numeric"}))
    ((_, (offer,)),) = way.offers
    assert (offer.kind, offer.after) == ("rewrite", "bounded")
    assert "bind the parameter as bigint" in offer.text


def test_pages_of_sqlalchemy_are_pointed_to_the_page_of_the_orm(shop):
    """A contract in Python with a deep OFFSET is told of pgready.orm.page, one in SQL is not."""
    one = contract(ORDERS + "customer_id = $1 ORDER BY placed_at DESC LIMIT 20 OFFSET $2")
    texts = [look(shop, each).offers[0][1][0].text for each in (one, replace(one, source="python"))]
    assert ["pgready.orm.page" in text for text in texts] == [False, True]


NOTHING = {
    "count of all": ('SELECT count(*) FROM "order"', "keep a counter"),
    "random": ('SELECT * FROM "order" ORDER BY random() LIMIT 10', "TABLESAMPLE"),
    "optional filter": (ORDERS + "($1::text IS NULL OR reference = $1)", "make each form a contract"),
    "contains": (ORDERS + "note ILIKE '%gift%'", "CREATE EXTENSION pg_trgm"),
    "groups of all": ('SELECT tenant_id, sum(total) FROM "order" GROUP BY tenant_id', "it has to read less"),
    "offset over NULLs": (ORDERS + "true ORDER BY sent_at LIMIT 10 OFFSET $1", "NOT NULL"),
    "order of another table": (
        'SELECT * FROM "order" o JOIN customer c ON c.id = o.customer_id WHERE c.tenant_id = $1'
        " ORDER BY o.total LIMIT 10",
        "it has to read less",
    ),
}


@pytest.mark.parametrize("name", NOTHING)
def test_where_nothing_helps_it_is_said_why(shop, name):
    """No index is offered for the sake of offering one; the text says what to do instead."""
    sql, part = NOTHING[name]
    way = look(shop, contract(sql))
    ((_, (offer,)),) = way.offers
    assert (offer.kind, offer.sql, offer.after) == ("none", "", None)
    assert part in offer.text
    assert way.indexes == ()


def test_one_index_serves_several_contracts(shop):
    """Two contracts that two indexes would serve are given the one that serves both; what it replaces is named."""
    short = contract(ORDERS + "customer_id = $1", name="all of a customer")
    long = contract(ORDERS + "customer_id = $1 ORDER BY placed_at DESC LIMIT 5", name="newest of a customer")
    way = look(shop, short, long)
    assert [statement.partition(" ON ")[2] for _, statement in way.indexes] == [
        '"order" ("customer_id", "placed_at" DESC)'
    ]
    assert {offer.serves for _, offers in way.offers for offer in offers} == {(short.name, long.name)}
    tenant = contract(ORDERS + "tenant_id = $1 ORDER BY placed_at LIMIT 5")
    ((_, (offer,)),) = look(shop, tenant).offers
    assert offer.superfluous == ("order_tenant_id_idx",)
    assert "order_tenant_id_idx superfluous" in offer.text


def test_pages_of_both_directions_are_given_one_index(shop):
    """An index is read backwards as well: the pages forwards and those backwards need one."""
    down = contract(ORDERS + "customer_id = $1 ORDER BY placed_at DESC, id DESC LIMIT 5")
    up = contract(ORDERS + "customer_id = $1 AND (placed_at, id) > ($2, $3) ORDER BY placed_at, id LIMIT 5")
    way = look(shop, down, up)
    assert len(way.indexes) == 1
    assert worst_with(shop, [sql for _, sql in way.indexes], down) == "bounded"
    assert worst_with(shop, [sql for _, sql in way.indexes], up) == "bounded"


def test_what_helps_for_now_alone_is_told_and_not_offered(shop):
    """An index that keeps a contract bounded at 1x and not at 100x is in the text, not among the indexes."""
    way = look(shop, contract("SELECT * FROM customer WHERE tenant_id = $1"))
    ((_, (offer,)),) = way.offers
    assert (offer.kind, way.indexes) == ("none", ())
    assert 'at 1x, and not much beyond, this keeps it bounded: CREATE INDEX CONCURRENTLY "customer_tenant' in offer.text


def test_the_ground_is_as_before(shop):
    """Afterwards no candidate is left, no index is hidden, and the same plans come out."""
    work = judging(shop)
    one = contract(ORDERS + "tenant_id = $1 AND reference = $2")
    before = work.run([one])
    look(shop, one)
    assert work.run([one]) == before
    names = shop.session.rows(
        "indexes",
        "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        " WHERE i.indrelid = '\"order\"'::regclass ORDER BY 1",
    )
    assert names == (("order_pkey", "t"), ("order_tenant_id_idx", "t"))


def test_bounded_contracts_are_not_looked_at(shop):
    """Without an unbounded contract there is nothing to offer."""
    work = judging(shop, profile=PROFILE)
    proved = work.run([contract(ORDERS + "id = $1")])
    assert ways_out(work, proved).offers == ()
