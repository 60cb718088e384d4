"""A database for the plants, and reading it as pgready does."""

from pathlib import Path

import psycopg

from pgready.postgres.connect import open_session
from pgready.postgres.introspection import introspect
from pgready.postgres.parity_facts import server_facts
from pgready.project.url import parse

RICH = (Path(__file__).parents[1] / "catalog/rich.sql").read_text(encoding="utf-8")


class Planted:
    """A database, what is done in it, and what pgready reads of it, each over one session."""

    def __init__(self, url):
        self.url = url
        self._session = open_session(parse(url), "parity")
        self._connection = psycopg.connect(url, autocommit=True)

    def run(self, sql):
        """Run SQL; a script that cannot be one transaction comes with its own BEGIN and COMMIT."""
        self._connection.execute(sql.encode())
        self._connection.execute("RESET ALL")

    def catalog(self):
        """Its catalog."""
        return introspect(self._session)

    def facts(self):
        """What its server says beside."""
        return server_facts(self._session)

    def close(self):
        """End both sessions."""
        self._session.close()
        self._connection.close()


def make_roles(server):
    """The roles that the rich script and the plants name."""
    with psycopg.connect(server.url(tcp=False), autocommit=True) as connection:
        there = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for name in sorted({"catalog_app", "catalog_owner"} - there):
            connection.execute(f"CREATE ROLE {name}")
        if "plant_root" not in there:
            connection.execute("CREATE ROLE plant_root SUPERUSER")
