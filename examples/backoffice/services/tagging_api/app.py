"""tagging-api: tags on any record."""

from backoffice.api import make_app
from services.tagging_api import tags

app = make_app("tagging-api", tags.router)
