"""What ledger-api's lists send, each held to its index by `pgready prove`."""

from uuid import UUID

from pgready import contract
from pgready.orm import PageQuery

from backoffice.models import Account, Client, Invoice, InvoiceStatus, Transaction, TransactionKind
from services.ledger_api.lists import ACCOUNTS, CLIENTS, INVOICES, TRANSACTIONS

CLIENT = UUID("01941f29-7c00-7000-8000-000000000001")


@contract
def clients() -> dict[str, PageQuery[Client]]:
    """GET /clients."""
    return CLIENTS.contracts(country="DE")


@contract
def accounts() -> dict[str, PageQuery[Account]]:
    """GET /accounts."""
    return ACCOUNTS.contracts(client_id=CLIENT)


@contract
def invoices() -> dict[str, PageQuery[Invoice]]:
    """GET /invoices."""
    return INVOICES.contracts(client_id=CLIENT, status=InvoiceStatus.ISSUED)


@contract
def transactions() -> dict[str, PageQuery[Transaction]]:
    """GET /transactions."""
    return TRANSACTIONS.contracts(client_id=CLIENT, kind=TransactionKind.INVOICE)
