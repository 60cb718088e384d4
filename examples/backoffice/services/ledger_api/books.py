"""The books, to be read: transactions and their entries. worker-financial writes them."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy.orm import selectinload

from backoffice.database import Db
from backoffice.lists import Page, Paging
from backoffice.models import Transaction, TransactionKind
from backoffice.problems import not_found
from backoffice.shapes import EntryRead, TransactionRead
from services.ledger_api.lists import TRANSACTIONS

router = APIRouter()


class TransactionWithEntries(TransactionRead):
    entries: list[EntryRead]


class TransactionsAsked(Paging):
    client_id: UUID | None = None
    kind: TransactionKind | None = None
    sort: Literal["booked_at", "-booked_at"] | None = None


@router.get("/transactions")
def list_transactions(db: Db, asked: Annotated[TransactionsAsked, Query()]) -> Page[TransactionRead]:
    """Transactions, the newest first."""
    rows, following, preceding = TRANSACTIONS.fetch(db, asked)
    return Page(items=[TransactionRead.model_validate(row) for row in rows], next=following, previous=preceding)


@router.get("/transactions/{transaction_id}")
def read_transaction(db: Db, transaction_id: UUID) -> TransactionWithEntries:
    """One transaction with its entries: debits are positive, credits negative, and they sum to zero."""
    found = db.get(Transaction, transaction_id, options=[selectinload(Transaction.entries)])
    if found is None:
        raise not_found("transaction")
    entries = [EntryRead.model_validate(each) for each in sorted(found.entries, key=lambda each: each.line)]
    return TransactionWithEntries(**TransactionRead.model_validate(found).model_dump(), entries=entries)
