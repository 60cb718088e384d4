"""What the workers look for."""

from uuid import UUID

import sqlalchemy as sa
from pgready import contract

from services.worker_financial.postings import due_invoices
from services.worker_trading.positions import fills_left_over


@contract(max_rows_read=1000)
def invoices_due() -> sa.Select[UUID]:
    """Every night."""
    return due_invoices(batch=1000)


@contract
def fills_to_position() -> sa.Select[UUID, int]:
    """Every five minutes."""
    return fills_left_over(limit=1000)
