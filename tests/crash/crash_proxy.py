"""A TCP proxy that can be cut: it resets connections, or swallows what the client or the server says."""

import contextlib
import selectors
import socket
import struct
import threading


class Proxy:
    """Forwards 127.0.0.1:`port` to a server; a thread of its own, ended by `close`.

    `cut("reset")` resets what is connected. `cut("swallow")` drops what the client sends from now on, `cut("deaf")`
    what the server answers, on the connections that exist now; `dropped` is set at the first byte. `cut("part")` parts
    the network: neither side hears of the other again, not even its end. New connections are whole.
    """

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.dropped = threading.Event()
        self.pairs: list[tuple[socket.socket, socket.socket]] = []
        self.modes: dict[socket.socket, str] = {}
        self.mutex = threading.RLock()
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.wake, self.waker = socket.socketpair()
        self.selector.register(self.wake, selectors.EVENT_READ)
        self.thread = threading.Thread(target=self._run, name="proxy", daemon=True)
        self.thread.start()

    def cut(self, how: str) -> None:
        """Cut every connection that exists now."""
        with self.mutex:
            self.dropped.clear()
            if how == "reset":
                for pair in list(self.pairs):
                    self._end(pair, reset=True)
                return
            if how == "part":
                for one in (one for pair in self.pairs for one in pair):
                    self.modes[one] = "part"
                    self.selector.unregister(one)
                return
            for client, server in self.pairs:
                self.modes[client if how == "swallow" else server] = "drop"

    def _run(self) -> None:
        while True:
            for key, _ in self.selector.select():
                with self.mutex:
                    if key.fileobj is self.wake:
                        return
                    if key.fileobj is self.listener:
                        self._accept()
                    else:
                        self._forward(key.fileobj)  # type: ignore[arg-type]

    def _accept(self) -> None:
        client, _ = self.listener.accept()
        try:
            server = socket.create_connection(self.target)
        except OSError:
            client.close()
            return
        self.pairs.append((client, server))
        for one in (client, server):
            self.selector.register(one, selectors.EVENT_READ)

    def _forward(self, source: socket.socket) -> None:
        pair = next((p for p in self.pairs if source in p), None)
        if pair is None:  # cut a moment ago
            return
        sink = pair[1] if source is pair[0] else pair[0]
        try:
            data = source.recv(65536)
            if data and source in self.modes:
                self.dropped.set()
            elif data:
                sink.sendall(data)
        except OSError:
            data = b""
        if not data:
            self._end(pair, reset=False)

    def _end(self, pair: tuple[socket.socket, socket.socket], *, reset: bool) -> None:
        self.pairs.remove(pair)
        for one in pair:
            self.modes.pop(one, None)
            with contextlib.suppress(KeyError, ValueError):
                self.selector.unregister(one)
            with contextlib.suppress(OSError):
                if reset:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            one.close()

    def close(self) -> None:
        """Reset everything and end the thread."""
        self.waker.send(b"x")
        self.thread.join()
        self.cut("reset")
        for one in (self.wake, self.waker, self.listener):
            one.close()
        self.selector.close()
