"""The rule on plans as values: limits, waivers, skew, versions, and what it says."""

from dataclasses import replace

import pytest

from pgready.proof.contract import Contract, Parameter, Place, Waiver
from pgready.proof.plan_tree import PlanNode, plan_of
from pgready.proof.rule.facts import ColumnFacts, Facts, IndexFacts, KeyFacts, Reference, TableFacts
from pgready.proof.rule.judge import judge

T = ("app", "invoices")


def column(distinct: float, top: float | None = None, **more: object) -> ColumnFacts:
    """A column's facts without nulls."""
    return ColumnFacts(distinct, 0.0, 0.0, top, **more)


def index(name: str, *keys: str, unique: bool = False, rows: float = 1_000_000, method: str = "btree") -> IndexFacts:
    """A plain index of the table."""
    return IndexFacts(name, method, tuple(KeyFacts(key.upper(), key) for key in keys), unique, "", rows, rows / 250)


def facts(*, rows: float = 1_000_000, major: int = 17, **table: object) -> Facts:
    """One table of so many rows with some indexes."""
    columns = {
        "id": column(rows, 1 / rows),
        "client_id": column(100_000, 0.00001),
        "status": column(5),
        "at": column(rows, 1 / rows),
    }
    indexes = [
        index("pk", "id", unique=True, rows=rows),
        index("by_client", "client_id", "at", rows=rows),
        index("by_at", "at", rows=rows),
        index("by_status", "status", "at", rows=rows),
    ]
    one = TableFacts(T, rows, rows / 50, columns=columns, indexes={each.name: each for each in indexes})
    return Facts({T: replace(one, **table)}, major=major)


def scan(kind: str = "Seq Scan", rows: float = 1, **keys: object) -> dict[str, object]:
    """A scan of the table as EXPLAIN writes it."""
    names = {"cond": "Index Cond", "filter": "Filter", "index": "Index Name"}
    base = {"Node Type": kind, "Relation Name": T[1], "Schema": T[0], "Alias": "i", "Plan Rows": rows}
    return base | {names.get(key, key): value for key, value in keys.items()}


def node(kind: str, *children: dict[str, object], rows: float = 1, **keys: object) -> dict[str, object]:
    """Another node; its children are its outer and inner side."""
    sides = [{"Parent Relationship": side} | child for side, child in zip(("Outer", "Inner"), children, strict=False)]
    return {"Node Type": kind, "Plan Rows": rows, "Plans": sides} | {
        key.replace("_", " "): v for key, v in keys.items()
    }


def plan(data: dict[str, object]) -> PlanNode:
    """The plan of EXPLAIN's answer."""
    return plan_of([{"Plan": data}])


def contract(sql: str = "SELECT", **more: object) -> Contract:
    """A contract of this text."""
    return Contract("q", sql, Place("q.sql", 1), "sql", **more)


BY_CLIENT = scan("Index Scan", 10, index="by_client", cond="(i.client_id = $1)")


def test_a_scan_is_told_with_all_that_it_takes_to_mend_it():
    """The finding of a Seq Scan names relation, rows and condition, and where in the plan it is."""
    found = judge(
        plan(node("Limit", node("Sort", scan(rows=9, filter="(i.total > $1)"), rows=9), rows=9)),
        facts(),
        contract("SELECT LIMIT 50"),
        "generic",
    )
    assert found.kind == "unbounded"
    assert found.rows_read == 1_000_000
    (one,) = found.findings
    assert (one.fault, one.path, one.relation, one.index, one.permission) == ("scan", (0, 0), T, "", "scan")
    assert one.text == "reads all 1,000,000 rows of app.invoices to sort them: no index serves total > $1"


def test_a_sort_is_told_at_the_sort():
    """What an index finds, and a Sort has to read whole for a LIMIT, is the Sort's fault."""
    below = scan("Index Scan", 200_000, index="by_status", cond="(i.status = 'x'::text)")
    found = judge(
        plan(node("Limit", node("Sort", below, rows=200_000), rows=50)), facts(), contract("LIMIT 50"), "generic"
    )
    assert [(one.fault, one.path) for one in found.findings] == [("sort", (0,))]
    assert found.findings[0].text == (
        "reads and sorts 200,000 rows of app.invoices by the index by_status where status = 'x'::text,"
        " to return the first few"
    )
    assert found.indexes == (("app", "by_status"),)


def test_a_leading_column_that_is_not_bound_is_named():
    """An Index Cond that misses the index's leading column reads the whole index, and says which column that is."""
    found = judge(plan(scan("Index Scan", 10, index="by_client", cond="(i.at = $1)")), facts(), contract(), "generic")
    assert [one.fault for one in found.findings] == ["leading column"]
    assert "at = $1 does not bind its leading column client_id" in found.findings[0].text


@pytest.mark.parametrize(("major", "kind"), [(17, "unbounded"), (18, "bounded")])
def test_a_leading_column_may_be_skipped_from_18(major, kind):
    """PostgreSQL 18 skips over a leading column of few values, older ones read the whole index."""
    given = plan(scan("Index Scan", 1, index="by_status", cond="(i.at = $1)"))
    assert judge(given, facts(major=major), contract(), "generic").kind == kind


@pytest.mark.parametrize(
    ("top", "distinct", "kind"),
    [(0.00001, 100_000, "bounded"), (0.1, 100_000, "skew"), (None, 100_000, "skew"), (None, 900_000, "bounded"),
     (None, 100, "unbounded")],
)  # fmt: skip
def test_skew(top, distinct, kind):
    """One value's rows are few, many for some values, or many for all: as the profile says, or does not say."""
    columns = facts().tables[T].columns | {"client_id": column(distinct, top)}
    given = scan("Index Scan", 1_000_000 / distinct, index="by_client", cond="(i.client_id = $1)")
    found = judge(plan(given), facts(columns=columns), contract(), "generic")
    assert found.kind == kind
    if kind == "skew":
        assert ("top_share" in found.findings[0].text) is (top is None)


def test_a_constants_own_share_counts():
    """A constant of an enum whose frequencies are known is as common as it is, not as the average."""
    columns = facts().tables[T].columns | {"status": column(2, frequencies={"paid": 0.9999, "draft": 0.0001})}
    for value, rows, kind in (("draft", 100, "bounded"), ("paid", 999_900, "unbounded")):
        given = scan("Index Scan", rows, index="by_status", cond=f"(i.status = '{value}'::app.status)")
        assert judge(plan(given), facts(columns=columns), contract(), "generic").kind == kind


@pytest.mark.parametrize(
    ("condition", "kind"),
    [("(i.status <> 'void'::app.status)", "bounded"), ("(i.status = ANY ('{paid,open}'::app.status[]))", "bounded"),
     ("(i.status <> 'paid'::app.status)", "skew"), ("(i.status <> $1)", "skew")],
)  # fmt: skip
def test_a_filter_that_nearly_all_pass_costs_nothing(condition, kind):
    """A filter whose share is known for sure stands in nobody's way if it lets nearly all rows pass."""
    columns = facts().tables[T].columns | {"status": column(3, frequencies={"paid": 0.6, "open": 0.35, "void": 0.05})}
    given = node("Limit", scan("Index Scan", 900_000, index="by_at", filter=condition), rows=50)
    assert judge(plan(given), facts(columns=columns), contract("LIMIT 50"), "generic").kind == kind


def test_a_partial_index_is_not_as_even_as_its_table():
    """A value that is rare in the table may have all rows of a partial index."""
    part = replace(index("part", "client_id", rows=2_000), where="(status = 'open')")
    columns = facts().tables[T].columns | {"client_id": column(100_000, 0.01)}
    given = scan("Index Scan", 1, index="part", cond="(i.client_id = $1)")
    found = judge(plan(given), facts(columns=columns, indexes={"part": part}), contract(), "generic")
    assert found.kind == "skew"
    assert "may read all 2,000 rows" in found.findings[0].text


def test_growth_is_in_the_facts():
    """The same plan is bounded while the table is small and unbounded when it has grown."""
    given = plan(scan(rows=1, filter="(i.total > 1)"))
    assert [judge(given, facts(rows=rows), contract(), "generic").kind for rows in (1e4, 1e6)] == [
        "bounded",
        "unbounded",
    ]


def test_max_rows_read_replaces_the_rules_own_limit():
    """A contract may read as many rows as it says, more or fewer than others."""
    large = plan(scan(rows=1, filter="(i.total > 1)"))
    assert judge(large, facts(), contract(max_rows_read=1_000_000), "generic").kind == "bounded"
    assert judge(large, facts(), contract(max_rows_read=999_999), "generic").kind == "unbounded"
    assert judge(plan(BY_CLIENT), facts(), contract(max_rows_read=9), "generic").kind == "unbounded"


def test_a_waiver_takes_its_own_fault_away_and_no_other():
    """What is waived is listed with its reason; what is not waived stays."""
    given = plan(node("Limit", node("Sort", scan(rows=9, filter="(i.total > $1)"), rows=9), rows=9))
    scans = contract(waivers=(Waiver("scan", "a report"),))
    found = judge(given, facts(), scans, "generic")
    assert found.kind == "bounded"
    assert [(one.fault, waiver.reason) for one, waiver in found.waived] == [("scan", "a report")]
    assert judge(given, facts(), contract(waivers=(Waiver("sort", "no"),)), "generic").kind == "unbounded"


def test_row_security_hides_rows_that_are_read():
    """A page of a table with policies may have to look for its rows; a key leads to one row all the same."""
    page = plan(node("Limit", scan("Index Scan", 1_000_000, index="by_at"), rows=50))
    assert judge(page, facts(), contract("LIMIT 50"), "generic").kind == "bounded"
    assert judge(page, facts(policies=1), contract("LIMIT 50"), "generic").kind == "skew"
    key = plan(scan("Index Scan", 1, index="pk", cond="(i.id = $1)"))
    assert judge(key, facts(policies=1), contract(), "generic").kind == "bounded"


def test_a_foreign_key_promises_a_partner():
    """A page joined to its parents is bounded only as long as a foreign key says that each has one."""
    parent = ("app", "clients")
    clients = TableFacts(
        parent, 100_000, 1_000, indexes={"clients_pk": index("clients_pk", "id", unique=True, rows=1e5)}
    )
    inner = {"Node Type": "Index Scan", "Relation Name": "clients", "Schema": "app", "Alias": "c", "Plan Rows": 1,
             "Index Name": "clients_pk", "Index Cond": "(c.id = i.client_id)"}  # fmt: skip
    joined = node(
        "Nested Loop", scan("Index Scan", 1e6, index="by_at"), inner, rows=1e6, Join_Type="Inner", Inner_Unique=True
    )
    given = plan(node("Limit", joined, rows=50))
    for certain, kind in ((True, "bounded"), (False, "skew")):
        key = Reference("fk", T, ("client_id",), parent, ("id",), certain, "NO ACTION")
        known = facts(references=(key,))
        assert (
            judge(given, replace(known, tables={**known.tables, parent: clients}), contract("LIMIT 50"), "generic").kind
            == kind
        )


def test_partitions_are_pruned_by_their_key_only():
    """Of partitions bound by their key one is read, the largest; bound by anything else, all are."""
    names = [("app", f"part_{number}") for number in range(3)]
    parts = {
        name: TableFacts(name, 70_000, 700, columns={"at": column(70_000)}, partition_keys=(("AT",),), root=T)
        for name in names
    }
    for condition, kind in (
        ("(p.at = $1)", "bounded"),
        ("(p.at > $1)", "unbounded"),
        ("(p.at = p.until)", "unbounded"),
    ):
        members = [
            scan(filter=condition) | {"Relation Name": name, "Parent Relationship": "Member"} for _, name in names
        ]
        given = plan({"Node Type": "Append", "Plan Rows": 3, "Plans": members})
        found = judge(given, replace(facts(), tables=parts), contract(), "generic")
        assert found.kind == kind
        if kind == "unbounded":
            assert len(found.findings) == 1
            assert "2 more partitions of app.invoices" in found.findings[0].text


UNJUDGED = {
    "unknown table": ({"Node Type": "Seq Scan", "Relation Name": "x", "Schema": "app", "Plan Rows": 1}, "how big app.x is"),
    "unknown index": (scan("Index Scan", 1, index="gone", cond="(i.id = $1)"), "the index gone"),
    "foreign table": (scan("Foreign Scan"), "Foreign Scan"),
    "custom scan": (scan("Custom Scan"), "Custom Scan"),
    "new node": (node("Quantum Loop", BY_CLIENT), "Quantum Loop"),
    "pruned away": (node("Append", BY_CLIENT, **{"Subplans Removed": 3}), "leave out partitions"),
    "all pruned away": ({"Node Type": "Append", "Plan Rows": 1, "Subplans Removed": 4}, "leave out partitions"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNJUDGED)
def test_what_is_not_understood_is_not_judged(name):
    """A plan with something that the rule does not know is never called bounded."""
    given, why = UNJUDGED[name]
    found = judge(plan(given), facts(), contract(), "generic")
    assert found.kind == "not judged"
    assert why in found.why_not


def test_samples_that_contradict_the_query_prove_nothing():
    """A literal plan that reads nothing since no row can be there is not judged; the query may say so itself."""
    given = plan({"Node Type": "Result", "Plan Rows": 0, "One-Time Filter": "false"})
    assert judge(given, facts(), contract(parameters=(Parameter(1, sample="x"),)), "literal").kind == "not judged"
    assert judge(given, facts(), contract(), "literal").kind == "bounded"


def test_loops_multiply():
    """An index scan is cheap once, and too much ten thousand times over."""
    inner = scan("Index Scan", 1, index="pk", cond="(i.id = o.invoice_id)")
    many = {"Node Type": "Function Scan", "Alias": "o", "Plan Rows": 10_000}
    found = judge(
        plan(node("Nested Loop", many, inner, rows=10_000, Join_Type="Inner")), facts(), contract(), "generic"
    )
    assert [one.fault for one in found.findings] == ["join"]
    assert "10,000 times" in found.findings[0].text


def test_many_pairs_of_few_rows_are_too_many():
    """A join of each row with each other takes no pages that a scan of both would not, and is too much all the same."""
    both = [scan(rows=2_000), node("Materialize", scan(rows=2_000), rows=2_000)]
    given = plan(node("Nested Loop", *both, rows=4_000_000, Join_Type="Inner"))
    found = judge(given, facts(rows=2_000), contract(), "generic")
    assert [(one.fault, one.text) for one in found.findings] == [("join", "joins 4,000,000 pairs of rows")]


def test_parallel_rows_are_those_of_all_workers():
    """A worker's estimate is a part of what is read."""
    below = scan("Index Only Scan", 40_000, index="by_status", cond="(i.status = $1)", **{"Parallel Aware": True})
    gathered = node("Gather", below, rows=96_000, **{"Workers Planned": 2})
    found = judge(plan(node("Aggregate", gathered, Strategy="Plain")), facts(), contract(), "generic")
    assert found.rows_read == pytest.approx(96_000)


def test_version_14_plans_are_read_too():
    """`$0` of an InitPlan, as older servers print it, binds a key like any other value."""
    first = scan("Index Only Scan", 1_000_000, index="pk", **{"Parent Relationship": "Outer"})
    limit = {
        "Node Type": "Limit",
        "Plan Rows": 1,
        "Parent Relationship": "InitPlan",
        "Subplan Name": "InitPlan 1 (returns $0)",
        "Plans": [first],
    }
    given = scan("Index Scan", 1, index="pk", cond="(i.id = $0)") | {"Plans": [limit]}
    assert judge(plan(given), facts(major=14), contract(), "generic").kind == "bounded"
