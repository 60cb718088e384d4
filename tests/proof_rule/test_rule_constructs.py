"""Every construct that a query may have, planned at production size on a real server: judged right, or not judged."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from shop import on_a_ground

from pgready.embedded import EmbeddedServer
from pgready.postgres.proving.proving_ground import Ground
from pgready.proof.contract import Contract, Parameter, Place
from pgready.proof.rule.judge import judge
from pgready.proof.verdict import Judgement, Mode

pytestmark = pytest.mark.matrix


class Case(NamedTuple):
    """A query, what the rule has to say of its generic plan, the fault if there is one, and samples of lists."""

    name: str
    sql: str
    kinds: str
    fault: str = ""
    lists: dict[int, str] = {}  # noqa: RUF012 - read only


PAGE = "ORDER BY issued_at DESC, id DESC LIMIT 50"
PAGE_OF = "ORDER BY i.issued_at DESC, i.id DESC LIMIT 50"

CASES = [
    # keys and pages
    Case("by key", "SELECT * FROM invoices WHERE id = $1", "bounded"),
    Case("by another key", "SELECT * FROM invoices WHERE number = $1", "bounded"),
    Case("by an expression's key", "SELECT * FROM clients WHERE lower(email) = lower($1)", "bounded"),
    Case("by the column below an expression", "SELECT * FROM clients WHERE email = $1", "unbounded", "scan"),
    Case("by keys", "SELECT * FROM invoices WHERE id = ANY($1)", "bounded", lists={1: "{1,2,3}"}),
    Case("by a thousand keys", "SELECT * FROM invoices WHERE id = ANY($1)", "unbounded",
         lists={1: "{" + ",".join(str(n) for n in range(1000)) + "}"}),
    Case("page", f"SELECT * FROM invoices {PAGE}", "bounded"),
    Case("large page", "SELECT * FROM invoices ORDER BY issued_at DESC, id DESC LIMIT 500000", "unbounded", "rows read"),
    Case("no page", "SELECT * FROM invoices ORDER BY issued_at DESC, id DESC", "unbounded", "scan"),
    Case("page with ties",
         "SELECT * FROM invoices ORDER BY issued_at DESC, id DESC FETCH FIRST 10 ROWS WITH TIES", "skew"),
    Case("page of one", f"SELECT * FROM invoices WHERE client_id = $1 {PAGE}", "bounded"),
    Case("keyset", f"SELECT * FROM invoices WHERE (issued_at, id) < ($1, $2) {PAGE}", "bounded"),
    Case("keyset of one",
         f"SELECT * FROM invoices WHERE client_id = $1 AND (issued_at, id) < ($2, $3) {PAGE}", "bounded"),
    Case("keyset as OR",
         f"SELECT * FROM invoices WHERE issued_at < $1 OR (issued_at = $1 AND id < $2) {PAGE}", "unbounded", "filter"),
    Case("keyset as OR with a bound",
         f"SELECT * FROM invoices WHERE issued_at <= $1 AND (issued_at < $1 OR id < $2) {PAGE}", "bounded"),
    Case("keyset as OR with a bound, and a filter", f"SELECT * FROM invoices WHERE total > $3 AND issued_at <= $1"
         f" AND (issued_at < $1 OR id < $2) {PAGE}", "skew", "filter"),
    Case("offset asked for", f"SELECT * FROM invoices {PAGE} OFFSET $1", "unbounded", "offset"),
    Case("deep offset", f"SELECT * FROM invoices {PAGE} OFFSET 100000", "unbounded", "offset"),
    Case("shallow offset", f"SELECT * FROM invoices {PAGE} OFFSET 50", "bounded"),
    Case("offset of little", "SELECT * FROM countries ORDER BY name LIMIT 20 OFFSET $1", "bounded"),
    Case("other order", "SELECT * FROM invoices ORDER BY total LIMIT 50", "unbounded", "scan"),
    Case("other order of one", "SELECT * FROM invoices WHERE client_id = $1 ORDER BY total LIMIT 50", "bounded"),
    Case("more order than the index has", "SELECT * FROM invoices ORDER BY issued_at DESC, total LIMIT 20", "bounded"),
    Case("at random", "SELECT * FROM invoices ORDER BY random() LIMIT 1", "unbounded", "scan"),
    # filters and ranges
    Case("page with a filter", f"SELECT * FROM invoices WHERE total > $1 {PAGE}", "skew | unbounded", "filter"),
    Case("filter that all pass", f"SELECT * FROM invoices WHERE NOT is_test {PAGE}", "bounded"),
    Case("filter that few pass", f"SELECT * FROM invoices WHERE is_test {PAGE}", "unbounded", "filter"),
    Case("state asked for", "SELECT * FROM invoices WHERE status = $1 ORDER BY issued_at LIMIT 50", "bounded | skew"),
    Case("partial index", "SELECT * FROM invoices WHERE status = 'draft' ORDER BY due_on LIMIT 50", "bounded"),
    Case("partial index missed", "SELECT * FROM invoices WHERE status = 'open' ORDER BY due_on LIMIT 50", "unbounded"),
    Case("uneven", "SELECT * FROM clients WHERE tenant_id = $1", "skew"),
    Case("half a range", "SELECT * FROM invoices WHERE issued_at >= $1", "unbounded", "range"),
    Case("a range", "SELECT * FROM invoices WHERE issued_at BETWEEN $1 AND $2", "skew | unbounded", "range"),
    Case("a range of one", "SELECT * FROM invoices WHERE client_id = $1 AND issued_at BETWEEN $2 AND $3", "bounded"),
    Case("function on a column", "SELECT * FROM invoices WHERE date_trunc('day', issued_at) = $1", "unbounded", "scan"),
    Case("either", "SELECT * FROM invoices WHERE client_id = $1 OR number = $2", "bounded"),
    Case("null", "SELECT * FROM clients WHERE referrer_id IS NULL", "unbounded"),
    Case("little", "SELECT * FROM countries WHERE name ILIKE $1", "bounded"),
    # aggregates and windows
    Case("count", "SELECT count(*) FROM invoices", "unbounded"),
    Case("count of one", "SELECT count(*) FROM invoices WHERE client_id = $1", "bounded"),
    Case("last", "SELECT max(issued_at) FROM invoices", "bounded"),
    Case("largest", "SELECT max(total) FROM invoices", "unbounded", "scan"),
    Case("groups", "SELECT client_id, count(*) FROM invoices GROUP BY 1 ORDER BY 2 DESC LIMIT 10", "unbounded"),
    Case("first groups", "SELECT client_id, count(*) FROM invoices GROUP BY 1 ORDER BY 1 LIMIT 10", "bounded | skew"),
    Case("distinct", "SELECT DISTINCT client_id FROM invoices", "unbounded"),
    Case("numbered", f"SELECT id, row_number() OVER (ORDER BY issued_at DESC, id DESC) FROM invoices {PAGE}", "bounded"),
    Case("with the total", f"SELECT id, count(*) OVER () FROM invoices {PAGE}", "unbounded"),
    Case("window of one", "SELECT sum(total) OVER (ORDER BY issued_at) FROM invoices WHERE client_id = $1", "bounded"),
    Case("latest of each", "SELECT * FROM (SELECT id, row_number() OVER (PARTITION BY client_id ORDER BY total) AS n"
         " FROM invoices) AS x WHERE n = 1", "unbounded"),
    # joins
    Case("page with its parent",
         f"SELECT * FROM invoices i JOIN clients c ON c.id = i.client_id {PAGE_OF}", "bounded"),
    Case("page with a parent filtered",
         f"SELECT * FROM invoices i JOIN clients c ON c.id = i.client_id WHERE c.country = $1 {PAGE_OF}",
         "skew | unbounded"),
    Case("page with a parent that may be missing",
         "SELECT * FROM clients c JOIN clients r ON r.id = c.referrer_id ORDER BY c.id LIMIT 20", "skew"),
    Case("page with children by no index",
         f"SELECT * FROM invoices i LEFT JOIN payments p ON p.invoice_id = i.id {PAGE_OF}", "unbounded", "scan"),
    Case("one with children", "SELECT * FROM clients c JOIN invoices i ON i.client_id = c.id WHERE c.id = $1", "bounded"),
    Case("hash join", "SELECT count(*) FROM invoices i JOIN lines l ON l.invoice_id = i.id", "unbounded", "scan"),
    Case("cross join", "SELECT i.id FROM invoices i, tenants t WHERE i.id = $1", "bounded"),
    Case("cross join of all", "SELECT i.id FROM clients i, tenants t", "unbounded"),
    Case("lateral", "SELECT * FROM clients c, LATERAL (SELECT * FROM invoices i WHERE i.client_id = c.id"
         " ORDER BY total LIMIT 3) AS x WHERE c.id = $1", "bounded"),
    Case("lateral of many", "SELECT * FROM tenants t, LATERAL (SELECT * FROM clients c WHERE c.tenant_id = t.id"
         " ORDER BY email LIMIT 1) AS x", "unbounded"),
    # subqueries, CTEs, sets
    Case("exists", f"SELECT * FROM invoices i WHERE EXISTS (SELECT FROM lines l WHERE l.invoice_id = i.id"
         f" AND l.sku = $1) {PAGE_OF}", "skew | unbounded"),
    Case("not exists", f"SELECT * FROM invoices i WHERE NOT EXISTS (SELECT FROM payments p WHERE p.invoice_id = i.id)"
         f" {PAGE_OF}", "unbounded"),
    Case("not in", "SELECT * FROM invoices WHERE client_id NOT IN (SELECT id FROM clients) LIMIT 10", "unbounded"),
    Case("subquery for each row", "SELECT *, (SELECT sum(amount) FROM lines l WHERE l.invoice_id = i.id)"
         " FROM invoices i WHERE client_id = $1", "bounded"),
    Case("scan for each row", f"SELECT *, (SELECT count(*) FROM payments p WHERE p.invoice_id = i.id)"
         f" FROM invoices i {PAGE_OF}", "unbounded", "scan"),
    Case("subquery once", "SELECT * FROM invoices WHERE id = (SELECT max(id) FROM invoices)", "bounded"),
    Case("is there one", "SELECT EXISTS (SELECT FROM invoices WHERE client_id = $1)", "bounded"),
    Case("is there one without an index", "SELECT EXISTS (SELECT FROM invoices WHERE total = $1)", "unbounded"),
    Case("array of one", "SELECT ARRAY(SELECT id FROM invoices WHERE client_id = $1)", "bounded"),
    Case("array of all", "SELECT ARRAY(SELECT id FROM invoices WHERE total > 0)", "unbounded"),
    Case("CTE", f"WITH x AS MATERIALIZED (SELECT * FROM invoices {PAGE}) SELECT a.id FROM x a JOIN x b USING (client_id)",
         "bounded"),
    Case("CTE of too much", "WITH x AS MATERIALIZED (SELECT * FROM invoices) SELECT * FROM x ORDER BY total LIMIT 10",
         "unbounded"),
    Case("ancestors", "WITH RECURSIVE t AS (SELECT id, referrer_id FROM clients WHERE id = $1 UNION ALL SELECT c.id,"
         " c.referrer_id FROM clients c JOIN t ON c.id = t.referrer_id) SELECT * FROM t", "not judged"),
    Case("descendants without an index", "WITH RECURSIVE t AS (SELECT id FROM clients WHERE id = $1 UNION ALL"
         " SELECT c.id FROM clients c JOIN t ON c.referrer_id = t.id) SELECT * FROM t", "unbounded"),
    Case("union", "SELECT id FROM invoices WHERE client_id = $1 UNION SELECT id FROM payments WHERE id = $2", "bounded"),
    Case("except", "SELECT id FROM invoices WHERE client_id = $1 EXCEPT SELECT invoice_id FROM payments", "unbounded"),
    Case("merged pages", "(SELECT issued_at FROM invoices ORDER BY 1 DESC LIMIT 20) UNION ALL"
         " (SELECT paid_at FROM payments ORDER BY 1 DESC LIMIT 20) ORDER BY 1 DESC LIMIT 20", "bounded"),
    # partitions
    Case("pruned partitions", "SELECT * FROM events WHERE tenant_id = $1 AND at = $2", "bounded | skew"),
    Case("pruned by hash", "SELECT * FROM members WHERE tenant_id = $1 AND id = $2", "bounded"),
    Case("page of partitions", "SELECT * FROM events WHERE tenant_id = $1 ORDER BY at DESC LIMIT 20", "bounded"),
    Case("partitions by no index", "SELECT * FROM events WHERE kind = $1", "unbounded", "scan"),
    Case("order that partitions have no index for", "SELECT * FROM events ORDER BY at DESC LIMIT 20", "unbounded"),
    Case("partitions without their key", "SELECT * FROM members WHERE id = $1", "unbounded"),
    # other indexes
    Case("contains", "SELECT * FROM invoices WHERE doc @> $1", "skew"),
    Case("has a key", "SELECT * FROM invoices WHERE doc ? $1", "skew"),
    Case("value in JSON", "SELECT * FROM invoices WHERE doc ->> 'kind' = $1", "unbounded", "scan"),
    Case("label", "SELECT * FROM invoices WHERE labels @> $1 ORDER BY total LIMIT 20", "skew | unbounded"),
    Case("label by ANY", "SELECT * FROM invoices WHERE $1 = ANY (labels)", "unbounded", "scan"),
    Case("search", "SELECT * FROM invoices WHERE search @@ to_tsquery('simple', $1) LIMIT 20", "skew"),
    Case("search of an expression",
         "SELECT * FROM invoices WHERE to_tsvector('simple', note) @@ to_tsquery('simple', $1)", "unbounded", "scan"),
    Case("ILIKE", "SELECT * FROM invoices WHERE note ILIKE $1", "unbounded", "scan"),
    Case("LIKE by a parameter", "SELECT * FROM invoices WHERE note LIKE $1", "unbounded", "scan"),
    Case("LIKE a prefix", "SELECT * FROM invoices WHERE note LIKE 'abc%'", "skew | unbounded", "range"),
    Case("LIKE until found", "SELECT * FROM invoices WHERE note LIKE '%abc%' LIMIT 10", "skew | unbounded", "filter"),
    Case("at a time", "SELECT * FROM bookings WHERE during @> $1::timestamptz", "skew"),
    Case("nearest", "SELECT * FROM bookings ORDER BY place <-> $1 LIMIT 10", "bounded"),
    Case("nearest of some", "SELECT * FROM bookings WHERE during && $1 ORDER BY place <-> $2 LIMIT 10",
         "skew | unbounded"),
    Case("BRIN", "SELECT * FROM logs WHERE at >= $1 AND at < $2", "skew | unbounded"),
    Case("BRIN for an order", "SELECT * FROM logs ORDER BY at DESC LIMIT 10", "unbounded"),
    Case("hash index", "SELECT * FROM logs WHERE level = $1", "unbounded"),
    # what is not seen
    Case("row security by key", "SELECT * FROM secrets WHERE id = $1", "bounded"),
    Case("row security", "SELECT * FROM secrets ORDER BY made_at DESC LIMIT 20", "skew"),
    Case("function that reads", "SELECT balance(id) FROM clients WHERE id = $1", "not judged"),
    Case("trigger that reads", "UPDATE tenants SET name = $1 WHERE id = $2", "not judged"),
    Case("trigger that does not", "UPDATE clients SET email = $1 WHERE id = $2", "bounded"),
    Case("view", "SELECT * FROM open_invoices WHERE client_id = $1", "bounded"),
    Case("materialized view", "SELECT * FROM totals WHERE client_id = $1", "bounded"),
    Case("materialized view in order", "SELECT * FROM totals ORDER BY total DESC LIMIT 10", "unbounded"),
    Case("series", "SELECT * FROM generate_series(1, 10) AS n JOIN invoices i ON i.id = n", "bounded"),
    Case("sample of rows", "SELECT * FROM invoices TABLESAMPLE BERNOULLI (1)", "unbounded"),
    Case("sample of pages", "SELECT * FROM invoices TABLESAMPLE SYSTEM (0.01)", "bounded"),
    Case("nothing", "SELECT 1", "bounded"),
    # changes
    Case("lock", "SELECT * FROM invoices WHERE id = $1 FOR UPDATE", "bounded"),
    Case("update", "UPDATE invoices SET note = $1 WHERE id = $2", "bounded"),
    Case("update of many", "UPDATE invoices SET note = $1 WHERE status = 'open'", "unbounded"),
    Case("delete", "DELETE FROM lines WHERE invoice_id = $1 AND line_no = $2", "bounded"),
    Case("delete with a foreign key by no index", "DELETE FROM invoices WHERE id = $1", "unbounded", "scan"),
    Case("insert", "INSERT INTO countries VALUES ($1, $2) ON CONFLICT (code) DO UPDATE SET name = excluded.name", "bounded"),
    Case("insert from a query", "INSERT INTO payments SELECT id, id, now() FROM invoices WHERE total > $1", "unbounded"),
]  # fmt: skip


@pytest.fixture(scope="module")
def ground(server: EmbeddedServer) -> Iterator[Ground]:
    """The shop on an empty database of the run's server, at production size."""
    with on_a_ground(server, "rule_constructs") as made:
        yield made


def judged(ground: Ground, sql: str, samples: dict[int, str] | None = None, mode: Mode = "generic") -> Judgement:
    """What the rule says of a query's plan."""
    parameters = tuple(Parameter(number, sample=value) for number, value in (samples or {}).items())
    contract = Contract("case", sql, Place("case.sql", 1), "sql", parameters=parameters)
    return judge(ground.plan(contract, mode), ground.facts(), contract, mode)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_construct(ground, case):
    """A query is judged as it would do on the full tables, and its fault has the right name."""
    found = judged(ground, case.sql, case.lists)
    told = [(one.fault, one.text) for one in found.findings]
    assert found.kind in case.kinds.split(" | "), (found.kind, told, found.why_not)
    if case.fault:
        assert case.fault in [one.fault for one in found.findings], told
