"""The lists of trading-svc: those of the platform's schema `trading`, and quotes of its own."""

from typing import Any

import sqlalchemy as sa

from backoffice.lists import Listing, offer
from backoffice.models import Instrument, Order, Position
from services.trading_svc.tables import quotes

INSTRUMENTS = Listing(
    name="instruments",
    select=sa.select(Instrument),
    by={"symbol": (Instrument.symbol,)},
    filters={},
    offers=(offer("", "symbol"),),
)

ORDERS = Listing(
    name="orders",
    select=sa.select(Order),
    by={"placed_at": (Order.placed_at, Order.id)},
    filters={"account_id": Order.account_id, "instrument_id": Order.instrument_id, "status": Order.status},
    offers=(offer("account_id", "-placed_at"), offer("instrument_id status", "-placed_at")),
)

POSITIONS = Listing(
    name="positions",
    select=sa.select(Position),
    by={"instrument_id": (Position.instrument_id,)},
    filters={"account_id": Position.account_id},
    offers=(offer("account_id", "instrument_id"),),
)

QUOTES: Listing[Any] = Listing(
    name="quotes",
    select=sa.select(quotes.c.symbol, quotes.c.quoted_at, quotes.c.bid, quotes.c.ask),
    by={"quoted_at": (quotes.c.quoted_at,)},
    filters={"symbol": quotes.c.symbol},
    offers=(offer("symbol", "-quoted_at"),),
)
