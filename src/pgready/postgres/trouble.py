"""Why a connection failed, as a value: the one translation of libpq's and the server's words.

libpq gives a refused connection no field to read, so its words are read here and nowhere else; they are asked for with
their SQLSTATE, for servers that speak another language. What is not recognised counts as transient: it is told as it
is and tried again until the time is up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """`code` for machines, `what` for people; `transient` troubles are worth waiting for; `then` says the way out."""

    code: str
    what: str
    transient: bool
    then: str = ""


# Order matters: the first pattern that matches wins, the more specific words first.
_PATTERNS: tuple[tuple[str, str, str, bool, str], ...] = (
    (r"password authentication failed for user", "wrong_password", "the server refused the password", False,
     "check the password in DATABASE_URL"),
    (r"no password supplied|fe_sendauth", "no_password", "the server wants a password and the URL has none", False,
     "put the password into DATABASE_URL, or into PGPASSWORD or a passfile"),
    (r"role \".*\" does not exist", "unknown_role", "the role does not exist on the server", False,
     "create the role, or name another one in DATABASE_URL"),
    (r"role \".*\" is not permitted to log in", "no_login", "the role may not log in", False,
     "ALTER ROLE … LOGIN, or name another role in DATABASE_URL"),
    (r"peer authentication failed|ident authentication failed|certificate authentication failed"
     r"|authentication failed|GSSAPI|no such user|auth_failed", "auth_failed",
     "the server refused the authentication", False, "check user and method in DATABASE_URL and pg_hba.conf"),
    (r"no pg_hba\.conf entry|pg_hba\.conf rejects", "no_hba_entry", "pg_hba.conf does not let this client in", False,
     "add a line for this user, database and address to pg_hba.conf, or change sslmode"),
    (r"server does not support SSL|SSL was required|sslmode value .* invalid when SSL", "tls_refused",
     "the server does not speak TLS and the URL demands it", False,
     "use sslmode=prefer or disable in DATABASE_URL, or switch TLS on in the server"),
    (r"SSL error|certificate verify failed|certificate file|root certificate|server certificate", "tls_failed",
     "TLS failed", False, "check sslmode, sslrootcert and the server's certificate"),
    (r"received invalid response to (SSL|GSSAPI) negotiation|invalid response|unsupported frontend protocol"
     r"|expected authentication request from server", "wrong_protocol",
     "something answers there that is not PostgreSQL", False, "check host and port in DATABASE_URL"),
    (r"database \".*\" does not exist|no such database", "database_missing", "the database does not exist", True,
     "create it"),
    (r"permission denied for database|User does not have CONNECT", "no_connect_privilege",
     "the role may not connect to this database", False, "GRANT CONNECT ON DATABASE … TO …"),
    (r"is not currently accepting connections", "database_closed", "the database accepts no connections", False,
     "ALTER DATABASE … ALLOW_CONNECTIONS true"),
    (r"unsupported startup parameter", "startup_parameter",
     "the pooler refuses a start-up parameter of the URL", False,
     "remove the parameter, or list it in ignore_startup_parameters of the pooler"),
    (r"the database system is (starting up|not yet accepting connections|not accepting connections)", "starting_up",
     "the server is starting up", True, ""),
    (r"the database system is in recovery mode|Hot standby mode is disabled", "in_recovery",
     "the server is recovering", True, ""),
    (r"the database system is shutting down|server is shutting down|pgbouncer.*shut", "shutting_down",
     "the server is shutting down", True, ""),
    (r"too many clients already|remaining connection slots|too many connections|no more connections allowed",
     "too_many_connections", "the server has no connection left", True, ""),
    (r"failed to resolve host|could not translate host name|Name or service not known|Temporary failure in name",
     "unresolved_host", "the host name does not resolve", True, ""),
    (r"Connection refused", "refused", "nothing listens there", True, ""),
    (r"No such file or directory", "no_socket", "the server's socket is not there", True, ""),
    (r"timeout expired|Connection timed out|timed out", "timeout", "no answer in time", True, ""),
    (r"No route to host|Network is unreachable|Host is unreachable", "no_route", "the network has no way there",
     True, ""),
    (r"query_wait_timeout|no working server connection|server_login_retry|pgbouncer cannot connect to server"
     r"|server login has been failing", "pooler_waits", "the pooler has no server connection to give", True, ""),
    (r"idle transaction timeout", "pooler_cut_idle", "the pooler cut a transaction that was idle: its"
     " idle_transaction_timeout is too short for the migration lock, raise it or set it to 0", True, ""),
    (r"session is (not )?read-only|server is (not )?in hot standby", "wrong_role",
     "no server of the list is of the kind that target_session_attrs asks for", True, ""),
    (r"server closed the connection unexpectedly|Connection reset|EOF detected|terminating connection"
     r"|SSL SYSCALL|Broken pipe", "dropped", "the connection was dropped", True, ""),
    (r"invalid (connection option|URI|port|sslmode|integer|value)|missing \"=\"|unrecognized", "bad_parameter",
     "libpq refuses a connection parameter", False, "check DATABASE_URL with `pgready settings`"),
)  # fmt: skip

# What the server said in a language of its own, by SQLSTATE: the code of a pattern above.
_BY_SQLSTATE = {
    "28P01": "wrong_password",
    "28000": "auth_failed",
    "3D000": "database_missing",
    "42501": "no_connect_privilege",
    "53300": "too_many_connections",
    "55000": "database_closed",
    "57P01": "shutting_down",
    "57P02": "shutting_down",
    "57P03": "starting_up",
}
AUTH = frozenset({"wrong_password", "no_password", "unknown_role", "no_login", "auth_failed"})


def recognise(message: str) -> Trouble:
    """The trouble behind libpq's words; of several attempts (hosts) the one that is worth waiting for wins."""
    text = last_words(message)
    found = [_trouble(rule, text) for rule in _PATTERNS if re.search(rule[0], message)]
    if not found:
        state = re.search(r": {1,2}([0-9A-Z]{5}): ", message)
        code = _BY_SQLSTATE.get(state[1]) if state else None
        found = [_trouble(rule, text) for rule in _PATTERNS if rule[1] == code]
    if not found:
        return Trouble("unknown", text or "the connection failed", transient=True)
    if message.count("connection to server at") > 1:
        return next((t for t in found if t.transient), found[0])
    return found[0]


def _trouble(rule: tuple[str, str, str, bool, str], text: str) -> Trouble:
    _, code, what, transient, then = rule
    return Trouble(code, f"{what}: {text}" if code in _TOLD_WHOLE and text else what, transient, then)


# Troubles whose own words tell more than our summary of them.
_TOLD_WHOLE = frozenset(
    {"tls_failed", "auth_failed", "no_hba_entry", "bad_parameter", "startup_parameter", "wrong_role", "pooler_waits"}
)


def last_words(message: str) -> str:
    """The server's own last line, without libpq's prefixes."""
    lines = [line.strip() for line in message.strip().splitlines() if line.strip()]
    told = [line for line in lines if not line.startswith(("LOCATION:", "HINT:", "DETAIL:"))]
    text = told[-1] if told else ""
    return re.sub(r"^.*?[A-Z]+:\s+(?:[0-9A-Z]{5}:\s+)?", "", text)
