"""Schema texts and places in them: what every node and every diagnostic points with.

Offsets count characters (code points) of the decoded text, whatever its line endings are. Hot module: imports nothing.
"""


class Source:
    """One schema file: its `path` as users know it, and its whole `text`, line endings untouched, a BOM taken off."""

    __slots__ = ("_starts", "path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._starts: list[int] | None = None

    def __repr__(self) -> str:
        return f"Source({self.path!r}, {len(self.text)} characters)"

    def position(self, offset: int) -> "tuple[int, int]":
        """The 1-based line and column (in characters) of `offset`; LF, CRLF and a lone CR each end a line."""
        starts = self._lines()
        offset = min(max(offset, 0), len(self.text))
        low, high = 0, len(starts)
        while high - low > 1:
            middle = (low + high) // 2
            if starts[middle] <= offset:
                low = middle
            else:
                high = middle
        return low + 1, offset - starts[low] + 1

    def line(self, number: int) -> str:
        """The text of the 1-based line `number`, without its line ending; "" beyond the end."""
        starts = self._lines()
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def _lines(self) -> "list[int]":
        if self._starts is None:
            text, starts = self.text, [0]
            feed, back = text.find("\n"), text.find("\r")
            while feed >= 0 or back >= 0:
                at = (back if 0 <= back < feed - 1 or feed < 0 else feed) + 1
                starts.append(at)
                # Each kind is looked for behind where it was found last only: linear, whichever of them is missing.
                if 0 <= feed < at:
                    feed = text.find("\n", at)
                if 0 <= back < at:
                    back = text.find("\r", at)
            self._starts = starts
        return self._starts


class Span:
    """The half-open range `start`…`end` of a Source's text."""

    __slots__ = ("end", "source", "start")

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source = source
        self.start = start
        self.end = end

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Span):
            return NotImplemented
        return (self.source.path, self.start, self.end) == (other.source.path, other.start, other.end)

    def __hash__(self) -> int:
        return hash((self.source.path, self.start, self.end))

    def __repr__(self) -> str:
        return f"Span({self.where()!r}, {self.text!r})"

    @property
    def text(self) -> str:
        """What the span covers."""
        return self.source.text[self.start : self.end]

    def where(self) -> str:
        """`path:line:column` of the span's first character."""
        line, column = self.source.position(self.start)
        return f"{self.source.path}:{line}:{column}"
