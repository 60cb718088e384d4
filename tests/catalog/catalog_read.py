"""Reading the database that a URL names, as pgready's own sessions read it."""

from pgready.catalog.model import Catalog
from pgready.postgres.connect import open_session
from pgready.postgres.introspection import introspect
from pgready.project.url import parse


def read_url(url: str, schemas: list[str] | None = None) -> Catalog:
    """The catalog of the database that a URL names."""
    session = open_session(parse(url), "catalog")
    try:
        return introspect(session, schemas)
    finally:
        session.close()
