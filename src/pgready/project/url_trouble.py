"""Why a URL is refused: the words for schemes, parameters and values that pgready does not take.

Apart from `url` because only an error pays for it. Nothing here quotes a part of the URL that may hold a password.
"""

from pgready.project.parameters import LIBPQ, NO_EFFECT, PRISMA, refuse
from pgready.project.suggest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

_SCHEMES = {
    "mysql": "is for MySQL",
    "mariadb": "is for MariaDB",
    "sqlserver": "is for SQL Server",
    "mongodb": "is for MongoDB",
    "mongodb+srv": "is for MongoDB",
    "cockroachdb": "is for CockroachDB",
    "file": "is for SQLite",
    "sqlite": "is for SQLite",
    "prisma": "goes through Prisma Accelerate, which cannot migrate",
    "prisma+postgres": "goes through Prisma's own protocol, which no PostgreSQL client speaks",
    "http": "is no database",
    "https": "is no database",
}
# Parameters of other drivers: what to write instead.
_FOREIGN = {
    "currentSchema": "write schema=NAME (currentSchema is JDBC's)",
    "search_path": "write schema=NAME, or options=-c%20search_path%3DNAME",
    "encoding": "leave it out: pgready sends UTF-8",
    "charset": "leave it out: pgready sends UTF-8",
    "sslca": "write sslrootcert=FILE",
    "ssl_ca": "write sslrootcert=FILE",
    "statement_timeout": "write options=-c%20statement_timeout%3D...; pgready sets it to 0 while it migrates",
    "lock_timeout": "use --lock-timeout or PGREADY_LOCK_TIMEOUT",
    "timezone": "write options=-c%20timezone%3D...",
    "database": "write dbname=NAME, or the name behind the host's /",
    "db": "write dbname=NAME, or the name behind the host's /",
    "username": "write user=NAME",
    "requiressl": "write sslmode=require",
    "tty": "leave it out: libpq dropped it",
    "authtype": "leave it out: libpq dropped it",
}


def refuse_scheme(text: str, source: str) -> "NoReturn":
    """Refuse a text that is neither a postgresql:// URL nor libpq keywords."""
    wanted = "write postgresql://USER:PASSWORD@HOST:5432/DATABASE"
    scheme = text.partition(":")[0]
    # What stands before the first ":" may be anything, a password included: only words that we know are shown.
    if scheme.lower() in ("postgres", "postgresql"):
        if scheme != scheme.lower():
            refuse(source, f"the scheme is written {scheme}:, libpq and Prisma take it in small letters only", wanted)
        refuse(source, f"{scheme}: is not followed by //", wanted)
    if scheme.lower() in _SCHEMES:
        refuse(source, f"a {scheme.lower()}: URL {_SCHEMES[scheme.lower()]}; pgready speaks PostgreSQL", wanted)
    for driver in ("psycopg", "psycopg2", "asyncpg", "pg8000", "psycopg_async"):
        if scheme in (f"postgresql+{driver}", f"postgres+{driver}"):
            refuse(source, f"{scheme}:// is SQLAlchemy's spelling", f"leave out +{driver}: postgresql://...")
    if text.startswith("jdbc:"):
        refuse(source, "a jdbc: URL is Java's", wanted)
    refuse(source, "the value is neither a postgresql:// URL nor a libpq keyword string", wanted)


def refuse_parameter(name: str, number: int, source: str, *, missing_equals: bool, unsafe: bool) -> "NoReturn":
    """Refuse an unknown parameter; `unsafe` means that its name may be a piece of a password."""
    if unsafe or not name.replace("_", "").replace("-", "").isalnum() or len(name) > 40 or missing_equals:
        what = f"parameter {number} of the URL has no =" if missing_equals else f"parameter {number} is unknown"
        refuse(
            source,
            f"{what}; it is not shown, since it may be a piece of a password",
            "write & in a value as %26, ? as %3F, @ as %40 and = as %3D",
        )
    if name in _FOREIGN:
        refuse(source, f"the parameter {name} is not one of libpq or Prisma", _FOREIGN[name])
    near = nearest(name, LIBPQ | NO_EFFECT.keys() | PRISMA)
    refuse(
        source,
        f"the parameter {name} is unknown",
        f"did you mean {near}?" if near else "remove it: parameters of libpq and of Prisma are understood",
    )


def refuse_value(name: str, value: str, choices: "Sequence[str]", source: str) -> "NoReturn":
    """Refuse a value that is not among a parameter's choices."""
    if name == "client_encoding":
        refuse(source, "client_encoding is not UTF8: pgready sends scripts in UTF-8 only", "remove it")
    near = nearest(value, choices)
    refuse(
        source,
        f"{name} takes {', '.join(choices[:-1])} or {choices[-1]}" + (" (it is empty)" if not value else ""),
        f"did you mean {name}={near}?" if near else "",
    )
