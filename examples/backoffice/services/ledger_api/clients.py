"""Clients and their accounts."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Query

from backoffice.database import Db
from backoffice.fields import Body, Country, Currency, Email, ShortText
from backoffice.lists import Page, Paging
from backoffice.models import Account, AccountBalance, AccountKind, Client
from backoffice.problems import not_found
from backoffice.shapes import AccountRead, ClientRead
from services.ledger_api.lists import ACCOUNTS, CLIENTS

router = APIRouter()


class NewClient(Body):
    name: ShortText
    country: Country
    email: Email | None = None


class NewAccount(Body):
    client_id: UUID
    kind: AccountKind
    currency: Currency
    name: ShortText


class AccountWithBalance(AccountRead):
    balance: Decimal


class ClientsAsked(Paging):
    country: Country | None = None
    sort: Literal["created_at", "-created_at", "name", "-name"] | None = None


class AccountsAsked(Paging):
    client_id: UUID | None = None
    sort: Literal["created_at", "-created_at"] | None = None


@router.get("/clients")
def list_clients(db: Db, asked: Annotated[ClientsAsked, Query()]) -> Page[ClientRead]:
    """Clients: the newest first, those of a country by name."""
    rows, following, preceding = CLIENTS.fetch(db, asked)
    return Page(items=[ClientRead.model_validate(row) for row in rows], next=following, previous=preceding)


@router.post("/clients", status_code=201)
def create_client(db: Db, new: NewClient) -> ClientRead:
    """A new client."""
    client = Client(name=new.name, country=new.country, email=new.email)
    with db.begin():
        db.add(client)
        db.flush()
        return ClientRead.model_validate(client)


@router.get("/clients/{client_id}")
def read_client(db: Db, client_id: UUID) -> ClientRead:
    """One client."""
    client = db.get(Client, client_id)
    if client is None:
        raise not_found("client")
    return ClientRead.model_validate(client)


@router.get("/accounts")
def list_accounts(db: Db, asked: Annotated[AccountsAsked, Query()]) -> Page[AccountRead]:
    """Accounts, the newest first."""
    rows, following, preceding = ACCOUNTS.fetch(db, asked)
    return Page(items=[AccountRead.model_validate(row) for row in rows], next=following, previous=preceding)


@router.post("/accounts", status_code=201)
def create_account(db: Db, new: NewAccount) -> AccountRead:
    """A new account of a client; there is one of a kind in each currency."""
    account = Account(client_id=new.client_id, kind=new.kind, currency=new.currency, name=new.name)
    with db.begin():
        db.add(account)
        db.flush()
        return AccountRead.model_validate(account)


@router.get("/accounts/{account_id}")
def read_account(db: Db, account_id: UUID) -> AccountWithBalance:
    """One account, with the sum of its entries."""
    found = db.execute(
        sa.select(Account, AccountBalance.balance)
        .join(AccountBalance, AccountBalance.account_id == Account.id)
        .where(Account.id == account_id)
    ).one_or_none()
    if found is None:
        raise not_found("account")
    account, balance = found
    return AccountWithBalance(**AccountRead.model_validate(account).model_dump(), balance=balance)
