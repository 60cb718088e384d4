"""Rows of every type, written by the generated Python models and by a real Prisma client, read equal by the other."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from typescript import Refused, TypeScript
from values import LISTS, SCALARS, packed

from fix_server import Database
from orm_drivers import DRIVERS, Driver

pytestmark = pytest.mark.prisma


def valued(models: ModuleType, field: str, value: Any) -> Any:
    """Enum values are told by name in the tables of values."""
    if field != "mood":
        return value
    return [models.Mood[each] for each in value] if isinstance(value, list) else models.Mood[value]


def same_in_the_database(database: Database, table: str, one: int, other: int) -> None:
    """Two rows are equal in every column but their ids, in PostgreSQL's own text."""
    columns = database.query(
        "SELECT attname, CASE atttypid WHEN 'json'::regtype THEN '::jsonb' WHEN 'json[]'::regtype THEN '::jsonb[]' ELSE ''"
        " END FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 1",
        (table,),
    )
    shown = ", ".join(f'"{name}"{cast}::text' for name, cast in columns)
    rows = [database.query(f"SELECT {shown} FROM {table} WHERE id = %s", (each,)) for each in (one, other)]
    assert rows[0] == rows[1]


def rows_of(models: ModuleType, values: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """As many rows as the longest list of values; shorter ones begin again."""
    count = max(len(each) for each in values.values())
    return [
        {field: valued(models, field, each[number % len(each)]) for field, each in values.items()}
        for number in range(count)
    ]


@pytest.mark.parametrize("driver", DRIVERS)
def test_scalars_both_ways(
    everything: Database, models: ModuleType, make_typescript: Callable[..., TypeScript], driver: str
) -> None:
    """Every scalar type and its edges: the other side reads the same, and both write the same to the table."""
    typescript = make_typescript()
    python = Driver(everything, driver)
    table = models.Everything.__table__
    for values in rows_of(models, SCALARS):
        shown = {field: packed(table.c[field], value) for field, value in values.items()}

        def write(session: Session, values: dict[str, Any] = values) -> int:
            row = models.Everything(**values)
            session.add(row)
            session.flush()
            return int(row.id)

        ours = python.ask(write)
        theirs = typescript.ask("everything", "findUnique", where={"id": ours})
        assert {field: theirs[field] for field in shown} == shown
        made = typescript.ask("everything", "create", data=shown)["id"]

        def read(session: Session, made: int = made) -> dict[str, Any]:
            row = session.get_one(models.Everything, made)
            return {field: getattr(row, field) for field in SCALARS}

        found = python.ask(read)
        assert found == values
        assert all(isinstance(each, type(values[field])) for field, each in found.items())
        same_in_the_database(everything, '"Everything"', ours, made)


@pytest.mark.parametrize("driver", DRIVERS)
def test_lists_both_ways(
    everything: Database, models: ModuleType, make_typescript: Callable[..., TypeScript], driver: str
) -> None:
    """Lists of every type, full, of one and empty."""
    typescript = make_typescript()
    python = Driver(everything, driver)
    table = models.Lists.__table__
    for cut in (slice(None), slice(1), slice(0)):
        values = {field: valued(models, field, each[cut]) for field, each in LISTS.items()}
        shown = {field: packed(table.c[field], value) for field, value in values.items()}

        def write(session: Session, values: dict[str, Any] = values) -> int:
            row = models.Lists(**values)
            session.add(row)
            session.flush()
            return int(row.id)

        ours = python.ask(write)
        theirs = typescript.ask("lists", "findUnique", where={"id": ours})
        assert {field: theirs[field] for field in shown} == shown
        made = typescript.ask("lists", "create", data=shown)["id"]

        def read(session: Session, made: int = made) -> dict[str, Any]:
            row = session.get_one(models.Lists, made)
            return {field: getattr(row, field) for field in LISTS}

        assert python.ask(read) == values
        same_in_the_database(everything, '"Lists"', ours, made)


@pytest.mark.parametrize("driver", DRIVERS)
def test_nothing_both_ways(
    everything: Database, models: ModuleType, make_typescript: Callable[..., TypeScript], driver: str
) -> None:
    """Fields that nobody gave are None here and null there; lists that the table has as NULL are empty on both sides."""
    typescript = make_typescript()
    python = Driver(everything, driver)
    made = typescript.ask("everything", "create", data={})["id"]
    bare = typescript.ask("lists", "create", data={})["id"]
    (null,) = everything.query('INSERT INTO "Lists" DEFAULT VALUES RETURNING id')[0]

    def work(session: Session) -> tuple[int, int]:
        row = session.get_one(models.Everything, made)
        assert all(getattr(row, field) is None for field in SCALARS)
        for each in (bare, null):
            lists = session.get_one(models.Lists, each)
            assert all(getattr(lists, field) == [] for field in LISTS)
        ours = models.Everything()
        session.add(ours)
        empty = models.Lists()
        session.add(empty)
        session.flush()
        return ours.id, empty.id

    ours, empty = python.ask(work)
    same_in_the_database(everything, '"Everything"', ours, made)
    shown = typescript.ask("everything", "findUnique", where={"id": ours})
    assert all(shown[field] is None for field in SCALARS)
    for each in (empty, null):
        shown = typescript.ask("lists", "findUnique", where={"id": each})
        assert all(shown[field] == [] for field in LISTS)
    assert not everything.query('SELECT FROM "Lists" WHERE id = %s AND s IS NULL', (empty,))


@pytest.mark.parametrize("driver", DRIVERS)
def test_null_of_json_and_of_the_database(
    everything: Database, models: ModuleType, make_typescript: Callable[..., TypeScript], driver: str
) -> None:
    """JSON's null is not the database's: each side finds what the other wrote by its own word for it."""
    typescript = make_typescript()
    from pgready import orm

    made = {
        word: typescript.ask("everything", "create", data={"json": {"$": word}, "json1": {"$": word}})["id"]
        for word in ("JsonNull", "DbNull")
    }

    def work(session: Session) -> dict[str, int]:
        row = models.Everything
        assert session.scalars(sa.select(row.id).where(row.json.is_(None))).all() == [made["DbNull"]]
        assert session.scalars(sa.select(row.id).where(row.json == orm.JSON_NULL)).all() == [made["JsonNull"]]
        both = session.scalars(sa.select(row).order_by(row.id)).all()
        assert [(each.json, each.json1) for each in both] == [(None, None)] * 2
        ours = {"JsonNull": row(json=orm.JSON_NULL, json1=orm.JSON_NULL), "DbNull": row(json=None, json1=None)}
        session.add_all(ours.values())
        session.flush()
        return {word: each.id for word, each in ours.items()}

    ours = Driver(everything, driver).ask(work)
    for word, theirs in made.items():
        found = typescript.ask("everything", "findMany", where={"json": {"equals": {"$": word}}}, orderBy={"id": "asc"})
        assert [each["id"] for each in found] == [theirs, ours[word]]
        same_in_the_database(everything, '"Everything"', ours[word], theirs)


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kolkata", "Pacific/Chatham", "UTC"])
def test_instants_in_any_time_zone(
    everything: Database, models: ModuleType, make_typescript: Callable[..., TypeScript], zone: str
) -> None:
    """Whatever zone a session has, each side reads the other's instants, and finds them by comparing."""
    table = models.Everything.__table__
    instants = {field: SCALARS[field] for field in ("ts", "ts6", "ts0", "tz", "tz6", "timetz")}
    typescript = make_typescript(zone)
    made = []
    for values in rows_of(models, instants):
        shown = {field: packed(table.c[field], value) for field, value in values.items()}
        made.append((typescript.ask("everything", "create", data=shown)["id"], values, shown))
    for name in DRIVERS:
        for theirs, values, shown in made:

            def work(session: Session, values: dict[str, Any] = values, theirs: int = theirs) -> int:
                same = [getattr(models.Everything, field) == value for field, value in values.items()]
                assert theirs in session.scalars(sa.select(models.Everything.id).where(*same)).all()
                row = models.Everything(**values)
                session.add(row)
                session.flush()
                session.expire(row)
                assert {field: getattr(row, field) for field in values} == values
                return int(row.id)

            ours = Driver(everything, name, zone).ask(work)
            same_in_the_database(everything, '"Everything"', ours, theirs)
            where = {field: value for field, value in shown.items() if field != "timetz"}
            found = typescript.ask("everything", "findMany", where=where)
            assert {ours, theirs} <= {each["id"] for each in found}


@pytest.mark.parametrize("driver", DRIVERS)
def test_lists_with_null_elements(
    everything: Database, models: ModuleType, make_typescript: Callable[..., TypeScript], driver: str
) -> None:
    """NULL elements that another program put there: Prisma's client refuses the row, ours reads them as None."""
    (made,) = everything.query(
        "INSERT INTO \"Lists\" (s, i, mood, ts) VALUES ('{a,NULL}', '{NULL,1}', '{NULL,GLAD}', '{NULL}') RETURNING id"
    )[0]

    def work(session: Session) -> None:
        row = session.get_one(models.Lists, made)
        assert (row.s, row.i, row.mood, row.ts) == (["a", None], [None, 1], [None, models.Mood.GLAD], [None])

    Driver(everything, driver).ask(work)
    with pytest.raises(Refused, match="Expected a string in column 's"):
        make_typescript().ask("lists", "findUnique", where={"id": made})
