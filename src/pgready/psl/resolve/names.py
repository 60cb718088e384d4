"""The first pass: every construct gets a name, and no two of a kind share one."""

import unicodedata
from collections.abc import Iterable

from pgready.psl import tree
from pgready.psl.diagnostics import Findings
from pgready.psl.resolve.draft import Draft, DraftComposite, DraftEnum, DraftModel
from pgready.psl.resolve.reserved import SCALARS, WORDS

_Construct = tree.Block | tree.Enum | tree.Config


def resolve(draft: Draft) -> None:
    """Fill the draft's models, enums, composite types and `tops`; the last one of a repeated name counts."""
    seen: dict[str, dict[str, _Construct]] = {"top": {}, "datasource": {}, "generator": {}}
    for document in draft.documents:
        for item in document.items:
            if not isinstance(item, tree.Block | tree.Enum | tree.Config):
                continue
            _reserved_scalar(item, draft.findings)
            if isinstance(item, tree.Config):
                _properties(item, draft.findings)
                _insert(item, seen[item.kind], draft.findings)
                continue
            if isinstance(item, tree.Enum):
                _enum(item, draft)
            elif item.kind == "type":
                _composite(item, draft)
            else:
                _model(item, draft)
            _insert(item, seen["top"], draft.findings)


def _model(block: tree.Block, draft: Draft) -> None:
    findings = draft.findings
    _identifier(block.name, block.kind, findings)
    _reserved_word(block, findings)
    _attributes(block.attributes, findings)
    _fields(block, findings, strict=True)
    model = DraftModel(block)
    draft.models.append(model)
    draft.tops[block.name.text] = model


def _composite(block: tree.Block, draft: Draft) -> None:
    _identifier(block.name, "composite type", draft.findings)
    _fields(block, draft.findings, strict=False)
    composite = DraftComposite(block)
    draft.composites.append(composite)
    draft.tops[block.name.text] = composite


def _enum(block: tree.Enum, draft: Draft) -> None:
    findings = draft.findings
    _identifier(block.name, "enum", findings)
    _reserved_word(block, findings)
    _attributes(block.attributes, findings)
    names: set[str] = set()
    for value in block.values:
        _identifier(value.name, "enum value", findings)
        _attributes(value.attributes, findings)
        if value.name.text in names:
            message = f"the value `{value.name.text}` stands twice in enum `{block.name.text}`"
            findings.error("enum-value-repeated", value.span, message, "remove one of them, or give it another name")
        names.add(value.name.text)
    enum = DraftEnum(block, frozenset(names))
    draft.enums.append(enum)
    draft.tops[block.name.text] = enum


def _fields(block: tree.Block, findings: Findings, *, strict: bool) -> None:
    """Names of fields; Prisma looks at how they are written in models and views only (`strict`)."""
    names: set[str] = set()
    for field in block.fields:
        if strict:
            _identifier(field.name, "field", findings)
            _attributes(field.attributes, findings)
        if field.name.text in names:
            message = f"the field `{field.name.text}` stands twice in {block.kind} `{block.name.text}`"
            findings.error("field-repeated", field.name.span, message, "remove one of them, or give it another name")
        names.add(field.name.text)


def _properties(block: tree.Config, findings: Findings) -> None:
    names: set[str] = set()
    for item in block.properties:
        if item.name.text in names:
            message = f"`{item.name.text}` is given twice in {block.kind} `{block.name.text}`"
            findings.error("property-repeated", item.name.span, message, "keep one of them")
        names.add(item.name.text)


def _insert(item: _Construct, namespace: dict[str, _Construct], findings: Findings) -> None:
    earlier = namespace.get(item.name.text)
    if earlier is not None:
        message = f"there is already {_article(_kind(earlier))} `{item.name.text}`, at {earlier.name.span.where()}"
        then = "remove" if _kind(item) == "datasource" else "give another name to, or remove,"
        findings.error("name-repeated", item.name.span, message, f"{then} this {_kind(item)}")
    namespace[item.name.text] = item


def _kind(item: _Construct) -> str:
    if isinstance(item, tree.Enum):
        return "enum"
    return "composite type" if item.kind == "type" else item.kind


def _article(kind: str) -> str:
    return ("an " if kind == "enum" else "a ") + kind


def _reserved_scalar(item: _Construct, findings: Findings) -> None:
    name = item.name.text
    if name in SCALARS:
        message = f"`{name}` is a built-in type, so nothing else can be called so"
        hint = f'choose another name; `@@map("{name}")` keeps the name in the database'
        findings.error("name-scalar", item.name.span, message, hint)


def _reserved_word(item: tree.Block | tree.Enum, findings: Findings) -> None:
    name = item.name.text
    if name in WORDS:
        message = f"`{name}` is a reserved word, so no {_kind(item)} can be called so"
        hint = f'choose another name; `@@map("{name}")` keeps the name in the database'
        findings.error("name-reserved", item.span, message, hint)


def _attributes(attributes: Iterable[tree.Attribute], findings: Findings) -> None:
    for attribute in attributes:
        _identifier(attribute.name, "attribute", findings)


def _identifier(name: tree.Name, what: str, findings: Findings) -> None:
    text = name.text
    # ASCII letters come first, since they are nearly all there is.
    first = text[:1]
    if not (first.isascii() and first.isalpha()) and first and unicodedata.category(first).startswith("N"):
        message = f"the name of the {what} `{text}` starts with a digit"
        findings.error("name-digit", name.span, message, f"start it with a letter{_map_hint(what, text)}")
        return
    if "-" in text:
        message = f"the name of the {what} `{text}` contains a hyphen"
        findings.error("name-hyphen", name.span, message, f"write `{text.replace('-', '_')}`{_map_hint(what, text)}")


def _map_hint(what: str, text: str) -> str:
    if what in ("field", "enum value"):
        return f'; `@map("{text}")` keeps the name in the database'
    if what in ("model", "view", "enum"):
        return f'; `@@map("{text}")` keeps the name in the database'
    return ""
