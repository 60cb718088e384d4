"""The parser: a source becomes a Document, whatever is in it.

It takes exactly Prisma's language and recovers from every error as Prisma's parser does: a line that is no construct is
reported and kept as an Invalid item, and reading goes on with the next line. Nothing is resolved here.
"""

from typing import Literal

from pgready.psl import tree
from pgready.psl.diagnostics import Findings
from pgready.psl.lines import LineScanner, Unclosed, documentation
from pgready.psl.scan import Mismatch, Next, Problem
from pgready.psl.source import Source, Span

_KEYWORDS = ("model", "enum", "type", "view", "datasource", "generator")
_IN_COMPOSITE = {
    "map": "a composite type has no table, so that it has no database name",
    "unique": "a unique constraint belongs to the model that holds the composite type",
    "index": "an index belongs to the model that holds the composite type",
    "fulltext": "an index belongs to the model that holds the composite type",
    "id": "a composite type has no id",
}


def parse(source: Source, findings: Findings, *, takes_objects: bool = True) -> tree.Document:
    """The syntax tree of `source`; what is wrong goes to `findings`. Object literals are read unless told otherwise.

    The tree covers the whole text: between neighbouring items, and in front of the first, stand blanks only.
    Linear in the text.
    """
    parser = Parser(source)
    parser.takes_objects = takes_objects
    items = parser.document()
    for problem in parser.problems:
        findings.error(problem.code, Span(source, problem.start, problem.end), problem.what, problem.then)
    return tree.Document(source, tuple(items), tuple(parser.objects))


def refuse_objects(document: tree.Document, findings: Findings) -> None:
    """Report the object literals of `document` as Prisma 6 does, whose grammar has none; for schemas of style 6."""
    for found in document.objects:
        then = 'write the condition as SQL, `raw("…")`, or move to Prisma 7'
        findings.error("object-literal", found.span, "Prisma 6 has no object literals", then)


class Parser(LineScanner):
    """A LineScanner that knows every construct."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._brace = Next(source.text, "}")
        self._owner = ""
        """The keyword of the block that is being read."""
        self._unclosed_block = ""
        """What was said of a block that is never closed: the lines behind it stand in no block."""

    # -- top level -----------------------------------------------------------------------------------------------------

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
                    self.at = at
                    item = self._unknown_block(at) or self._invalid_top(at, mismatch)
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
        self._owner = kind
        items = self.contents("model", "invalid-model-line", self._model_line)
        if items is None:
            raise Unclosed(start, f"the {kind} {name.text} is never closed", "end it with `}` on a line of its own")
        span = Span(self.source, start, self.at)
        return tree.Block(kind, name, tuple(items), documentation(above), after_brace, span)

    def _enum(self, above: tree.Comments | None) -> tree.Enum:
        start = self.at
        self.at += len("enum")
        name, after_brace = self.head()
        self._owner = "enum"
        items = self.contents("enum", "invalid-enum-line", self._enum_line)
        if items is None:
            raise Unclosed(start, f"the enum {name.text} is never closed", "end it with `}` on a line of its own")
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
        base = self._base_type()
        end = self.at
        attributes: list[tree.Attribute] = []
        while self.skip() == "@":
            at = self.at
            try:
                attributes.append(self._attribute(at, at + 1))
            except Mismatch:
                # The arguments are no part of the attribute then; the line goes on with something invalid.
                self.depth = 0
                self.at = at + 1
                self.skip()
                path = self.path(self.at)
                if path == self.at:
                    break
                called = self.name(self.at, path)
                self.at = path
                attributes.append(tree.Attribute(called, tree.Arguments(), Span(self.source, at, path)))
            end = self.at
        self.at = end
        span = Span(self.source, start, end)
        then = "use the type itself in the models, or write `type X { … }` for a composite type"
        self.forget(kept)
        self.problems.append(Problem("type-alias", start, end, "the language has no type aliases any more", then))
        return tree.TypeAlias(name, base, tuple(attributes), span)

    def _unknown_block(self, start: int) -> tree.Invalid | None:
        """`word {` up to the next closing brace."""
        end = self.word(start)
        if end == start:
            return None
        self.at = end
        if self.skip() != "{":
            return None
        line_end = self.line_end(self.at)
        behind = self.newline(line_end)
        if behind < 0:
            return None
        close = self._brace.at(behind)
        if close >= self.size:
            return None
        self.at = close + 1
        word = self.text[start:end]
        what = f"a block starts with a keyword and a name, not with `{word} {{`"
        self.problems.append(Problem("unknown-block", start, end, what, f"write e.g. `model {word} {{`"))
        return tree.Invalid(Span(self.source, start, self.at), is_block=True)

    def _invalid_top(self, start: int, mismatch: Mismatch) -> tree.Invalid:
        if isinstance(mismatch, Unclosed):
            self._unclosed_block = self._unclosed_block or mismatch.what
            return self.invalid(start, "unclosed-block", mismatch)
        if self._unclosed_block:
            mismatch.what = f"this line stands in no block, since {self._unclosed_block}"
            mismatch.then = ""
        return self.invalid(start, "invalid-line", mismatch)

    # -- lines ---------------------------------------------------------------------------------------------------------

    def _model_line(self) -> tree.Item:
        start = self.at
        end = self.word(start)
        if end > start:
            return self._field(start, end)
        return self._block_attribute(start)

    def _enum_line(self) -> tree.Item:
        start = self.at
        end = self.word(start)
        if end == start:
            return self._block_attribute(start)
        name = self.name(start, end)
        self.at = end
        attributes = self._attributes()
        trailing = self.trailing("an enum's line holds a value and its attributes")
        described = documentation(self.above, trailing)
        self.above = None
        return tree.EnumValue(name, attributes, described, trailing, Span(self.source, start, self.at))

    def _block_attribute(self, start: int) -> tree.BlockAttribute:
        text = self.text
        if not text.startswith("@@", start):
            if text.startswith("/*", start):
                raise Mismatch(start, "a comment that is never closed", "end it with `*/`")
            if text[start] == "@":
                raise Mismatch(start, "an attribute of a block starts with `@@`, one of a field stands behind its type")
            raise Mismatch(start, "this line is neither a field nor an attribute")
        attribute = self._attribute(start, start + 2)
        trailing = self.trailing("unexpected text behind the attribute")
        if self._owner == "type":
            what = _IN_COMPOSITE.get(attribute.name.text, "a composite type takes no `@@` attributes")
            self._problem("composite-block-attribute", attribute.span, what, "take it away")
        return tree.BlockAttribute(attribute, trailing, Span(self.source, start, self.at))

    def _field(self, start: int, end: int) -> tree.Field:
        name = self.name(start, end)
        self.at = end
        colon = None
        if self.skip() == ":":
            colon = Span(self.source, self.at, self.at + 1)
            self.at += 1
            self.skip()
        count = len(self.problems)
        field_type = self._type()
        attributes = self._attributes()
        trailing = self.trailing("expected an attribute `@…` or the end of the line")
        described = documentation(self.above, trailing)
        self.above = None
        span = Span(self.source, start, self.at)
        # Prisma looks no further than the first of these, nor does it look into strings behind it.
        if colon is not None:
            del self.problems[count:]
            self._problem("field-colon", colon, f"there is no colon between the field {name.text} and its type", "")
        elif field_type is None:
            then = f"write e.g. `{name.text} String`"
            self._problem("field-type-missing", name.span, f"the field {name.text} has no type", then)
        elif field_type.legacy:
            del self.problems[count:]
            self._legacy(field_type)
        elif self._owner == "type":
            for attribute in attributes:
                if attribute.name.text in ("relation", "unique", "id"):
                    what = f"a composite type's field cannot have `@{attribute.name.text}`"
                    self._problem("composite-field-attribute", attribute.span, what, "take it away")
        return tree.Field(name, field_type, attributes, described, trailing, colon, span)

    def _legacy(self, found: tree.FieldType) -> None:
        name = found.base.text
        if found.legacy == "!":
            self._problem("required-mark", found.span, "a field is required without `!`", f"write `{name}`")
        elif found.legacy == "[]":
            self._problem("list-brackets", found.span, "a list's brackets stand behind its type", f"write `{name}[]`")
        else:
            what = "a list cannot be optional: it is empty instead"
            self._problem("optional-list", found.span, what, f"write `{name}[]` or `{name}?`")

    def _type(self) -> tree.FieldType | None:
        text, start = self.text, self.at
        if text[start] == "[":
            self.at += 1
            self.skip()
            base = self._base_type()
            if self.skip() != "]":
                raise Mismatch(self.at, "expected `]`", "", start)
            self.at += 1
            return tree.FieldType(
                base.name,
                "list",
                Span(self.source, start, self.at),
                base.base,
                is_unsupported=base.is_unsupported,
                legacy="[]",
            )
        if self.word(start) == start:
            return None
        base = self._base_type()
        end = self.at
        arity: tree.Arity = "required"
        legacy = ""
        character = self.skip()
        if character == "?":
            arity, end = "optional", self.at + 1
        elif character == "!":
            legacy, end = "!", self.at + 1
        elif text.startswith("[]", self.at):
            arity, end = "list", self.at + 2
            self.at = end
            if self.skip() == "?":
                legacy, end = "[]?", self.at + 1
        self.at = end
        if end == base.span.end:
            return base
        span = Span(self.source, start, end)
        return tree.FieldType(base.name, arity, span, base.base, is_unsupported=base.is_unsupported, legacy=legacy)

    def _base_type(self) -> tree.FieldType:
        start = self.at
        end = self.word(start)
        if end == start:
            raise Mismatch(start, "expected a type")
        name = self.text[start:end]
        self.at = end
        if name == "Unsupported" and self.text[end] == "(":
            self.at += 1
            if self.skip() != '"':
                raise Mismatch(
                    self.at, "Unsupported takes the database's type in double quotes", 'e.g. `Unsupported("circle")`'
                )
            string = self.string()
            if self.skip() != ")":
                raise Mismatch(self.at, "expected `)`", "", end)
            self.at += 1
            span = Span(self.source, start, self.at)
            return tree.FieldType(string.value, "required", span, span, is_unsupported=True)
        span = Span(self.source, start, end)
        return tree.FieldType(name, "required", span, span)

    # -- attributes ----------------------------------------------------------------------------------------------------

    def _attributes(self) -> tuple[tree.Attribute, ...]:
        found: list[tree.Attribute] = []
        while self.skip() == "@":
            found.append(self._attribute(self.at, self.at + 1))
        return tuple(found)

    def _attribute(self, start: int, at: int) -> tree.Attribute:
        self.at = at
        self.skip()
        at = self.at
        end = self.path(at)
        if end == at:
            raise Mismatch(at, "expected an attribute's name")
        name = self.name(at, end)
        self.at = end
        if self.skip() == "(":
            arguments = self.arguments()
            end = self.at
        else:
            arguments = tree.Arguments()
            self.at = end
        return tree.Attribute(name, arguments, Span(self.source, start, end))

    def _problem(self, code: str, span: Span, what: str, then: str) -> None:
        self.problems.append(Problem(code, span.start, span.end, what, then))
