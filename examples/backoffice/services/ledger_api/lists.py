"""The lists of ledger-api: what they may be filtered and ordered by. Each offer has its index in the schema.

Invoices of one status come by due date, and not by creation: beside an index on created_at alone the planner would
sometimes read that one and throw away what has another status (`pgready prove` called it a skew).
"""

import sqlalchemy as sa

from backoffice.lists import Listing, offer
from backoffice.models import Account, Client, Invoice, Transaction

CLIENTS = Listing(
    name="clients",
    select=sa.select(Client),
    by={"created_at": (Client.created_at, Client.id), "name": (Client.name, Client.id)},
    filters={"country": Client.country},
    offers=(offer("", "-created_at"), offer("country", "name")),
)

ACCOUNTS = Listing(
    name="accounts",
    select=sa.select(Account),
    by={"created_at": (Account.created_at, Account.id)},
    filters={"client_id": Account.client_id},
    offers=(offer("", "-created_at"), offer("client_id", "-created_at")),
)

INVOICES = Listing(
    name="invoices",
    select=sa.select(Invoice),
    by={"created_at": (Invoice.created_at, Invoice.id), "due_on": (Invoice.due_on, Invoice.id)},
    filters={"client_id": Invoice.client_id, "status": Invoice.status},
    offers=(
        offer("", "-created_at"),
        offer("client_id", "-created_at"),
        offer("status", "due_on"),
        offer("client_id status", "-created_at"),
    ),
)

TRANSACTIONS = Listing(
    name="transactions",
    select=sa.select(Transaction),
    by={"booked_at": (Transaction.booked_at, Transaction.id)},
    filters={"client_id": Transaction.client_id, "kind": Transaction.kind},
    offers=(offer("", "-booked_at"), offer("client_id", "-booked_at"), offer("client_id kind", "-booked_at")),
)
