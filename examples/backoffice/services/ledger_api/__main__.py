"""`pgready boot -- python -m services.ledger_api`."""

from backoffice.api import serve
from services.ledger_api.app import app

serve(app, port=8000)
