"""Plans of pages: bounded by the index however deep the page lies; the same questions with OFFSET or OR are not."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from fix_server import Database
from orm_drivers import Driver
from pgready import orm
from pgready.orm import page

pytestmark = pytest.mark.matrix

ROWS = 60_000
MOST = 1500
"""Rows or blocks that a page may touch: near the ends the planner likes to sort or filter the few hundred rows left."""


class Base(orm.Record, DeclarativeBase):
    type_annotation_map = orm.TYPES


class Event(Base):
    """Columns named by what they are like."""

    __tablename__ = "event"
    __table_args__ = (
        sa.Index("event_even", "spread", "id"),
        sa.Index("event_mixed", sa.text("spread DESC"), "id"),
        sa.Index("event_nulls", sa.text("sparse DESC NULLS LAST"), sa.text("id DESC")),
        sa.Index("event_flag", "flag", sa.text("id DESC")),
        sa.Index("event_owned", "owner", "spread", "id"),
        sa.Index("event_mixed_three", "owner", "spread", sa.text("id DESC")),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    spread: Mapped[int]
    sparse: Mapped[int | None]
    flag: Mapped[bool]
    owner: Mapped[int]


@pytest.fixture(scope="module")
def filled(server: Any) -> Iterator[Database]:
    """60,000 rows with statistics: 3 rows for a value of `spread`, half of `sparse` NULL, two flags, 20 owners."""
    database = Database(server, "orm_page_plans")
    admin = sa.create_engine(Driver(Database(server, "postgres"), "psycopg").url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE IF EXISTS orm_page_plans WITH (FORCE)")
        connection.exec_driver_sql("CREATE DATABASE orm_page_plans")
        engine = sa.create_engine(Driver(database, "psycopg").url)
        Base.metadata.create_all(engine)
        database.query(
            "INSERT INTO event SELECT n, (n * 7919) % 20000, CASE WHEN n % 2 = 0 THEN n % 9973 END, n % 5 = 0, n % 20"
            f" FROM generate_series(1, {ROWS}) AS n"
        )
        database.query("VACUUM ANALYZE event")
        engine.dispose()
        yield database
        connection.exec_driver_sql("DROP DATABASE orm_page_plans WITH (FORCE)")
    admin.dispose()


@pytest.fixture
def session(filled: Database) -> Iterator[Session]:
    engine = sa.create_engine(Driver(filled, "psycopg").url)
    with Session(engine) as found:
        yield found
    engine.dispose()


def plans(session: Session, work: Callable[[], Any]) -> list[dict[str, Any]]:
    """The plans, with what they read, of all statements that `work` sends."""
    sent: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        sent.append((statement, parameters))

    connection = session.connection()
    sa.event.listen(connection, "before_cursor_execute", note)
    work()
    sa.event.remove(connection, "before_cursor_execute", note)
    found = []
    for statement, parameters in sent:
        explain = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + statement
        (told,) = connection.exec_driver_sql(explain, parameters).scalars().all()
        found.append((json.loads(told) if isinstance(told, str) else told)[0]["Plan"])
    return found


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for each in plan.get("Plans", ()):
        yield from nodes(each)


def unbounded(plan: dict[str, Any]) -> list[str]:
    """What is wrong with a page's plan."""
    found = []
    for each in nodes(plan):
        read = each["Actual Rows"] + each.get("Rows Removed by Filter", 0)
        if each["Node Type"] == "Seq Scan":
            found.append("the table is read")
        elif read > MOST:
            found.append(f"{read} rows in {each['Node Type']}")
    blocks = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return [*found, f"{blocks} blocks"] if blocks > MOST else found


ORDERS: dict[str, tuple[sa.Select[Event], list[Any]]] = {
    "one direction": (sa.select(Event), [Event.spread, Event.id]),
    "one direction, descending": (sa.select(Event), [Event.spread.desc(), Event.id.desc()]),
    "mixed": (sa.select(Event), [Event.spread.desc(), Event.id]),
    "nulls last": (sa.select(Event), [Event.sparse.desc().nulls_last(), Event.id.desc()]),
    "a flag in front": (sa.select(Event), [Event.flag, Event.id.desc()]),
    "a condition in front": (sa.select(Event).where(Event.owner == 3), [Event.spread, Event.id]),
    "a condition in front, mixed": (sa.select(Event).where(Event.owner == 3), [Event.spread, Event.id.desc()]),
}


@pytest.mark.parametrize("way", ["after", "before"])
@pytest.mark.parametrize("depth", [0.01, 0.499, 0.75, 0.99])
@pytest.mark.parametrize("name", ORDERS)
def test_every_page_is_bounded(session: Session, name: str, depth: float, way: str) -> None:
    """At any depth a page of 50 rows reads no table, sorts none and touches few rows and blocks."""
    statement, by = ORDERS[name]
    count = session.scalar(sa.select(sa.func.count()).select_from(statement.subquery()))
    assert count
    near = int(count * depth)
    place = session.execute(statement.order_by(*by).offset(near).limit(2)).scalars().all()
    cursor = _cursor(statement, by, place[0])
    query = page(statement, by=by, limit=50, **{way: cursor})  # type: ignore[arg-type]
    found = query.fetch(session)
    assert found.rows[0 if way == "after" else -1] is not place[0]
    assert way == "before" or found.rows[0] is place[1]
    asked = plans(session, lambda: query.fetch(session))
    assert [each for plan in asked for each in unbounded(plan)] == []
    if 0.1 < depth < 0.9:  # away from the ends nothing but the index will do
        scans = [node for plan in asked for node in nodes(plan) if "Index Name" in node]
        assert scans
        assert all("Index Cond" in node for node in scans)
        assert depth == 0.499 or not any("Sort" in node["Node Type"] for plan in asked for node in nodes(plan))


def _cursor(statement: sa.Select[Event], by: list[Any], event: Event) -> str:
    from pgready.orm.cursor import encode
    from pgready.orm.order import keys_of

    keys = keys_of(statement, by)
    return encode(keys, [getattr(event, each.column.key) for each in keys])


def test_the_check_can_fail(session: Session) -> None:
    """OFFSET, a bare OR, and an order without its index are all called unbounded."""
    offset = sa.select(Event).order_by(Event.spread, Event.id).offset(40_000).limit(50)
    bare = sa.or_(Event.spread > 14_000, sa.and_(Event.spread == 14_000, Event.id > 5))
    faults: dict[str, Callable[[], Any]] = {
        "offset": lambda: session.execute(offset).all(),
        "or": lambda: session.execute(sa.select(Event).where(bare).order_by(Event.spread, Event.id).limit(50)).all(),
        "no index": lambda: page(sa.select(Event), by=[Event.owner.desc(), Event.id]).fetch(session),
    }
    for name, work in faults.items():
        assert all(unbounded(plan) for plan in plans(session, work)), name
