"""The proving ground on a real server: the planner believes the profile, again and again, and nothing is spoilt."""

import json
import os
import resource
from collections.abc import Callable, Iterator

import psycopg
import pytest
from ground_shop import DDL, PROFILE, named

from fix_server import Database, Role
from pgready.catalog.names import ObjectName
from pgready.embedded import EmbeddedServer
from pgready.errors import UsageInvalid
from pgready.postgres.proving.proving_ground import Ground, PlanRefused, proving_ground
from pgready.postgres.session import ServerError
from pgready.project.url import parse
from pgready.proof.contract import Contract, Parameter, Place
from pgready.proof.plan_tree import PlanNode
from pgready.proof.profile import IndexProfile, Profile

pytestmark = pytest.mark.matrix


@pytest.fixture(scope="module")
def ground(server: EmbeddedServer) -> Iterator[Ground]:
    """A ground with the shop's structure that tests share: each gives it the size that it needs."""
    with psycopg.connect(server.url(tcp=False), autocommit=True) as connection:
        connection.execute("CREATE DATABASE ground_shop")
        target = parse(server.url("ground_shop", tcp=False))
        with psycopg.connect(server.url("ground_shop", tcp=False), autocommit=True) as inside:
            inside.execute(DDL.encode())
        with proving_ground(target, is_ours=True) as made:
            yield made
        connection.execute("DROP DATABASE ground_shop WITH (FORCE)")


@pytest.fixture
def fresh(database: Database) -> Iterator[Ground]:
    """A ground of the test's own in `database`, nothing sized yet."""
    database.query(DDL)
    with proving_ground(parse(database.socket_url), is_ours=True) as made:
        yield made


def contract(sql: str, *parameters: Parameter) -> Contract:
    """A contract of the tests."""
    return Contract("test", sql, Place("test.sql", 1), "sql", parameters=parameters)


def estimate(ground: Ground, table: str) -> float:
    """The planner's rows of a whole table."""
    answer = ground.session.rows("test", f"EXPLAIN (FORMAT JSON) SELECT * FROM ONLY {table}")[0][0]
    return float(json.loads(answer or "")[0]["Plan"]["Plan Rows"])


def kinds(plan: PlanNode) -> list[str]:
    """Node kinds from the top, indexes with them."""
    return [f"{node.kind} {node.index}".strip() for _, node in plan.walk()]


@pytest.mark.parametrize("growth", [1, 10, 100])
def test_the_planner_believes_the_profile(ground: Ground, growth: float) -> None:
    """Its estimate of every table is the profile's number, at every growth; what does not grow stays."""
    ground.size(PROFILE, growth)
    for table in PROFILE.tables:
        if table.name.name == "events":
            answer = ground.session.rows("test", "EXPLAIN (FORMAT JSON) SELECT * FROM events")[0][0]
            rows = json.loads(answer or "")[0]["Plan"]["Plan Rows"]
        else:
            rows = estimate(ground, table.name.sql)
        wanted = table.rows * (growth if table.grows else 1)
        assert rows == pytest.approx(wanted, rel=0.001, abs=2), table.name
        assert ground.rows_of(table.name) == pytest.approx(wanted)


def test_every_relation_has_the_pages_it_was_given(ground: Ground) -> None:
    """Files of tables and of indexes of every method are as long as the ground says, those of several segments too."""
    ground.size(PROFILE, 100)
    rows = ground.session.rows(
        "test",
        "SELECT n.nspname, c.relname, pg_relation_size(c.oid) / 8192, c.relpages, c.relkind FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'i', 'm')",
    )
    assert len(rows) > 25
    assert any(int(pages or 0) > 131_072 * 2 for _, _, pages, _, _ in rows)
    for schema, name, pages, relpages, _ in rows:
        assert schema and name
        wanted = ground.pages_of(ObjectName(schema, name))
        assert int(relpages or 0) == wanted, name
        assert int(pages or 0) == wanted, name


def test_sizes_take_no_space(fresh: Ground) -> None:
    """A hundred times production is many gigabytes to the planner and next to nothing to the disk."""

    def used() -> tuple[int, int]:
        shown = fresh.session.rows("test", "SELECT current_setting('data_directory')")[0][0] or ""
        files = [os.stat(os.path.join(folder, name)) for folder, _, names in os.walk(shown) for name in names]
        return sum(one.st_blocks for one in files) * 512, sum(one.st_size for one in files)

    before, _ = used()
    fresh.size(PROFILE, 100)
    after, apparent = used()
    assert apparent > 100 * 2**30
    assert after - before < 20 * 2**20


def test_sizing_again_and_smaller(ground: Ground) -> None:
    """From large to small and back the same session gives the same plans: no segment is remembered."""
    wanted = contract("SELECT * FROM invoices WHERE client_id = $1 ORDER BY created_at DESC LIMIT 20")
    costs = {}
    for growth in (1, 100, 10, 100, 1, 10):
        ground.size(PROFILE, growth)
        cost = ground.plan(wanted, "generic").cost
        assert costs.setdefault(growth, cost) == cost
        assert estimate(ground, "invoices") == 2_000_000 * growth


def test_the_database_is_usable_after_sizing(fresh: Ground, database: Database) -> None:
    """Sized tables are still empty to whoever reads them through an index, and take writes after being shrunk."""
    fresh.size(PROFILE, 1)
    fresh.size(Profile((), default_rows=1), 1)
    fresh.session.run("test", "INSERT INTO countries VALUES ('de', 'Germany')")
    assert database.query("SELECT name FROM countries WHERE code = 'de'") == [("Germany",)]


def test_rows_that_migrations_inserted_stay(database: Database) -> None:
    """A table that has rows keeps its real pages, and counts what the profile says."""
    database.query(DDL + "INSERT INTO countries SELECT chr(65 + g / 26) || chr(65 + g % 26), 'x' FROM"
                   " generate_series(0, 600) g")  # fmt: skip
    with proving_ground(parse(database.socket_url), is_ours=True) as ground:
        ground.size(PROFILE, 1)
        assert estimate(ground, "countries") == pytest.approx(200, abs=2)
        ground.size(PROFILE, 100)
        ground.run_ddl("CREATE INDEX ON countries (name)")
    assert database.query("SELECT count(*) FROM countries") == [(601,)]


def test_frequencies_of_enums_and_booleans(ground: Ground) -> None:
    """Literal plans expect what the profile says of each value, in a partial index too."""
    ground.size(PROFILE, 1)

    def rows(condition: str) -> float:
        return ground.plan(contract(f"SELECT * FROM invoices WHERE {condition}"), "generic").rows

    assert rows("status = 'paid'") == pytest.approx(1_400_000, rel=0.01)
    assert rows("status = 'draft'") == pytest.approx(200_000, rel=0.01)
    assert rows("is_paid") == pytest.approx(1_400_000, rel=0.01)
    assert rows("deleted_at IS NULL") == pytest.approx(1_500_000, rel=0.01)
    assert ground.rows_of(("public", "invoices_open")) == pytest.approx(1_500_000, rel=0.01)
    assert ground.rows_of(("public", "invoices_due")) == pytest.approx(2_000_000 * 0.2 * 0.3, rel=0.01)


def test_distinct_values_follow_keys(ground: Ground) -> None:
    """A unique column finds one row, a foreign key its parent's share, a part of a composite key its own."""
    ground.size(PROFILE, 1)

    def rows(sql: str) -> float:
        return ground.plan(contract(sql), "generic").rows

    assert rows("SELECT * FROM invoices WHERE id = $1") == 1
    assert rows("SELECT * FROM clients WHERE id = $1") == 1
    assert rows("SELECT * FROM invoices WHERE client_id = $1") == pytest.approx(2_000_000 / 15_000, abs=1)
    assert rows("SELECT * FROM lines WHERE invoice_id = $1") == pytest.approx(2.5, abs=1)
    ground.size(PROFILE, 100)
    assert rows("SELECT * FROM invoices WHERE client_id = $1") == pytest.approx(2_000_000 / 15_000, abs=1)
    assert rows("SELECT * FROM clients WHERE country = $1") == pytest.approx(2_000_000 * 0.5 / 200, rel=0.01)


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        ("data @> $1", "invoices_data"),
        ("search @@ to_tsquery('simple', $1)", "invoices_search"),
        ("span && $1", "invoices_span"),
        ("deleted_at IS NULL ORDER BY created_at LIMIT 20", "invoices_open"),
        ("client_id = $1 ORDER BY created_at DESC LIMIT 20", "invoices_client"),
        ("id = $1", "invoices_pkey"),
    ],
)
def test_every_kind_of_index_is_chosen(ground: Ground, condition: str, index: str) -> None:
    """The planner takes the index that is made for a condition, whatever its method."""
    ground.size(PROFILE, 1)
    assert index in " ".join(kinds(ground.plan(contract(f"SELECT * FROM invoices WHERE {condition}"), "generic")))


def test_small_tables_are_scanned(ground: Ground) -> None:
    """A lookup table of two hundred rows is read whole, as in production."""
    ground.size(PROFILE, 100)
    assert kinds(ground.plan(contract("SELECT * FROM countries WHERE name = $1"), "generic")) == ["Seq Scan"]


def test_partitions_share_the_rows(ground: Ground) -> None:
    """Leaves have the parent's rows between them, a default one beside lists too, and a day is in its partition."""
    ground.size(PROFILE, 1)
    assert ground.rows_of(("public", "events_2024")) == 450_000
    assert ground.rows_of(("public", "events_2025_few")) == 225_000
    assert ground.rows_of(("public", "events_2025_rest")) == 225_000
    assert ground.rows_of(("public", "events_rest")) == 0
    generic = ground.plan(contract("SELECT * FROM events WHERE client_id = $1 AND at = $2"), "generic")
    assert {node.relation[1] for _, node in generic.walk() if node.relation} >= {"events_2024", "events_2025_few"}
    day = Parameter(2, sample="2024-05-01")
    literal = ground.plan(
        contract("SELECT * FROM events WHERE client_id = $1 AND at = $2", Parameter(1, sample="7"), day), "literal"
    )
    assert {node.relation[1] for _, node in literal.walk() if node.relation} == {"events_2024"}
    month = contract("SELECT * FROM events WHERE at >= '2024-03-01' AND at < '2024-04-01'")
    assert ground.plan(month, "generic").rows == pytest.approx(450_000 * 31 / 366, rel=0.02)


def test_a_partition_by_list_has_the_values_of_its_list(ground: Ground) -> None:
    """One of two values is half of a partition's rows that have one (half of them, where nobody says)."""
    ground.size(PROFILE, 1)
    of_one = ground.plan(contract("SELECT * FROM events_2025_few WHERE client_id = $1"), "generic")
    assert of_one.rows == pytest.approx(225_000 / 2 / 2, rel=0.1)


def test_constants_of_ranges_are_not_taken_for_nothing(ground: Ground) -> None:
    """Without a histogram PostgreSQL takes BETWEEN two constants for no rows; the ground does not."""
    ground.size(PROFILE, 1)
    for condition in (
        "created_at BETWEEN '2024-01-01' AND '2024-02-01'",
        "created_at >= '2024-01-01' AND created_at < now()",
        "number > 10 AND number < 20.5",
    ):
        plan = ground.plan(contract(f"SELECT * FROM invoices WHERE {condition}"), "generic")
        assert plan.rows == pytest.approx(2_000_000 * 0.005, rel=0.02)
        assert "$1" not in json.dumps([dict(node.raw) for _, node in plan.walk()])


def test_measured_indexes(fresh: Ground) -> None:
    """Pages and entries that a profile measured are taken, and grow with the table."""
    measured = named("visits", 1_000, pages=20, indexes=(IndexProfile("visits_path", 77), IndexProfile("part", 5, 400)))
    fresh.run_ddl("CREATE INDEX visits_path ON visits (path); CREATE INDEX part ON visits (at) WHERE path > ''")
    fresh.size(Profile((measured,)), 10)
    assert fresh.pages_of(("public", "visits")) == 200
    assert fresh.pages_of(("public", "visits_path")) == 770
    assert fresh.rows_of(("public", "part")) == 4_000


def test_indexes_come_and_go(ground: Ground) -> None:
    """After CREATE and DROP INDEX everything has its size again, the new index too."""
    ground.size(PROFILE, 1)
    wanted = contract("SELECT * FROM invoices WHERE note = $1 ORDER BY created_at LIMIT 10")
    assert "by_note" not in " ".join(kinds(ground.plan(wanted, "generic")))
    ground.run_ddl("CREATE INDEX by_note ON invoices (note, created_at)")
    assert kinds(ground.plan(wanted, "generic")) == ["Limit", "Index Scan by_note"]
    assert ground.pages_of(("public", "by_note")) > 1_000
    ground.run_ddl("DROP INDEX by_note")
    assert "by_note" not in " ".join(kinds(ground.plan(wanted, "generic")))
    assert estimate(ground, "invoices") == 2_000_000


def test_trying_changes_nothing(fresh: Ground, database: Database) -> None:
    """What is tried is seen inside of the block, a refused contract does not end it, and afterwards all is as before."""
    fresh.size(PROFILE, 1)
    wanted = contract("SELECT * FROM invoices WHERE note = $1 ORDER BY created_at LIMIT 10")
    before = kinds(fresh.plan(wanted, "generic"))
    with fresh.trying("CREATE INDEX tried ON invoices (note, created_at)"):
        assert kinds(fresh.plan(wanted, "generic")) == ["Limit", "Index Scan tried"]
        with pytest.raises(PlanRefused):
            fresh.plan(contract("SELECT * FROM nothing"), "generic")
        assert fresh.pages_of(("public", "tried")) > 1_000
        assert kinds(fresh.plan(wanted, "generic")) == ["Limit", "Index Scan tried"]
    assert kinds(fresh.plan(wanted, "generic")) == before
    with fresh.trying("DROP INDEX invoices_client", builds=False):
        plan = fresh.plan(contract("SELECT * FROM invoices WHERE client_id = $1 ORDER BY created_at DESC"), "generic")
        assert "invoices_client" not in " ".join(kinds(plan))
    with pytest.raises(ServerError), fresh.trying("CREATE INDEX tried ON nothing (note)"):
        pytest.fail("a statement that fails was taken for one that did not")
    assert kinds(fresh.plan(wanted, "generic")) == before
    assert database.query("SELECT count(*) FROM pg_class WHERE relname = 'tried'") == [(0,)]


def test_nothing_is_executed(fresh: Ground, database: Database) -> None:
    """Contracts that write are planned and leave nothing, even if somebody slips in a second statement."""
    fresh.size(PROFILE, 1)
    update = contract("UPDATE places SET name = $2 WHERE id = $1")
    assert fresh.plan(update, "generic").kind == "ModifyTable"
    with pytest.raises(PlanRefused):
        fresh.plan(contract("SELECT 1; DROP TABLE lines"), "generic")
    assert database.query("SELECT to_regclass('lines') IS NOT NULL") == [(True,)]


def test_refusals_have_their_place(ground: Ground) -> None:
    """A contract that the server refuses says where in its own text, in characters."""
    ground.size(PROFILE, 1)
    cases = {
        "SELECT 'é', * FROM nothing": ("42P01", 20),
        "SELECT * FROM clients WHERE nam = $1": ("42703", 29),
        "SELECT * FROM clients WHERE": ("42601", 28),
    }
    for sql, (state, position) in cases.items():
        with pytest.raises(PlanRefused) as caught:
            ground.plan(contract(sql), "generic")
        assert (caught.value.sqlstate, caught.value.position) == (state, position), sql


def test_types_of_parameters(ground: Ground) -> None:
    """They are inferred, and a declared type wins; names are qualified where the search path does not find them."""
    sql = "SELECT * FROM invoices WHERE client_id = $1 AND status = $2 LIMIT $3"
    assert ground.parameter_types(contract(sql)) == ("bigint", "public.status", "bigint")
    assert ground.parameter_types(contract(sql, Parameter(1, type="int")))[0] == "integer"


def test_a_limit_without_a_sample(ground: Ground) -> None:
    """It is planned as a page of a list, not as the tenth of all rows that the planner guesses."""
    ground.size(PROFILE, 1)
    sql = "SELECT * FROM invoices WHERE client_id = $1 ORDER BY created_at DESC LIMIT $2"
    assert ground.plan(contract(sql), "generic").rows == 50
    assert ground.plan(contract(sql, Parameter(2, sample="7")), "generic").rows == 7
    fetch = "SELECT * FROM invoices WHERE client_id = $1 ORDER BY created_at DESC FETCH FIRST ($2) ROWS ONLY"
    assert ground.plan(contract(fetch), "generic").rows == 50


def test_settings_of_the_profile(ground: Ground) -> None:
    """The planner has the profile's settings, and its own again with the next profile; unknown ones are told."""
    ground.size(Profile(settings=(("random_page_cost", "1.1"), ("enable_hashjoin", "off"))), 1)
    assert ground.session.rows("test", "SHOW random_page_cost") == (("1.1",),)
    ground.size(Profile(), 1)
    assert ground.session.rows("test", "SHOW random_page_cost") == (("4",),)
    with pytest.raises(UsageInvalid, match="random_page_kost"):
        ground.size(Profile(settings=(("work_mem", "8MB"), ("random_page_kost", "1"))), 1)


def test_a_server_elsewhere(database: Database) -> None:
    """A superuser's URL does without access to the files: the server's own programs lengthen and shorten them."""
    database.query(DDL)
    with proving_ground(parse(database.url), is_ours=False) as ground:
        for growth in (100, 1, 100):
            ground.size(PROFILE, growth)
            assert estimate(ground, "invoices") == 2_000_000 * growth
        with ground.trying("CREATE INDEX tried ON invoices (note)"):
            assert ground.pages_of(("public", "tried")) > 131_072
        assert estimate(ground, "lines") == 500_000_000
    assert database.query("SELECT pg_relation_size('invoices') > 2 * 2^30") == [(True,)]


def test_without_a_superuser(database: Database, make_role: Callable[..., Role]) -> None:
    """An ordinary role is told what is missing and what to do, and nothing is changed."""
    database.query(DDL)
    role = make_role()
    with pytest.raises(UsageInvalid, match="superuser") as caught, proving_ground(parse(role.url), is_ours=False):
        pytest.fail("an ordinary role got a ground")
    assert "pgready[embedded]" in caught.value.then


def test_files_that_cannot_be_made(fresh: Ground) -> None:
    """A file that the system does not allow is told by the system's own words, not by a traceback."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 2**20, hard))
    try:
        with pytest.raises(UsageInvalid, match="size") as caught:
            fresh.size(PROFILE, 1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "File too large" in caught.value.detail
    assert "ulimit" in caught.value.then


def test_constants_that_an_index_serves(fresh: Ground) -> None:
    """A partial index over a range, and one over an expression with a range, are found by the query's constants."""
    fresh.size(PROFILE, 1)
    fresh.run_ddl(
        "CREATE INDEX dear ON invoices (created_at) WHERE number > 100;"
        " CREATE INDEX large ON invoices ((number > 5000), created_at)"
    )
    dear = contract("SELECT * FROM invoices WHERE number > 100 ORDER BY created_at LIMIT 10")
    assert kinds(fresh.plan(dear, "generic")) == ["Limit", "Index Scan dear"]
    large = contract("SELECT * FROM invoices WHERE (number > 5000) = $1 ORDER BY created_at LIMIT 10")
    assert "large" in " ".join(kinds(fresh.plan(large, "generic")))
    grouped = contract("SELECT CASE WHEN number > 9 THEN 1 END, count(*) FROM invoices WHERE created_at < now()"
                       " GROUP BY CASE WHEN number > 9 THEN 1 END")  # fmt: skip
    assert fresh.plan(grouped, "generic").rows >= 1
