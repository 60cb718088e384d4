"""`@pgready.contract`: a function that returns a query says that the query must keep its plan.

The function itself is given back untouched, and nothing is checked, imported or run here: a service that imports its
queries pays for one list entry. What was declared is read by `pgready prove`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, overload

_F = TypeVar("_F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, eq=False)
class Declared:
    """A decorated function and what was said about it, unchecked; `file` and `line` are those of its definition."""

    function: Callable[..., Any]
    name: str
    module: str
    file: str
    line: int
    max_rows_read: object = None
    allow: object = None
    samples: Mapping[str, object] = field(default_factory=dict)
    search_path: str = ""


declared: list[Declared] = []
"""Every contract of the modules that were imported, in the order of their definition."""


@overload
def contract(function: _F, /) -> _F: ...
@overload
def contract(
    *,
    name: str | None = None,
    max_rows_read: int | None = None,
    allow: Mapping[str, str] | None = None,
    samples: Mapping[str, object] | None = None,
    search_path: str = "",
) -> Callable[[_F], _F]: ...
def contract(
    function: _F | None = None,
    /,
    *,
    name: str | None = None,
    max_rows_read: int | None = None,
    allow: Mapping[str, str] | None = None,
    samples: Mapping[str, object] | None = None,
    search_path: str = "",
) -> _F | Callable[[_F], _F]:
    """Declare the query that a function returns as a contract, with or without arguments.

    The function returns a SQLAlchemy `select`, `update`, `delete`, `insert` or `text`, a `pgready.orm.page`, SQL as
    text, or several of these in a list or dict. `allow` maps what it may do (sort, scan, filter, range, offset) to the
    reason; `samples` are values for the function's arguments and for bound parameters of these names.
    """

    def declare(one: _F) -> _F:
        inner: Any = getattr(one, "__func__", one)  # a staticmethod or classmethod, decorated from outside
        code = getattr(inner, "__code__", None)
        found = Declared(
            function=one,
            name=name or str(getattr(inner, "__name__", "contract")),
            module=str(getattr(inner, "__module__", "")),
            file=code.co_filename if code is not None else "",
            line=code.co_firstlineno if code is not None else 0,
            max_rows_read=max_rows_read,
            allow=allow,
            samples=dict(samples or {}),
            search_path=search_path,
        )
        declared.append(found)
        return one

    return declare if function is None else declare(function)
