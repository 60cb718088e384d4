"""ledger-api: clients, accounts, invoices and payments, and the books to be read."""

from fastapi import APIRouter

from backoffice.api import make_app
from services.ledger_api import books, clients, invoices

router = APIRouter()
for part in (clients, invoices, books):
    router.include_router(part.router)

app = make_app("ledger-api", router)
