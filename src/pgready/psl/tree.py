"""The syntax tree of one schema file: every construct with its span, comments and blank lines included.

Nothing is resolved here: names are text, an attribute is a name and arguments. What cannot be parsed is in the tree as
an `Invalid` item, so that the formatter loses nothing. Nodes are made by the parser and never changed after. Prisma's
grammar (`datamodel.pest`) names the same constructs. Hot module (the datasource block): imports the spans only.
"""

from pgready.psl.source import Source, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    BlockKind = Literal["model", "view", "type"]
    Arity = Literal["required", "optional", "list"]
else:
    BlockKind = Arity = str


class Name:
    """An identifier or a dotted path (`db.VarChar`, `pg_catalog.x`) as written."""

    __slots__ = ("span", "text")

    def __init__(self, text: str, span: Span) -> None:
        self.text = text
        self.span = span


# -- expressions -------------------------------------------------------------------------------------------------------


class Number:
    """`12`, `-1.5`: `text` as written."""

    __slots__ = ("span", "text")

    def __init__(self, text: str, span: Span) -> None:
        self.text = text
        self.span = span


class String:
    """A string literal: `value` with its escapes undone; the span includes the quotes."""

    __slots__ = ("span", "value")

    def __init__(self, value: str, span: Span) -> None:
        self.value = value
        self.span = span


class Constant:
    """A bare word or path: `true`, `Cascade`, `ADMIN`, a field's name."""

    __slots__ = ("span", "text")

    def __init__(self, text: str, span: Span) -> None:
        self.text = text
        self.span = span


class Call:
    """A function call: `now()`, `raw("…")`, `email(ops: TextOps)`."""

    __slots__ = ("arguments", "name", "span")

    def __init__(self, name: Name, arguments: "Arguments", span: Span) -> None:
        self.name = name
        self.arguments = arguments
        self.span = span


class Array:
    """`[a, b]`."""

    __slots__ = ("items", "span")

    def __init__(self, items: "tuple[Expression, ...]", span: Span) -> None:
        self.items = items
        self.span = span


class Object:
    """`{ active: true, name: { not: "x" } }`, as partial indexes take it (Prisma 7)."""

    __slots__ = ("members", "span")

    def __init__(self, members: "tuple[tuple[Name, Expression], ...]", span: Span) -> None:
        self.members = members
        self.span = span


Expression = Number | String | Constant | Call | Array | Object


class Argument:
    """One argument of an attribute or call; `name` is None for a positional one. The span covers name and value."""

    __slots__ = ("name", "span", "value")

    def __init__(self, name: "Name | None", value: Expression, span: Span) -> None:
        self.name = name
        self.value = value
        self.span = span


class Arguments:
    """What stands in the parentheses, in order.

    `empty` holds names that have a colon and no value (`fields:`), `trailing_comma` the span of one. `span` includes
    the parentheses; it is None when there are none. `order` holds Arguments and empty Names as written, for the
    formatter.
    """

    __slots__ = ("empty", "items", "order", "span", "trailing_comma")

    def __init__(
        self,
        items: "tuple[Argument, ...]" = (),
        empty: "tuple[Name, ...]" = (),
        order: "tuple[Argument | Name, ...]" = (),
        trailing_comma: "Span | None" = None,
        span: "Span | None" = None,
    ) -> None:
        self.items = items
        self.empty = empty
        self.order = order
        self.trailing_comma = trailing_comma
        self.span = span


class Attribute:
    """`@name(…)` on a field or enum value, `@@name(…)` on a block; the span begins at the `@`, as Prisma's does."""

    __slots__ = ("arguments", "name", "span")

    def __init__(self, name: Name, arguments: Arguments, span: Span) -> None:
        self.name = name
        self.arguments = arguments
        self.span = span


# -- what stands between things ----------------------------------------------------------------------------------------


class Comment:
    """One comment: `kind` is "doc" (`///`), "line" (`//`) or "block" (`/* */`); `content` lies behind the marker."""

    __slots__ = ("content", "kind", "span")

    def __init__(self, kind: "Literal['doc', 'line', 'block']", content: str, span: Span) -> None:
        self.kind = kind
        self.content = content
        self.span = span


class Comments:
    """Comments that follow each other without a blank line."""

    __slots__ = ("items", "span")

    def __init__(self, items: "tuple[Comment, ...]", span: Span) -> None:
        self.items = items
        self.span = span


class BlankLines:
    """One or more empty lines (or the rest of a line behind a block's brace)."""

    __slots__ = ("span",)

    def __init__(self, span: Span) -> None:
        self.span = span


class Invalid:
    """A line, or at the top level a whole `word { … }` block (`is_block`), that is no construct of the language."""

    __slots__ = ("is_block", "span")

    def __init__(self, span: Span, *, is_block: bool = False) -> None:
        self.span = span
        self.is_block = is_block


# -- blocks ------------------------------------------------------------------------------------------------------------


class FieldType:
    """A field's type.

    `name` is the type's name, or the text in `Unsupported("…")` when `is_unsupported`. `legacy` names an old spelling
    that the grammar takes and validation refuses: "!" (`Int!`), "[]" (`[Int]`), "[]?" (`Int[]?`), else "". `span`
    covers the whole type with its suffix, `base` the type without it.
    """

    __slots__ = ("arity", "base", "is_unsupported", "legacy", "name", "span")

    def __init__(
        self, name: str, arity: "Arity", span: Span, base: Span, *, is_unsupported: bool = False, legacy: str = ""
    ) -> None:
        self.name = name
        self.arity = arity
        self.span = span
        self.base = base
        self.is_unsupported = is_unsupported
        self.legacy = legacy


class Field:
    """A line of a model, view or composite type; `type` is None when the line has a name only.

    `documentation` joins the doc comments above and behind the field, or is None; `trailing` is the comment behind it;
    `colon` the span of a legacy `:` behind the name. The span runs as Prisma's does: up to and with the line's end.
    """

    __slots__ = ("attributes", "colon", "documentation", "name", "span", "trailing", "type")

    def __init__(
        self,
        name: Name,
        type: "FieldType | None",  # noqa: A002 the node's own word
        attributes: "tuple[Attribute, ...]",
        documentation: "str | None",
        trailing: "Comment | None",
        colon: "Span | None",
        span: Span,
    ) -> None:
        self.name = name
        self.type = type
        self.attributes = attributes
        self.documentation = documentation
        self.trailing = trailing
        self.colon = colon
        self.span = span

    @property
    def is_whole(self) -> bool:
        """Whether the parser had nothing to say against the field's name and type."""
        return self.type is not None and self.colon is None and not self.type.legacy


class EnumValue:
    """A line of an enum."""

    __slots__ = ("attributes", "documentation", "name", "span", "trailing")

    def __init__(
        self,
        name: Name,
        attributes: "tuple[Attribute, ...]",
        documentation: "str | None",
        trailing: "Comment | None",
        span: Span,
    ) -> None:
        self.name = name
        self.attributes = attributes
        self.documentation = documentation
        self.trailing = trailing
        self.span = span


class Property:
    """`key = value` of a datasource or generator; `value` is None where nothing follows the `=`."""

    __slots__ = ("name", "span", "trailing", "value")

    def __init__(self, name: Name, value: "Expression | None", trailing: "Comment | None", span: Span) -> None:
        self.name = name
        self.value = value
        self.trailing = trailing
        self.span = span


class BlockAttribute:
    """A line `@@name(…)` with the comment behind it."""

    __slots__ = ("attribute", "span", "trailing")

    def __init__(self, attribute: Attribute, trailing: "Comment | None", span: Span) -> None:
        self.attribute = attribute
        self.trailing = trailing
        self.span = span


Item = Field | EnumValue | Property | BlockAttribute | Comments | BlankLines | Invalid
"""A line of a block."""


class Block:
    """A model, view or composite type. `items` holds every line in order; the tuples beside it are picked out of it.

    `fields` holds the fields that are whole: those with a type, and with none of the old spellings.
    `after_brace` is the text that the grammar skips behind `{` on its line (a comment, mostly).
    """

    __slots__ = ("after_brace", "attributes", "documentation", "fields", "items", "kind", "name", "span")

    def __init__(
        self,
        kind: "BlockKind",
        name: Name,
        items: "tuple[Item, ...]",
        documentation: "str | None",
        after_brace: str,
        span: Span,
    ) -> None:
        self.kind = kind
        self.name = name
        self.items = items
        self.fields = tuple([item for item in items if isinstance(item, Field) and item.is_whole])
        self.attributes = tuple(item.attribute for item in items if isinstance(item, BlockAttribute))
        self.documentation = documentation
        self.after_brace = after_brace
        self.span = span


class Enum:
    """An enum; `items`, `attributes` and `after_brace` as in Block."""

    __slots__ = ("after_brace", "attributes", "documentation", "items", "name", "span", "values")

    def __init__(
        self, name: Name, items: "tuple[Item, ...]", documentation: "str | None", after_brace: str, span: Span
    ) -> None:
        self.name = name
        self.items = items
        self.values = tuple(item for item in items if isinstance(item, EnumValue))
        self.attributes = tuple(item.attribute for item in items if isinstance(item, BlockAttribute))
        self.documentation = documentation
        self.after_brace = after_brace
        self.span = span


class Config:
    """A `datasource` or `generator` block."""

    __slots__ = ("after_brace", "documentation", "items", "kind", "name", "properties", "span")

    def __init__(
        self,
        kind: "Literal['datasource', 'generator']",
        name: Name,
        items: "tuple[Item, ...]",
        documentation: "str | None",
        after_brace: str,
        span: Span,
    ) -> None:
        self.kind = kind
        self.name = name
        self.items = items
        self.properties = tuple(item for item in items if isinstance(item, Property))
        self.documentation = documentation
        self.after_brace = after_brace
        self.span = span


class TypeAlias:
    """`type Name = Base @attributes`, which Prisma removed: validation refuses it."""

    __slots__ = ("attributes", "base", "name", "span")

    def __init__(self, name: Name, base: FieldType, attributes: "tuple[Attribute, ...]", span: Span) -> None:
        self.name = name
        self.base = base
        self.attributes = attributes
        self.span = span


Top = Block | Enum | Config | TypeAlias | Comments | BlankLines | Invalid
"""What stands at the top level of a file."""


class Document:
    """A parsed file: its `source` and every top-level item in order.

    `objects` holds the object literals of the file, which Prisma 6 does not know.
    """

    __slots__ = ("items", "objects", "source")

    def __init__(self, source: Source, items: "tuple[Top, ...]", objects: "tuple[Object, ...]" = ()) -> None:
        self.source = source
        self.items = items
        self.objects = objects
