"""The parameters of a database URL, Prisma's and libpq's, as data: which there are and what each may say.

Hot module: imports errors only.
"""

from pgready.errors import UsageInvalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

MASK = "***"
SECRETS = frozenset(("password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key"))

# Every parameter of libpq 18. "client_encoding", "replication" and the TLS ones have rules of their own below.
_LIBPQ_WORDS = (
    "application_name channel_binding client_encoding connect_timeout dbname fallback_application_name "
    "gssdelegation gssencmode gsslib host hostaddr keepalives keepalives_count keepalives_idle "
    "keepalives_interval krbsrvname load_balance_hosts max_protocol_version min_protocol_version "
    "oauth_client_id oauth_client_secret oauth_issuer oauth_scope options passfile password port replication "
    "require_auth requirepeer scram_client_key scram_server_key service ssl_max_protocol_version "
    "ssl_min_protocol_version sslcert sslcertmode sslcompression sslcrl sslcrldir sslkey sslkeylogfile sslmode "
    "sslnegotiation sslpassword sslrootcert sslsni target_session_attrs tcp_user_timeout user "
)
LIBPQ = frozenset(_LIBPQ_WORDS.split())

# Prisma's own parameters (and a few that hosts put into Prisma's URLs), accepted without effect: name -> why.
NO_EFFECT = {
    "connection_limit": "pgready opens a fixed, small number of connections",
    "pool_timeout": "pgready has no pool",
    "socket_timeout": "a migration may run long: waits are bounded by --timeout without progress",
    "statement_cache_size": "pgready sends no prepared statements to cache",
    "max_connection_lifetime": "pgready closes its connections when it is done",
    "max_idle_connection_lifetime": "pgready closes its connections when it is done",
    "single_use_connections": "pgready closes its connections when it is done",
    "uselibpqcompat": "pgready connects with libpq",
    "supa": "a marker for Supabase's dashboard",
    "workaround": "a marker for Supabase's pooler",
}

# Parameters that only Prisma knows and that have an effect. A plus sign in their values is a space, as Prisma reads it.
PRISMA = frozenset(("schema", "pgbouncer", "sslaccept", "sslidentity"))
# Parameters that both know, where Prisma reads "+" as a space and libpq as a plus.
BOTH = frozenset(("application_name", "options", "host"))

CHOICES = {
    "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    "channel_binding": ("disable", "prefer", "require"),
    "gssencmode": ("disable", "prefer", "require"),
    "load_balance_hosts": ("disable", "random"),
    "sslnegotiation": ("postgres", "direct"),
    "sslcertmode": ("disable", "allow", "require"),
    "target_session_attrs": ("any", "read-write", "read-only", "primary", "standby", "prefer-standby"),
    "pgbouncer": ("true", "false"),
    "sslaccept": ("strict", "accept_invalid_certs"),
    "client_encoding": ("UTF8", "UTF-8", "utf8", "utf-8", "unicode", "UNICODE"),
}
INTEGERS = frozenset(("connect_timeout", "tcp_user_timeout"))


def refuse(source: str, what: str, then: str = "") -> "NoReturn":
    """Raise UsageInvalid for the URL that came from `source`."""
    raise UsageInvalid(f"{source}: {what}", where=source, then=then, code="url_invalid")
