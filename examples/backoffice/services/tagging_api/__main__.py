"""`pgready wait -- python -m services.tagging_api`."""

from backoffice.api import serve
from services.tagging_api.app import app

serve(app, port=8001)
