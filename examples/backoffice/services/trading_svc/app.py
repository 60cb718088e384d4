"""trading-svc: instruments, orders, fills, positions, and quotes."""

from pathlib import Path

from fastapi import APIRouter

from backoffice.api import make_app
from services.trading_svc import quotes, trading

router = APIRouter()
for part in (trading, quotes):
    router.include_router(part.router)

app = make_app("trading-svc", router, {"trading_svc": Path(__file__).with_name("pgready.toml")})
