"""What trading-svc's lists send to the platform's schema; contracts of its own schema are beside its migrations."""

from uuid import UUID

from pgready import contract
from pgready.orm import PageQuery

from backoffice.models import Instrument, Order, OrderStatus, Position
from services.trading_svc.lists import INSTRUMENTS, ORDERS, POSITIONS

SOME = UUID("01941f29-7c00-7000-8000-000000000001")


@contract
def instruments() -> dict[str, PageQuery[Instrument]]:
    """GET /instruments."""
    return INSTRUMENTS.contracts()


@contract
def orders() -> dict[str, PageQuery[Order]]:
    """GET /orders."""
    return ORDERS.contracts(account_id=SOME, instrument_id=SOME, status=OrderStatus.OPEN)


@contract
def positions() -> dict[str, PageQuery[Position]]:
    """GET /positions."""
    return POSITIONS.contracts(account_id=SOME)
