"""Rows of a block laid out in columns, as Prisma's formatter does it. Knows nothing of the schema language."""

from collections.abc import Sequence


class Table:
    """Lines whose columns are padded to a common width.

    A row's `suffix` (a comment, or a line that is left alone) is no column: it follows the last one after a space and
    counts for no width. Widths are bytes of UTF-8, not characters: Prisma counts so.
    """

    __slots__ = ("_rows",)

    def __init__(self) -> None:
        self._rows: list[tuple[Sequence[str], str]] = []

    def row(self, columns: Sequence[str] = (), suffix: str = "") -> None:
        """Add a line; without columns and suffix it is an empty one. The last column must not be empty."""
        self._rows.append((columns, suffix))

    def render(self, lines: list[str], indent: str = "") -> None:
        """Append the laid out lines, each with its line feed, to `lines` and begin anew."""
        widths: list[int] = []
        for columns, _ in self._rows:
            for place, column in enumerate(columns):
                width = _width(column)
                if place == len(widths):
                    widths.append(width)
                elif width > widths[place]:
                    widths[place] = width
        for columns, suffix in self._rows:
            if not columns:
                lines.append(f"{indent}{suffix}\n" if suffix else "\n")
                continue
            last = len(columns) - 1
            padded = "".join([_pad(columns[place], widths[place] + 1) for place in range(last)])
            lines.append(
                f"{indent}{padded}{columns[last]} {suffix}\n" if suffix else f"{indent}{padded}{columns[last]}\n"
            )
        self._rows = []


def _width(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _pad(text: str, width: int) -> str:
    return text.ljust(width) if text.isascii() else text + " " * (width - _width(text))
