"""Sizes worked out: defaults that fit what references what, growth, pages, and constants hidden in ranges."""

import pytest

from pgready.catalog.names import ObjectName
from pgready.proof.profile import ColumnProfile, Profile, TableProfile
from pgready.proof.size.columns import ColumnSize
from pgready.proof.size.pages import MOST_PAGES, heap_pages
from pgready.proof.size.row_counts import row_counts
from pgready.proof.size.shape import ColumnShape, Reference, RelationShape, Shapes, bounds_of, listed_in
from pgready.proof.size.sizes import sized
from pgready.proof.size.veil import FIRST, ranged_names, ranged_parameters, veiled


def column(number: int, name: str, type_: str = "int8", length: int = 8) -> ColumnShape:
    """A column that is never NULL."""
    return ColumnShape(number, name, 20, type_, "b", length, "d", -1, 0, True, "", False, None, 410, 412)


def shop(**references: str) -> Shapes:
    """Tables by name with the tables that they refer to: `lines="orders"`."""
    names = sorted({*references, *(name for value in references.values() for name in value.split())})
    ids = {name: number for number, name in enumerate(names, 1)}

    def relation(name: str) -> RelationShape:
        targets = references.get(name, "").split()
        columns = (column(1, "id"), *(column(2 + place, f"{target}_id") for place, target in enumerate(targets)))
        keys = tuple(Reference(ids[target], (2 + place,), (1,)) for place, target in enumerate(targets))
        return RelationShape(
            ids[name], ObjectName("public", name), "r", "", 0, 100, None, False, False, columns, (), keys
        )

    return Shapes(tuple(relation(name) for name in names))


def counted(shapes: Shapes, growth: float = 1, **rows: float) -> dict[str, float]:
    """Rows by name, those in `rows` being named by the profile."""
    profile = Profile(tuple(TableProfile(ObjectName("public", name), count) for name, count in rows.items()))
    found = row_counts(shapes, profile, growth)
    return {one.name.name: found[one.id] for one in shapes.relations}


def test_defaults_follow_foreign_keys() -> None:
    """Nobody's parent has a million rows, each parent a hundredth of its smallest child, 10,000 at least."""
    shapes = shop(lines="orders", orders="clients", clients="tenants", tenants="plans", notes="")
    assert counted(shapes) == {
        "lines": 1e6, "orders": 1e4, "clients": 1e4, "tenants": 1e4, "plans": 1e4, "notes": 1e6,
    }  # fmt: skip
    assert counted(shapes, 100)["plans"] == 1e6


def test_no_table_is_larger_than_a_table_can_be() -> None:
    """Pages end at what pg_class counts, whatever rows and growth ask for."""
    table = TableProfile(ObjectName("public", "notes"), 1e12, pages=4_000_000_000)
    assert sized(shop(notes=""), Profile((table,)), 100).tables[0].pages == MOST_PAGES
    assert sized(shop(notes=""), Profile((TableProfile(table.name, 1e12),)), 100).tables[0].pages == MOST_PAGES


def test_named_tables_pull_the_others() -> None:
    """Children of larger tables are not smaller, parents of smaller ones not larger, through unnamed tables too."""
    shapes = shop(lines="orders", orders="clients", clients="tenants", notes="clients")
    assert counted(shapes, orders=5e7) == {"lines": 5e7, "orders": 5e7, "clients": 1e4, "tenants": 1e4, "notes": 1e6}
    small = counted(shapes, lines=200)
    assert small["orders"] == small["clients"] == small["tenants"] == 200
    assert counted(shapes, tenants=3e6)["lines"] == 3e6


def test_circles_of_foreign_keys_end() -> None:
    """Tables that refer to each other or to themselves have a size, the same on every run."""
    shapes = shop(people="teams people", teams="people", badges="people")
    assert counted(shapes) == counted(shapes)
    assert all(100 <= rows <= 1e6 for rows in counted(shapes).values())
    tables = {one.shape.name.name: one for one in sized(shapes, Profile()).tables}
    assert all(one.distinct != 0 for table in tables.values() for one in table.columns)


def test_long_chains_of_foreign_keys() -> None:
    """Hundreds of tables in a row are no trouble."""
    chain = {f"t{number}": f"t{number + 1}" for number in range(300)}
    assert counted(shop(**chain))["t299"] == 1e4


def test_a_web_of_foreign_keys_is_counted_once() -> None:
    """Sixty tables with three references each: as many paths as there are atoms, and no time at all."""
    web = {f"t{number}": " ".join(f"t{other}" for other in range(max(0, number - 3), number)) for number in range(60)}
    found = counted(shop(**web))
    assert (found["t59"], found["t58"], found["t0"]) == (1e6, 1e4, 1e4)
    assert counted(shop(a="b", b="a", c="a"))["a"] == 1e4


def test_growth_of_distinct_values() -> None:
    """Absolute counts stay, shares grow with the rows, those of a foreign key with the table that it refers to."""
    shapes = shop(orders="clients", clients="")
    said = (
        TableProfile(ObjectName("public", "clients"), 1_000, grows=False),
        TableProfile(ObjectName("public", "orders"), 1e6, columns=(ColumnProfile("id", distinct=-0.5),)),
    )
    for growth in (1, 10):
        orders = next(one for one in sized(shapes, Profile(said), growth).tables if one.shape.name.name == "orders")
        assert orders.rows == 1e6 * growth
        assert [one.distinct for one in orders.columns] == [-0.5, 1_000]
    growing = (TableProfile(ObjectName("public", "clients"), 1_000), said[1])
    orders = next(one for one in sized(shapes, Profile(growing), 10).tables if one.shape.name.name == "orders")
    assert orders.columns[1].distinct == 10_000


def test_pages_of_a_heap() -> None:
    """Pages are PostgreSQL's own for rows without variable parts: 226 rows of one int4, 185 of two int8."""
    size = ColumnSize(1, 0, 4, -1, None)
    assert heap_pages(226 * 10, [(column(1, "a", "int4", 4), size)], 100) == 10
    two = [(column(number, "a"), ColumnSize(number, 0, 8, -1, None)) for number in (1, 2)]
    assert heap_pages(185 * 3, two, 100) == 3
    assert heap_pages(0, two, 100) == 0


@pytest.mark.parametrize(
    ("sql", "hidden"),
    [
        ("SELECT 1 FROM t WHERE a >= '2024-01-01' AND a < '2024-02-01'", ["'2024-01-01'", "'2024-02-01'"]),
        ("SELECT 1 FROM t WHERE a BETWEEN 1 AND -2 AND b = 3", ["1", "-2"]),
        ("SELECT 1 FROM t WHERE a > now() - interval '7 days'", ["now()"]),
        ("SELECT 1 FROM t WHERE a > date '2024-01-01'", ["date '2024-01-01'"]),
        ("SELECT 1 FROM t WHERE (a, b) < ($1, 'x')", ["'x'"]),
        ("SELECT 1 FROM t WHERE d ->> 'a' > '5' AND 'a > 5' <> c", ["'5'"]),
        ("SELECT 1 FROM t WHERE a <> 5 AND b <@ '{1}' AND c -> 'x' = '1' -- a > 5", []),
        ("SELECT 1 FROM t WHERE key >= '2024-01-01' AND t.key < $1 AND a < CURRENT_DATE", ["CURRENT_DATE"]),
        ("SELECT 1 FROM t WHERE a > ALL (SELECT 5)", []),
    ],
)
def test_constants_in_ranges(sql: str, hidden: list[str]) -> None:
    """Constants of ranges are hidden and nothing else is, and EXPLAIN's answer gets them back."""
    found = veiled(sql, {"key"})
    assert [found.hidden[number] for number in sorted(found.hidden)] == hidden
    back = found.sql
    for number, text in found.hidden.items():
        cast = {"now()": "::timestamptz", "CURRENT_DATE": "::date", "date '2024-01-01'": "::date"}.get(text, "")
        back = back.replace(f"(${number}{cast})", text)
    assert back == sql
    answer = f'{{"Filter": "(a > ${FIRST}) AND (b > $1)"}}'
    assert found.unveiled(answer) == (answer.replace(f"${FIRST}", hidden[0]) if hidden else answer)


def test_parameters_in_ranges() -> None:
    """Those that are an end of a range are told from those that are not."""
    sql = (
        "SELECT 1 FROM t WHERE a = $1 AND b > $2 AND $3 <= c AND d BETWEEN $4 AND $5 AND (e, f) < ($6, $7) AND key > $8"
    )
    assert ranged_parameters(sql, {"key"}) == {2, 3, 4, 5, 6, 7}


def test_bounds_of_partitions() -> None:
    """The first values of a range, whatever their type; other bounds have none."""
    assert bounds_of("FOR VALUES FROM ('2024-01-01', 5) TO ('2025-01-01', 7)") == ("2024-01-01", "2025-01-01")
    assert bounds_of("FOR VALUES FROM (10) TO (20)") == ("10", "20")
    assert bounds_of("FOR VALUES FROM (MINVALUE) TO (20)") is None
    assert bounds_of("FOR VALUES IN ('a')") is None
    assert bounds_of("DEFAULT") is None


def test_the_same_constant_is_the_same_parameter() -> None:
    """An expression that stands twice is the same expression afterwards: GROUP BY finds it in the SELECT list."""
    case = "CASE WHEN a > 5 THEN 'x' END"
    found = veiled(f"SELECT {case}, now() FROM t WHERE b > 5 AND c < now() GROUP BY {case}")
    assert sorted(found.hidden.values()) == ["5", "5", "now()"]
    assert found.sql.count("(a > ($100))") == 0
    assert found.sql.count("a > ($100)") == 2


def test_columns_that_indexes_compare() -> None:
    """Ranges of predicates and expressions are found as the server prints them."""
    assert ranged_names("((stock > 0) AND (deleted_at IS NULL))") == {"stock"}
    assert ranged_names("(created_at >= '2024-01-01 00:00:00+00'::timestamp with time zone)") == {"created_at"}
    assert ranged_names("((status)::text = 'open'::text)") == set()


def test_values_of_partitions() -> None:
    """How many values a partition by list takes is read from its definition, NULL aside."""
    assert listed_in("FOR VALUES IN ('north', 'arctic')") == 2
    assert listed_in("FOR VALUES IN ('a,b')") == 1
    assert listed_in("FOR VALUES IN (1, NULL)") == 1
    assert listed_in("FOR VALUES FROM (10) TO (20)") == 0
    assert listed_in("DEFAULT") == 0


def test_the_default_partition_has_its_share_beside_lists_only() -> None:
    """Beside lists it holds all other values; beside ranges nobody expects anything in it."""

    def rows(**key: object) -> list[float]:
        def relation(
            number: int, kind: str, parent: int | None, *, default: bool = False, **key: object
        ) -> RelationShape:
            name = ObjectName("public", f"t{number}")
            whole = (column(1, "id"),)
            return RelationShape(
                number, name, kind, "", 0, 100, parent, parent is not None, default, whole, (), (), **key
            )

        parts = (relation(2, "r", 1), relation(3, "r", 1), relation(4, "r", 1, default=True))
        found = row_counts(Shapes((relation(1, "p", None, **key), *parts)), Profile())
        return [found[number] for number in (2, 3, 4)]

    assert rows(list_key=1) == [pytest.approx(1e6 / 3)] * 3
    assert rows(partition_key=(1,)) == [5e5, 5e5, 0]
