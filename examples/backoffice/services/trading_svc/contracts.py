"""What trading-svc's lists send to its own schema."""

import sqlalchemy as sa
from pgready import contract
from pgready.orm import PageQuery

from services.trading_svc.lists import QUOTES
from services.trading_svc.tables import latest_quotes


@contract
def quotes() -> dict[str, PageQuery[object]]:
    """GET /quotes."""
    return QUOTES.contracts(symbol="COAL")


@contract
def latest_quote(symbol: str = "COAL") -> sa.Select[object]:
    """GET /quotes/{symbol}/latest."""
    return sa.select(latest_quotes).where(latest_quotes.c.symbol == symbol)
