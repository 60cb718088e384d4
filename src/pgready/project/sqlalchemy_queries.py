"""Statements of SQLAlchemy as SQL with `$n`, and what was bound as samples. No driver is needed, nothing connects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pgready.proof.contracts.placeholders import convert
from pgready.proof.contracts.samples import UNKNOWN, text_of


class NoQuery(Exception):
    """What a function returned is no query; the words continue "… returns"."""

    def __init__(self, what: str, help_: str = "") -> None:
        super().__init__(what)
        self.help = help_


@dataclass(frozen=True, slots=True)
class Compiled:
    """One statement: `suffix` tells several of one function apart, `parameters` are (name, sample as text or None)."""

    suffix: str
    sql: str
    parameters: tuple[tuple[str, str | None], ...]


def compiled(returned: object, samples: Mapping[str, object]) -> Iterator[Compiled]:
    """Every statement in what a function returned. Raises NoQuery, and what SQLAlchemy raises."""
    several = list(_several(returned))
    if not several:
        raise NoQuery("nothing", "return a statement")
    for suffix, statement in several:
        yield _compiled(suffix, statement, samples)


def _several(returned: object, prefix: str = "") -> Iterator[tuple[str, object]]:
    """The statements with their suffixes: pages have shapes, lists and dicts are several."""
    shapes = getattr(returned, "shapes", None)
    if callable(shapes) and hasattr(returned, "statements"):
        yield from ((f"{prefix}{name}", statement) for name, statement in shapes())
    elif isinstance(returned, Mapping):
        for key, one in returned.items():
            yield from _several(one, f"{prefix}{key}.")
    elif isinstance(returned, list | tuple):
        for number, one in enumerate(returned, 1):
            yield from _several(one, f"{prefix}{number}.")
    else:
        yield prefix.rstrip("."), returned


def _compiled(suffix: str, statement: object, samples: Mapping[str, object]) -> Compiled:
    if isinstance(statement, str):
        plain = convert(statement.strip().rstrip(";"))
        named = tuple((name, text_of(samples.get(name)) if name else None) for name in plain.names)
        return Compiled(suffix, plain.sql, named)
    statement = getattr(statement, "statement", statement)  # a Query of the old style
    if not hasattr(statement, "compile") or not hasattr(statement, "__visit_name__"):
        kind = type(statement).__name__
        raise NoQuery(
            "nothing" if statement is None else f"a value of type {kind}, which is no query",
            "return a select, update, delete, insert or text of SQLAlchemy, or a page of pgready.orm",
        )
    return _of_statement(suffix, statement, samples)


def _of_statement(suffix: str, statement: Any, samples: Mapping[str, object]) -> Compiled:
    from sqlalchemy.dialects.postgresql import asyncpg, ranges

    # asyncpg's dialect writes `$n` and casts as psycopg's does, and it needs no driver to do so.
    dialect: Any = asyncpg.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own
    # All but ranges, whose values would become the driver's own.
    dialect.colspecs = {
        kind: own for kind, own in dialect.colspecs.items() if not issubclass(kind, ranges.AbstractRange)
    }
    ready: Any = statement.compile(dialect=dialect)
    # A list that nobody filled has one element, or `IN ()` would make the condition false.
    empty = {one.key: [42] for one in ready.binds.values() if one.expanding and one.required}
    values = {**empty, **{name: value for name, value in samples.items() if value is not None}}
    state = ready.construct_expanded_state(ready.construct_params(values, _check=False))
    origin = {new: old for old, many in state.parameter_expansion.items() for new in many}
    named = []
    for name in state.positiontup or ():
        bind = ready.binds.get(origin.get(name, name))
        named.append((name, _sample(state.parameters.get(name), bind, dialect)))
    return Compiled(suffix, state.statement.strip(), tuple(named))


def _sample(value: object, bind: Any, dialect: Any) -> str | None:
    """The value as the type would send it; None for NULL, which no sample is made of."""
    if value is None or value is UNKNOWN:
        return None
    if hasattr(value, "bounds") and hasattr(value, "lower"):  # a Range: the dialect would make the driver's own of it
        return str(value)
    if bind is not None:
        try:
            process = bind.type.dialect_impl(dialect).bind_processor(dialect)
            value = process(value) if process is not None else value
        except Exception:  # a value of its own that the type refuses: the server says which type it wants
            return None
    return text_of(value)
