"""What the HTTP services share: an engine, health answers, problems, OpenAPI."""

import logging
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import APIRouter, FastAPI
from pgready import asgi

from backoffice import problems
from backoffice.database import make_engine
from backoffice.settings import number, setting


def make_app(title: str, router: APIRouter, settings: Mapping[str, Path] | None = None) -> FastAPI:
    """A service of the platform. It knows no migration: `pgready boot` or `pgready wait` started it.

    `settings`: where pgready's are for each history that it needs beside the platform's.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.engine = make_engine()
        yield
        app.state.engine.dispose()

    setting("CURSOR_KEY")
    app = FastAPI(title=title, version="1.0.0", lifespan=lifespan, responses=problems.RESPONSES)
    problems.install(app)
    app.include_router(router)
    own = {name: {"config": str(path)} for name, path in (settings or {}).items()}
    # /livez, and /readyz: the database is what this image expects, in every history that it needs.
    app.include_router(asgi.router(histories={"platform": {}, **own} if own else None))
    _describe(app)
    return app


def _describe(app: FastAPI) -> None:
    """OpenAPI with the shape of a problem instead of FastAPI's own errors."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        document = made()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = problems.SCHEMA
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def serve(app: FastAPI, port: int) -> None:
    """Run until SIGTERM or SIGINT: requests that began are answered."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    uvicorn.run(
        app,
        host=os.environ.get("HOST", "127.0.0.1"),
        port=number("PORT", port),
        access_log=False,
        timeout_graceful_shutdown=10,
    )
