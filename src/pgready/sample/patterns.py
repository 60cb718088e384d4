"""A text that a simple regular expression matches: classes, groups, repetitions, alternatives; None for all others."""

from __future__ import annotations

_CLASSES = {"d": "0123456789", "w": "abcdefghijklmnopqrstuvwxyz0123456789", "s": " "}
_NAMED = {
    "[:alpha:]": "abcdefghijklmnopqrstuvwxyz",
    "[:digit:]": "0123456789",
    "[:alnum:]": "abcdefghijklmnopqrstuvwxyz0123456789",
    "[:upper:]": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "[:lower:]": "abcdefghijklmnopqrstuvwxyz",
    "[:space:]": " ",
}
_ANY = "abcdefghijklmnopqrstuvwxyz"
_MOST = 12


def matching(pattern: str, number: int) -> str | None:
    """The `number`-th of many texts that the pattern matches from end to end, or None if it is not so simple."""
    reader = _Reader(pattern.removeprefix("^").removesuffix("$"), number)
    try:
        text = reader.alternatives()
    except (ValueError, IndexError):
        return None
    return text if reader.at == len(reader.text) else None


class _Reader:
    def __init__(self, text: str, number: int) -> None:
        self.text = text
        self.at = 0
        self._number = number

    def alternatives(self) -> str:
        found = [self._sequence()]
        while self._next() == "|":
            self.at += 1
            found.append(self._sequence())
        return found[self._digit(len(found))] if len(found) > 1 else found[0]

    def _sequence(self) -> str:
        text = ""
        while self._next() not in ("", "|", ")"):
            start, state = self.at, self._number
            piece = self._one()
            low, high = self._repeated()
            after = self.at
            text += piece if low else ""
            for _ in range(max(low, min(high, low + 1, _MOST)) - 1 if low else min(high, 1)):
                self.at = start
                text += self._one()
            self.at = after
            if not low and not high:
                self._number = state
        return text

    def _one(self) -> str:
        sign = self.text[self.at]
        self.at += 1
        if sign == "(":
            if self.text.startswith("?:", self.at):
                self.at += 2
            elif self._next() == "?":
                raise ValueError
            inner = self.alternatives()
            if self._next() != ")":
                raise ValueError
            self.at += 1
            return inner
        if sign == "[":
            return self._pick(self._class())
        if sign == "\\":
            self.at += 1
            escaped = self.text[self.at - 1]
            if escaped.isalnum() and escaped not in _CLASSES:
                raise ValueError
            return self._pick(_CLASSES[escaped]) if escaped in _CLASSES else escaped
        if sign == ".":
            return self._pick(_ANY)
        if sign in "*+?{^$":
            raise ValueError
        return sign

    def _class(self) -> str:
        if self._next() == "^":
            raise ValueError
        found = ""
        while self._next() != "]" or not found:
            named = next((name for name in _NAMED if self.text.startswith(name, self.at)), None)
            if named is not None:
                found += _NAMED[named]
                self.at += len(named)
                continue
            one = self.text[self.at]
            self.at += 1
            if one == "\\":
                one = self.text[self.at]
                self.at += 1
                found += _CLASSES.get(one, one)
                continue
            if self._next() == "-" and self.text[self.at + 1] != "]":
                last = self.text[self.at + 1]
                self.at += 2
                found += "".join(chr(code) for code in range(ord(one), ord(last) + 1))
            else:
                found += one
        self.at += 1
        return found

    def _repeated(self) -> tuple[int, int]:
        sign = self._next()
        if sign in ("*", "+", "?"):
            self.at += 1
            self.at += self._next() == "?"
            return {"*": (0, _MOST), "+": (1, _MOST), "?": (0, 0)}[sign]
        if sign != "{":
            return 1, 1
        end = self.text.index("}", self.at)
        low, comma, high = self.text[self.at + 1 : end].partition(",")
        self.at = end + 1
        return int(low), int(high) if high else (_MOST if comma else int(low))

    def _pick(self, letters: str) -> str:
        return letters[self._digit(len(letters))]

    def _digit(self, size: int) -> int:
        self._number, digit = divmod(self._number, size)
        return digit

    def _next(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""
