"""An invalid schema as an error, for commands that need a valid one: `validate` shows all of it."""

from __future__ import annotations

from collections.abc import Sequence

from pgready.errors import UsageInvalid
from pgready.psl.diagnostics import Diagnostic
from pgready.report.diagnostics import concise, count, human

_SHOWN = 5


def refuse_invalid(diagnostics: Sequence[Diagnostic], path: str) -> UsageInvalid:
    """The error for a schema with errors in `diagnostics`: the first few of them with their places."""
    errors = [one for one in diagnostics if one.severity == "error"]
    first = errors[0]
    if len(errors) == 1:
        shown = next(human(errors)).splitlines()
        return UsageInvalid(
            f"the schema is not valid: {first.message}",
            where=first.span.where(),
            excerpt="\n".join(shown[1:]),
            then=f"pgready validate {path}",
            code="schema_invalid",
        )
    more = [f"… and {len(errors) - _SHOWN} more"] if len(errors) > _SHOWN else []
    return UsageInvalid(
        f"the schema is not valid: {count(errors)}",
        where=first.span.where(),
        excerpt="\n".join([*concise(errors[:_SHOWN]), *more]),
        then=f"pgready validate {path}",
        code="schema_invalid",
    )
