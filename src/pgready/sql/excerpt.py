"""A place in a script as people find it: line and column, and the source line with a caret under it."""

import re
import unicodedata

_WINDOW = 100
"""Characters of a long line that an excerpt shows."""

_TAB = "    "
_SECRETS = (
    re.compile(r"(\bpassword\s+[eE]?'|\bpassword\s*=\s*'{2})((?:[^']|'')+)", re.IGNORECASE),
    re.compile(r"(\bpassword\s*=\s*)([^\s']+)", re.IGNORECASE),
    re.compile(r"(://[^\s:/@']*:)([^\s@']+)(?=@)"),
)
"""PASSWORD 'x', password=x or password=''x'' of a connection string in a constant, and scheme://user:x@host."""


def position(script: str, offset: int) -> tuple[int, int]:
    """The 1-based line and column (in characters) of `offset`; an offset beyond either end counts as that end.

    A line ends with LF; the CR of a CRLF is its last character, as in the positions that PostgreSQL reports.
    """
    offset = min(max(offset, 0), len(script))
    begin = script.rfind("\n", 0, offset) + 1
    return script.count("\n", 0, offset) + 1, offset - begin + 1


def where(script: str, offset: int, path: str, first_line: int = 1) -> str:
    """`path:line:column`, with `first_line` the line of the file that the script begins at."""
    line, column = position(script, offset)
    return f"{path}:{line + first_line - 1}:{column}"


def excerpt(script: str, offset: int, path: str, first_line: int = 1) -> str:
    """The source line at `offset` behind its number, and a caret under the place; no line break at the end.

    The first line is `where`, left out when `path` is empty. Of a long line about 100 characters around the place are
    shown. The caret stands by display width, so wide and combining characters do not move it. Control characters are
    not passed on to the terminal, and a password is masked.
    """
    offset = min(max(offset, 0), len(script))
    line, column = position(script, offset)
    begin = offset - column + 1
    stop = script.find("\n", begin)
    source = script[begin : len(script) if stop < 0 else stop].removesuffix("\r")
    source = _masked(source)
    column = min(column - 1, len(source))
    left = right = ""
    if len(source) > _WINDOW:
        low = min(max(column - _WINDOW // 2, 0), len(source) - _WINDOW)
        left, right = "…" if low else "", "…" if low + _WINDOW < len(source) else ""
        source, column = source[low : low + _WINDOW], column - low
    shown = left + "".join(map(_shown, source)) + right
    caret = " " * sum(map(_width, left + "".join(map(_shown, source[:column])))) + "^"
    number = str(line + first_line - 1)
    gutter = " " * len(number)
    lines = [f"{number} | {shown}".rstrip(), f"{gutter} | {caret}"]
    return "\n".join([where(script, offset, path, first_line), *lines] if path else lines)


def _masked(source: str) -> str:
    """The line with stars for every character of a password; as long as it was."""
    for secret in _SECRETS:
        source = secret.sub(lambda found: found[1] + "*" * len(found[2]), source)
    return source


def _shown(char: str) -> str:
    """A character as a terminal may see it: tabs as spaces, control and direction characters as U+FFFD."""
    if char == "\t":
        return _TAB
    if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} or unicodedata.bidirectional(char) in _DIRECTIONS:
        return "\N{REPLACEMENT CHARACTER}"
    return char


_DIRECTIONS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def _width(char: str) -> int:
    """Columns that a terminal gives the character: 0, 1 or 2."""
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
