"""Ids that Prisma makes on the client's side, of the same shapes: cuid, cuid2, ulid, nanoid, uuid 4 and 7."""

from __future__ import annotations

import os
import secrets
import socket
import sys
import threading
import time
import uuid
from collections.abc import Callable
from functools import cache
from itertools import count
from uuid import UUID

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_URL_SAFE = "_-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BLOCK = 36**4
_counter = count()


def _base36(number: int, width: int) -> str:
    digits = ""
    while number:
        number, last = divmod(number, 36)
        digits = _DIGITS[last] + digits
    return digits.rjust(width, "0")[-width:]


@cache
def _host_mark() -> str:
    name = socket.gethostname()
    return _base36(sum(map(ord, name)) + len(name) + 36, 2)


def cuid() -> str:
    """A cuid (version 1): 25 characters, `c`, milliseconds, a counter, process and host, chance."""
    parts = (
        _base36(time.time_ns() // 1_000_000, 8),
        _base36(next(_counter) % _BLOCK, 4),
        _base36(os.getpid(), 2) + _host_mark(),
        _base36(secrets.randbelow(_BLOCK * _BLOCK), 8),
    )
    return "c" + "".join(parts)


@cache
def _cuid2() -> Callable[[], str]:
    from cuid2 import Cuid

    return Cuid().generate


def cuid2() -> str:
    """A cuid of version 2: 24 characters. Needs the package `cuid2` (`pgready[sqlalchemy]`)."""
    return _cuid2()()


@cache
def _ulid() -> type[object]:
    from ulid import ULID

    return ULID


def ulid() -> str:
    """A ULID: 26 characters of Crockford's base 32. Needs the package `python-ulid` (`pgready[sqlalchemy]`)."""
    return str(_ulid()())


def nanoid(size: int = 21) -> str:
    """A nanoid: `size` characters that URLs take as they are."""
    return "".join([_URL_SAFE[byte & 63] for byte in secrets.token_bytes(size)])


def nanoid_of(size: int) -> Callable[[], str]:
    """What makes nanoids of `size` characters, for `insert_default=` and `default_factory=`."""

    def nanoid_sized() -> str:
        return nanoid(size)

    return nanoid_sized


def uuid4() -> UUID:
    """A random UUID."""
    return uuid.uuid4()


def uuid4_text() -> str:
    """A random UUID as text."""
    return str(uuid.uuid4())


class _Sevens:
    """UUIDs of version 7 (RFC 9562, 6.2 method 1): milliseconds, a counter of 42 bits, chance; they never step back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = -1
        self._counter = 0

    def __call__(self) -> UUID:
        with self._lock:
            present = time.time_ns() // 1_000_000
            if present > self._last:
                # The counter's highest bit starts as 0, which leaves room to count in.
                self._last, self._counter = present, secrets.randbits(41)
            else:
                self._counter += 1
                if self._counter >> 42:
                    self._last, self._counter = self._last + 1, secrets.randbits(41)
            high, low = self._counter >> 30, self._counter & 0x3FFF_FFFF
            value = self._last << 80 | 7 << 76 | high << 64 | 2 << 62 | low << 32 | secrets.randbits(32)
        return UUID(int=value)


if sys.version_info >= (3, 14):
    _sevens: Callable[[], UUID] = uuid.uuid7
else:
    _sevens = _Sevens()


def uuid7() -> UUID:
    """A UUID of version 7: later ones of this process are greater."""
    return _sevens()


def uuid7_text() -> str:
    """A UUID of version 7 as text."""
    return str(_sevens())
