"""The lines of models, views, composite types and enums: fields with their types, values, attributes."""

from pgready.psl import tree
from pgready.psl.lines import LineScanner, documentation
from pgready.psl.scan import Mismatch, Problem
from pgready.psl.source import Source, Span

_IN_COMPOSITE = {
    "map": "a composite type has no table, so that it has no database name",
    "unique": "a unique constraint belongs to the model that holds the composite type",
    "index": "an index belongs to the model that holds the composite type",
    "fulltext": "an index belongs to the model that holds the composite type",
    "id": "a composite type has no id",
}

_ATTRIBUTES = frozenset(("id", "unique", "default", "relation", "map", "updatedAt", "ignore"))
_BLOCKS = frozenset(("model", "enum", "type", "view", "datasource", "generator"))


class FieldScanner(LineScanner):
    """A LineScanner that reads fields, values and attributes.

    `owner` is the keyword of the block they stand in, `after_brace` what is skipped behind its brace.
    """

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.owner = ""
        self.after_brace = ""

    def model_line(self) -> tree.Item:
        """The line of a model, view or composite type that starts here; raises Mismatch where none does."""
        start = self.at
        end = self.word(start)
        if end > start:
            return self._field(start, end)
        return self._block_attribute(start)

    def enum_line(self) -> tree.Item:
        """The line of an enum that starts here; raises Mismatch where none does."""
        start = self.at
        end = self.word(start)
        if end == start:
            return self._block_attribute(start)
        name = self.name(start, end)
        self.at = end
        attributes = self._attributes()
        if self.text[self.at] == "=":
            raise Mismatch(self.at, "a value of an enum is its name alone", 'its name in the database is `@map("…")`')
        if name.text in _BLOCKS and self.text[self.at : self.line_end(self.at)].rstrip().endswith("{"):
            raise self._nested(start)
        trailing = self.trailing("expected an attribute `@…` or the end of the line")
        described = documentation(self.above, trailing)
        self.above = None
        return tree.EnumValue(name, attributes, described, trailing, Span(self.source, start, self.at))

    def _block_attribute(self, start: int) -> tree.BlockAttribute:
        if not self.text.startswith("@@", start):
            raise self._neither(start)
        attribute = self.attribute(start, start + 2)
        trailing = self.trailing("unexpected text behind the attribute")
        if self.owner == "type":
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
        if self.text[self.at] == "{":
            raise self._nested(start)
        trailing = self._field_end()
        described = documentation(self.above, trailing)
        self.above = None
        span = Span(self.source, start, self.at)
        # Prisma looks no further than the first of these, nor does it look into strings behind it.
        if colon is not None:
            del self.problems[count:]
            what = f"no colon stands between the field `{name.text}` and its type"
            self._problem("field-colon", colon, what, "take it away")
        elif field_type is None:
            then = f"write e.g. `{name.text} String`"
            self._problem("field-type-missing", name.span, f"the field `{name.text}` has no type", then)
        elif field_type.legacy:
            del self.problems[count:]
            self._legacy(field_type)
        elif self.owner == "type":
            for attribute in attributes:
                if attribute.name.text in ("relation", "unique", "id"):
                    what = f"a field of a composite type takes no `@{attribute.name.text}`"
                    self._problem("composite-field-attribute", attribute.span, what, "take it away")
        return tree.Field(name, field_type, attributes, described, trailing, colon, span)

    def _field_end(self) -> tree.Comment | None:
        """What `trailing` gives; raises Mismatch that knows what people write there from other languages."""
        at = self.at
        try:
            return self.trailing("expected an attribute `@…` or the end of the line")
        except Mismatch as mismatch:
            if mismatch.at == at and not mismatch.then:
                word = self.text[at : self.word(at)]
                if self.text[at] == "=":
                    mismatch.then = "a default is written `@default(…)`"
                elif self.text[at] == "(":
                    mismatch.then = "a length belongs to the database's own type: `@db.VarChar(255)`"
                elif word in _ATTRIBUTES:
                    mismatch.then = f"write `@{word}`"
            raise

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
            base = self.base_type()
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
        base = self.base_type()
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

    def base_type(self) -> tree.FieldType:
        """The type that stands here, without a suffix."""
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
            found.append(self.attribute(self.at, self.at + 1))
        return tuple(found)

    def attribute(self, start: int, at: int) -> tree.Attribute:
        """The attribute whose `@` or `@@` is at `start` and ends at `at`."""
        self.at = at
        self.skip()
        at = self.at
        end = self.path(at)
        if end == at:
            if self.text[at] == "@":
                raise Mismatch(
                    start, "an attribute of a field starts with one `@`", "those with `@@` have their own line"
                )
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

    def _nested(self, start: int) -> Mismatch:
        """What to say of a block that starts inside of another: one that was not closed, mostly."""
        if "}" in self.after_brace:
            then = f"the {self.owner} above is still open: what stands behind its `{{` on the same line is skipped"
        else:
            then = f"close the {self.owner} above with `}}` on a line of its own"
        return Mismatch(start, "a block inside a block", then)

    def _neither(self, start: int) -> Mismatch:
        """What to say of a line that starts like none."""
        character = self.text[start]
        if self.text.startswith("/*", start):
            return Mismatch(start, "a comment that is never closed", "end it with `*/`")
        if character == "@":
            return Mismatch(
                start, f"an attribute of the {self.owner} starts with `@@`", "those with `@` follow a field"
            )
        item = "value" if self.owner == "enum" else "field"
        if character == "_":
            return Mismatch(start, f"a {item}'s name starts with a letter", 'its name in the database is `@map("…")`')
        then = "comments start with `//`" if character in "#-/;" else ""
        return Mismatch(start, f"this line is neither a {item} nor an attribute", then)

    def _problem(self, code: str, span: Span, what: str, then: str) -> None:
        self.problems.append(Problem(code, span.start, span.end, what, then))
