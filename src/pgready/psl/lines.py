"""The lines of blocks: comments, blank lines, what cannot be read, and the settings of a datasource or generator.

A block's contents are read line by line; a line that is no construct becomes an Invalid item and a Problem, and reading
goes on behind it. Hot module (the datasource block is read with it): imports the syntax tree only.
"""

from pgready.psl.scan import BLANK, Mismatch, Problem, Scanner
from pgready.psl.source import Source, Span
from pgready.psl.tree import BlankLines, Comment, Comments, Config, Invalid, Name, Property

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from pgready.psl.tree import Item

# What Rust calls white space, which is not what str.strip() takes off (that includes U+001C to U+001F).
_TRIMMED = "".join(sorted(BLANK)) + "\n\r\v\f\x85\u2028\u2029"


CLOSE = "end it with `}` on a line of its own"


class Unclosed(Mismatch):
    """A block whose closing brace is missing."""


def documentation(above: "Comments | None", behind: "Comment | None" = None) -> "str | None":
    """The doc comments as one text, as Prisma hands them to generators; None without any."""
    lines: list[str] = []
    if above is not None:
        for index, comment in enumerate(above.items):
            if comment.kind == "doc":
                lines.append(comment.content.lstrip(_TRIMMED))
            elif comment.kind == "block":
                lines.append((_lead(comment) * (index > 0) + comment.content).strip(_TRIMMED))
    if behind is not None and behind.kind != "line":
        content = behind.content
        lines.append(content.lstrip(_TRIMMED) if behind.kind == "doc" else content.strip(_TRIMMED))
    return "\n".join(lines) if lines else None


def _lead(comment: Comment) -> str:
    """What Prisma leaves of the opening of a block comment that is not the first: it cuts two bytes, blanks or not."""
    text, start = comment.span.source.text, comment.span.start
    blanks = 0
    while blanks < start and text[start - blanks - 1] in BLANK:
        blanks += 1
    if blanks == 0:
        return ""
    return "*" if blanks == 1 and text[start - 1] <= "\x7f" else "/*"


class LineScanner(Scanner):
    """A Scanner that reads lines. `above` holds the comments that wait for the field or value below them."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.above: Comments | None = None
        self._dead: dict[str, set[int]] = {}

    # -- what stands between things ------------------------------------------------------------------------------------

    def blank_lines(self) -> BlankLines:
        """The line endings from here on, with blanks between them."""
        text, start = self.text, self.at
        at = end = start
        while True:
            while text[at] in BLANK:
                at += 1
            at = self.newline(at)
            if at < 0:
                break
            end = at
        self.at = end
        return BlankLines(Span(self.source, start, end))

    def starts_comment(self) -> bool:
        """Whether a whole comment stands here."""
        text, at = self.text, self.at
        return text[at + 1] == "/" or (text[at + 1] == "*" and self.comment_end.at(at + 2) < self.size)

    def _comment(self, at: int) -> "Comment | None":
        text = self.text
        if text.startswith("//", at):
            end = self.line_end(at)
            if text.startswith("///", at):
                return Comment("doc", text[at + 3 : end], Span(self.source, at, end))
            return Comment("line", text[at + 2 : end], Span(self.source, at, end))
        if text.startswith("/*", at):
            close = self.comment_end.at(at + 2)
            if close < self.size:
                return Comment("block", text[at + 2 : close], Span(self.source, at, close + 2))
        return None

    def comments(self) -> Comments:
        """The comments from here on up to what is none; the line ending behind the last one belongs to them."""
        text, start = self.text, self.at
        items: list[Comment] = []
        at = end = start
        while comment := self._comment(at):
            items.append(comment)
            end = self.newline(comment.span.end)
            if end < 0:
                end = comment.span.end
            at = end
            while text[at] in BLANK:
                at += 1
        self.at = end
        return Comments(tuple(items), Span(self.source, start, end))

    def trailing(self, expected: str) -> "Comment | None":
        """The comment that ends a line, if there is one, and the line ending, which must be there."""
        comment = None
        if self.skip() == "/":
            comment = self._comment(self.at)
            if comment is None:
                if self.text[self.at + 1] == "*":
                    raise Mismatch(self.at, "a comment that is never closed", "end it with `*/`")
                raise Mismatch(self.at, expected)
            self.at = comment.span.end
            self.skip()
        behind = self.newline(self.at)
        if behind < 0:
            if self.at >= self.size:
                raise Mismatch(self.at, "the file ends within a block", CLOSE)
            raise Mismatch(
                self.at, expected, "nothing separates lines but their end" if self.text[self.at] in ",;" else ""
            )
        self.at = behind
        return comment

    # -- blocks --------------------------------------------------------------------------------------------------------

    def head(self) -> "tuple[Name, str]":
        """A block's name, and the text behind its opening brace, which the language skips; moves to the next line."""
        text = self.text
        self.skip()
        end = self.word(self.at)
        if end == self.at:
            raise Mismatch(self.at, "expected the block's name")
        name = self.name(self.at, end)
        self.at = end
        if self.skip() != "{":
            raise Mismatch(self.at, f"expected `{{` after `{name.text}`", "the brace stands on the line of the name")
        brace = self.at + 1
        end = self.line_end(brace)
        self.at = self.newline(end)
        if self.at < 0:
            raise Unclosed(brace - 1, f"the block `{name.text}` is never closed", CLOSE)
        return name, text[brace:end]

    def contents(self, kind: str, code: str, read: "Callable[[], Item]") -> "list[Item] | None":
        """The lines up to the closing brace, each read by `read`; None if the brace never comes.

        Whether it comes depends on the place and the `kind` of contents alone: places from which it did not are
        remembered, so that a thousand unclosed blocks are not each read to the end of the file.
        """
        dead = self._dead.setdefault(kind, set())
        seen: list[int] = []
        items: list[Item] = []
        self.above = None
        while True:
            character = self.skip()
            at = self.at
            if character == "}":
                self.at = at + 1
                return items
            if at >= self.size or at in dead:
                dead.update(seen)
                return None
            seen.append(at)
            if character in "\n\r":
                items.append(self.blank_lines())
            elif character == "/" and self.starts_comment():
                self.above = self.comments()
                items.append(self.above)
            else:
                kept = self.mark()
                try:
                    items.append(read())
                except Mismatch as mismatch:
                    self.forget(kept)
                    items.append(self.invalid(at, code, mismatch))

    def invalid(self, start: int, code: str, mismatch: Mismatch) -> Invalid:
        """The line of `start` as an item, and what is wrong with it as a problem."""
        self.depth = 0
        end = self.line_end(start)
        at = mismatch.at
        if not start <= at <= end:
            at = start  # inside a comment or string that reaches into later lines: point at the line that is wrong
        until = min(max(self.word(at), at + 1), max(end, at))
        if not mismatch.then and at < end and not self.text[at].isprintable():
            mismatch.then = "remove the character, which is U+%04X" % ord(self.text[at])
        self.problems.append(Problem(mismatch.code or code, at, until, mismatch.what, mismatch.then, mismatch.opening))
        behind = self.newline(end)
        self.at = end if behind < 0 else behind
        return Invalid(Span(self.source, start, self.at))

    def config(self, kind: "Literal['datasource', 'generator']") -> Config:
        """The datasource or generator that starts here; raises Mismatch where none does."""
        start = self.at
        self.at += len(kind)
        name, after_brace = self.head()
        items = self.contents("config", "invalid-setting-line", self._property)
        if items is None:
            raise self.unclosed(start, kind, name, after_brace)
        # Prisma takes the last comment inside the block for its documentation.
        described = documentation(self.above)
        return Config(kind, name, tuple(items), described, after_brace, Span(self.source, start, self.at))

    def unclosed(self, start: int, kind: str, name: Name, after_brace: str) -> Unclosed:
        """What to say of a block whose closing brace never comes."""
        then = (
            "what stands behind `{` on its line is skipped: put it on lines of its own" if "}" in after_brace else CLOSE
        )
        return Unclosed(start, f"the {kind} `{name.text}` is never closed", then)

    def _property(self) -> Property:
        start = self.at
        end = self.word(start)
        if end == start:
            if self.text.startswith("/*", start):
                raise Mismatch(start, "a comment that is never closed", "end it with `*/`")
            raise Mismatch(start, "expected `key = value` or `}`")
        name = self.name(start, end)
        self.at = end
        if self.skip() != "=":
            raise Mismatch(self.at, f'expected "=" after `{name.text}`', f"a setting is `{name.text} = value`")
        self.at += 1
        character = self.skip()
        value = None
        if character not in "\n\r/" and self.at < self.size:
            value = self.expression()
        trailing = self.trailing(f"unexpected text after the value of `{name.text}`")
        return Property(name, value, trailing, Span(self.source, start, self.at))
