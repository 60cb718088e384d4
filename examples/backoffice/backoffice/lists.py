"""Lists, page by page, and the promise that each page is cheap however long the list is and however deep the page lies.

A `Listing` says which filters may be asked for together, and in which order. Each such offer is served by one index;
what no index serves is refused, with a word about what is offered instead. The query contracts are made from the same
table (`contracts/`), so `pgready prove` judges every query that an endpoint can send, and no other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Generic, TypeVar

import sqlalchemy as sa
from pgready.orm import CursorInvalid, PageQuery, page
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from backoffice.cursors import Place, seal, unseal
from backoffice.problems import Problem

T = TypeVar("T")
Row = TypeVar("Row")

MAX_LIMIT = 200


class Paging(BaseModel):
    """What every list takes; the endpoints add their filters and orders. Unknown parameters are refused: a filter that
    is spelled wrong would give everything."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="Records on a page.")] = 50
    cursor: Annotated[
        str | None, Field(max_length=1000, description="`next` or `previous` of a page of the same list.")
    ] = None


class Page(BaseModel, Generic[T]):
    """A page, and the cursors of the ones beside it: null where there is none."""

    items: Sequence[T]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True)
class Offer:
    """Filters that may be asked for together, in which order: `sort` unless the opposite direction is asked for."""

    filters: frozenset[str]
    sort: str

    @property
    def sorts(self) -> tuple[str, str]:
        """Both directions: an index is read either way."""
        column = self.sort.removeprefix("-")
        return column, f"-{column}"


def offer(filters: str, sort: str) -> Offer:
    """`offer("client_id status", "-created_at")`: the filters' names apart by spaces."""
    return Offer(frozenset(filters.split()), sort)


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """A list of an endpoint.

    `by` are its orders: a column, then what makes the order total. `offers` are served by an index each.
    """

    name: str
    select: sa.Select[Row]
    by: Mapping[str, tuple[Any, ...]]
    filters: Mapping[str, Any]
    offers: tuple[Offer, ...]

    def fetch(self, session: Session, asked: Paging, **fixed: object) -> tuple[Sequence[Row], str | None, str | None]:
        """The page that was asked for, with its cursors. `fixed` are filters from the path. Raises Problem."""
        said = asked.model_dump(exclude={"limit", "cursor"}, exclude_none=True) | fixed
        sort = self._sort(said.pop("sort", None), frozenset(said))
        context = {"list": self.name, "sort": sort} | {f"by {name}": _text(value) for name, value in said.items()}
        place = unseal(context, asked.cursor)
        try:
            found = self.query(said, sort, place, asked.limit).fetch(session)
        except CursorInvalid:  # signed by us, but of an older version of this order
            raise Problem(400, "cursor_invalid", "The cursor is too old: ask for the first page.") from None
        following = None if found.next is None else seal(context, Place(after=found.next))
        preceding = None if found.previous is None else seal(context, Place(before=found.previous))
        return found.rows, following, preceding

    def query(self, filters: Mapping[str, object], sort: str, place: Place, limit: int) -> PageQuery[Row]:
        """The page's query: `filters` by name, `sort` with or without a minus."""
        columns = self.by[sort.removeprefix("-")]
        order = [each.desc() for each in columns] if sort.startswith("-") else list(columns)
        where = [self.filters[name] == value for name, value in filters.items()]
        return page(self.select.where(*where), by=order, after=place.after, before=place.before, limit=limit)

    def contracts(self, **samples: object) -> dict[str, PageQuery[Row]]:
        """Every query that `fetch` can send, by a name: the first page and the next one of each, up and down."""
        return {
            "_".join([*sorted(one.filters), "by", column, word]): self.query(
                {name: samples[name] for name in sorted(one.filters)}, sign + column, Place(), MAX_LIMIT
            )
            for one in self.offers
            for column in one.sorts[:1]
            for sign, word in (("", "up"), ("-", "down"))
        }

    def _sort(self, sort: str | None, filters: frozenset[str]) -> str:
        """The order that was asked for, or the usual one. Raises Problem where no index serves it."""
        for one in self.offers:
            if one.filters == filters and sort in (None, *one.sorts):
                return one.sort if sort is None else sort
        offered = "; ".join(f"{_named(one.filters)}: {' or '.join(one.sorts)}" for one in self.offers)
        asked = _named(filters) + (f", sort={sort}" if sort else "")
        raise Problem(422, "list_not_offered", f"This list is not offered with {asked}. It is offered with {offered}.")


def _named(filters: frozenset[str]) -> str:
    return " and ".join(sorted(filters)) or "no filter"


def _text(value: object) -> str:
    return value.name if isinstance(value, Enum) else str(value)
