"""Probes answered while a boot works: `/livez` says 200, `/readyz` says 503 and what is being done.

A thread of its own with one selector: a client that is slow, silent or sends garbage costs a socket for some seconds
and nothing else, and no client can keep the boot from going on. It ends before CMD starts, which then binds the port:
nothing of it is left, not even a connection in TIME_WAIT that would be ours.
"""

from __future__ import annotations

import errno
import json
import selectors
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from pgready.errors import UsageInvalid
from pgready.project.values import address

Report = Callable[[], Mapping[str, object]]

_LARGEST_HEAD = 8192
# A request must be whole, and a connection that asks nothing is dropped, after so many seconds.
_IDLE = 10.0
# After the last answer the client closes first; else we would keep its connection in TIME_WAIT.
_LINGER = 2.0
_MOST_CLIENTS = 128
# Where no connection can be taken at all: no file descriptors are left.
_PAUSE = 0.2
_REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 503: "Service Unavailable"}
_REASONS[431] = "Request Header Fields Too Large"
_RESET = struct.pack("ii", 1, 0)


class _Client:
    __slots__ = ("deadline", "ended", "head", "out", "socket")

    def __init__(self, connection: socket.socket, now: float) -> None:
        self.socket = connection
        self.head = b""
        self.out = b""
        self.ended = False
        self.deadline = now + _IDLE


class Answers:
    """A context manager that answers on `place` (`:8080`, `127.0.0.1:8080`, `[::]:8080`) as long as it lasts.

    `report` gives the body of `/readyz`; it is called in the thread. Raises UsageInvalid if the address cannot be
    bound.
    """

    def __init__(self, place: str, report: Report) -> None:
        self._report = report
        self._listener = listen(place)
        self._selector = selectors.DefaultSelector()
        self._wake = socket.socketpair()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._wake[0], selectors.EVENT_READ)
        self._clients: dict[socket.socket, _Client] = {}
        self._resume = 0.0
        self._stopping = False
        self._thread = threading.Thread(target=self._serve, name="pgready-health", daemon=True)

    def __enter__(self) -> Self:
        # Signals are the main thread's: one that the kernel gave to this one would not wake the other.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            self._thread.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping = True
        self._wake[1].send(b"x")
        self._thread.join()
        for client in tuple(self._clients.values()):
            self._drop(client)
        for one in (self._listener, *self._wake):
            one.close()
        self._selector.close()

    # ── in the thread ──

    def _serve(self) -> None:
        while not self._stopping:
            for key, mask in self._selector.select(self._patience()):
                client = key.data
                if key.fileobj is self._listener:
                    self._accept()
                elif isinstance(client, _Client) and client.socket in self._clients:
                    self._attend(client, mask)
            now = time.monotonic()
            for client in tuple(self._clients.values()):
                if client.deadline <= now:
                    self._drop(client)
            if self._resume and self._resume <= now:
                self._resume = 0.0
                self._selector.register(self._listener, selectors.EVENT_READ)

    def _patience(self) -> float | None:
        ends = [client.deadline for client in self._clients.values()]
        if self._resume:
            ends.append(self._resume)
        return max(0.0, min(ends) - time.monotonic()) if ends else None

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError as e:
            if e.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                self._resume = time.monotonic() + _PAUSE
                self._selector.unregister(self._listener)
            return  # the client is gone already
        connection.setblocking(False)
        client = _Client(connection, time.monotonic())
        self._clients[connection] = client
        self._selector.register(connection, selectors.EVENT_READ, client)
        if len(self._clients) > _MOST_CLIENTS:
            self._drop(next(iter(self._clients.values())))  # the oldest: a probe asks at once and is gone

    def _attend(self, client: _Client, mask: int) -> None:
        try:
            if mask & selectors.EVENT_READ:
                data = client.socket.recv(65536)
                if not data:
                    self._drop(client)
                    return
                if not client.ended:
                    client.head += data
                    self._answer(client)
            if client.out:
                sent = client.socket.send(client.out)
                client.out = client.out[sent:]
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            self._drop(client)
            return
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if client.out else 0)
        self._selector.modify(client.socket, wanted, client)

    def _answer(self, client: _Client) -> None:
        """Answer every whole request that has come."""
        while not client.ended:
            head = client.head.lstrip(b"\r\n")
            ends = [(at, at + len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := head.find(mark)) >= 0]
            if not ends:
                if len(head) > _LARGEST_HEAD:
                    self._say(client, 431, _error("the request's head is too long"), last=True)
                elif head and not head[:1].isalpha():  # TLS, or nothing that we know
                    self._say(client, 400, _error("no HTTP request"), last=True)
                return
            at, after = min(ends)
            client.head = head[after:]
            if len(client.out) > _LARGEST_HEAD * 8:  # asks on and on, and reads nothing
                client.ended = True
                client.deadline = time.monotonic()
                return
            self._request(client, head[:at])

    def _request(self, client: _Client, head: bytes) -> None:
        first, *lines = head.decode("latin-1").replace("\r\n", "\n").split("\n")
        words = first.split(" ")
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            self._say(client, 400, _error("no HTTP/1.1 request"), last=True)
            return
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip().lower()
        # A body would have to be read before the next request: nobody sends one to a probe.
        body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
        connection = headers.get("connection", "")
        last = body or "close" in connection or (words[2] == "HTTP/1.0" and "keep-alive" not in connection)
        path = words[1].split("?", 1)[0].rstrip("/")
        if words[0] not in ("GET", "HEAD"):
            status, said = 405, _error("GET and HEAD only")
        elif path.endswith("/livez"):
            status, said = 200, {"live": True}
        elif path.endswith("/readyz"):
            status, said = 503, {**self._report(), "ready": False}
        else:
            status, said = 404, _error("/livez and /readyz are answered while the database is made ready")
        self._say(client, status, said, last=last, bodiless=words[0] == "HEAD")

    def _say(
        self, client: _Client, status: int, said: Mapping[str, object], *, last: bool, bodiless: bool = False
    ) -> None:
        body = (json.dumps(said, ensure_ascii=False) + "\n").encode("utf-8", "replace")
        lines = [
            f"HTTP/1.1 {status} {_REASONS[status]}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            "Cache-Control: no-store",
            f"Connection: {'close' if last else 'keep-alive'}",
        ]
        if status == 503:
            lines.append("Retry-After: 1")
        if status == 405:
            lines.append("Allow: GET, HEAD")
        client.out += "\r\n".join(lines).encode() + b"\r\n\r\n" + (b"" if bodiless else body)
        client.ended = last
        client.deadline = time.monotonic() + (_LINGER if last else _IDLE)

    def _drop(self, client: _Client) -> None:
        """Close by a reset: the connection is gone at once, and its port with it."""
        self._clients.pop(client.socket, None)
        try:
            self._selector.unregister(client.socket)
        except KeyError:
            pass
        try:
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        except OSError:
            pass
        client.socket.close()


def listen(place: str) -> socket.socket:
    """A listening socket on `place`, of both families where no host is named; raises UsageInvalid."""
    host, port = address(place, "--health")
    try:
        if not host:
            try:
                return _bound(socket.AF_INET6, ("::", port), dual=True)
            except OSError as e:
                if e.errno not in (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.ENOPROTOOPT):
                    raise
                return _bound(socket.AF_INET, ("0.0.0.0", port))  # noqa: S104 - probes come from outside
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, where = found[0]
        return _bound(family, where)
    except OSError as e:
        why = {
            errno.EADDRINUSE: "the port is taken",
            errno.EACCES: "this user may not bind the port (below 1024 it needs a privilege)",
            errno.EADDRNOTAVAIL: "the address is none of this machine",
        }.get(e.errno or 0, e.strerror or str(e))
        raise UsageInvalid(
            f"probes cannot be answered on {place}: {why}; nothing was migrated",
            where="--health",
            then="end what listens there, or name another address: --health :8080",
            code="health_address",
        ) from None


def _bound(family: int, where: tuple[object, ...], *, dual: bool = False) -> socket.socket:
    one = socket.socket(family, socket.SOCK_STREAM)
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(not dual))
        one.bind(where)
        one.listen(128)
        one.setblocking(False)
    except OSError:
        one.close()
        raise
    return one


def _error(words: str) -> dict[str, object]:
    return {"error": words}
