"""Instruments, orders, fills and positions: the platform's schema `trading`."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Query
from sqlalchemy.orm import selectinload

from backoffice.database import Db
from backoffice.fields import Body, ShortText, Symbol, TickSize, UnitPrice, Units
from backoffice.jobs import POSITION_FILL, defer
from backoffice.lists import Page, Paging
from backoffice.models import Fill, Instrument, Order, OrderSide, OrderStatus
from backoffice.problems import conflict, not_found
from backoffice.shapes import FillRead, InstrumentRead, OrderRead, PositionRead
from services.trading_svc.lists import INSTRUMENTS, ORDERS, POSITIONS

router = APIRouter()


class NewInstrument(Body):
    symbol: Symbol
    name: ShortText
    tick_size: TickSize


class NewOrder(Body):
    account_id: UUID
    instrument_id: UUID
    side: OrderSide
    quantity: Units
    limit_price: UnitPrice | None = None


class NewFill(Body):
    quantity: Units
    price: UnitPrice


class OrderWithFills(OrderRead):
    fills: list[FillRead]


class OrdersAsked(Paging):
    account_id: UUID | None = None
    instrument_id: UUID | None = None
    status: OrderStatus | None = None
    sort: Literal["placed_at", "-placed_at"] | None = None


class PositionsAsked(Paging):
    account_id: UUID


@router.get("/instruments")
def list_instruments(db: Db, asked: Annotated[Paging, Query()]) -> Page[InstrumentRead]:
    """Instruments by symbol."""
    rows, following, preceding = INSTRUMENTS.fetch(db, asked)
    return Page(items=[InstrumentRead.model_validate(row) for row in rows], next=following, previous=preceding)


@router.post("/instruments", status_code=201)
def create_instrument(db: Db, new: NewInstrument) -> InstrumentRead:
    """A new instrument."""
    instrument = Instrument(symbol=new.symbol, name=new.name, tick_size=new.tick_size)
    with db.begin():
        db.add(instrument)
        db.flush()
        return InstrumentRead.model_validate(instrument)


@router.get("/orders")
def list_orders(db: Db, asked: Annotated[OrdersAsked, Query()]) -> Page[OrderRead]:
    """Orders of an account, or those of an instrument in one status; the newest first."""
    rows, following, preceding = ORDERS.fetch(db, asked)
    return Page(items=[OrderRead.model_validate(row) for row in rows], next=following, previous=preceding)


@router.post("/orders", status_code=201)
def place_order(db: Db, new: NewOrder) -> OrderRead:
    """A new order."""
    order = Order(**new.model_dump())
    with db.begin():
        db.add(order)
        db.flush()
        return OrderRead.model_validate(order)


@router.get("/orders/{order_id}")
def read_order(db: Db, order_id: UUID) -> OrderWithFills:
    """One order with its fills."""
    order = db.get(Order, order_id, options=[selectinload(Order.fills)])
    if order is None:
        raise not_found("order")
    fills = [FillRead.model_validate(each) for each in sorted(order.fills, key=lambda each: each.number)]
    return OrderWithFills(**OrderRead.model_validate(order).model_dump(), fills=fills)


@router.post("/orders/{order_id}/fills", status_code=201)
def fill_order(db: Db, order_id: UUID, new: NewFill) -> FillRead:
    """The market took a part of an order, or the rest of it. worker-trading makes it part of a position."""
    with db.begin():
        order = db.get(Order, order_id, with_for_update=True)
        if order is None:
            raise not_found("order")
        if order.status is not OrderStatus.OPEN:
            raise conflict("not_open", f"Only an open order can be filled; this one is {order.status.name}.")
        filled, number = db.execute(
            sa.select(sa.func.sum(Fill.quantity), sa.func.max(Fill.number)).where(Fill.order_id == order_id)
        ).one()
        left = order.quantity - (filled or Decimal())
        if new.quantity > left:
            raise conflict("more_than_open", f"Of {order.quantity}, {left} is open.")
        fill = Fill(order_id=order_id, number=(number or 0) + 1, quantity=new.quantity, price=new.price)
        db.add(fill)
        if new.quantity == left:
            order.status = OrderStatus.FILLED
        db.flush()
        defer(db, POSITION_FILL, order_id=order_id, number=fill.number)
        return FillRead.model_validate(fill)


@router.get("/positions")
def list_positions(db: Db, asked: Annotated[PositionsAsked, Query()]) -> Page[PositionRead]:
    """The positions of an account."""
    rows, following, preceding = POSITIONS.fetch(db, asked)
    return Page(items=[PositionRead.model_validate(row) for row in rows], next=following, previous=preceding)
