"""Where each key of a TOML text stands: `tomllib` keeps no places, and a mistake is told at its own.

The text is valid TOML, which `tomllib` has seen to, so a reader of keys, tables and inline tables is enough.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r]+|\#[^\n]*)
    |(?P<line>\n)
    |(?P<string>\"{3}(?:[^\\]|\\.)*?\"{3,5}|'{3}.*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')
    |(?P<bare>[^\s=\[\]{},.\#"']+)
    |(?P<mark>[=\[\]{},.])""",
    re.VERBOSE | re.DOTALL,
)

Path = tuple[str, ...]


def places(text: str) -> Mapping[Path, int]:
    """The character offset of each key by its full path, tables and inline tables included; the first one counts."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str, int]] = []
        at = 0
        while found := _TOKEN.match(text, at):
            if found.lastgroup != "space":
                self.tokens.append((found.lastgroup or "", found[0], at))
            at = found.end()
        self.at = 0
        self.found: dict[Path, int] = {}

    def read(self) -> Mapping[Path, int]:
        table: Path = ()
        while self.at < len(self.tokens):
            kind, text, _ = self.tokens[self.at]
            if kind == "line":
                self.at += 1
            elif text == "[":
                while self._text() == "[":
                    self.at += 1
                table = self._key(())
                self._to_end_of_line()
            else:
                path = self._key(table)
                self.at += 1  # =
                self._value(path)
                self._to_end_of_line()
        return self.found

    def _text(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _to_end_of_line(self) -> None:
        while self.at < len(self.tokens) and self.tokens[self.at][0] != "line":
            self.at += 1

    def _key(self, before: Path) -> Path:
        path = before
        while self.at < len(self.tokens):
            kind, text, offset = self.tokens[self.at]
            if kind not in ("bare", "string"):
                break
            path = (*path, _name(kind, text))
            self.found.setdefault(path, offset)
            self.at += 1
            if self._text() != ".":
                break
            self.at += 1
        return path

    def _value(self, path: Path) -> None:
        text = self._text()
        if text == "{":
            self.at += 1
            while self.at < len(self.tokens) and self._text() != "}":
                if self.tokens[self.at][0] in ("bare", "string"):
                    inner = self._key(path)
                    self.at += 1  # =
                    self._value(inner)
                else:
                    self.at += 1
            self.at += 1
        elif text == "[":
            depth = 0
            while self.at < len(self.tokens):
                depth += {"[": 1, "]": -1}.get(self._text(), 0)
                self.at += 1
                if depth == 0:
                    break
        else:
            while self.at < len(self.tokens) and self._text() not in (",", "}", "]", "\n"):
                self.at += 1


def _name(kind: str, text: str) -> str:
    if kind == "bare" or text[0] == "'":
        return text.strip("'")
    try:
        return str(json.loads(text))
    except ValueError:  # an escape that TOML has and JSON has not
        return text[1:-1]
