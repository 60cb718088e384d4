"""One process at a time makes a part of the cache; the others wait for it."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator

from pgready.errors import Unreachable

_LOCK_SECONDS = 180.0


@contextlib.contextmanager
def locked(path: str, *, exclusive: bool) -> Iterator[None]:
    """Hold a file lock (flock) on `path`, made if missing; raises Unreachable after three minutes of waiting."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        deadline = time.monotonic() + _LOCK_SECONDS
        while True:
            try:
                fcntl.flock(handle, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Unreachable(
                        f"another process has been making the embedded server's cache for {_LOCK_SECONDS:.0f} s",
                        where=path,
                        then="end that process, or set PGREADY_CACHE_DIR to another directory",
                        code="embedded_cache",
                    ) from None
                time.sleep(0.005)
        yield
    finally:
        os.close(handle)
