"""Diagnostics for people: each with its place, its code, the line it means and what to write instead; or a line each.

Pure: colours are given as a `Paint`, whoever prints knows whether there is a terminal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pgready.psl.diagnostics import Diagnostic
from pgready.report.excerpt import Excerpts, plain
from pgready.report.story import plural


@dataclass(frozen=True, slots=True)
class Paint:
    """The terminal's words for each part; all empty where there are no colours."""

    error: str = ""
    warning: str = ""
    strong: str = ""
    frame: str = ""
    help: str = ""
    off: str = ""
    good: str = ""

    def severity(self, diagnostic: Diagnostic) -> str:
        """The colour of an error or of a warning."""
        return self.error if diagnostic.severity == "error" else self.warning


PLAIN = Paint()
COLOURS = Paint("\x1b[1;31m", "\x1b[1;33m", "\x1b[1m", "\x1b[34m", "\x1b[36m", "\x1b[0m", "\x1b[32m")


def human(diagnostics: Sequence[Diagnostic], paint: Paint = PLAIN) -> Iterator[str]:
    """A paragraph for each diagnostic, without a line ending at its end; an empty line belongs between two."""
    excerpts = Excerpts()
    for found in diagnostics:
        number, line, mark, last = excerpts.of(found.span)
        colour, frame, off = paint.severity(found), paint.frame, paint.off
        width = len(str(last))
        edge = f"{frame}{' ' * width} |{off}"
        lines = [
            f"{paint.strong}{plain(found.span.where())}{off}: {colour}{found.severity}[{found.code}]{off}: "
            f"{paint.strong}{plain(found.message)}{off}",
            edge,
            f"{frame}{number:>{width}} |{off} {line}".rstrip(),
            f"{edge} {colour}{mark}{off}",
        ]
        if last > number:
            lines.append(f"{frame}{last:>{width}} |{off} … and on to this line")
        if found.help:
            lines.append(f"{frame}{' ' * width} = {off}{paint.help}help{off}: {plain(found.help)}")
        yield "\n".join(lines)


def concise(diagnostics: Sequence[Diagnostic], paint: Paint = PLAIN) -> Iterator[str]:
    """A line for each diagnostic: `file:line:column: severity[code]: message (help)`."""
    for found in diagnostics:
        advice = f" ({plain(found.help)})" if found.help else ""
        yield (
            f"{plain(found.span.where())}: {paint.severity(found)}{found.severity}[{found.code}]{paint.off}: "
            f"{plain(found.message)}{advice}"
        )


def count(diagnostics: Sequence[Diagnostic]) -> str:
    """`2 errors, 1 warning`; "" for none."""
    errors = sum(found.severity == "error" for found in diagnostics)
    warnings = len(diagnostics) - errors
    parts = [plural(errors, "error")] * bool(errors) + [plural(warnings, "warning")] * bool(warnings)
    return ", ".join(parts)
