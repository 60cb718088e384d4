"""Pages hold every row once and in order, whatever the order, the NULLs and the ties; forwards and backwards."""

import asyncio
import enum
import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, aliased, joinedload, mapped_column, relationship

from fix_server import Database
from orm_drivers import Driver
from pgready import orm
from pgready.orm import page

pytestmark = pytest.mark.matrix


class Mood(enum.StrEnum):
    GLAD = "GLAD"
    SO_SO = "SO_SO"
    SAD = "SAD"


class Base(orm.Record, DeclarativeBase):
    type_annotation_map = orm.TYPES


class Note(Base):
    """Few values in every column, so that ties and NULLs are everywhere."""

    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    due: Mapped[datetime | None] = mapped_column(orm.TimestampTz(6))
    rank: Mapped[int | None]
    title: Mapped[str | None]
    mood: Mapped[Mood] = mapped_column(orm.enum_type(Mood, name="mood", labels={"SO_SO": "so, so"}))
    flag: Mapped[bool | None]
    price: Mapped[Decimal] = mapped_column(orm.Money())
    ratio: Mapped[float] = mapped_column(orm.Real())
    mark: Mapped[UUID] = mapped_column(sa.Uuid())
    extra: Mapped[orm.JsonValue] = mapped_column(sa.JSON, nullable=False)
    tags: Mapped[list[str]] = mapped_column(orm.List(sa.Text()), default_factory=list, nullable=True)
    lines: Mapped[list["Line"]] = relationship(init=False, back_populates="note", lazy="raise_on_sql")


class Line(Base):
    __tablename__ = "line"
    note_id: Mapped[int] = mapped_column(sa.ForeignKey("note.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str | None] = mapped_column(unique=True)
    note: Mapped[Note] = relationship(init=False, back_populates="lines", lazy="raise_on_sql")


START = datetime(2026, 1, 1, tzinfo=UTC)


def notes(seed: int, count: int) -> list[Note]:
    chance = random.Random(seed)
    return [
        Note(
            id=number,
            at=START + timedelta(seconds=chance.randrange(3)),
            due=chance.choice([None, START, START + timedelta(microseconds=1)]),
            rank=chance.choice([None, -1, 0, 7]),
            title=chance.choice([None, "", "ä", 'q"', "\\"]),
            mood=chance.choice(list(Mood)),
            flag=chance.choice([None, True, False]),
            price=chance.choice([Decimal("0.10"), Decimal(-3)]),
            ratio=chance.choice([0.1, float("inf"), -2.5]),
            mark=UUID(int=chance.randrange(3)),
            extra={"unhashable": [number]},
        )
        for number in range(1, count + 1)
    ]


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session on 40 notes; each third has two lines."""
    engine = sa.create_engine(Driver(database, "psycopg").url)
    Base.metadata.create_all(engine)
    with Session(engine) as found:
        found.add_all(notes(1, 40))
        found.flush()
        found.add_all(Line(note_id=n, number=m, code=None) for n in range(1, 41, 3) for m in (1, 2))
        found.commit()
        yield found
    engine.dispose()


def walk(session: Session, by: list[Any], limit: int, *, entity: Any = Note) -> tuple[list[Any], list[Any]]:
    """All rows forwards; then all but the last page's backwards from there."""
    forwards: list[Any] = []
    cursor: str | None = None
    for _ in range(100):
        found = page(sa.select(entity), by=by, after=cursor, limit=limit).fetch(session)
        assert (found.previous is None) == (cursor is None)
        forwards += found.rows
        if found.next is None:
            break
        assert len(found.rows) == limit
        cursor = found.next
    last, backwards = found, []
    for _ in range(100):
        if found.previous is None:
            break
        found = page(sa.select(entity), by=by, before=found.previous, limit=limit).fetch(session)
        assert found.next is not None
        backwards[:0] = found.rows
    return forwards, [*backwards, *last.rows]


WAYS = [
    lambda c: c.asc(),
    lambda c: c.desc(),
    lambda c: c.asc().nulls_first(),
    lambda c: c.desc().nulls_last(),
    lambda c: c.nulls_last(),
    lambda c: c.nulls_first(),
]


def orders(count: int) -> list[list[Any]]:
    chance = random.Random(7)
    columns = [Note.at, Note.due, Note.rank, Note.title, Note.mood, Note.flag, Note.price, Note.ratio, Note.mark]
    expressions = [sa.func.lower(Note.title), Note.rank + 1, sa.func.coalesce(Note.due, START)]
    found = []
    for _ in range(count):
        chosen = chance.sample([*columns, *expressions], chance.randrange(1, 4))
        found.append([chance.choice(WAYS)(each) for each in [*chosen, Note.id]])
    return found


def test_pages_hold_every_row_once_in_order(session: Session) -> None:
    """30 orders of all types, directions and places of NULLs; pages of several sizes; both ways."""
    for number, by in enumerate(orders(30)):
        wanted = session.scalars(sa.select(Note).order_by(*by)).all()
        forwards, backwards = walk(session, by, (3, 7, 19, 40)[number % 4])
        assert forwards == list(wanted), by
        assert backwards == list(wanted), by


def test_rows_that_come_and_go_shift_nothing(session: Session) -> None:
    """What was there all the time is shown once, though rows before and after the cursor change between two pages."""
    by = [Note.at.desc(), Note.id.desc()]
    wanted = [note.id for note in session.scalars(sa.select(Note).order_by(*by))]
    first = page(sa.select(Note.id), by=by, limit=10).fetch(session)
    session.execute(sa.delete(Line))
    session.execute(sa.delete(Note).where(Note.id.in_([wanted[3], wanted[9], wanted[10]])))
    session.add(Note(**{**fields(notes(2, 1)[0]), "id": 99, "at": START + timedelta(days=1)}))
    second = page(sa.select(Note.id), by=by, after=first.next, limit=10).fetch(session)
    assert [*first.rows, *second.rows] == [*wanted[:10], *wanted[11:21]]


def fields(note: Note) -> dict[str, Any]:
    return {each.key: getattr(note, each.key) for each in sa.inspect(Note).column_attrs}


def test_stale_objects_do_not_move_the_cursor(session: Session) -> None:
    """The cursor is made from what the database said, not from objects that the session holds with other values."""
    by = [Note.at, Note.id]
    wanted = session.scalars(sa.select(Note.id).order_by(*by)).all()
    stale = session.get(Note, wanted[4])
    assert stale is not None
    with session.no_autoflush:
        stale.at = START + timedelta(days=9)
        first = page(sa.select(Note), by=by, limit=5).fetch(session)
        second = page(sa.select(Note.id), by=by, after=first.next, limit=5).fetch(session)
    assert list(second.rows) == list(wanted[5:10])
    session.rollback()


def test_rows_of_several_columns_keep_their_names(session: Session) -> None:
    """Rows look as the caller's statement says, without the ordering columns."""
    found = page(sa.select(Note.id, Note.title.label("called"), Note), by=[Note.mood, Note.id], limit=2).fetch(session)
    assert [row._fields for row in found.rows] == [("id", "called", "Note")] * 2
    assert all(row.id == row.Note.id and row.called == row.Note.title for row in found.rows)


def test_eager_loading_and_joins(session: Session) -> None:
    """Joined eager collections do not cut pages short; joins page by what determines their rows."""
    found = page(sa.select(Note).options(joinedload(Note.lines)), by=[Note.id], limit=5).fetch(session)
    assert [note.id for note in found.rows] == [1, 2, 3, 4, 5]
    assert [len(note.lines) for note in found.rows] == [2, 0, 0, 2, 0]
    lines = sa.select(Line, Note.title).join(Line.note)
    seen: list[tuple[int, int]] = []
    cursor = None
    while True:
        part = page(lines, by=[Note.at, Line.note_id, Line.number], after=cursor, limit=3).fetch(session)
        seen += [(row.Line.note_id, row.Line.number) for row in part.rows]
        if part.next is None:
            break
        cursor = part.next
    assert len(seen) == len(set(seen)) == 28


def test_outer_joins_have_nulls(session: Session) -> None:
    """Columns of an outer join's far side are paged as nullable ones, though the table says NOT NULL."""
    other = aliased(Line)
    statement = sa.select(Note.id, other.number).outerjoin(other, sa.and_(other.note_id == Note.id, other.number == 1))
    by = [other.number, Note.id]
    wanted = [tuple(row) for row in session.execute(statement.order_by(*by))]
    found: list[tuple[Any, ...]] = []
    cursor = None
    while True:
        part = page(statement, by=by, after=cursor, limit=6).fetch(session)
        found += [tuple(row) for row in part.rows]
        if part.next is None:
            break
        cursor = part.next
    assert found == wanted


def test_core_connections(session: Session) -> None:
    """A connection takes pages too; its rows need not be hashable."""
    table = sa.select(Note.__table__)
    columns = Note.__table__.c
    with session.connection() as connection:
        first = page(table, by=[columns.rank, columns.id], limit=39).fetch(connection)
        second = page(table, by=[columns.rank, columns.id], after=first.next, limit=39).fetch(connection)
    assert len({row.id for row in [*first.rows, *second.rows]}) == 40
    assert second.next is None


@pytest.mark.parametrize("name", ["psycopg", "asyncpg"])
def test_asynchronous_sessions(session: Session, database: Database, name: str) -> None:
    """The same pages through asynchronous sessions and connections, on both drivers."""
    some = orders(6)
    wanted = [session.scalars(sa.select(Note.id).order_by(*by)).all() for by in some]
    driver = Driver(database, name)

    async def run() -> list[list[int]]:
        engine = create_async_engine(driver.url, **driver.options)
        found = []
        async with AsyncSession(engine) as asynchronous:
            for by in some:
                ids: list[int] = []
                cursor = None
                for turn in itertools.count():
                    of = asynchronous if turn % 2 else await asynchronous.connection()
                    part = await page(sa.select(Note.id), by=by, after=cursor, limit=9).fetch_async(of)
                    ids += part.rows
                    if part.next is None:
                        break
                    cursor = part.next
                found.append(ids)
        return found

    assert asyncio.run(run()) == [list(each) for each in wanted]
