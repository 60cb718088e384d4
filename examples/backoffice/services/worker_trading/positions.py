"""From fills to positions. A fill carries the mark that it is part of its position: it is added once, however often and
by however many workers it is tried."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backoffice.models import Fill, Order, OrderSide, Position


def position_fill(session: Session, order_id: UUID, number: int) -> bool:
    """Add a fill to the position of its account. False if it is part of it already."""
    mark = (
        sa.update(Fill)
        .where(Fill.order_id == order_id, Fill.number == number, Fill.positioned_at.is_(None))
        .values(positioned_at=sa.func.now())
        .returning(Fill.quantity, Fill.price)
    )
    fill = session.execute(mark).one_or_none()
    if fill is None:
        return False
    order = session.get_one(Order, order_id)
    sign = 1 if order.side is OrderSide.BUY else -1
    added = insert(Position).values(
        account_id=order.account_id,
        instrument_id=order.instrument_id,
        quantity=sign * fill.quantity,
        cost=sign * fill.quantity * fill.price,
        updated_at=sa.func.now(),
    )
    session.execute(
        added.on_conflict_do_update(
            index_elements=[Position.account_id, Position.instrument_id],
            set_={
                "quantity": Position.quantity + added.excluded.quantity,
                "cost": Position.cost + added.excluded.cost,
                "updated_at": added.excluded.updated_at,
            },
        )
    )
    return True


def fills_left_over(limit: int) -> sa.Select[UUID, int]:
    """Fills of more than a minute ago that are part of no position: their job was lost, or is being retried."""
    return (
        sa.select(Fill.order_id, Fill.number)
        .where(Fill.positioned_at.is_(None), Fill.filled_at < sa.func.now() - sa.text("interval '1 minute'"))
        .order_by(Fill.filled_at, Fill.order_id, Fill.number)
        .limit(limit)
    )
