"""Values for the arguments of a function that declares a contract: given, defaults, or made from annotations."""

from __future__ import annotations

import datetime as dt
import enum
import inspect
import types
import typing
import uuid
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pgready.proof.contracts.declared import Declared


class ArgumentMissing(Exception):
    """An argument has no value and none can be made; `help` says how to give one."""

    def __init__(self, what: str, help_: str) -> None:
        super().__init__(what)
        self.help = help_


_MADE: dict[Any, object] = {
    bool: True,
    int: 42,
    float: 42.0,
    str: "sample",
    bytes: b"*",
    Decimal: Decimal(42),
    uuid.UUID: uuid.UUID("5f0c1d3e-6a52-4b1b-9d6e-2f4c8a7b9e01"),
    dt.datetime: dt.datetime(2024, 6, 15, 12, tzinfo=dt.UTC),
    dt.date: dt.date(2024, 6, 15),
    dt.time: dt.time(12),
    dt.timedelta: dt.timedelta(days=1),
}
_MANY = (list, tuple, set, frozenset, Sequence, Iterable)


def arguments_of(one: Declared) -> dict[str, object]:
    """Keyword arguments for the function. Raises ArgumentMissing."""
    function = one.function
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        help_ = "put the statement into a plain function, and let the async one run it"
        raise ArgumentMissing(f"{one.name} is an async function: what it returns needs a running database", help_)
    if not callable(function):
        raise ArgumentMissing(f"{one.name} is a method", "declare a plain function, or put @staticmethod outside")
    try:
        hints = typing.get_type_hints(function)
    except Exception:  # an annotation that only a type checker can follow: the function may do without
        hints = {}
    given: dict[str, object] = {}
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        name = parameter.name
        if parameter.kind is parameter.POSITIONAL_ONLY:
            raise ArgumentMissing(f"argument `{name}` of {one.name} takes no keyword", "leave the `/` out")
        if name in one.samples:
            given[name] = one.samples[name]
        elif parameter.default is parameter.empty:
            made = _made(hints.get(name))
            if made is None:
                help_ = f'give it a value:  @pgready.contract(samples={{"{name}": …}})'
                raise ArgumentMissing(f"argument `{name}` of {one.name} has no value that can be made up", help_)
            given[name] = made
    return given


def _made(hint: Any) -> object:
    """A value of an annotation, None where none can be made."""
    if isinstance(hint, typing.NewType):
        return _made(hint.__supertype__)
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:  # before anything hashes it: what stands beside the type need not be hashable
        return _made(inner[0])
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return next(iter(hint), None)
    if hint in _MADE:
        return _MADE[hint]
    if origin is typing.Literal:
        return inner[0]
    if origin in (typing.Union, types.UnionType):
        return next((value for value in map(_made, inner) if value is not None), None)
    if origin in _MANY or hint in _MANY:
        element = _made(inner[0]) if inner else "sample"
        return None if element is None else [element]
    if origin in (dict, Mapping) or hint is dict:
        return {}
    return None
