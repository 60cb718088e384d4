"""From documents to books: what an issued invoice and a payment are posted as.

Both functions may be called for the same document any number of times, by any number of workers at once: the books
hold one transaction of it, since `transactions` has a unique key on the document.
"""

from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backoffice.models import Account, AccountKind, Entry, Invoice, InvoiceStatus, Payment, Transaction, TransactionKind


def post_invoice(session: Session, invoice_id: UUID) -> bool:
    """The client owes, the house has earned. False if that is in the books already."""
    invoice = session.get_one(Invoice, invoice_id)
    return _post(
        session,
        TransactionKind.INVOICE,
        invoice,
        invoice.client_id,
        description=f"Invoice {invoice.number}",
        debit=_account(session, invoice.client_id, AccountKind.RECEIVABLE, invoice.currency),
        credit=_account(session, None, AccountKind.REVENUE, invoice.currency),
        amount=invoice.total,
    )


def post_payment(session: Session, payment_id: UUID) -> bool:
    """The house has cash, the client owes less; an invoice that is paid in full says so. False if it is posted."""
    payment = session.get_one(Payment, payment_id)
    invoice = session.get_one(Invoice, payment.invoice_id, with_for_update=True)
    posted = _post(
        session,
        TransactionKind.PAYMENT,
        payment,
        invoice.client_id,
        description=f"Payment {payment.reference} of invoice {invoice.number}",
        debit=_account(session, None, AccountKind.CASH, invoice.currency),
        credit=_account(session, invoice.client_id, AccountKind.RECEIVABLE, invoice.currency),
        amount=payment.amount,
    )
    # What is in the books counts, and not what was received: another payment may not be posted yet.
    in_books = sa.select(sa.func.sum(Payment.amount)).join(Transaction, Transaction.payment_id == Payment.id)
    paid = session.scalar(in_books.where(Payment.invoice_id == invoice.id))
    if posted and paid == invoice.total:
        invoice.status = InvoiceStatus.PAID
    return posted


def due_invoices(batch: int) -> sa.Select[UUID]:
    """Issued invoices past their due date, the oldest first; none that another worker is at."""
    return (
        sa.select(Invoice.id)
        .where(Invoice.status == InvoiceStatus.ISSUED, Invoice.due_on < sa.func.current_date())
        .order_by(Invoice.due_on, Invoice.id)
        .limit(batch)
        .with_for_update(skip_locked=True)
    )


def mark_overdue(session: Session, batch: int) -> int:
    """How many invoices were marked."""
    due = session.scalars(due_invoices(batch)).all()
    session.execute(sa.update(Invoice).where(Invoice.id.in_(due)).values(status=InvoiceStatus.OVERDUE))
    return len(due)


def _post(
    session: Session,
    kind: TransactionKind,
    document: Invoice | Payment,
    client_id: UUID,
    *,
    description: str,
    debit: UUID,
    credit: UUID,
    amount: Decimal,
) -> bool:
    """A transaction of two entries, unless the document is posted already; an amount of zero is none."""
    if amount == 0:
        return False
    column = "invoice_id" if kind is TransactionKind.INVOICE else "payment_id"
    values = {"kind": kind, "client_id": client_id, column: document.id, "description": description}
    # Waits for another worker that is at the same document, and inserts nothing if that one commits.
    transaction = session.scalar(insert(Transaction).values(values).on_conflict_do_nothing().returning(Transaction.id))
    if transaction is None:
        return False
    session.add(Entry(transaction_id=transaction, line=1, account_id=debit, amount=amount))
    session.add(Entry(transaction_id=transaction, line=2, account_id=credit, amount=-amount))
    session.flush()
    return True


def _account(session: Session, client_id: UUID | None, kind: AccountKind, currency: str) -> UUID:
    """The client's account of this kind, or the house's; opened if it is the first time."""
    wanted = sa.select(Account.id).filter_by(client_id=client_id, kind=kind, currency=currency)
    found = session.scalar(wanted)
    if found is None:
        values = {"client_id": client_id, "kind": kind, "currency": currency, "name": f"{kind.name} {currency}"}
        session.execute(insert(Account).values(values).on_conflict_do_nothing())
        found = session.scalars(wanted).one()
    return found
