"""An application on generated models, as a team would write it: sync and async sessions, relations, filters, pages."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from app.models import Base, Customer, Label, Order, OrderLine, OrderState, Profile, Turnover
from sqlalchemy import Engine, any_, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from pgready import orm


def create_tables(engine: Engine) -> None:
    """Make all tables."""
    Base.metadata.create_all(engine)


def register(session: Session, email: str, recruiter: Customer | None = None) -> Customer:
    """A new customer with a profile."""
    customer = Customer(email=email, tags=["new"], settings={"theme": "dark", "sizes": [1, 2]})
    customer.recruiter = recruiter
    customer.profile = Profile(customer_id=customer.id, birthday=date(1990, 1, 31), photo=b"\x00\xff")
    session.add(customer)
    session.flush()
    return customer


def place(session: Session, customer: Customer, articles: dict[str, Decimal]) -> Order:
    """An order with a line for each article, labelled as new."""
    order = Order(customer_id=customer.id)
    order.lines = [
        OrderLine(order_id=order.id, position=position, article=article, price=price)
        for position, (article, price) in enumerate(articles.items(), start=1)
    ]
    order.labels.append(Label(text="new"))
    session.add(order)
    session.flush()
    return order


def pay(session: Session, number: str) -> OrderState:
    """Mark an order as paid."""
    order = session.scalars(select(Order).where(Order.number == number)).one()
    order.state = OrderState.PAID
    return order.state


def totals(session: Session) -> dict[UUID, Decimal]:
    """What each customer has ordered."""
    statement = (
        select(Order.customer_id, func.sum(OrderLine.price * OrderLine.quantity))
        .join(Order.lines)
        .group_by(Order.customer_id)
    )
    return {customer: total for customer, total in session.execute(statement)}  # noqa: C416


def recent(session: Session, days: int) -> Sequence[Order]:
    """Orders of the last days with their lines."""
    since = datetime.now(UTC) - timedelta(days=days)
    statement = (
        select(Order)
        .where(Order.placed_at >= since, Order.state.in_([OrderState.OPEN, OrderState.PAID]))
        .order_by(Order.placed_at.desc())
        .options(selectinload(Order.lines), joinedload(Order.customer))
    )
    return session.scalars(statement).unique().all()


def tagged(session: Session, tag: str) -> list[str]:
    """Mail addresses of the customers with a tag."""
    statement = select(Customer.email).where(any_(Customer.tags) == tag, Customer.is_active.is_(True))
    return list(session.scalars(statement))


def newest(session: Session, after: str | None) -> tuple[list[Order], str | None]:
    """A page of orders."""
    page = orm.page(select(Order), by=[Order.placed_at.desc(), Order.id.desc()], after=after, limit=20).fetch(session)
    return list(page.rows), page.next


async def rename(session: AsyncSession, customer_id: UUID, name: str) -> Customer | None:
    """Change a name without reading the row first."""
    await session.execute(update(Customer).where(Customer.id == customer_id).values(name=name))
    found = await session.scalars(select(Customer).where(Customer.id == customer_id))
    return found.one_or_none()


async def best(session: AsyncSession, least: Decimal) -> list[tuple[UUID, Decimal]]:
    """Customers who spent the most, by the view."""
    statement = select(Turnover).where(Turnover.total >= least).order_by(Turnover.total.desc())
    return [(one.customer_id, one.total) for one in await session.scalars(statement)]


async def recruits_of(session: AsyncSession, email: str) -> list[str]:
    """Mail addresses of those whom somebody brought in."""
    recruit = aliased(Customer)
    statement = (
        select(Customer)
        .join(Customer.recruits.of_type(recruit))
        .where(Customer.email == email)
        .options(contains_eager(Customer.recruits.of_type(recruit)))
        .execution_options(populate_existing=True)
    )
    customer = (await session.scalars(statement)).unique().one()
    return [one.email for one in customer.recruits]
