"""What an embedded server is configured with: its defaults, who may come in, and where it listens."""

import os
import socket
from collections.abc import Mapping

HOST = "127.0.0.1"
_FIRST_PORT = 20_000
_PORTS = 12_000

HBA = """\
local all         all               trust
local replication all               trust
host  all         all 127.0.0.1/32  scram-sha-256
host  replication all 127.0.0.1/32  scram-sha-256
"""

DEFAULTS: Mapping[str, str] = {
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "200",
    "huge_pages": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "password_encryption": "scram-sha-256",
}
"""Settings of an embedded server unless the caller names others; all else is PostgreSQL's own default."""


def free_port() -> int:
    """A TCP port of 127.0.0.1 that was free a moment ago.

    Taken from below the range that systems use for outgoing connections: while a server is stopped, its port must not
    become some client's.
    """
    start = os.getpid() * 37
    for step in range(_PORTS):
        port = _FIRST_PORT + (start + step) % _PORTS
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def render(settings: Mapping[str, str]) -> str:
    """The text of a postgresql.conf."""
    return "".join("{} = '{}'\n".format(name, value.replace("'", "''")) for name, value in settings.items())
