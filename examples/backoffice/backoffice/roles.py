"""`python -m backoffice.roles`: what an administrator does once for a server and a database.

    ADMIN_DATABASE_URL=postgresql://postgres@db/backoffice BACKOFFICE_OWNER_PASSWORD=… python -m backoffice.roles

It runs roles.sql and gives each role the password of its variable, `<ROLE>_PASSWORD`. A role without one cannot log in
by password. The administrator's own may be in a file, ADMIN_PASSWORD_FILE. The server is sent the passwords' SCRAM
verifiers, so that no log of statements shows them.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from backoffice.settings import setting

SCRIPT = Path(__file__).parents[1] / "roles.sql"
ROLES = (
    "backoffice_owner",
    "backoffice_trading_owner",
    "backoffice_ledger_api",
    "backoffice_tagging_api",
    "backoffice_trading_svc",
    "backoffice_worker_financial",
    "backoffice_worker_trading",
    "backoffice_statements",
)


def bootstrap(url: str, passwords: Mapping[str, str]) -> None:
    """Roles, ownership and what they may connect to; passwords by role. It may be run again."""
    with psycopg.connect(url) as connection:
        connection.execute(SCRIPT.read_bytes())
        for role, password in passwords.items():
            verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
            connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier)))


if __name__ == "__main__":
    url = setting("ADMIN_DATABASE_URL")
    if secret := os.environ.get("ADMIN_PASSWORD_FILE"):
        url = make_conninfo(url, password=Path(secret).read_text(encoding="utf-8").strip())
    given = {role: os.environ.get(f"{role.upper()}_PASSWORD") for role in ROLES}
    bootstrap(url, {role: password for role, password in given.items() if password})
    for role, password in given.items():
        print(f"{role}: {'password set' if password else 'no password given, so none set'}")
