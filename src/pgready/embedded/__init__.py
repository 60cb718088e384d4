"""A PostgreSQL server that pgready starts for itself: for demo, smoke, shadow databases and tests.

It promises a real server in tens of milliseconds, unprivileged even when root starts it, that dies with its parent.
It never touches a server that it did not start, never runs another package's launcher, and production never needs it.
"""

from pgready.embedded.binaries import Binaries, find_binaries
from pgready.embedded.server import EmbeddedServer
from pgready.embedded.template import SUPERUSER

__all__ = ["SUPERUSER", "Binaries", "EmbeddedServer", "find_binaries"]
