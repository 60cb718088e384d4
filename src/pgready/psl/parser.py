"""The parser: a source becomes a Document, whatever is in it.

It takes exactly Prisma's language and recovers from every error as Prisma's parser does: a line that is no construct is
reported and kept as an Invalid item, and reading goes on with the next line. Nothing is resolved here.
"""

import difflib
from typing import Literal

from pgready.collection import uncollected
from pgready.psl import tree
from pgready.psl.diagnostics import Findings
from pgready.psl.fields import FieldScanner
from pgready.psl.lines import Unclosed, documentation
from pgready.psl.scan import Mismatch, Next, Problem
from pgready.psl.source import Source, Span

_KEYWORDS = ("model", "enum", "type", "view", "datasource", "generator")
_ELSEWHERE = {**dict.fromkeys(("table", "class", "entity", "interface", "struct"), "model"), "client": "generator"}


def parse(source: Source, findings: Findings, *, takes_objects: bool = True) -> tree.Document:
    """The syntax tree of `source`; what is wrong goes to `findings`.

    Prisma 6 has no object literals: `takes_objects` is False where its verdict is wanted. The tree covers the
    whole text: between neighbouring items, and in front of the first, stand blanks only. Linear in the text.
    """
    parser = _Parser(source)
    parser.takes_objects = takes_objects
    with uncollected():
        items = parser.document()
    for problem in parser.problems:
        findings.error(problem.code, Span(source, problem.start, problem.end), problem.what, problem.then)
    return tree.Document(source, tuple(items), tuple(parser.objects))


class _Parser(FieldScanner):
    """A FieldScanner that knows the top level."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._brace = Next(source.text, "}")
        self._left_open = ""
        """What was said of the first block that is never closed: the lines behind it stand in no block."""

    def document(self) -> list[tree.Top]:
        """Every top-level item."""
        items: list[tree.Top] = []
        last: tree.Comments | None = None  # comments that stand right above
        pending: tree.Comments | None = None  # comments that wait for a model or enum
        while True:
            character = self.skip()
            at = self.at
            if at >= self.size:
                return items
            item: tree.Top
            if character in "\n\r":
                item = self.blank_lines()
            elif character == "/" and self.starts_comment():
                item = self.comments()
            else:
                kept = self.mark()
                try:
                    item = self._block(at, last or pending)
                except Mismatch as mismatch:
                    self.forget(kept)
                    item = self._unknown_block(at) or self._stray(at, mismatch)
                if isinstance(item, tree.Block | tree.Enum):
                    pending = None
                elif isinstance(item, tree.Config):
                    # Prisma keeps the comments above a datasource or generator for the next model or enum.
                    pending = last or pending
            last = item if isinstance(item, tree.Comments) else None
            items.append(item)

    def _block(self, start: int, above: tree.Comments | None) -> tree.Top:
        text = self.text
        if text.startswith("model", start):
            return self._model("model", above)
        if text.startswith("enum", start):
            return self._enum(above)
        if text.startswith("type", start):
            try:
                return self._model("type", above)
            except Mismatch as mismatch:
                self.at = start
                return self._alias(mismatch)
        if text.startswith("view", start):
            return self._model("view", above)
        if text.startswith("datasource", start):
            return self.config("datasource")
        if text.startswith("generator", start):
            return self.config("generator")
        raise Mismatch(start, "this line starts with no keyword of the language")

    def _model(self, kind: Literal["model", "view", "type"], above: tree.Comments | None) -> tree.Block:
        start = self.at
        self.at += len(kind)
        name, after_brace = self.head()
        self.owner, self.after_brace = kind, after_brace
        items = self.contents("model", "invalid-field-line", self.model_line)
        if items is None:
            raise self.unclosed(start, kind, name, after_brace)
        span = Span(self.source, start, self.at)
        return tree.Block(kind, name, tuple(items), documentation(above), after_brace, span)

    def _enum(self, above: tree.Comments | None) -> tree.Enum:
        start = self.at
        self.at += len("enum")
        name, after_brace = self.head()
        self.owner, self.after_brace = "enum", after_brace
        items = self.contents("enum", "invalid-enum-line", self.enum_line)
        if items is None:
            raise self.unclosed(start, "enum", name, after_brace)
        return tree.Enum(name, tuple(items), documentation(above), after_brace, Span(self.source, start, self.at))

    def _alias(self, otherwise: Mismatch) -> tree.TypeAlias:
        start, kept = self.at, self.mark()
        self.at += len("type")
        self.skip()
        end = self.word(self.at)
        if end == self.at:
            raise otherwise
        name = self.name(self.at, end)
        self.at = end
        if self.skip() != "=":
            raise otherwise
        self.at += 1
        self.skip()
        base = self.base_type()
        end = self.at
        attributes: list[tree.Attribute] = []
        while self.skip() == "@":
            at = self.at
            try:
                attributes.append(self.attribute(at, at + 1))
            except Mismatch:
                # The arguments are no part of the attribute then; behind its name an invalid line begins.
                self.at = at + 1
                self.skip()
                behind = self.path(self.at)
                if behind > self.at:
                    called = self.name(self.at, behind)
                    attributes.append(tree.Attribute(called, tree.Arguments(), Span(self.source, at, behind)))
                    end = behind
                break
            end = self.at
        self.at = end
        self.forget(kept)
        then = f"use `{base.base.text}` itself in the models; a composite type is `type {name.text} {{ … }}`"
        self.problems.append(Problem("type-alias", start, end, "the language has no type aliases any more", then))
        return tree.TypeAlias(name, base, tuple(attributes), Span(self.source, start, end))

    def _unknown_block(self, start: int) -> tree.Invalid | None:
        """`word {` up to the next closing brace."""
        end = self.word(start)
        self.at = end
        if end == start or self.skip() != "{":
            return None
        behind = self.newline(self.line_end(self.at))
        close = self.size if behind < 0 else self._brace.at(behind)
        if close >= self.size:
            return None
        self.at = close + 1
        word = self.text[start:end]
        if word in _KEYWORDS:
            what, then = f"this {word} has no name", f"write `{word} Name {{`"
        else:
            what, then = f"a block starts with a keyword and a name, not with `{word} {{`", f"e.g. `model {word} {{`"
        self.problems.append(Problem("unknown-block", start, end, what, then))
        return tree.Invalid(Span(self.source, start, self.at), is_block=True)

    def _stray(self, start: int, mismatch: Mismatch) -> tree.Invalid:
        """The line of `start`, which is in no block and starts none."""
        if isinstance(mismatch, Unclosed):
            self._left_open = self._left_open or mismatch.what
            return self.invalid(start, "unclosed-block", mismatch)
        if mismatch.at == start:
            word = self.text[start : self.word(start)]
            near = difflib.get_close_matches(word.lower(), _KEYWORDS, 1, 0.7) if word else ()
            if self._left_open:
                mismatch.what = f"this line stands in no block, since {self._left_open}"
            elif self.text[start] == "}":
                mismatch.what = "a closing brace without a block"
            elif self.text[start] == "\ufeff":
                mismatch.what, mismatch.then = "a byte order mark, which starts no line", "save the file without it"
            elif word in _ELSEWHERE:
                mismatch.then = f"write `{_ELSEWHERE[word]}`"
            elif near:
                mismatch.then = f"did you mean `{near[0]}`?"
            elif self.text[start] in "#-;<":
                mismatch.then = "comments start with `//`"
        return self.invalid(start, "invalid-line", mismatch)
