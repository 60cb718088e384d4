"""What is wrong with a schema, as values: a stable code, a place, what happened and what to write instead."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from pgready.errors import UsageInvalid
from pgready.psl.source import Span

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: `code` names the rule (`pgready.psl.rules`), `help` says what to write instead and may be empty."""

    code: str
    severity: Severity
    message: str
    span: Span
    help: str = ""


class Findings:
    """The diagnostics of one run, collected in the order of the checks.

    Checks report into it; nobody removes what is in it. `has_errors` is what Prisma's passes stop at.
    """

    def __init__(self) -> None:
        self._items: list[Diagnostic] = []
        self._seen: set[tuple[str, str, Span]] = set()
        self.has_errors = False

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def error(self, code: str, span: Span, message: str, help: str = "") -> None:  # noqa: A002
        """Report an error; the same finding at the same place counts once."""
        self.has_errors = True
        self._add(Diagnostic(code, "error", message, span, help))

    def warning(self, code: str, span: Span, message: str, help: str = "") -> None:  # noqa: A002
        """Report a warning: the schema stays valid."""
        self._add(Diagnostic(code, "warning", message, span, help))

    def _add(self, found: Diagnostic) -> None:
        key = (found.code, found.message, found.span)
        if key not in self._seen:
            self._seen.add(key)
            self._items.append(found)


class SchemaInvalid(UsageInvalid):
    """The schema has errors (exit 2); `diagnostics` holds all of them, warnings included, in the order of the files."""

    code = "schema_invalid"

    def __init__(self, what: str, diagnostics: Iterable[Diagnostic], *, where: str = "", then: str = "") -> None:
        super().__init__(what, where=where, then=then)
        self.diagnostics = tuple(diagnostics)
