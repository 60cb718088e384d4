"""Expressions as the values that an attribute or property wants; what does not fit is reported and becomes None."""

from collections.abc import Callable
from typing import TypeVar

from pgready.psl import tree
from pgready.psl.diagnostics import Findings
from pgready.psl.source import Span

T = TypeVar("T")

_INT64 = 2**63


def string(expression: tree.Expression, findings: Findings) -> str | None:
    """The text of a string literal."""
    if isinstance(expression, tree.String):
        return expression.value
    _mismatch("a string in double quotes", expression, findings)
    return None


def string_with_span(expression: tree.Expression, findings: Findings) -> tuple[str, Span] | None:
    """The text of a string literal and where it stands."""
    value = string(expression, findings)
    return None if value is None else (value, expression.span)


def constant(expression: tree.Expression, findings: Findings) -> str | None:
    """The text of a bare word or dotted path."""
    if isinstance(expression, tree.Constant):
        return expression.text
    _mismatch("a bare word", expression, findings)
    return None


def boolean(expression: tree.Expression, findings: Findings) -> bool | None:
    """`true` or `false`."""
    if isinstance(expression, tree.Constant) and expression.text in ("true", "false"):
        return expression.text == "true"
    _mismatch("`true` or `false`", expression, findings)
    return None


def integer(expression: tree.Expression, findings: Findings) -> int | None:
    """A whole number of 64 bits."""
    if isinstance(expression, tree.Number):
        value = as_integer(expression.text)
        if value is not None and -_INT64 <= value < _INT64:
            return value
    _mismatch("a whole number", expression, findings)
    return None


def array(
    expression: tree.Expression, item: Callable[[tree.Expression, Findings], T | None], findings: Findings
) -> list[T] | None:
    """The values of a list; a single value counts as a list of one. None when any of them does not fit."""
    expressions = expression.items if isinstance(expression, tree.Array) else (expression,)
    values = [item(each, findings) for each in expressions]
    found = [value for value in values if value is not None]
    return found if len(found) == len(values) else None


def as_integer(text: str) -> int | None:
    """The whole number that `text` writes in ASCII digits, or None; of any size up to 40 digits."""
    digits = text[1:] if text[:1] in ("-", "+") else text
    if digits.isascii() and digits.isdigit() and len(digits) <= 40:
        return int(text)
    return None


def kind(expression: tree.Expression) -> str:
    """What sort of value an expression is, in words with an article."""
    if isinstance(expression, tree.String):
        return "a string"
    if isinstance(expression, tree.Number):
        return "a number"
    if isinstance(expression, tree.Constant):
        return "the bare word"
    if isinstance(expression, tree.Call):
        return "a function call"
    return "a list" if isinstance(expression, tree.Array) else "an object"


def render(expression: tree.Expression) -> str:
    """An expression as one line of source, strings quoted, names and values as written."""
    if isinstance(expression, tree.String):
        return quoted(expression.value)
    if isinstance(expression, tree.Number | tree.Constant):
        return expression.text
    # What nests is shown as written: the source bounds its size, and no recursion is needed.
    return " ".join(expression.span.text.split())


def quoted(text: str) -> str:
    """`text` as a string literal of PSL."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'


def shown(expression: tree.Expression, limit: int = 60) -> str:
    """`render`, cut to `limit` characters for a message."""
    text = render(expression)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _mismatch(expected: str, expression: tree.Expression, findings: Findings) -> None:
    findings.error(
        "value-type",
        expression.span,
        f"expected {expected}, but found {kind(expression)} `{shown(expression)}`",
        _hint(expected, expression),
    )


def _hint(expected: str, expression: tree.Expression) -> str:
    if expected.startswith("a string") and isinstance(expression, tree.Constant | tree.Number):
        return f"put it in double quotes: `{quoted(expression.text)}`"
    if expected == "a bare word" and isinstance(expression, tree.String) and expression.value.isidentifier():
        return f"leave out the quotes: `{expression.value}`"
    return ""
