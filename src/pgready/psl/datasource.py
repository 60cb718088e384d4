"""The `datasource` block of a schema file, read without parsing the rest.

A small tokenizer that the full PSL parser will replace: it finds the block in time linear in the text, knows comments
and strings, and reads the keys that decide where to connect. Everything else in the file is not its business. Pure;
hot module: imports nothing at module level but errors.
"""

from pgready.errors import UsageInvalid

_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "\\": "\\", "/": "/"}
_BLANK = " \t\r\u00a0\u3000"


class Value:
    """A string in the source (`kind` "literal") or the name of an environment variable (`kind` "env").

    `line` is 1-based. The repr shows no literal, since it may be a URL with a password.
    """

    __slots__ = ("kind", "line", "text")

    def __init__(self, kind: str, text: str, line: int) -> None:
        self.kind = kind
        self.text = text
        self.line = line

    def __repr__(self) -> str:
        shown = self.text if self.kind == "env" else "***"
        return f"Value({self.kind!r}, {shown!r}, line {self.line})"


class Datasource:
    """The datasource block as a value.

    `provider`, `url`, `direct_url` and `shadow_url` are Values or None; `schemas` and `extensions` hold names as the
    database knows them; `relation_mode` is "" if absent; `line` is the block's, `lines` those of its keys (1-based).
    """

    __slots__ = (
        "direct_url",
        "extensions",
        "line",
        "lines",
        "name",
        "path",
        "provider",
        "relation_mode",
        "schemas",
        "shadow_url",
        "url",
    )

    def __init__(self, name: str, path: str, line: int) -> None:
        self.name = name
        self.path = path
        self.line = line
        self.lines: dict[str, int] = {}
        self.provider: Value | None = None
        self.url: Value | None = None
        self.direct_url: Value | None = None
        self.shadow_url: Value | None = None
        self.schemas: tuple[str, ...] = ()
        self.extensions: tuple[str, ...] = ()
        self.relation_mode = ""


def read(text: str, path: str = "schema.prisma") -> "Datasource | None":
    """The datasource block of `text`, or None if it has none; `path` names the file in errors.

    Raises UsageInvalid with file:line:column and the line for a broken block or a second one.
    """
    at = _find(text, 0, path)
    if at < 0:
        return None
    block = _Block(text, at, path)
    found = block.read()
    second = _find(text, block.at, path)
    if second >= 0:
        raise wrong(text, second, path, "a second datasource block", "keep one: a project has one database")
    return found


def wrong(text: str, at: int, path: str, what: str, then: str = "") -> UsageInvalid:
    """The UsageInvalid for position `at` of `text`, with the line and a caret, string literals masked."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", start)
    line = (text[start:] if end < 0 else text[start:end]).rstrip("\r")
    number, column = text.count("\n", 0, start) + 1, at - start + 1
    return UsageInvalid(
        f"{path}:{number}:{column}: {what}",
        where=f"{path}:{number}:{column}",
        excerpt=_masked(line) + "\n" + " " * (column - 1) + "^",
        then=then,
        code="schema_invalid",
    )


def _masked(line: str) -> str:
    """`line` with the password of a URL in it replaced, length kept so that a caret still points right."""
    scheme = line.find("://")
    if scheme < 0:
        return line
    end = len(line)
    for quote in "\"'`":
        stop = line.find(quote, scheme)
        end = stop if 0 <= stop < end else end
    return line[: scheme + 3] + "*" * (end - scheme - 3) + line[end:]


def _find(text: str, at: int, path: str) -> int:
    """Where the next line `datasource NAME {` stands outside comments, or -1."""
    comment = text.find("/*", at)
    while True:
        word = text.find("datasource", at)
        if word < 0:
            return -1
        if 0 <= comment < word:
            at = _behind_comment(text, at, comment, path)
            comment = text.find("/*", at)
            continue
        start = max(text.rfind("\n", 0, word) + 1, at)
        rest = word + len("datasource")
        if not text[start:word].strip("\ufeff" + _BLANK) and _opens(text, rest):
            return word
        at = rest


def _behind_comment(text: str, at: int, opening: int, path: str) -> int:
    """Where to read on, given a `/*` that may stand in a string or a line comment, or open a comment."""
    at = max(at, text.rfind("\n", 0, opening) + 1)
    quoted = False
    while at < opening:
        character = text[at]
        if quoted:
            if character == "\\":
                at += 1
            elif character == '"':
                quoted = False
        elif character == '"':
            quoted = True
        elif text.startswith("//", at):
            break
        at += 1
    if quoted or at < opening:
        # Neither strings nor line comments reach past their line, and no datasource starts behind them on it.
        end = text.find("\n", opening)
        return len(text) if end < 0 else end
    closing = text.find("*/", opening + 2)
    if closing < 0:
        raise wrong(text, opening, path, "a comment that is never closed", "end it with */")
    return closing + 2


def _opens(text: str, at: int) -> bool:
    """Whether ` NAME {` follows, which makes the word `datasource` a block's and not a field's."""
    end = text.find("\n", at)
    head, brace, _ = (text[at:] if end < 0 else text[at:end]).partition("{")
    name = head.strip(_BLANK)
    return bool(brace) and head[:1] in tuple(_BLANK) and name != "" and _WORD.issuperset(name)


class _Block:
    """A reading position inside one datasource block."""

    __slots__ = ("at", "path", "text")

    def __init__(self, text: str, at: int, path: str) -> None:
        self.text = text
        self.at = at
        self.path = path

    def wrong(self, what: str, then: str = "") -> UsageInvalid:
        return wrong(self.text, min(self.at, len(self.text)), self.path, what, then)

    def line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1

    def read(self) -> Datasource:
        opening = self.at
        line = self.line()
        self.at += len("datasource")
        self.skip()
        found = Datasource(self.word(), self.path, line)
        self.skip()
        self.at += 1  # the brace: `_opens` saw it
        while True:
            self.skip(newlines=True)
            if self.at >= len(self.text):
                self.at = opening
                raise self.wrong("a datasource block that is never closed", "end it with }")
            if self.text[self.at] == "}":
                self.at += 1
                return found
            self.key(found)

    def key(self, found: Datasource) -> None:
        start = self.at
        name = self.word()
        if not name:
            raise self.wrong("expected `key = value` or }")
        line = self.line()
        self.skip()
        if self.text[self.at : self.at + 1] != "=":
            raise self.wrong(f'expected "=" after {name}')
        if name in found.lines:
            self.at = start
            raise self.wrong(f"{name} is given twice", "keep one of them")
        found.lines[name] = line
        self.at += 1
        self.skip()
        if name == "provider":
            found.provider = self.value(name)
        elif name == "url":
            found.url = self.value(name)
        elif name == "directUrl":
            found.direct_url = self.value(name)
        elif name == "shadowDatabaseUrl":
            found.shadow_url = self.value(name)
        elif name == "relationMode":
            found.relation_mode = self.value(name).text
        elif name == "schemas":
            found.schemas = self.names(name)
        elif name == "extensions":
            found.extensions = self.names(name)
        else:
            end = self.text.find("\n", self.at)
            self.at = len(self.text) if end < 0 else end
        self.skip()
        if self.at < len(self.text) and self.text[self.at] not in "\n}":
            raise self.wrong(f"unexpected text after the value of {name}", "write one key = value a line")

    def skip(self, *, newlines: bool = False) -> None:
        """Move behind blanks and comments, and behind line ends if asked."""
        text = self.text
        while self.at < len(text):
            character = text[self.at]
            if character in _BLANK or (newlines and character == "\n"):
                self.at += 1
            elif text.startswith("//", self.at):
                end = text.find("\n", self.at)
                self.at = len(text) if end < 0 else end
            elif text.startswith("/*", self.at):
                end = text.find("*/", self.at + 2)
                if end < 0:
                    raise self.wrong("a comment that is never closed", "end it with */")
                self.at = end + 2
            else:
                return

    def word(self) -> str:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] in _WORD:
            self.at += 1
        return self.text[start : self.at]

    def value(self, key: str) -> Value:
        """A string, or env("NAME")."""
        line = self.line()
        if self.text.startswith('"', self.at):
            return Value("literal", self.string(), line)
        start = self.at
        if self.word() == "env":
            self.skip()
            if self.text[self.at : self.at + 1] == "(":
                self.at += 1
                self.skip()
                if self.text[self.at : self.at + 1] == '"':
                    name = self.string()
                    self.skip()
                    if self.text[self.at : self.at + 1] == ")":
                        self.at += 1
                        return Value("env", name, line)
        self.at = start
        raise self.wrong(f'{key} takes a string in double quotes or env("NAME")', f'e.g. {key} = env("DATABASE_URL")')

    def string(self) -> str:
        opening = self.at
        out: list[str] = []
        self.at += 1
        while self.at < len(self.text):
            character = self.text[self.at]
            self.at += 1
            if character == '"':
                return self.whole("".join(out))
            if character == "\n":
                break
            if character != "\\":
                out.append(character)
                continue
            escape = self.text[self.at : self.at + 1]
            self.at += 1
            if escape == "u":
                digits = self.text[self.at : self.at + 4]
                try:
                    out.append(chr(int(digits, 16)))
                except ValueError:
                    raise self.wrong(r"\u is not followed by four hexadecimal digits") from None
                self.at += 4
            elif escape in _ESCAPES:
                out.append(_ESCAPES[escape])
            else:
                self.at -= 2
                raise self.wrong("an escape that PSL does not know", r"write a backslash as \\")
        self.at = opening
        raise self.wrong("a string that is not closed on its line")

    def whole(self, text: str) -> str:
        """`text`, where JSON's escapes may have written a character beyond the first plane as two halves."""
        if text.isprintable():
            return text
        try:
            return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError:
            raise self.wrong(r"half a character: \ud800 to \udfff stand in pairs") from None

    def names(self, key: str) -> "tuple[str, ...]":
        """The names of `["a", "b"]` or of `[citext, postgis(schema: "x", map: "y")]`, as the database knows them."""
        if self.text[self.at : self.at + 1] != "[":
            raise self.wrong(f"{key} takes a list in brackets", f'e.g. {key} = ["public"]')
        self.at += 1
        names: list[str] = []
        while True:
            self.skip()
            character = self.text[self.at : self.at + 1]
            if character == "]":
                self.at += 1
                return tuple(names)
            if character == '"':
                names.append(self.string())
            else:
                name = self.word()
                if not name or key == "schemas":
                    raise self.wrong(f"expected a name{' in double quotes' if key == 'schemas' else ''} in {key}")
                names.append(self.arguments().get("map", name))
            self.skip()
            if self.text[self.at : self.at + 1] == ",":
                self.at += 1
            elif self.text[self.at : self.at + 1] != "]":
                raise self.wrong(f"the list of {key} is not closed on its line", "PSL wants the whole list on one line")

    def arguments(self) -> "dict[str, str]":
        """The `(key: "value", ...)` behind an extension's name; empty if there is none."""
        found: dict[str, str] = {}
        if self.text[self.at : self.at + 1] != "(":
            return found
        self.at += 1
        while True:
            self.skip()
            if self.text[self.at : self.at + 1] == ")":
                self.at += 1
                return found
            name = self.word()
            self.skip()
            if not name or self.text[self.at : self.at + 1] != ":":
                raise self.wrong('expected `key: "value"`')
            self.at += 1
            self.skip()
            if self.text[self.at : self.at + 1] != '"':
                raise self.wrong(f"{name} takes a string in double quotes")
            found[name] = self.string()
            self.skip()
            if self.text[self.at : self.at + 1] == ",":
                self.at += 1
