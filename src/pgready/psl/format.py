"""The formatter: a schema's text as `prisma format` writes it, byte for byte.

It lays out what it understands and leaves every line alone that it does not, so it works on schemas with errors too.
A schema whose names, types and attributes resolve is completed first (`missing_relations`).
Prisma's formatter is `psl/schema-ast/src/reformat.rs`; where it is odd (bytes as widths, a space inside an empty
`{  }`, two attributes of an enum value without a space), this one is odd in the same way.
"""

from collections.abc import Sequence

from pgready.psl import tree
from pgready.psl.layout import Table

_INDENT = "  "
_ATTRIBUTE_ORDER = {
    name: place
    for place, name in enumerate(
        ("id", "unique", "default", "updatedAt", "index", "fulltext", "map", "relation", "ignore")
    )
}
_LAST = len(_ATTRIBUTE_ORDER)
_BLANK = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
"""What Unicode calls white space; Python's own `strip` takes U+001C…U+001F too."""


def format_document(document: tree.Document) -> str:
    """The laid out text of one parsed file; it ends with a line feed. Nothing is added and nothing is resolved."""
    lines: list[str] = []
    items = document.items
    for place, item in enumerate(items):
        if isinstance(item, tree.BlankLines):
            if 0 < place < len(items) - 1:
                lines.append("\n")
        elif isinstance(item, tree.Comments):
            table = Table()
            _comments(item, table)
            table.render(lines)
        elif isinstance(item, (tree.Invalid, tree.TypeAlias)):
            lines.append(item.span.text)
        else:
            kind = "enum" if isinstance(item, tree.Enum) else item.kind
            lines.append(f"{kind} {item.name.text} {{\n")
            _contents(item.items, lines)
            lines.append("}\n")
    text = "".join(lines)
    return text if text.endswith("\n") else text + "\n"


def _contents(items: "Sequence[tree.Item]", lines: list[str]) -> None:
    """The lines of a block: fields and comments where they are, block attributes sorted at the end."""
    attributes: list[tuple[tree.Comments | None, tree.BlockAttribute]] = []
    comment_above: tree.Comments | None = None
    table = Table()
    count = len(items)
    after_blank = False
    for place, item in enumerate(items):
        if isinstance(item, tree.BlankLines):
            after_blank = place > 0
            continue
        if isinstance(item, tree.BlockAttribute):
            attributes.append((comment_above, item))
            comment_above = None
        elif isinstance(item, tree.Comments):
            if place + 1 < count and isinstance(items[place + 1], tree.BlockAttribute):
                comment_above = item
            else:
                if after_blank:
                    table.render(lines, _INDENT)
                    table.row()
                _comments(item, table)
        else:
            if after_blank:
                table.render(lines, _INDENT)
                table.row()
            _line(item, table)
        after_blank = False
    table.render(lines, _INDENT)
    if attributes:
        table.row()
        attributes.sort(key=lambda entry: _ATTRIBUTE_ORDER.get(entry[1].attribute.name.text, _LAST))
        for above, entry in attributes:
            if above is not None:
                _comments(above, table)
            table.row((f"@@{_call(entry.attribute.name, entry.attribute.arguments)}",), _suffix(entry.trailing))
        table.render(lines, _INDENT)


def _line(item: "tree.Field | tree.EnumValue | tree.Property | tree.Invalid", table: Table) -> None:
    if isinstance(item, tree.Invalid):
        table.row((), item.span.text.rstrip("\n"))
        return
    columns = [item.name.text]
    if isinstance(item, tree.Field):
        columns.append("" if item.type is None else _type(item.type))
        columns.append(_attributes(item.attributes))
    elif isinstance(item, tree.EnumValue):
        columns.append("".join([f"@{_call(each.name, each.arguments)}" for each in item.attributes]))
    elif item.value is not None:
        columns.append(f"= {_expression(item.value)}")
    while not columns[-1]:
        columns.pop()
    table.row(columns, _suffix(item.trailing))


def _type(type: tree.FieldType) -> str:
    suffix = {"[]?": "[]?", "!": ""}.get(type.legacy)
    if suffix is None:
        suffix = {"required": "", "optional": "?", "list": "[]"}[type.arity]
    return type.base.text + suffix


def _attributes(attributes: Sequence[tree.Attribute]) -> str:
    if len(attributes) > 1:
        attributes = sorted(attributes, key=lambda attribute: _ATTRIBUTE_ORDER.get(attribute.name.text, _LAST))
    return " ".join([f"@{_call(each.name, each.arguments)}" for each in attributes])


def _call(name: tree.Name, arguments: tree.Arguments) -> str:
    if arguments.span is None:
        return name.text
    return f"{name.text}({', '.join([_argument(each) for each in arguments.order])})"


def _argument(argument: tree.Argument | tree.Name) -> str:
    if isinstance(argument, tree.Name):
        return f"{argument.text}: "
    value = _expression(argument.value)
    return value if argument.name is None else f"{argument.name.text}: {value}"


def _expression(expression: "tree.Expression") -> str:
    """An expression on one line; literals as written. Recursion is bounded by the parser, which bounds the nesting."""
    if isinstance(expression, tree.Array):
        return f"[{', '.join([_expression(each) for each in expression.items])}]"
    if isinstance(expression, tree.Call):
        return _call(expression.name, expression.arguments)
    if isinstance(expression, tree.Object):
        return f"{{ {', '.join([f'{name.text}: {_expression(value)}' for name, value in expression.members])} }}"
    return expression.span.text


def _suffix(trailing: tree.Comment | None) -> str:
    return "" if trailing is None else trailing.span.text


def _comments(comments: tree.Comments, table: Table) -> None:
    end = comments.span.start
    for comment in comments.items:
        if comment.kind == "block":
            _block_comment(comment, end, table)
        else:
            table.row((), f"{'///' if comment.kind == 'doc' else '//'}{comment.content}")
        end = comment.span.end


def _block_comment(comment: tree.Comment, end: int, table: Table) -> None:
    """A `/* … */` as a block of ` * ` lines, empty ones left out.

    Prisma cuts two characters off the front even where the comment is indented and follows another one: then the
    opening mark, or a part of it, stays in the text (a flaw that repeated formatting makes worse, kept for equality).
    """
    source = comment.span.source.text
    start = comment.span.start
    while start > end and source[start - 1] not in "\r\n":
        start -= 1
    content = source[start + 2 : comment.span.end - 2]
    table.row((), "/**")
    for raw in content.split("\n"):
        line = raw.strip(_BLANK)
        if line.startswith("*"):
            line = line[1:].lstrip(_BLANK)
        if line:
            table.row((), f" * {line}")
    table.row((), " */")
