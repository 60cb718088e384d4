"""Quotes: the service's own schema, trading_svc, made by plain SQL files."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

import sqlalchemy as sa
from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, model_validator

from backoffice.database import Db
from backoffice.fields import Body, Symbol, UnitPrice
from backoffice.lists import Page, Paging
from backoffice.problems import not_found
from services.trading_svc.lists import QUOTES
from services.trading_svc.tables import latest_quotes, quotes

router = APIRouter()


class Quote(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    symbol: str
    quoted_at: datetime
    bid: Decimal
    ask: Decimal


class NewQuote(Body):
    symbol: Symbol
    bid: UnitPrice
    ask: UnitPrice

    @model_validator(mode="after")
    def _ask_is_not_below_bid(self) -> Self:
        if self.ask < self.bid:
            raise ValueError("ask is not below bid")
        return self


class QuotesAsked(Paging):
    symbol: Symbol
    sort: Literal["quoted_at", "-quoted_at"] | None = None


@router.get("/quotes")
def list_quotes(db: Db, asked: Annotated[QuotesAsked, Query()]) -> Page[Quote]:
    """The quotes of a symbol, the latest first."""
    rows, following, preceding = QUOTES.fetch(db, asked)
    return Page(items=[Quote.model_validate(row) for row in rows], next=following, previous=preceding)


@router.post("/quotes", status_code=201)
def add_quote(db: Db, new: NewQuote) -> Quote:
    """A new quote of a symbol, as of now."""
    with db.begin():
        row = db.execute(sa.insert(quotes).values(**new.model_dump()).returning(*quotes.c)).one()
        return Quote.model_validate(row)


@router.get("/quotes/{symbol}/latest")
def read_latest_quote(db: Db, symbol: Symbol) -> Quote:
    """The latest quote of a symbol."""
    row = db.execute(sa.select(latest_quotes).where(latest_quotes.c.symbol == symbol)).one_or_none()
    if row is None:
        raise not_found("quote")
    return Quote.model_validate(row)
