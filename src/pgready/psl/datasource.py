"""The `datasource` block of a schema file, read without parsing the rest.

The block is found by its first line, in time linear in the text. Every boot reads it, so the form that nearly all have,
one plain `key = value` a line, is taken as it stands; whatever is not plain goes to the parser
(`pgready.psl.datasource_block`), which decides what it means and what is wrong with it. Pure; hot module: imports
nothing at module level but errors.
"""

from pgready.errors import UsageInvalid

WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
BLANK = " \t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
STRINGS = {
    "provider": "provider",
    "url": "url",
    "directUrl": "direct_url",
    "shadowDatabaseUrl": "shadow_url",
    "relationMode": "relation_mode",
}
LISTS = ("schemas", "extensions")


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
    if "\r" in text and "\n" not in text:
        text = text.replace("\r", "\n")
    at = _find(text, 0, path)
    if at < 0:
        return None
    plain = read_plain(text, at, path)
    if plain is None:
        from pgready.psl.datasource_block import read_block

        plain = read_block(text, at, path)
    found, end = plain
    second = _find(text, end, path)
    if second >= 0:
        raise wrong(text, second, path, "a second datasource block", "keep one: a project has one database")
    return found


def wrong(text: str, at: int, path: str, what: str, then: str = "") -> UsageInvalid:
    """The UsageInvalid for position `at` of `text`, with the line and a caret, string literals masked."""
    from pgready.psl.source import Source

    source = Source(path, text)
    number, column = source.position(at)
    return UsageInvalid(
        f"{path}:{number}:{column}: {what}",
        where=f"{path}:{number}:{column}",
        excerpt=_masked(source.line(number)) + "\n" + " " * (column - 1) + "^",
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
    word = text.find("datasource", at)
    while word >= 0:
        comment = text.find("/*", at, word)
        if comment >= 0:
            at = _behind_comment(text, at, comment, path)
        else:
            start = max(text.rfind("\n", at, word) + 1, at)
            if not text[start:word].strip("\ufeff" + BLANK) and _opens(text, word + len("datasource")):
                return word
            at = word + len("datasource")
        if word < at:
            word = text.find("datasource", at)
    return -1


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
    head, brace, _ = text[at : len(text) if end < 0 else end].partition("{")
    name = head.strip(BLANK)
    return bool(brace) and head[:1] in tuple(BLANK) and name != "" and WORD.issuperset(name)


def read_plain(text: str, at: int, path: str) -> "tuple[Datasource, int] | None":
    """The datasource at `at` and where it ends, if every line of it is plain; None leaves it to the parser.

    Plain is a comment, or a key once with a string, `env("NAME")` or a list of strings, without escapes and with
    nothing behind it. What is taken here means the same to the parser (a test holds the two against each other).
    """
    if "\r" in text and text.count("\r") != text.count("\r\n"):
        return None
    end = text.find("\n", at)
    header = text[at:end].rstrip("\r").split() if end >= 0 else []
    if len(header) != 3 or header[2] != "{" or not header[1].isascii() or header[1][0] in "_-":
        return None
    number = text.count("\n", 0, at) + 1
    found = Datasource(header[1], path, number)
    while end >= 0:
        start, end = end + 1, text.find("\n", end + 1)
        number += 1
        line = text[start : len(text) if end < 0 else end].rstrip("\r").strip(" \t")
        if line == "}":
            return found, len(text) if end < 0 else end
        if not line or line.startswith("//"):
            continue
        key, equals, value = line.partition("=")
        key, value = key.rstrip(" \t"), value.lstrip(" \t")
        if not (equals and key.isalpha() and key.isascii() and value.isprintable()) or key in found.lines:
            return None
        found.lines[key] = number
        if key in LISTS:
            names = _plain_list(value)
            if names is None:
                return None
            setattr(found, key, names)
        elif (taken := _plain_value(value, number)) is None:
            return None
        elif key in STRINGS:
            setattr(found, STRINGS[key], taken.text if key == "relationMode" else taken)
    return None


def _plain_value(text: str, line: int) -> "Value | None":
    if text.startswith('env("') and text.endswith('")'):
        kind, text = "env", text[4:-1]
    else:
        kind = "literal"
    name = _plain_string(text)
    return None if name is None else Value(kind, name, line)


def _plain_list(text: str) -> "tuple[str, ...] | None":
    if len(text) < 2 or text[0] != "[" or text[-1] != "]":
        return None
    names = [_plain_string(item.strip(" \t")) for item in text[1:-1].split(",")]
    return None if None in names else tuple(name for name in names if name is not None)


def _plain_string(text: str) -> "str | None":
    if len(text) < 2 or text[0] != '"' or text[-1] != '"' or text.count('"') != 2 or "\\" in text:
        return None
    return text[1:-1]
