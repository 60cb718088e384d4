"""Errors as RFC 9457 has them: `application/problem+json`, with words for people and a `code` for programs.

Nothing of the request's content is repeated but the names of fields, and nothing of the database but the name of the
constraint that was hurt.
"""

import json
import logging
from http import HTTPStatus
from typing import Any

import psycopg
import sqlalchemy as sa
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

log = logging.getLogger(__name__)


class Problem(Exception):  # noqa: N818 - named by what it is, as the RFC does
    """An answer that is no success: raise it anywhere below an endpoint."""

    def __init__(self, status: int, code: str, detail: str, **more: object) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.more = more


def not_found(what: str) -> Problem:
    """There is no such record."""
    return Problem(404, "not_found", f"There is no such {what}.")


def conflict(code: str, detail: str) -> Problem:
    """The record's state does not allow it."""
    return Problem(409, code, detail)


def answer(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """The problem as a response. Escaped to ASCII: half of a surrogate pair cannot be encoded otherwise."""
    body = {
        "type": f"urn:backoffice:problem:{problem.code.replace('_', '-')}",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        **problem.more,
    }
    return Response(json.dumps(body), problem.status, headers, "application/problem+json")


def install(app: FastAPI) -> None:
    """Every error of the application answers as a problem."""

    @app.exception_handler(Problem)
    def _problem(_: Request, error: Problem) -> Response:
        return answer(error)

    @app.exception_handler(HTTPException)
    def _http(_: Request, error: HTTPException) -> Response:
        code = HTTPStatus(error.status_code).name.lower()
        return answer(Problem(error.status_code, code, str(error.detail)), dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    def _invalid(_: Request, error: RequestValidationError) -> Response:
        errors = [_field(each) for each in error.errors()]
        return answer(Problem(422, "invalid", "The request is not valid: see `errors`.", errors=errors))

    @app.exception_handler(sa.exc.IntegrityError)
    def _integrity(_: Request, error: sa.exc.IntegrityError) -> Response:
        return answer(_hurt(error.orig))

    @app.exception_handler(sa.exc.DataError)
    def _data(_: Request, error: sa.exc.DataError) -> Response:
        log.warning("a value that validation let pass: %s", error.orig)
        return answer(Problem(422, "invalid", "A value is out of the database's range."))

    @app.exception_handler(sa.exc.OperationalError)
    @app.exception_handler(sa.exc.TimeoutError)
    def _away(_: Request, error: Exception) -> Response:
        log.warning("the database does not answer: %s", getattr(error, "orig", error))
        problem = Problem(503, "database_unavailable", "The database does not answer at the moment.")
        return answer(problem, {"Retry-After": "1"})

    @app.exception_handler(Exception)
    def _bug(_: Request, error: Exception) -> Response:
        log.error("unexpected", exc_info=error)
        return answer(Problem(500, "internal", "Something went wrong on our side; it was written down."))


def _field(error: Any) -> dict[str, str]:
    where, *names = (str(each) for each in error["loc"])
    return {"in": where, "field": ".".join(names), "detail": error["msg"]}


def _hurt(error: BaseException | None) -> Problem:
    """What a constraint of the database said against it."""
    constraint = error.diag.constraint_name if isinstance(error, psycopg.Error) else None
    if isinstance(error, psycopg.errors.UniqueViolation):
        return Problem(409, "exists", "There is such a record already.", constraint=constraint)
    if isinstance(error, psycopg.errors.ForeignKeyViolation):
        return Problem(422, "reference_missing", "It refers to a record that does not exist.", constraint=constraint)
    return Problem(422, "invalid", "A rule of the database is against it.", constraint=constraint)


RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {
        "description": HTTPStatus(status).phrase,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status in (400, 404, 409, 422, 503)
}
"""For OpenAPI: how every endpoint may answer."""

SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "constraint": {"type": ["string", "null"]},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {each: {"type": "string"} for each in ("in", "field", "detail")},
            },
        },
    },
}
"""For OpenAPI: the shape of a problem."""
