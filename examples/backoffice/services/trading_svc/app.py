"""trading-svc: instruments, orders, fills, positions, and quotes."""

from fastapi import APIRouter

from backoffice.api import make_app
from services.trading_svc import quotes, trading

router = APIRouter()
for part in (trading, quotes):
    router.include_router(part.router)

app = make_app("trading-svc", router)
