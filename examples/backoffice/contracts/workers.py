"""What the workers look for."""

import sqlalchemy as sa
from pgready import contract

from services.worker_financial.postings import due_invoices
from services.worker_trading.positions import fills_left_over


@contract
def invoices_due() -> sa.Select[object]:
    """Every night."""
    return due_invoices(batch=1000)


@contract
def fills_to_position() -> sa.Select[object]:
    """Every five minutes."""
    return fills_left_over(limit=1000)
