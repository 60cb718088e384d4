"""The `datasource` block of a schema file, read without parsing the rest.

The block is found by its first line, in time linear in the text, and only then do the parser's hot rooms read it and
the keys that decide where to connect. Everything else in the file is not its business, nor are settings that it does
not know: `pgready validate` judges them. Pure; hot module: imports nothing at module level but errors.
"""

from pgready.errors import UsageInvalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pgready.psl import tree
    from pgready.psl.scan import Problem
    from pgready.psl.source import Source

_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
_BLANK = " \t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_STRINGS = {"provider": "provider", "url": "url", "directUrl": "direct_url", "shadowDatabaseUrl": "shadow_url"}
_LISTS = ("schemas", "extensions")


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
    found, end = _read_at(text, at, path)
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
            if not text[start:word].strip("\ufeff" + _BLANK) and _opens(text, word + len("datasource")):
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
    name = head.strip(_BLANK)
    return bool(brace) and head[:1] in tuple(_BLANK) and name != "" and _WORD.issuperset(name)


def _read_at(text: str, at: int, path: str) -> "tuple[Datasource, int]":
    """The datasource that starts at `at`, and where it ends."""
    from pgready.psl.lines import LineScanner
    from pgready.psl.scan import Mismatch
    from pgready.psl.source import Source

    scanner = LineScanner(Source(path, text))
    scanner.at = at
    try:
        block = scanner.config("datasource")
    except Mismatch as mismatch:
        raise wrong(text, mismatch.at, path, mismatch.what, mismatch.then) from None
    found = Datasource(block.name.text, path, _line(scanner.source, at))
    problems = iter([*scanner.problems, None])
    problem = next(problems)
    for item in block.items:
        first = None
        while problem is not None and problem.start < item.span.end:
            first, problem = first or problem, next(problems)
        _Setting(found, item, first).read()
    return found, scanner.at


def _line(source: "Source", at: int) -> int:
    """The 1-based line of `at`; counting is quicker than the table of all lines."""
    return source.position(at)[0] if "\r" in source.text else source.text.count("\n", 0, at) + 1


class _Setting:
    """A line of the block, on its way into `found`; `problem` is the first that the parser has with it, or None."""

    __slots__ = ("found", "item", "problem", "text")

    def __init__(self, found: Datasource, item: "tree.Item", problem: "Problem | None") -> None:
        self.found = found
        self.item = item
        self.problem = problem
        self.text = item.span.source.text

    def wrong(self, at: int, what: str, then: str = "") -> UsageInvalid:
        return wrong(self.text, at, self.found.path, what, then)

    def read(self) -> None:
        from pgready.psl.tree import Invalid, Property

        item, found = self.item, self.found
        if isinstance(item, Property):
            key, end, value = item.name.text, item.name.span.end, item.value
        elif isinstance(item, Invalid):
            key, end, value = self.key(), item.span.start + len(self.key()), None
        else:
            return
        start = self.behind_equals(end)
        if self.problem is not None and start < 0:
            raise self.wrong(self.problem.start, self.problem.what, self.problem.then)
        if key in found.lines:
            raise self.wrong(item.span.start, f"{key} is given twice", "keep one of them")
        found.lines[key] = _line(item.span.source, item.span.start)
        if key in _LISTS:
            names = self.names(key, value, start)
            if key == "schemas":
                found.schemas = names
            else:
                found.extensions = names
        elif key == "relationMode":
            found.relation_mode = self.value(key, value, start).text
        elif key in _STRINGS:
            setattr(found, _STRINGS[key], self.value(key, value, start))

    def key(self) -> str:
        """The word that the line starts with."""
        start = end = self.item.span.start
        while end < len(self.text) and self.text[end] in _WORD:
            end += 1
        return self.text[start:end]

    def behind_equals(self, at: int) -> int:
        """Where the value starts, or -1 without a key and an equals sign."""
        text = self.text[self.item.span.start : self.item.span.end]
        at -= self.item.span.start
        rest = text[at:].lstrip(_BLANK)
        if at == 0 or not rest.startswith("="):
            return -1
        return self.item.span.end - len(rest[1:].lstrip(_BLANK))

    def value(self, key: str, value: "tree.Expression | None", start: int) -> Value:
        """A string, or env("NAME")."""
        from pgready.psl.tree import Call, String

        # A bracket left open is told as what the key takes: it is no list's, and env takes one name.
        if self.problem is not None and self.problem.opening < 0:
            raise self.wrong(self.problem.start, self.problem.what, self.problem.then)
        line = _line(self.item.span.source, start)
        if isinstance(value, String):
            return Value("literal", value.value, line)
        if isinstance(value, Call) and value.name.text == "env" and len(value.arguments.order) == 1:
            argument = value.arguments.items[0] if value.arguments.items else None
            if argument is not None and argument.name is None and isinstance(argument.value, String):
                return Value("env", argument.value.value, line)
        what = f'{key} takes a string in double quotes or env("NAME")'
        raise self.wrong(start, what, f'e.g. {key} = env("DATABASE_URL")')

    def names(self, key: str, value: "tree.Expression | None", start: int) -> "tuple[str, ...]":
        """The names of `["a", "b"]` or of `[citext, postgis(schema: "x", map: "y")]`, as the database knows them."""
        from pgready.psl.tree import Array, Call, Constant, String

        expected = f"expected a name{' in double quotes' if key == 'schemas' else ''} in {key}"
        if self.problem is not None:
            what = expected if self.problem.what == "expected a value" else self.problem.what
            raise self.wrong(
                self.problem.start, what, self.problem.then or "the language wants the whole list on one line"
            )
        if not isinstance(value, Array):
            raise self.wrong(start, f"{key} takes a list in brackets", f'e.g. {key} = ["public"]')
        names: list[str] = []
        for item in value.items:
            if isinstance(item, String):
                names.append(item.value)
            elif isinstance(item, Constant) and key != "schemas":
                names.append(item.text)
            elif isinstance(item, Call) and key != "schemas":
                names.append(self.arguments(item).get("map", item.name.text))
            else:
                raise self.wrong(item.span.start, expected)
        return tuple(names)

    def arguments(self, call: "tree.Call") -> "dict[str, str]":
        """The `(key: "value", ...)` behind an extension's name."""
        from pgready.psl.tree import Argument, String

        found: dict[str, str] = {}
        for argument in call.arguments.order:
            if not isinstance(argument, Argument) or argument.name is None:
                raise self.wrong(argument.span.start, 'expected `key: "value"`')
            if not isinstance(argument.value, String):
                raise self.wrong(argument.value.span.start, f"{argument.name.text} takes a string in double quotes")
            found[argument.name.text] = argument.value.value
        return found
