"""Readiness for ASGI applications (FastAPI, Starlette, any other): lifespan, probes, and a gate in front.

The work is synchronous and runs in a thread, so that the event loop stays free; signals stay with the server that
runs the loop. Nothing but the standard library is imported until FastAPI's router is asked for.

An application on several histories names them, each with its own flags; it is ready when all of them are:
`histories={"platform": {}, "quotes": {"config": "quotes/pgready.toml", "migrate": True}}`. What is said beside them
holds for each that does not say otherwise, and they are waited for in their order.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pgready.integrations.histories import Answer, Histories, History, collect, look, not_ready

if TYPE_CHECKING:
    from fastapi import APIRouter

    from pgready.report.standing import Standing
    from pgready.report.story import Event

Lifespan = Callable[[Any], AbstractAsyncContextManager[Any]]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_T = TypeVar("_T")
_LATE = 15.0
_LOG = logging.getLogger("pgready")


def lifespan(
    inner: Lifespan | None = None, *, migrate: bool = False, histories: Histories | None = None, **flags: object
) -> Lifespan:
    """`FastAPI(lifespan=asgi.lifespan())`: wait for readiness, then run `inner`.

    With `migrate` this process applies what is pending, as `pgready.boot` does; otherwise it only waits. `flags` are
    those of `pgready.boot` and `pgready.wait`. Raises PgreadyError at start-up, which ends the server.
    """
    from pgready.integrations.inprocess import boot, wait

    wanted = collect(histories, flags, migrate)

    @asynccontextmanager
    async def ready(app: Any) -> AsyncIterator[Any]:
        for one in wanted:
            await asyncio.to_thread(boot if one.migrate else wait, **one.flags)  # type: ignore[arg-type]
        if inner is None:
            yield None
        else:
            async with inner(app) as state:
                yield state

    return ready


class Probes:
    """An ASGI application that answers GET and HEAD of `/livez` and `/readyz`.

    `every`: seconds for which an answer of the database stays good. `patience`: seconds after which a probe is told
    the last answer, for 15 s more, and then that the database does not answer; it is asked on, by one thread at most.
    `flags` as those of `pgready.status`, `histories` as above.
    """

    def __init__(
        self, *, every: float = 2.0, patience: float = 0.8, histories: Histories | None = None, **flags: object
    ) -> None:
        self._every = every
        self._patience = patience
        self._histories = collect(histories, flags)
        self._asked: asyncio.Task[Answer] | None = None
        self._known: Answer | None = None
        self._at = 0.0

    async def ready(self) -> Answer:
        """Status and body of `/readyz`: promise 1, asked of the database at most once in `every` seconds."""
        if self._known is not None and time.monotonic() - self._at < self._every:
            return self._known
        loop = asyncio.get_running_loop()
        if self._asked is None or self._asked.done() or self._asked.get_loop() is not loop:
            self._asked = loop.create_task(self._ask())
        done, _ = await asyncio.wait({self._asked}, timeout=self._patience)
        if done:
            return self._asked.result()
        # A machine under load answers late, and every probe would miss it: the last answer stands in for a while.
        if self._known is not None and time.monotonic() - self._at < self._every + _LATE:
            return self._known
        return 503, not_ready("unreachable", reason="slow")

    async def live(self) -> Answer:
        """Status and body of `/livez`: that this is answered is the answer."""
        return 200, {"live": True}

    async def _ask(self) -> Answer:
        self._known = await _in_daemon(lambda: look(self._histories))
        self._at = time.monotonic()
        return self._known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI: mounted anywhere, the end of the path decides."""
        if scope["type"] == "lifespan":
            await _no_lifespan(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif not await self.answered(scope, send):
            await _say(scope, send, (404, {"error": "/livez and /readyz are answered here"}))

    async def answered(self, scope: Scope, send: Send) -> bool:
        """Whether the request was a probe; then it is answered."""
        word = str(scope["path"]).rstrip("/").rpartition("/")[2]
        if word not in ("livez", "readyz"):
            return False
        if scope["method"] not in ("GET", "HEAD"):
            await _say(scope, send, (405, {"error": "GET and HEAD only"}))
            return True
        await _say(scope, send, await (self.live() if word == "livez" else self.ready()))
        return True


def probes(*, every: float = 2.0, patience: float = 0.8, histories: Histories | None = None, **flags: object) -> Probes:
    """`app.mount("/health", asgi.probes())`: an ASGI application with `/livez` and `/readyz`; see Probes."""
    return Probes(every=every, patience=patience, histories=histories, **flags)


def router(
    *, every: float = 2.0, patience: float = 0.8, histories: Histories | None = None, **flags: object
) -> APIRouter:
    """`app.include_router(asgi.router())` for FastAPI: `/livez` and `/readyz`, left out of the OpenAPI document."""
    from fastapi import APIRouter
    from fastapi.responses import JSONResponse

    asked = Probes(every=every, patience=patience, histories=histories, **flags)
    found = APIRouter(include_in_schema=False)

    async def livez() -> JSONResponse:
        status, body = await asked.live()
        return JSONResponse(body, status, headers=_headers(status))

    async def readyz() -> JSONResponse:
        status, body = await asked.ready()
        return JSONResponse(body, status, headers=_headers(status))

    found.add_api_route("/livez", livez, methods=["GET", "HEAD"])
    found.add_api_route("/readyz", readyz, methods=["GET", "HEAD"])
    return found


def gate(
    app: App,
    *,
    migrate: bool = False,
    every: float = 2.0,
    patience: float = 0.8,
    histories: Histories | None = None,
    **flags: object,
) -> App:
    """`app = asgi.gate(app)`: the server listens at once, and `app` starts when the database is ready.

    Until then probes are answered (`/livez` 200, `/readyz` 503 with what is being done) and everything else gets 503;
    then `app`'s own lifespan runs. With `migrate` this process applies what is pending. What cannot be waited out is
    logged (`pgready`), and `/livez` says 503 from then on.
    """
    asked = Probes(every=every, patience=patience, histories=histories, **flags)
    return _Gate(app, probes=asked, histories=collect(histories, flags, migrate))


class _Gate:
    """See `gate`: one task makes the database ready and then lives the application's lifespan."""

    def __init__(self, app: App, *, probes: Probes, histories: tuple[History, ...]) -> None:
        self._app = app
        self._probes = probes
        self._histories = histories
        self._at = ""
        self._standing: Standing | None = None
        self._open = False
        self._failed = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
        elif scope["type"] == "websocket" and not self._open:
            await send({"type": "websocket.close", "code": 1013})
        elif scope["type"] == "http" and not self._open:
            await _say(scope, send, self._closed(_own_path(scope)))
        elif scope["type"] != "http" or _own_path(scope) not in ("/livez", "/readyz"):
            await self._app(scope, receive, send)
        else:
            await self._probes.answered(scope, send)

    def _closed(self, path: str) -> Answer:
        if self._failed:
            return 503, {"live": False, **not_ready("failed", reason=self._failed), **self._which()}
        if path == "/livez":
            return 200, {"live": True}
        if self._standing is None:
            return 503, not_ready("starting")
        return 503, {**self._standing.as_dict(time.time()), "ready": False, **self._which()}

    def _which(self) -> dict[str, object]:
        """The history that is at work, where several are needed."""
        return {"history": self._at} if self._at else {}

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        to_app: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        await receive()  # lifespan.startup
        work = asyncio.create_task(self._work(scope, to_app))
        await send({"type": "lifespan.startup.complete"})
        event = await receive()  # lifespan.shutdown
        if self._open:
            await to_app.put(event)
        else:
            # The thread ends with the process: what it was at is taken back, or the next one finds it done.
            work.cancel()
        await asyncio.wait({work})
        await send({"type": "lifespan.shutdown.complete"})

    async def _work(self, scope: Scope, to_app: asyncio.Queue[MutableMapping[str, Any]]) -> None:
        from pgready.errors import PgreadyError

        try:
            await _in_daemon(self._arrive)
            await to_app.put({"type": "lifespan.startup"})
            await self._inner(scope, to_app)
        except PgreadyError as e:
            self._failed = e.code
            _LOG.error("%s", "\n".join(part for part in (e.what, e.excerpt, e.detail, e.then) if part))
        except Exception:
            self._open = False
            self._failed = "application"
            _LOG.exception("the application's lifespan failed")

    def _arrive(self) -> None:
        from pgready.integrations.inprocess import boot, wait
        from pgready.report.standing import Standing

        standing = Standing.first(time.time())

        def hear(event: Event) -> None:
            nonlocal standing
            standing = self._standing = standing.after(event, time.time())
            _LOG.info("%s", event.text)

        for one in self._histories:
            self._at = one.name
            standing = self._standing = Standing.first(time.time())
            (boot if one.migrate else wait)(tell=hear, **one.flags)
        self._at = ""

    async def _inner(self, scope: Scope, to_app: asyncio.Queue[MutableMapping[str, Any]]) -> None:
        """The application's own lifespan, until its end; an application without one is open at once."""
        listened = False

        async def receive() -> MutableMapping[str, Any]:
            nonlocal listened
            listened = True
            return await to_app.get()

        async def send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "lifespan.startup.complete":
                self._open = True

        try:
            await self._app(scope, receive, send)
        except Exception:  # how an application without a lifespan says so, by the ASGI specification
            if listened:
                raise
        if not self._open:
            if listened:
                raise RuntimeError("the application's start-up failed")
            self._open = True


async def _in_daemon(work: Callable[[], _T]) -> _T:
    """`work` in a thread that does not keep the process from ending, as those of `asyncio.to_thread` do."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_T] = loop.create_future()

    def end(result: _T | None, error: Exception | None) -> None:
        if done.done():  # nobody waits any more
            return
        if error is None:
            done.set_result(cast("_T", result))
        else:
            done.set_exception(error)

    def run() -> None:
        result, error = None, None
        try:
            result = work()
        except Exception as e:  # told where it is awaited
            error = e
        with contextlib.suppress(RuntimeError):  # the loop has ended before us
            loop.call_soon_threadsafe(end, result, error)

    threading.Thread(target=run, name="pgready", daemon=True).start()
    return await done


def _own_path(scope: Scope) -> str:
    """The path below where the application is mounted."""
    return str(scope["path"]).removeprefix(str(scope.get("root_path", ""))).rstrip("/")


def _headers(status: int) -> dict[str, str]:
    more = {503: {"retry-after": "1"}, 405: {"allow": "GET, HEAD"}}
    return {"cache-control": "no-store", **more.get(status, {})}


async def _say(scope: Scope, send: Send, answer: Answer) -> None:
    status, said = answer
    body = json.dumps(said).encode()
    headers = {"content-type": "application/json", "content-length": str(len(body)), **_headers(status)}
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
    )
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


async def _no_lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return
