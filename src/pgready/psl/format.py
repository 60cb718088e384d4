"""The formatter: a schema's text as `prisma format` writes it, byte for byte.

It lays out what it understands and leaves every line alone that it does not, so it works on schemas with errors too.
A schema whose names, types and attributes resolve is completed first (`missing_relations`).
Prisma's formatter is `psl/schema-ast/src/reformat.rs`; where it is odd (bytes as widths, a space inside an empty
`{  }`, two attributes of an enum value without a space), this one is odd in the same way.
"""

from collections.abc import Sequence
from typing import Literal

from pgready.collection import uncollected
from pgready.psl import tree
from pgready.psl.diagnostics import Findings
from pgready.psl.layout import Table
from pgready.psl.missing_relations import Insertion, insert, insertions
from pgready.psl.parser import parse
from pgready.psl.resolve import attributes, names, relation_inference, types
from pgready.psl.resolve.draft import Draft
from pgready.psl.resolve.style import detect
from pgready.psl.source import Source

_INDENT = "  "
_ATTRIBUTE_ORDER = {
    name: place
    for place, name in enumerate(
        ("id", "unique", "default", "updatedAt", "index", "fulltext", "map", "relation", "ignore")
    )
}
_LAST = len(_ATTRIBUTE_ORDER)
_BLANK = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
"""What Unicode calls white space; Python's own `strip` takes U+001C…U+001F too."""


def format_schema(sources: Sequence[Source], *, style: Literal[6, 7] | None = None) -> tuple[str, ...]:
    """The formatted texts of a schema's files, in the order given; every line ends with a line feed.

    The files are one schema: what one lacks may follow from another. `style` is read off the schema unless given; it
    counts for what only one of Prisma's engines reads. Raises nothing, whatever the texts hold.
    """
    with uncollected():
        findings = Findings()
        documents = [parse(source, findings) for source in sources]
        style = style or detect(documents)
        if style == 6 and any(document.objects for document in documents):
            findings = Findings()
            documents = [parse(source, findings, takes_objects=False) for source in sources]
        if not findings.has_errors:
            documents = _completed(Draft(documents, findings, style))
        return tuple([format_document(document) for document in documents])


def _completed(draft: Draft) -> list[tree.Document]:
    """The documents with what their relations lack; as they are if they do not resolve."""
    for step in (names.resolve, types.resolve, attributes.resolve):
        step(draft)
    if draft.findings.has_errors:
        return draft.documents
    relation_inference.infer(draft)
    missing: dict[Source, list[Insertion]] = {}
    for insertion in insertions(draft):
        missing.setdefault(insertion.source, []).append(insertion)
    documents = []
    for document in draft.documents:
        source = document.source
        if source in missing:
            whole = Source(source.path, insert(source.text, missing[source]))
            documents.append(parse(whole, Findings(), takes_objects=draft.style == 7))
        else:
            documents.append(document)
    return documents


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
        elif isinstance(item, tree.Invalid):
            lines.append(item.span.text)
        elif isinstance(item, tree.TypeAlias):
            lines.append(_alias(item))
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


def _alias(item: tree.TypeAlias) -> str:
    """As written, with the blanks behind it unless parentheses end it."""
    text, end = item.span.source.text, item.span.end
    if not item.attributes or item.attributes[-1].arguments.span is None:
        while text[end : end + 1] and _is_blank(text[end]):
            end += 1
    return text[item.span.start : end]


def _type(node: tree.FieldType) -> str:
    suffix = {"[]?": "[]?", "!": ""}.get(node.legacy)
    if suffix is None:
        suffix = {"required": "", "optional": "?", "list": "[]"}[node.arity]
    return node.base.text + suffix


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
    for place, comment in enumerate(comments.items):
        if comment.kind == "block":
            table.row((), "/**")
            for raw in ((_lead(comment) if place else "") + comment.content).split("\n"):
                line = raw.strip(_BLANK)
                if line.startswith("*"):
                    line = line[1:].lstrip(_BLANK)
                if line:
                    table.row((), f" * {line}")
            table.row((), " */")
        else:
            table.row((), f"{'///' if comment.kind == 'doc' else '//'}{comment.content}")


def _lead(comment: tree.Comment) -> str:
    """What Prisma leaves of the opening of an indented block comment below another comment.

    It cuts two bytes off the front, blanks included, where it means the opening mark. Formatting once more makes it
    worse; kept, since equal text is worth more than a rare comment's looks.
    """
    text, start = comment.span.source.text, comment.span.start
    blanks = 0
    while start > blanks and _is_blank(text[start - blanks - 1]):
        blanks += 1
    if not blanks:
        return ""
    return "*" if blanks == 1 and text[start - 1].isascii() else "/*"


def _is_blank(character: str) -> bool:
    return character in _BLANK and character not in "\n\v\f\r\x85\u2028\u2029"
