"""`pgready wait -- pgready boot --config services/trading_svc/pgready.toml -- python -m services.trading_svc`.

It waits for the platform's history, and migrates its own.
"""

from backoffice.api import serve
from services.trading_svc.app import app

serve(app, port=8002)
