"""Invoices, from draft to paid. Issuing one and paying it put a job in, from which worker-financial makes postings."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Literal
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Query
from pgready import orm
from pydantic import Field
from sqlalchemy.orm import selectinload

from backoffice.database import Db
from backoffice.fields import Amount, Body, Currency, LongText, Price, Quantity, Reference
from backoffice.jobs import POST_INVOICE, POST_PAYMENT, defer
from backoffice.lists import Page, Paging
from backoffice.models import Invoice, InvoiceLine, InvoiceStatus, Payment, PaymentMethod
from backoffice.problems import Problem, conflict, not_found
from backoffice.shapes import InvoiceLineRead, InvoiceRead, PaymentRead
from services.ledger_api.lists import INVOICES

router = APIRouter()

_CENT = Decimal("0.01")
_MOST = Decimal(10) ** 12
_OPEN = (InvoiceStatus.ISSUED, InvoiceStatus.OVERDUE)


class NewLine(Body):
    description: LongText
    quantity: Quantity
    unit_price: Price


class NewInvoice(Body):
    client_id: UUID
    number: Reference
    currency: Currency
    due_on: date
    lines: Annotated[list[NewLine], Field(min_length=1, max_length=100)]


class NewPayment(Body):
    method: PaymentMethod
    amount: Amount
    reference: Reference


class InvoiceWithLines(InvoiceRead):
    lines: list[InvoiceLineRead]


class InvoicesAsked(Paging):
    client_id: UUID | None = None
    status: InvoiceStatus | None = None
    sort: Literal["created_at", "-created_at", "due_on", "-due_on"] | None = None


@router.get("/invoices")
def list_invoices(db: Db, asked: Annotated[InvoicesAsked, Query()]) -> Page[InvoiceRead]:
    """Invoices: the newest first, those of a status by due date."""
    rows, following, preceding = INVOICES.fetch(db, asked)
    return Page(items=[InvoiceRead.model_validate(row) for row in rows], next=following, previous=preceding)


@router.post("/invoices", status_code=201)
def create_invoice(db: Db, new: NewInvoice) -> InvoiceWithLines:
    """A draft. Each line is rounded to cents, half up; the total is their sum."""
    total = sum(((line.quantity * line.unit_price).quantize(_CENT, ROUND_HALF_UP) for line in new.lines), Decimal())
    if total >= _MOST:
        raise Problem(422, "total_too_large", f"The lines sum to {total}; an invoice is below {_MOST}.")
    invoice = Invoice(client_id=new.client_id, number=new.number, currency=new.currency, due_on=new.due_on, total=total)
    with db.begin():
        db.add(invoice)
        db.flush()
        lines = [
            InvoiceLine(invoice_id=invoice.id, line=number, **line.model_dump())
            for number, line in enumerate(new.lines, 1)
        ]
        db.add_all(lines)
        db.flush()
        return _with_lines(invoice, lines)


@router.get("/invoices/{invoice_id}")
def read_invoice(db: Db, invoice_id: UUID) -> InvoiceWithLines:
    """One invoice with its lines."""
    invoice = db.get(Invoice, invoice_id, options=[selectinload(Invoice.lines)])
    if invoice is None:
        raise not_found("invoice")
    return _with_lines(invoice, invoice.lines)


@router.post("/invoices/{invoice_id}/issue")
def issue_invoice(db: Db, invoice_id: UUID) -> InvoiceRead:
    """A draft becomes a claim. Asked twice, the second time is a conflict, and there is one posting all the same."""
    with db.begin():
        invoice = _locked(db, invoice_id)
        if invoice.status is not InvoiceStatus.DRAFT:
            raise conflict("not_a_draft", f"Only a draft can be issued; this invoice is {invoice.status.name}.")
        invoice.status = InvoiceStatus.ISSUED
        invoice.issued_at = orm.utc_now()
        db.flush()
        db.refresh(invoice)
        defer(db, POST_INVOICE, invoice_id=invoice.id)
        return InvoiceRead.model_validate(invoice)


@router.post("/invoices/{invoice_id}/payments", status_code=201)
def pay_invoice(db: Db, invoice_id: UUID, new: NewPayment) -> PaymentRead:
    """A payment, in full or in part, never more than is open."""
    with db.begin():
        invoice = _locked(db, invoice_id)
        if invoice.status not in _OPEN:
            raise conflict("not_open", f"Only an issued invoice can be paid; this one is {invoice.status.name}.")
        paid = db.scalar(sa.select(sa.func.sum(Payment.amount)).where(Payment.invoice_id == invoice_id)) or Decimal()
        if new.amount > invoice.total - paid:
            raise conflict("more_than_open", f"Of {invoice.total}, {invoice.total - paid} is open.")
        payment = Payment(invoice_id=invoice_id, method=new.method, amount=new.amount, reference=new.reference)
        db.add(payment)
        db.flush()
        defer(db, POST_PAYMENT, payment_id=payment.id)
        return PaymentRead.model_validate(payment)


def _locked(db: Db, invoice_id: UUID) -> Invoice:
    """The invoice, held until the transaction ends: two who pay it at once come one after the other."""
    invoice = db.get(Invoice, invoice_id, with_for_update=True)
    if invoice is None:
        raise not_found("invoice")
    return invoice


def _with_lines(invoice: Invoice, lines: list[InvoiceLine]) -> InvoiceWithLines:
    shown = [InvoiceLineRead.model_validate(line) for line in sorted(lines, key=lambda each: each.line)]
    return InvoiceWithLines(**InvoiceRead.model_validate(invoice).model_dump(), lines=shown)
