"""Reading a statement token by token: keywords, and names as PostgreSQL stores them."""

import re
from dataclasses import dataclass

from pgready.sql.lexer import Token, tokens
from pgready.sql.names import fold, truncate_63

_END = Token("end", "", -1, -1)


@dataclass(frozen=True, slots=True)
class Name:
    """A possibly qualified name, unquoted, folded and cut to 63 bytes a part; `schema` is None where none is written.

    `text` is the name as written.
    """

    schema: str | None
    name: str
    text: str


class Reader:
    """A place in the tokens of a statement; every method either takes tokens and says so, or takes none."""

    __slots__ = ("_at", "_tokens", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = list(tokens(text))
        self._at = 0

    def peek(self, ahead: int = 0) -> Token:
        """The token `ahead` of the next one; one of kind "end" and no text after the last."""
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else _END

    def take(self) -> Token:
        """The next token, taken."""
        token = self.peek()
        self._at += 1
        return token

    def skip(self, *texts: str) -> bool:
        """Take exactly these keywords or symbols if they come next, in this order."""
        for ahead, text in enumerate(texts):
            token = self.peek(ahead)
            if token.text != text or token.kind not in {"word", "symbol"}:
                return False
        self._at += len(texts)
        return True

    def skip_to(self, *texts: str) -> bool:
        """Take all up to and with the first of these keywords outside parentheses, or everything and return False."""
        depth = 0
        while (token := self.peek()).kind != "end":
            if not depth and self.skip(*texts):
                return True
            if token.kind == "symbol":
                depth += (token.text == "(") - (token.text == ")")
            self._at += 1
        return False

    def identifier(self) -> str | None:
        """The next token as a stored identifier, taken; None, and nothing taken, when it is none."""
        token, symbol, quoted = self.peek(), self.peek(1), self.peek(2)
        if token.text == "U" and symbol.text == "&" and quoted.kind == "quoted" and quoted.start == token.end + 1:
            self._at += 3
            escape = "\\"
            if self.peek().text == "UESCAPE" and self.peek(1).kind == "string":
                escape = self.peek(1).text.strip("'")
                self._at += 2
            return truncate_63(_unescape(quoted.text[1:-1].replace('""', '"'), escape))
        if token.kind == "quoted":
            self._at += 1
            return truncate_63(token.text[1:-1].replace('""', '"'))
        if token.kind == "word":
            self._at += 1
            return fold(self.text[token.start : token.end])
        return None

    def name(self) -> Name | None:
        """The next tokens as a name of one to three parts, taken; None, and nothing taken, when there is none."""
        begin, start = self._at, self.peek().start
        parts: list[str] = []
        while (part := self.identifier()) is not None:
            parts.append(part)
            if not self.skip("."):
                end = self._tokens[self._at - 1].end
                return Name(parts[-2] if len(parts) > 1 else None, parts[-1], self.text[start:end])
        self._at = begin
        return None

    def options(self) -> dict[str, str]:
        """A parenthesised option list such as `(VERBOSE, CONCURRENTLY off)`, taken: option to value, in upper case.

        An option without a value has the value "". Nothing is taken, and {} returned, when no `(` comes next.
        """
        found: dict[str, str] = {}
        if not self.skip("("):
            return found
        while self.peek().kind != "end":
            key = self.take().text
            if key == ")":
                break
            value: list[str] = []
            depth = 0
            while (token := self.peek()).kind != "end":
                if not depth and token.text in {",", ")"}:
                    break
                depth += (token.text == "(") - (token.text == ")")
                value.append(self.take().text)
            self.skip(",")
            found[key] = "".join(value).lstrip("=").strip("'").upper()
        return found


def is_on(value: str) -> bool:
    """Whether an option's value, as `Reader.options` gives it, switches the option on."""
    return value not in {"FALSE", "OFF", "0"}


def _unescape(text: str, escape: str) -> str:
    """Undo the escapes of a `U&` identifier: four hexadecimal digits, or six after a plus sign."""
    mark = re.escape(escape)
    pattern = rf"{mark}(?:{mark}|\+([0-9A-Fa-f]{{6}})|([0-9A-Fa-f]{{4}}))"

    def plain(found: re.Match[str]) -> str:
        digits = found[1] or found[2]
        if not digits:
            return escape
        code = int(digits, 16)
        return chr(code) if code <= 0x10FFFF else found[0]

    once = re.sub(pattern, plain, text)
    return once.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
