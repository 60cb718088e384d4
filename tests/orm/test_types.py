"""The column types on every driver: what is written is read equal, compared and computed with, in any session zone."""

import enum
import ipaddress
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from fix_server import Database
from orm_drivers import DRIVERS, Driver
from pgready import orm

pytestmark = pytest.mark.matrix


class Color(enum.StrEnum):
    RED = "RED"
    GREEN = "GREEN"
    ODD = "ODD"


class Base(orm.Record, DeclarativeBase):
    type_annotation_map = orm.TYPES


COLOR = orm.enum_type(
    Color, name="Color, x", schema="far", labels={"RED": 're"d, {x}', "ODD": "NULL"}, metadata=Base.metadata
)
EAST = timezone(timedelta(hours=5, minutes=45))
NOON = datetime(2026, 7, 4, 12, 0, 0, 123000, tzinfo=EAST)

TYPES: dict[str, tuple[Any, list[Any]]] = {
    "stamp": (orm.Timestamp(3), [NOON, datetime(1970, 1, 1, tzinfo=UTC)]),
    "stamp_tz": (orm.TimestampTz(6), [NOON + timedelta(microseconds=7)]),
    "time_tz": (orm.TimeTz(3), [time(1, 0, 0, 5000, tzinfo=UTC), time(12, tzinfo=EAST)]),
    "inet": (orm.Inet(), ["192.168.0.1", "10.0.0.0/8", "::1", "2001:db8::/32"]),
    "bit": (orm.Bit(3), ["101"]),
    "varbit": (orm.VarBit(), ["1100101", ""]),
    "real": (orm.Real(), [0.1, -2.5, 3.4028235e38, 1e-45, float("inf")]),
    "money": (orm.Money(), [Decimal("1234.50"), Decimal("-0.01")]),
    "color": (COLOR, [Color.RED, Color.ODD, Color.GREEN]),
    "citext": (postgresql.CITEXT(), ["a,b", 'q"', "NULL", "", "\\", "{x}", " s ", "ü\n"]),
    "text": (sa.Text(), ["a,b", 'q"', "NULL", "", "\\", "{x}", " s ", "ü\n"]),
    "json": (postgresql.JSONB(none_as_null=True), [{"a": [1, None]}, [], 0, "x"]),
    "bytes": (postgresql.BYTEA(), [b"", bytes(range(256))]),
    "number": (sa.Numeric(65, 30), [Decimal("0.1"), Decimal(-(10**34))]),
    "double": (sa.Double(), [0.1, 5e-324]),
    "uuid": (sa.Uuid(), [UUID(int=7)]),
    "big": (sa.BigInteger(), [-(2**63), 2**63 - 1]),
    "small": (sa.SmallInteger(), [-(2**15)]),
    "flag": (sa.Boolean(), [True, False]),
    "varchar": (sa.String(5), ["five5"]),
    "char": (sa.CHAR(5), ["five5"]),
    "day": (sa.Date(), [date(2024, 2, 29)]),
    "clock": (postgresql.TIME(precision=3), [time(1, 2, 3, 4000)]),
}

SINGLE = sa.Table(
    "single",
    Base.metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    *(sa.Column(n, t) for n, (t, _) in TYPES.items()),
)
LISTS = sa.Table(
    "lists",
    Base.metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    *(sa.Column(n, orm.List(t)) for n, (t, _) in TYPES.items()),
)


class Thing(Base):
    __tablename__ = "thing"
    id: Mapped[int] = mapped_column(primary_key=True)
    made: Mapped[datetime] = mapped_column(
        insert_default=orm.now, default_factory=orm.left_to_insert, server_default=sa.text("CURRENT_TIMESTAMP")
    )
    made_tz: Mapped[datetime] = mapped_column(
        orm.TimestampTz(), insert_default=orm.now, default_factory=orm.left_to_insert
    )
    day: Mapped[date] = mapped_column(sa.Date, insert_default=orm.now_date, default_factory=orm.left_to_insert)
    clock: Mapped[time] = mapped_column(
        postgresql.TIME(precision=3), insert_default=orm.now_time, default_factory=orm.left_to_insert
    )
    clock_tz: Mapped[time] = mapped_column(
        orm.TimeTz(3), insert_default=orm.now_timetz, default_factory=orm.left_to_insert
    )
    changed: Mapped[datetime] = mapped_column(
        insert_default=orm.now, onupdate=orm.now, default_factory=orm.left_to_insert
    )
    number: Mapped[int] = mapped_column(
        orm.Serial(sa.BigInteger), nullable=False, init=False, server_default=sa.FetchedValue()
    )
    odd: Mapped[Any] = mapped_column(orm.Unsupported("point"), deferred=True, init=False, nullable=True)
    note: Mapped[str] = mapped_column(default="")
    tags: Mapped[list[str]] = mapped_column(orm.List(sa.Text()), nullable=True, default_factory=list)


@pytest.fixture
def tables(database: Database) -> Database:
    """The tables of this file."""
    database.query("CREATE SCHEMA far; CREATE EXTENSION citext")
    engine = sa.create_engine(Driver(database, "psycopg").url)
    Base.metadata.create_all(engine)
    engine.dispose()
    return database


@pytest.mark.parametrize("driver", DRIVERS)
def test_values_are_read_as_written(tables: Database, driver: str) -> None:
    """Every type and its edges, alone and in lists; found by comparing; None and the empty list stay what they are."""

    def work(session: Session) -> None:
        for name, (_, values) in TYPES.items():
            column = SINGLE.c[name]
            for value in [*values, None]:
                (made,) = session.execute(sa.insert(SINGLE).values({name: value}).returning(SINGLE.c.id)).one()
                found = session.scalar(sa.select(column).where(SINGLE.c.id == made))
                assert found == value, name
                assert isinstance(found, type(value)), name
                if value is not None and (name != "json" or isinstance(value, (dict, list))):
                    assert session.scalar(sa.select(column).where(SINGLE.c.id == made, column == value)) == value, name
            many = LISTS.c[name]
            for cut in (values, values[:1], []):
                (made,) = session.execute(sa.insert(LISTS).values({name: cut}).returning(LISTS.c.id)).one()
                assert session.scalar(sa.select(many).where(LISTS.c.id == made)) == cut, name
                same = sa.select(many).where(LISTS.c.id == made, many == cut, many.contains(cut))
                assert session.scalar(same) == cut, name
                if cut:
                    found = session.scalar(sa.select(many[1]).where(LISTS.c.id == made))
                    assert found == cut[0] or name == "money"
        assert session.scalar(sa.insert(LISTS).returning(LISTS.c.text)) == []

    Driver(tables, driver).ask(work)


@pytest.mark.parametrize("driver", DRIVERS)
def test_arithmetic_keeps_the_type(tables: Database, driver: str) -> None:
    """An instant and an interval make an instant in UTC, whatever the session's zone; lists of mixed numbers are fine."""

    def work(session: Session) -> None:
        stamp, stamp_tz = SINGLE.c.stamp, SINGLE.c.stamp_tz
        session.execute(sa.insert(SINGLE).values(stamp=NOON, stamp_tz=NOON))
        for column in (stamp, stamp_tz):
            assert session.scalar(sa.select(column + timedelta(days=1))) == NOON + timedelta(days=1)
            assert session.scalar(sa.select(column - NOON)) == timedelta(0)
            assert session.scalar(sa.select(column).where(column - timedelta(hours=1) < NOON)) == NOON
            assert session.scalar(sa.select(column).where(column + timedelta(hours=1) > NOON)) == NOON
            assert session.scalar(sa.select(column).where(column.in_([NOON]), column.between(NOON, NOON))) == NOON
            assert session.scalar(sa.select(sa.func.max(column))) == NOON
            assert session.scalar(sa.select(sa.func.coalesce(column, sa.literal(NOON, column.type)))) == NOON
            assert session.scalar(sa.select(sa.literal(NOON, column.type))) == NOON
        numbers = {"double": [1, 2.5], "number": [1, Decimal("2.5")], "money": [1, Decimal("2.5")], "real": [1, 2.5]}
        found = session.execute(sa.insert(LISTS).values(numbers).returning(*(LISTS.c[n] for n in numbers))).one()
        assert found._asdict() == numbers
        assert (
            session.scalar(sa.insert(SINGLE).values(inet=ipaddress.ip_address("::1")).returning(SINGLE.c.inet)) == "::1"
        )

    Driver(tables, driver).ask(work)


REFUSED: dict[str, tuple[sa.Table, str, Any, str]] = {
    "naive stamp": (SINGLE, "stamp", datetime(2026, 1, 1), "says no time zone, and the column holds UTC"),
    "naive stamp_tz": (SINGLE, "stamp_tz", datetime(2026, 1, 1), "give datetime.now"),
    "naive time": (SINGLE, "time_tz", time(1), "says no time zone, and the column needs one"),
    "naive in a list": (LISTS, "stamp", [NOON, datetime(2026, 1, 1)], "says no time zone"),
    "a date": (SINGLE, "stamp", date(2026, 1, 1), "not a value of type date"),
    "a text for a list": (LISTS, "text", "abc", "A list is needed, not a text"),
    "too many bits": (SINGLE, "bit", "10101", "bit string|invalid input"),
    "too few bits": (SINGLE, "bit", "1", "bit string|invalid input"),
    "bits too long in a list": (LISTS, "bit", ["10101"], "bit string|invalid input"),
    "too long": (SINGLE, "varchar", "sixsix", "too long"),
    "too long in a list": (LISTS, "varchar", ["sixsix"], "too long"),
    "char too long in a list": (LISTS, "char", ["sixsix"], "too long"),
    "no label": (SINGLE, "color", "BLUE", "invalid input value for enum"),
}


@pytest.mark.parametrize("driver", DRIVERS)
def test_what_does_not_fit_is_refused(tables: Database, driver: str) -> None:
    """Values without a zone, and values that are too long, are errors: nothing is guessed or cut off."""

    def work(session: Session) -> None:
        for name, (table, column, value, words) in REFUSED.items():
            nested = session.begin_nested()
            with pytest.raises((StatementError, DBAPIError), match=words):
                session.execute(sa.insert(table).values({column: value}))
                pytest.fail(name)
            nested.rollback()

    Driver(tables, driver).ask(work)


@pytest.mark.parametrize("driver", DRIVERS)
def test_the_present(tables: Database, driver: str) -> None:
    """One instant in UTC for all that a statement writes, in milliseconds; `onupdate` moves it, Core's statements too."""

    def work(session: Session) -> None:
        before = orm.utc_now()
        one, other = Thing(id=1), Thing(id=2)
        session.add_all([one, other])
        session.flush()
        assert before <= one.made <= orm.utc_now()
        assert one.made == one.made_tz == one.changed == other.made
        assert one.made.microsecond % 1000 == 0
        assert (one.day, one.clock, one.clock_tz) == (one.made.date(), one.made.time(), one.made.timetz())
        session.expire_all()
        assert one.made == one.made_tz == one.changed
        assert (one.number, other.number) == (1, 2)
        session.execute(sa.update(Thing).where(Thing.id == 2).values(note="x"))
        session.refresh(other)
        assert other.changed >= other.made
        session.execute(sa.insert(Thing), [{"id": 3}, {"id": 4}])
        rows = session.execute(sa.select(Thing.made, Thing.changed).where(Thing.id > 2)).all()
        assert len({each for row in rows for each in row}) == 1
        given = Thing(id=5, made=NOON)
        session.add(given)
        session.flush()
        session.expire(given)
        assert given.made == NOON

    Driver(tables, driver).ask(work)


def test_records(tables: Database) -> None:
    """Records are themselves, can be put in sets, and show what is loaded without asking the database."""
    engine = sa.create_engine(Driver(tables, "psycopg").url)
    with Session(engine) as session:
        thing = Thing(id=1, note="n" * 200)
        assert thing != Thing(id=1, note="n" * 200)
        assert len({thing, thing}) == 1
        with pytest.raises(TypeError):
            Thing(1)  # type: ignore[misc]
        session.add(thing)
        session.commit()
        assert repr(thing) == "Thing()"
        assert session.scalar(sa.select(Thing.id)) == 1
        session.refresh(thing)
        assert repr(thing).startswith("Thing(id=1, made=datetime")
        assert "…" in repr(thing)
        assert "odd" not in repr(thing)
        session.expunge(thing)
        session.expire_on_commit = True
    assert repr(thing).startswith("Thing(id=1")
    engine.dispose()


def test_nulls_despite_defaults(database: Database) -> None:
    """`evaluates_none()` copies of the types send a None that was given, where SQLAlchemy would take the default."""
    metadata = sa.MetaData()
    made: list[Callable[[], Any]] = [
        orm.Timestamp,
        lambda: orm.TimeTz(3),
        lambda: orm.List(sa.Text()),
        lambda: orm.Bit(2),
    ]
    made += [orm.Inet, orm.Money, orm.Real, orm.VarBit, lambda: orm.TimestampTz(6)]
    table = sa.Table("t", metadata, *(sa.Column(f"c{at}", each()) for at, each in enumerate(made)))
    copied = [column.type.evaluates_none() for column in table.c]
    assert all(each.should_evaluate_none for each in copied)
    dialect = postgresql.dialect()
    assert [each.compile(dialect) for each in copied] == [column.type.compile(dialect) for column in table.c]
