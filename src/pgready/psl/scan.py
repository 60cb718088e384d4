"""The ground of the parser: characters and expressions.

The language is Prisma's, read without backtracking: wherever Prisma's grammar would try another way, what was read so
far already rules the others out, so that a line either fits or ends in one Mismatch. Time is linear in the text. Hot
module (the datasource block is read with it): imports the syntax tree only.
"""

from pgready.psl.source import Source, Span
from pgready.psl.tree import Argument, Arguments, Array, Call, Constant, Expression, Name, Number, Object, String

DEPTH_LIMIT = 100
"""How many brackets may stand inside each other: far more than a schema needs, far less than Python's stack holds."""

BLANK = frozenset(" \t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000")
_DIGIT = frozenset("0123456789")
_FIRST = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_OTHER_QUOTES = frozenset("'`\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb")
_WORD = _FIRST | frozenset("_-")


class Mismatch(Exception):
    """No construct fits at `at`; `opening` is the innermost bracket that is open there, or -1. Stays in the parser.

    `code` names the rule where there is one of its own; else the rule is that of the line.
    """

    code = ""

    def __init__(self, at: int, what: str, then: str = "", opening: int = -1) -> None:
        self.at = at
        self.what = what
        self.then = then
        self.opening = opening


class TooDeep(Mismatch):
    """More brackets inside each other than DEPTH_LIMIT."""

    code = "nesting-too-deep"


class ObjectTooNew(Mismatch):
    """An object literal in a schema for Prisma 6."""

    code = "object-literal"


class Problem:
    """What is wrong at `start`…`end`: `code` names the rule, `opening` is as in Mismatch."""

    __slots__ = ("code", "end", "opening", "start", "then", "what")

    def __init__(self, code: str, start: int, end: int, what: str, then: str = "", opening: int = -1) -> None:
        self.code = code
        self.start = start
        self.end = end
        self.what = what
        self.then = then
        self.opening = opening


class Next:
    """Where `needle` stands next; remembers the answer, so that asking at every line stays linear."""

    __slots__ = ("found", "needle", "since", "size", "text")

    def __init__(self, text: str, needle: str) -> None:
        self.text = text
        self.needle = needle
        self.size = len(text)
        self.since = self.found = -1

    def at(self, offset: int) -> int:
        """The first place at or behind `offset`, or the text's length."""
        if not self.since <= offset <= self.found:
            found = self.text.find(self.needle, offset)
            self.since, self.found = offset, self.size if found < 0 else found
        return self.found


class Scanner:
    """A reading position `at` in a source. `problems` collects what is wrong, in the order of reading."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.size = len(source.text)
        self.text = source.text + "\0"  # no construct takes a NUL, so that no loop needs to look for the end
        self.at = 0
        self.depth = 0
        self.takes_objects = True
        """Whether `{ … }` is a value, as Prisma 7 has it."""
        self.objects: list[Object] = []
        self.problems: list[Problem] = []
        self._line_feed = Next(source.text, "\n")
        self._carriage_return = Next(source.text, "\r") if "\r" in source.text else None
        self.comment_end = Next(source.text, "*/")

    def mark(self) -> "tuple[int, int]":
        """What `forget` takes to drop all that is found from here on, should the attempt fail."""
        return len(self.problems), len(self.objects)

    def forget(self, mark: "tuple[int, int]") -> None:
        """Drop what was found since `mark`."""
        del self.problems[mark[0] :]
        del self.objects[mark[1] :]
        self.depth = 0

    # -- characters ----------------------------------------------------------------------------------------------------

    def skip(self) -> str:
        """Move behind blanks; the character that follows them, NUL at the end."""
        text, at = self.text, self.at
        while text[at] in BLANK:
            at += 1
        self.at = at
        return text[at]

    def line_end(self, at: int) -> int:
        """Where the line of `at` ends: at its line ending, or at the end of the text."""
        feed = self._line_feed.at(at)
        if self._carriage_return is not None:
            return min(feed, self._carriage_return.at(at))
        return feed

    def newline(self, at: int) -> int:
        """The place behind the line ending at `at`, or -1 if there is none."""
        character = self.text[at]
        if character == "\n":
            return at + 1
        if character == "\r":
            return at + 2 if self.text[at + 1] == "\n" else at + 1
        return -1

    def word(self, at: int) -> int:
        """The end of the identifier at `at`, or `at` if there is none."""
        text = self.text
        character = text[at]
        if character not in _FIRST and not (character > "\x7f" and character.isalpha()):
            return at
        at += 1
        while True:
            while text[at] in _WORD:
                at += 1
            character = text[at]
            if character <= "\x7f" or not character.isalpha():
                return at
            at += 1

    def path(self, at: int) -> int:
        """The end of the dotted path at `at`, or `at` if there is none; dots may be many and may stand last."""
        end = self.word(at)
        if end > at:
            while self.text[end] == ".":
                end = self.word(end + 1)
        return end

    def name(self, start: int, end: int) -> Name:
        """The Name that stands between the two places."""
        return Name(self.text[start:end], Span(self.source, start, end))

    # -- expressions ---------------------------------------------------------------------------------------------------

    def expression(self) -> Expression:
        """The value that stands here; raises Mismatch where none does."""
        text, start = self.text, self.at
        first = text[start]
        if first == '"':
            return self.string()
        if first == "[":
            return self._array()
        if first == "{":
            if self.takes_objects:
                return self._object()
            then = "partial indexes came with Prisma 7: make the index in a migration, or move to Prisma 7"
            raise ObjectTooNew(start, "Prisma 6 has no object literals", then)
        end = self.path(start)
        if end > start:
            self.at = end
            if self.skip() == "(":
                arguments = self.arguments()
                return Call(self.name(start, end), arguments, Span(self.source, start, self.at))
        if first == "-" or first in _DIGIT:
            end = self._number(start)
            self.at = end
            return Number(text[start:end], Span(self.source, start, end))
        if end == start:
            then = 'a string stands in straight double quotes, `"…"`' if first in _OTHER_QUOTES else ""
            raise Mismatch(start, "expected a value", then)
        self.at = end
        return Constant(text[start:end], Span(self.source, start, end))

    def _number(self, start: int) -> int:
        text = self.text
        at = start + 1 if text[start] == "-" else start
        if text[at] not in _DIGIT:
            raise Mismatch(at, "expected digits behind the minus sign")
        while text[at] in _DIGIT:
            at += 1
        if text[at] == "." and text[at + 1] in _DIGIT:
            at += 1
            while text[at] in _DIGIT:
                at += 1
        return at

    def string(self) -> String:
        """The string that opens here."""
        text, start = self.text, self.at
        end = text.find('"', start + 1)
        value = text[start + 1 : end]
        if end < 0 or "\\" in value or not value.isprintable():
            end, has_escapes = self._string_end(start)
            if has_escapes:
                from pgready.psl.escapes import unescaped

                value = unescaped(text, start + 1, end, self.problems)
            else:
                value = text[start + 1 : end]
        self.at = end + 1
        return String(value, Span(self.source, start, end + 1))

    def _string_end(self, start: int) -> "tuple[int, bool]":
        """Where the closing quote stands, and whether there are escapes."""
        text, at, has_escapes = self.text, start + 1, False
        while True:
            character = text[at]
            if character == '"':
                return at, has_escapes
            if character == "\\" and at + 1 < self.size:
                has_escapes = True
                at += 2
            elif character < " ":
                if character in "\n\r" or at >= self.size:
                    raise Mismatch(start, "a string that is not closed on its line", "end it with a double quote")
                raise Mismatch(
                    at, "a control character in a string", "write it as an escape: \\t or \\u%04x" % ord(character)
                )
            else:
                at += 1

    def _enter(self, start: int) -> None:
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise TooDeep(start, f"more than {DEPTH_LIMIT} brackets inside each other")
        self.at = start + 1

    def _unclosed(self, start: int, closing: str) -> Mismatch:
        """What to say where neither a comma nor the closing bracket stands."""
        kind = {"]": "list", "}": "object", ")": "parenthesis"}[closing]
        if self.at >= self.size or self.text[self.at] in "\n\r":
            what = f"a {kind} that is not closed on its line"
            return Mismatch(
                self.at, what, f"end it with `{closing}`: the language wants the whole of it on one line", start
            )
        return Mismatch(self.at, f"expected `,` or `{closing}`", "", start)

    def _array(self) -> Array:
        start = self.at
        self._enter(start)
        items: list[Expression] = []
        if self.skip() != "]":
            while True:
                items.append(self.expression())
                if self.skip() != ",":
                    break
                self.at += 1
                self.skip()
        if self.text[self.at] != "]":
            raise self._unclosed(start, "]")
        self.at += 1
        self.depth -= 1
        return Array(tuple(items), Span(self.source, start, self.at))

    def _object(self) -> Object:
        start = self.at
        self._enter(start)
        members: list[tuple[Name, Expression]] = []
        if self.skip() != "}":
            while True:
                end = self.word(self.at)
                if end == self.at:
                    raise Mismatch(self.at, "expected `name: value`", "", start)
                name = self.name(self.at, end)
                self.at = end
                if self.skip() != ":":
                    raise Mismatch(self.at, f"expected `:` after `{name.text}`", "", start)
                self.at += 1
                self.skip()
                members.append((name, self.expression()))
                if self.skip() != ",":
                    break
                self.at += 1
                self.skip()
        if self.text[self.at] != "}":
            raise self._unclosed(start, "}")
        self.at += 1
        self.depth -= 1
        found = Object(tuple(members), Span(self.source, start, self.at))
        self.objects.append(found)
        return found

    def arguments(self) -> Arguments:
        """What stands in the parentheses that open here."""
        text, start = self.text, self.at
        self._enter(start)
        order: list[Argument | Name] = []
        comma: Span | None = None
        character = self.skip()
        if character not in ",)":
            while True:
                order.append(self._argument())
                if self.skip() != ",":
                    break
                comma = Span(self.source, self.at, self.at + 1)
                self.at += 1
                if self.skip() == ")":
                    break
                comma = None
        elif character == ",":
            comma = Span(self.source, self.at, self.at + 1)
            self.at += 1
            self.skip()
        if text[self.at] != ")":
            raise self._unclosed(start, ")")
        self.at += 1
        self.depth -= 1
        items = tuple([item for item in order if isinstance(item, Argument)])
        empty = () if len(items) == len(order) else tuple([item for item in order if isinstance(item, Name)])
        return Arguments(items, empty, tuple(order), comma, Span(self.source, start, self.at))

    def _argument(self) -> "Argument | Name":
        """An argument, or the name of one that has a colon and no value."""
        start = self.at
        end = self.word(start)
        if end > start:
            self.at = end
            if self.skip() == ":":
                name = self.name(start, end)
                self.at += 1
                if self.skip() in ",)":
                    return name
                value = self.expression()
                return Argument(name, value, Span(self.source, start, self.at))
            self.at = start
        value = self.expression()
        return Argument(None, value, Span(self.source, start, self.at))
