"""Thirty mistakes that a type checker is to find: one a line, told in the comment behind it. Never run."""

from datetime import date, datetime
from decimal import Decimal

from app.models import Customer, Label, Order, OrderLine, OrderState, Turnover
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from pgready import orm


def constructors() -> None:
    Customer()  # mistake: required field is missing
    Customer(mail="a@b.c")  # mistake: no such field
    Customer("a@b.c")  # mistake: fields are keywords
    Customer(email=7)  # mistake: a number for a text
    Customer(email="a@b.c", credit="12.50")  # mistake: a text for a Decimal
    Customer(email="a@b.c", tags="new")  # mistake: a text for a list
    Customer(email="a@b.c", tags=[1, 2])  # mistake: numbers in a list of texts
    Customer(email="a@b.c", created_at=date(2020, 1, 1))  # mistake: a date for a moment
    Customer(email="a@b.c", orders=[])  # mistake: relations are set afterwards
    Order(customer_id="018f-…")  # mistake: a text for a UUID
    Order(customer_id=Customer(email="a@b.c").id, state="OPEN")  # mistake: a text for an enum
    OrderLine(order_id=1, position=1, article="x")  # mistake: the price is missing


def assignments(customer: Customer, order: Order, line: OrderLine) -> None:
    order.state = OrderState.CANCELLED  # mistake: no such value
    order.state = "PAID"  # mistake: a text for an enum
    order.customer = line  # mistake: another model
    order.customer = None  # mistake: a required relation
    order.lines = [customer]  # mistake: a list of another model
    order.labels.append("new")  # mistake: a text for a model
    customer.emial = "a@b.c"  # mistake: no such field
    line.quantity = Decimal("1.5")  # mistake: a Decimal for an Int
    customer.recruiter.email = "a@b.c"  # mistake: the relation may be missing


def reading(session: Session, customer: Customer, turnover: Turnover) -> None:
    name: str = customer.name  # mistake: the name may be missing
    moment: datetime = turnover.total  # mistake: a Decimal is no moment
    total: int = sum(line.price for line in customer.orders[0].lines)  # mistake: Decimals do not make an int
    found: list[Label] = list(session.scalars(select(Order)))  # mistake: another model's rows
    print(name, moment, total, found)


async def queries(session: AsyncSession) -> None:
    await session.scalars(select(Order).where(Order.totl > 5))  # mistake: no such column
    await session.execute(select(Order).where(Order.state == OrderState.PAYED))  # mistake: no such value in a filter
    await session.scalars(select(Customer).join(Customer.order))  # mistake: no such relation
    await session.execute(update(Label).where(Label.text == 5))  # mistake: a number for a text in a filter
    orm.page(select(Order), by=[Order.id.desc()], limit="20").fetch_async(session)  # mistake: a text for a number
