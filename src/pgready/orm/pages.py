"""Keyset pages: the next page starts where the last one ended, at the cost of its own rows, however deep it lies.

    query = page(select(Invoice), by=[Invoice.created_at.desc(), Invoice.id.desc()], after=cursor, limit=50)
    found = query.fetch(session)            # or: await query.fetch_async(session)
    found.rows, found.next, found.previous

Rows that come or go between two pages shift nothing: no row is shown twice or left out that was there all the time.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, TypeVarTuple, overload

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.orm import Session, scoped_session

from pgready.orm import cursor as cursors
from pgready.orm.bounds import after as conditions_after
from pgready.orm.order import Key, OrderInvalid, keys_of
from pgready.orm.total import ensure_total

if TYPE_CHECKING:  # asyncio is not imported for those who do without it
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, async_scoped_session

T = TypeVar("T")
T2 = TypeVar("T2")
Ts = TypeVarTuple("Ts")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows in the order of `by`, and the cursors of the pages beside them, None where there is none."""

    rows: tuple[T, ...]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True, eq=False)
class PageQuery(Generic[T]):
    """A page to be fetched.

    `statements` are asked one after the other until the page is full: one in most cases, more where NULLs or values of
    an enum have ranges of the index for themselves. Each selects what the caller does, then the ordering columns.
    """

    statements: tuple[sa.Select[Any], ...]
    _keys: tuple[Key, ...]
    _limit: int
    _backwards: bool
    _bounded: bool

    def fetch(self, session: Session | scoped_session[Any] | Connection) -> Page[T]:
        """Ask a session or connection."""
        steps = self._steps()
        try:
            statement = next(steps)
            while True:
                result: sa.Result[Any] = session.execute(statement)
                # Joined eager loading insists on it; a connection's rows need not be hashable.
                rows = result if isinstance(session, Connection) else result.unique()
                statement = steps.send((list(result.keys()), rows.all()))
        except StopIteration as end:
            found: Page[T] = end.value
            return found

    async def fetch_async(self, session: AsyncSession | async_scoped_session[Any] | AsyncConnection) -> Page[T]:
        """Ask an asynchronous session or connection."""
        from sqlalchemy.ext.asyncio import AsyncConnection

        steps = self._steps()
        try:
            statement = next(steps)
            while True:
                result: sa.Result[Any] = await session.execute(statement)
                rows = result if isinstance(session, AsyncConnection) else result.unique()
                statement = steps.send((list(result.keys()), rows.all()))
        except StopIteration as end:
            found: Page[T] = end.value
            return found

    def shapes(self) -> list[tuple[str, sa.Select[Any]]]:
        """What fetching asks, `first` and `next` page, each with its LIMIT and made-up values: for their plans."""
        from pgready.orm.shapes import shapes

        return list(shapes(self.statements, self._keys, self._limit, bounded=self._bounded))

    def _steps(self) -> Generator[sa.Select[Any], tuple[list[str], Sequence[sa.Row[Any]]], Page[T]]:
        """Statements out, their rows in; sync and async shells share it."""
        wanted = self._limit + 1
        names: list[str] = []
        rows: list[sa.Row[Any]] = []
        for statement in self.statements:
            names, more = yield statement.limit(wanted - len(rows))
            rows += more
            if len(rows) >= wanted:
                break
        return self._page(names, rows)

    def _page(self, names: list[str], rows: list[sa.Row[Any]]) -> Page[T]:
        more = len(rows) > self._limit
        del rows[self._limit :]
        if self._backwards:
            rows.reverse()
        if not rows:
            return Page((), None, None)
        width = len(names) - len(self._keys)
        first, last = (cursors.encode(self._keys, tuple(row)[width:]) for row in (rows[0], rows[-1]))
        has_next, has_previous = (self._bounded, more) if self._backwards else (more, self._bounded)
        return Page(_cut(names, rows, width), last if has_next else None, first if has_previous else None)


def _cut(names: list[str], rows: list[sa.Row[Any]], width: int) -> tuple[Any, ...]:
    """The rows without the ordering columns: values where there is one column, else rows with their names."""
    if width == 1:
        return tuple([row[0] for row in rows])
    cut = iter([tuple(row)[:width] for row in rows])
    plain: IteratorResult[*tuple[Any, ...]] = IteratorResult(SimpleResultMetaData(names[:width]), cut)
    return tuple(plain.all())


# The first overload is SQLAlchemy 2.0's Select of one column; 2.1 says Select[T] for it, and Select[A, B] for more.
@overload
def page(
    statement: sa.Select[tuple[T]],
    *,
    by: Sequence[sa.ColumnElement[Any] | sa.SQLColumnExpression[Any]],
    after: str | None = None,
    before: str | None = None,
    limit: int = 50,
    unique: bool = False,
) -> PageQuery[T]: ...
@overload
def page(
    statement: sa.Select[T],
    *,
    by: Sequence[sa.ColumnElement[Any] | sa.SQLColumnExpression[Any]],
    after: str | None = None,
    before: str | None = None,
    limit: int = 50,
    unique: bool = False,
) -> PageQuery[T]: ...
@overload
def page(
    statement: sa.Select[T, T2, *Ts],
    *,
    by: Sequence[sa.ColumnElement[Any] | sa.SQLColumnExpression[Any]],
    after: str | None = None,
    before: str | None = None,
    limit: int = 50,
    unique: bool = False,
) -> PageQuery[sa.Row[T, T2, *Ts]]: ...
def page(
    statement: sa.Select[*tuple[Any, ...]],
    *,
    by: Sequence[Any],
    after: str | None = None,
    before: str | None = None,
    limit: int = 50,
    unique: bool = False,
) -> PageQuery[Any]:
    """A page of `limit` rows in the order of `by`, after or before a cursor, the first one without.

    `by` must end in a unique key, so that no two rows are equal in it; `unique` is the caller's word for that where it
    cannot be seen. An index with the same columns and directions bounds the plan. Raises OrderInvalid, CursorInvalid.
    """
    if after is not None and before is not None:
        raise OrderInvalid("A page lies after a cursor or before one: give `after` or `before`, not both.")
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise OrderInvalid(f"`limit` is a number of rows, at least 1, not {limit!r}.")
    if statement._order_by_clauses:  # noqa: SLF001 - no public word for it
        raise OrderInvalid("The statement has an ORDER BY of its own: `by` orders the page, so leave order_by() out.")
    if statement._has_row_limiting_clause:  # noqa: SLF001 - no public word for it
        raise OrderInvalid("The statement has a LIMIT or OFFSET of its own: `limit` and the cursor take its place.")
    keys = keys_of(statement, by)
    if not unique:
        ensure_total(statement, keys)
    cursor = after if before is None else before
    backwards = before is not None
    asked = tuple(each.reversed() for each in keys) if backwards else keys
    labelled = (each.column.label(f"_pgready_key_{at}") for at, each in enumerate(keys))
    whole = statement.add_columns(*labelled).order_by(*(each.clause() for each in asked))
    statements = [whole]
    if cursor is not None:
        statements = [whole.where(each) for each in conditions_after(asked, cursors.decode(keys, cursor))]
    return PageQuery(tuple(statements), keys, limit, backwards, cursor is not None)
