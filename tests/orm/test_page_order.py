"""What `page` refuses, in words that name the fix: orders that are not total, damaged cursors, statements of their own."""

import base64
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, aliased, joinedload, mapped_column, relationship

from pgready import orm
from pgready.orm import CursorInvalid, OrderInvalid, page
from pgready.orm.cursor import _digest
from pgready.orm.order import keys_of


class Base(orm.Record, DeclarativeBase):
    type_annotation_map = orm.TYPES


class Customer(Base):
    __tablename__ = "customer"
    __table_args__ = (
        sa.Index("customer_email_key", "email", unique=True),
        sa.Index("customer_login_key", "login", unique=True),
        sa.Index("customer_nick_key", "nick", unique=True, postgresql_where=sa.text("nick <> ''")),
        sa.Index("customer_lower_key", sa.text("lower(name)"), unique=True),
        sa.UniqueConstraint("tenant", "number"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    login: Mapped[str | None]
    nick: Mapped[str]
    name: Mapped[str]
    tenant: Mapped[int]
    number: Mapped[int]


class Invoice(Base):
    __tablename__ = "invoice"
    id: Mapped[int] = mapped_column("invoice_id", primary_key=True)
    created_at: Mapped[datetime]
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))
    settled_by: Mapped[int | None] = mapped_column(sa.ForeignKey("customer.id"))
    customer: Mapped[Customer] = relationship(init=False, foreign_keys=customer_id)


class Tag(Base):
    __tablename__ = "tag"
    a: Mapped[int] = mapped_column("A", sa.ForeignKey("invoice.invoice_id"), primary_key=True)
    b: Mapped[int] = mapped_column("B", sa.ForeignKey("customer.id"), primary_key=True)


class Loose(Base):
    __tablename__ = "loose"
    __table_args__ = (sa.Index("loose_name_idx", "name"),)
    __mapper_args__ = {"primary_key": ["name"]}  # noqa: RUF012
    name: Mapped[str] = mapped_column()


OTHER = aliased(Customer)

TOTAL: dict[str, tuple[sa.Select[Any], list[Any]]] = {
    "primary key": (sa.select(Invoice), [Invoice.created_at, Invoice.id]),
    "primary key in front": (sa.select(Invoice), [Invoice.id, Invoice.created_at.desc()]),
    "unique index": (sa.select(Customer), [Customer.email]),
    "unique constraint": (sa.select(Customer), [Customer.number, Customer.tenant]),
    "unique by a condition": (sa.select(Customer).where(Customer.tenant == 3), [Customer.number]),
    "nullable, but equal to a value": (sa.select(Customer).where(Customer.login == "x"), [Customer.name]),
    "table": (sa.select(Invoice.__table__), [Invoice.__table__.c.invoice_id]),
    "alias": (sa.select(OTHER), [OTHER.email.desc()]),
    "join to one": (sa.select(Invoice).join(Invoice.customer), [Customer.name, Invoice.id]),
    "outer join to one": (sa.select(Invoice, OTHER).outerjoin(OTHER, Invoice.settled_by == OTHER.id), [Invoice.id]),
    "join from one": (sa.select(Customer).join(Invoice, Invoice.customer_id == Customer.id), [Invoice.id]),
    "comma join": (sa.select(Invoice, Customer).where(Invoice.customer_id == Customer.id), [Invoice.id]),
    "through a link": (
        sa.select(Invoice).join(Tag, Tag.a == Invoice.id).join(Customer, Customer.id == Tag.b),
        [Invoice.id, Customer.id],
    ),
    "exists": (sa.select(Invoice).where(Invoice.customer.has(Customer.name == "x")), [Invoice.id]),
    "eager": (sa.select(Invoice).options(joinedload(Invoice.customer)), [Invoice.id]),
    "full join": (
        sa.select(Invoice, OTHER).outerjoin(OTHER, Invoice.settled_by == OTHER.id, full=True),
        [Invoice.id, OTHER.id],
    ),
}

NOT_TOTAL: dict[str, tuple[sa.Select[Any], list[Any], str]] = {
    "no key": (sa.select(Invoice), [Invoice.created_at.desc()], "rows of invoice .* Invoice.id.desc()"),
    "ascending": (sa.select(Invoice), [Invoice.created_at], "Invoice.id.asc()"),
    "nullable unique": (sa.select(Customer), [Customer.login], "Customer.id.asc()"),
    "partial unique": (sa.select(Customer), [Customer.nick], "Customer.id.asc()"),
    "unique expression": (sa.select(Customer), [Customer.name], "Customer.id.asc()"),
    "half of a key": (sa.select(Tag), [Tag.a.desc()], "Tag.b.desc()"),
    "an expression of the key": (sa.select(Invoice), [Invoice.id + 1], "Invoice.id.asc()"),
    "compared, not equal": (sa.select(Customer).where(Customer.tenant > 3), [Customer.number], "Customer.id"),
    "under OR": (
        sa.select(Customer).where(sa.or_(Customer.tenant == 3, Customer.tenant == 4)),
        [Customer.number],
        "Customer.id",
    ),
    "join to many": (
        sa.select(Customer).join(Invoice, Invoice.customer_id == Customer.id),
        [Customer.id],
        "rows of invoice .* invoice.invoice_id.asc()",
    ),
    "outer join to many": (
        sa.select(Customer).outerjoin(Invoice, Invoice.customer_id == Customer.id),
        [Invoice.id.desc()],
        "rows of customer .* Customer.id.desc()",
    ),
    "full join": (
        sa.select(Invoice, OTHER).outerjoin(OTHER, Invoice.settled_by == OTHER.id, full=True),
        [Invoice.id],
        "rows of customer",
    ),
    "cross join": (sa.select(Invoice, Customer), [Invoice.id], "Customer.id.asc()"),
    "subquery": (sa.select(sa.select(Invoice.id).subquery()), [sa.column("id")], "a subquery .* `unique=True`"),
    "no unique key": (sa.select(Loose), [Loose.name], "loose has no unique key .* `unique=True`"),
    "distinct": (sa.select(Invoice).distinct(), [Invoice.id], "DISTINCT"),
    "grouped": (sa.select(Invoice.id).group_by(Invoice.id), [Invoice.id], "GROUP BY"),
}


@pytest.mark.parametrize("name", TOTAL)
def test_total_orders_are_taken(name: str) -> None:
    """A unique key, or what determines one, makes an order total."""
    statement, by = TOTAL[name]
    assert len(page(statement, by=by).statements) == 1


@pytest.mark.parametrize("name", NOT_TOTAL)
def test_other_orders_are_refused(name: str) -> None:
    """The error names the table and what to add; the caller's word is taken instead."""
    statement, by, words = NOT_TOTAL[name]
    with pytest.raises(OrderInvalid, match=words.replace("(", r"\(").replace(")", r"\)")):
        page(statement, by=by)
    assert page(statement, by=by, unique=True).statements


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no order": ({"by": []}, "`by` is empty"),
    "text": ({"by": ["id"]}, "`by` takes columns and expressions of columns, not 'id'"),
    "both": ({"after": "a", "before": "b"}, "give `after` or `before`, not both"),
    "limit of none": ({"limit": 0}, "at least 1, not 0"),
    "limit of a flag": ({"limit": True}, "at least 1, not True"),
    "own order": ({"statement": sa.select(Invoice).order_by(Invoice.id)}, "leave order_by"),
    "own limit": ({"statement": sa.select(Invoice).limit(3)}, "LIMIT or OFFSET of its own"),
    "own offset": ({"statement": sa.select(Invoice).offset(3)}, "LIMIT or OFFSET of its own"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_paged(name: str) -> None:
    """Wrong arguments are told in one sentence."""
    changed, words = REFUSED[name]
    arguments: dict[str, Any] = {"statement": sa.select(Invoice), "by": [Invoice.id], **changed}
    with pytest.raises(OrderInvalid, match=words):
        page(**arguments)


def some_cursor(by: list[Any], values: list[Any]) -> str:
    from pgready.orm.cursor import encode
    from pgready.orm.order import keys_of

    return encode(keys_of(sa.select(Invoice), by), values)


BY = [Invoice.created_at.desc(), Invoice.id.desc()]


def test_damaged_cursors() -> None:
    """Every change of a character, every cut and every addition is noticed."""
    cursor = some_cursor(BY, [datetime(2026, 1, 2, 3, 4, 5), 7])
    assert page(sa.select(Invoice), by=BY, after=cursor).statements
    assert cursor == "".join(c for c in cursor if c.isalnum() or c in "-_")
    damaged = [cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :] for at in range(len(cursor) - 1)]
    damaged += [cursor[:at] for at in range(len(cursor))] + [cursor + "AAAA", "x", "ä", "=", cursor + "?"]
    for each in damaged:
        with pytest.raises(CursorInvalid, match="start again without `after`"):
            page(sa.select(Invoice), by=BY, after=each)
        with pytest.raises(CursorInvalid):
            page(sa.select(Invoice), by=BY, before=each)


@pytest.mark.parametrize(
    "said", [b"", b"{", b"[]", b'[["T","x"],1]', b'[["?","x"],1]', b"[[1,2,3],4]", b"[" * 9000, b"\xff"]
)
def test_made_up_cursors(said: bytes) -> None:
    """Whoever works the digest out gets the same answer as for a damaged cursor: it is the caller's fault, not ours."""
    cursor = base64.urlsafe_b64encode(_digest(keys_of(sa.select(Invoice), BY), said) + said).rstrip(b"=").decode()
    with pytest.raises(CursorInvalid, match="start again without `after`"):
        page(sa.select(Invoice), by=BY, after=cursor)


OTHER_ORDERS = {
    "direction": [Invoice.created_at.desc(), Invoice.id],
    "nulls": [Invoice.created_at.desc().nulls_last(), Invoice.id.desc()],
    "column": [Invoice.settled_by.desc(), Invoice.id.desc()],
    "fewer": [Invoice.id.desc()],
    "sequence": [Invoice.id.desc(), Invoice.created_at.desc()],
}


@pytest.mark.parametrize("name", OTHER_ORDERS)
def test_cursors_of_another_order(name: str) -> None:
    """A cursor belongs to the order that it was made for."""
    cursor = some_cursor(BY, [datetime(2026, 1, 2), 7])
    with pytest.raises(CursorInvalid, match="another order"):
        page(sa.select(Invoice), by=OTHER_ORDERS[name], after=cursor)


def test_cursors_are_data() -> None:
    """A cursor holds values and a digest: nothing that runs when it is read."""
    cursor = some_cursor(BY, [datetime(2026, 1, 2), 7])
    said = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))[8:]
    assert said == b'[["T","2026-01-02T00:00:00"],7]'


def sql(query: Any) -> list[str]:
    from sqlalchemy.dialects import postgresql

    found = []
    for each in query.statements:
        text = str(each.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))
        found.append(" ".join(text.split("WHERE ")[1].split()))
    return found


def test_conditions_of_one_direction() -> None:
    """One direction is one row comparison."""
    by: list[Any] = [Invoice.customer_id.desc(), Invoice.id.desc()]
    assert sql(page(sa.select(Invoice), by=by, after=some_cursor(by, [3, 7]))) == [
        "(invoice.customer_id, invoice.invoice_id) < (3, 7) ORDER BY invoice.customer_id DESC, invoice.invoice_id DESC"
    ]
    assert sql(page(sa.select(Invoice), by=by, before=some_cursor(by, [3, 7]))) == [
        "(invoice.customer_id, invoice.invoice_id) > (3, 7) ORDER BY invoice.customer_id ASC, invoice.invoice_id ASC"
    ]


def test_conditions_of_mixed_directions() -> None:
    """Mixed directions are bounded by the first column, never an OR alone."""
    by: list[Any] = [Invoice.customer_id.desc(), Invoice.id.asc()]
    assert sql(page(sa.select(Invoice), by=by, after=some_cursor(by, [3, 7]))) == [
        "invoice.customer_id <= 3 AND (invoice.customer_id < 3 OR invoice.invoice_id > 7)"
        " ORDER BY invoice.customer_id DESC, invoice.invoice_id ASC"
    ]


def test_conditions_of_nulls() -> None:
    """NULLs after the values are a range, and so a statement, of their own."""
    by: list[Any] = [Invoice.settled_by.desc().nulls_last(), Invoice.id.desc()]
    order = " ORDER BY invoice.settled_by DESC NULLS LAST, invoice.invoice_id DESC"
    assert sql(page(sa.select(Invoice), by=by, after=some_cursor(by, [3, 7]))) == [
        "(invoice.settled_by, invoice.invoice_id) < (3, 7)" + order,
        "invoice.settled_by IS NULL" + order,
    ]
    assert sql(page(sa.select(Invoice), by=by, after=some_cursor(by, [None, 7]))) == [
        "invoice.settled_by IS NULL AND invoice.invoice_id < 7" + order
    ]
