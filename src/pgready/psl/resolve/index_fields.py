"""The fields of a key or index, with what stands in their parentheses: `[email(sort: Desc), body(ops: raw("…"))]`."""

from dataclasses import dataclass

from pgready.psl import near_misses, tree
from pgready.psl.diagnostics import Findings
from pgready.psl.operator_classes import OPERATOR_CLASSES
from pgready.psl.resolve import coerce
from pgready.psl.resolve.draft import DraftIndexField, DraftModel, DraftRelationField, DraftScalarField, Sort
from pgready.psl.resolve.visit import Visitor
from pgready.psl.source import Span

Area = str
"""The first words of the codes: "id", "index" or "shard-key"."""


@dataclass(slots=True)
class _Asked:
    """One entry of the list as written."""

    name: str
    span: Span
    sort: Sort | None = None
    length: int | None = None
    operator_class: str | None = None
    is_raw: bool = False


def resolve(
    visitor: Visitor, model: DraftModel, expression: tree.Expression, area: Area, *, through_types: bool
) -> list[DraftIndexField] | None:
    """The model's fields that `expression` lists, or None with everything that is wrong reported.

    `through_types` follows dotted paths into composite types, as indexes may.
    """
    asked = coerce.array(expression, _asked, visitor.findings)
    if asked is None:
        return None
    found: list[DraftIndexField] = []
    seen: set[tuple[DraftScalarField, ...]] = set()
    complete = True
    for each in asked:
        path = _path(visitor, model, each, area, through_types)
        if path is None:
            complete = False
            continue
        if tuple(path) in seen:
            visitor.findings.error(
                f"{area}-field-repeated",
                each.span,
                f"`{visitor.label}` of {shown(model)} lists `{each.name}` more than once",
                f"remove the second `{each.name}`",
            )
            return None
        seen.add(tuple(path))
        found.append(
            DraftIndexField(path[0], path[1:], each.sort, each.length, each.operator_class, each.is_raw),
        )
    return found if complete else None


def scalar_fields(
    visitor: Visitor, model: DraftModel, expression: tree.Expression, area: Area
) -> list[DraftScalarField] | None:
    """As `resolve`, for a list that takes bare names only."""
    names = coerce.array(expression, coerce.constant, visitor.findings)
    if names is None:
        return None
    fields = resolve(visitor, model, expression, area, through_types=False)
    return None if fields is None else [each.field for each in fields]


def shown(model: DraftModel) -> str:
    """The model as messages name it: "model `User`"."""
    return f"{model.node.kind} `{model.name}`"


def field_hint(visitor: Visitor, model: DraftModel, name: str) -> str:
    """A hint at the model's column that `name` may have meant."""
    if near_misses.spent(visitor.findings):
        return ""
    known = [field.name for field in model.scalar_fields]
    return near_misses.hint(name, known, visitor.findings)


def sort_order(visitor: Visitor) -> Sort | None:
    """The attribute's own argument `sort:`."""
    expression = visitor.argument("sort")
    return None if expression is None else _sort(expression, visitor.findings)


def clustered(visitor: Visitor) -> bool | None:
    """The attribute's own argument `clustered:`, which PostgreSQL refuses later."""
    expression = visitor.argument("clustered")
    return None if expression is None else coerce.boolean(expression, visitor.findings)


def length(visitor: Visitor) -> int | None:
    """The attribute's own argument `length:`, which PostgreSQL refuses later."""
    expression = visitor.argument("length")
    return None if expression is None else coerce.integer(expression, visitor.findings)


def text(visitor: Visitor, argument: str) -> str | None:
    """The attribute's argument `map:` or `name:`, a string that must not be empty."""
    expression = visitor.argument(argument)
    value = None if expression is None else coerce.string(expression, visitor.findings)
    if value == "" and expression is not None:
        visitor.findings.error(
            "constraint-name-empty",
            expression.span,
            f"`{argument}` of `{visitor.label}` is an empty string",
            f"give a name, or leave out `{argument}:`",
        )
        return None
    return value


def client_name(visitor: Visitor, model: DraftModel) -> str | None:
    """The attribute's argument `name:`, which becomes an identifier in the client's code."""
    name = text(visitor, "name")
    if name is not None and not (name.isascii() and name.replace("_", "a").isalnum()):
        letters = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name)
        visitor.error(
            "client-name-characters",
            f"the name {coerce.quoted(name)} of `{visitor.label}` in {shown(model)} can hold ASCII letters, digits and "
            "`_` only, since the client's code uses it",
            f'write `name: "{letters}"`; a name for the database goes into `map:`',
        )
    return name


def _path(
    visitor: Visitor, model: DraftModel, asked: _Asked, area: Area, through_types: bool
) -> list[DraftScalarField] | None:
    """The field that the entry names, and the fields inside it for a dotted path."""
    first, *rest = asked.name.split(".") if through_types else [asked.name]
    field = model.fields.get(first)
    if isinstance(field, DraftRelationField):
        columns = [each.name for each in field.fields or []]
        visitor.findings.error(
            f"{area}-field-relation",
            asked.span,
            f"`{first}` is a relation to `{field.target.name}`, and `{visitor.label}` takes columns only",
            f"write `{visitor.label}([{', '.join(columns)}])`" if columns else "list the fields of its foreign key",
        )
        return None
    if field is None:
        hint = field_hint(visitor, model, first)
        _unknown(visitor, asked, area, f"{shown(model)} has no field `{first}`", hint)
        return None
    path = [field]
    for name in rest:
        composite = path[-1].type.composite
        if composite is None:
            _unknown(
                visitor,
                asked,
                area,
                f"`{asked.name}` leads nowhere: `{path[-1].name}` is no composite type, so it has no `{name}`",
                f"write `{path[-1].name}`",
            )
            return None
        inner = composite.fields.get(name)
        if inner is None:
            message = f"type `{composite.name}` has no field `{name}`"
            _unknown(visitor, asked, area, message, near_misses.hint(name, composite.fields, visitor.findings))
            return None
        path.append(inner)
    return path


def _unknown(visitor: Visitor, asked: _Asked, area: Area, message: str, hint: str) -> None:
    visitor.findings.error(f"{area}-field-unknown", asked.span, f"{message} that `{visitor.label}` could use", hint)


def _asked(expression: tree.Expression, findings: Findings) -> _Asked | None:
    """An entry of the list. Arguments that Prisma does not look at are accepted, as there."""
    if isinstance(expression, tree.Constant):
        return _Asked(expression.text, expression.span)
    if not isinstance(expression, tree.Call):
        coerce.constant(expression, findings)
        return None
    asked = _Asked(expression.name.text, expression.span)
    first: dict[str, tree.Argument] = {}
    for argument in expression.arguments.items:
        if argument.name is not None:
            first.setdefault(argument.name.text, argument)
    if "sort" in first:
        asked.sort = _sort(first["sort"].value, findings)
    if "length" in first:
        length = coerce.integer(first["length"].value, findings)
        # Prisma forgets a negative length here, but not in `@unique(length: -1)`.
        asked.length = length if length is not None and length >= 0 else None
    if "ops" in first:
        _operator_class(asked, first["ops"].value, findings)
    return asked


def _sort(expression: tree.Expression, findings: Findings) -> Sort | None:
    match coerce.constant(expression, findings):
        case "Asc":
            return "Asc"
        case "Desc":
            return "Desc"
        case str(other):
            message = f"there is no sort order `{other}`"
            findings.error("sort-unknown", expression.span, message, "write `sort: Asc` or `sort: Desc`")
    return None


def _operator_class(asked: _Asked, expression: tree.Expression, findings: Findings) -> None:
    if isinstance(expression, tree.Constant):
        if expression.text in OPERATOR_CLASSES:
            asked.operator_class = expression.text
            return
        close = near_misses.nearest(expression.text, OPERATOR_CLASSES, findings)
        other = f'write `ops: raw("{expression.text}")` for a class of an extension'
        findings.error(
            "operator-class-unknown",
            expression.span,
            f"there is no operator class `{expression.text}`",
            f"did you mean `{close}`?" if close else other,
        )
        return
    message = f"`ops` takes an operator class, not {coerce.kind(expression)} `{coerce.shown(expression)}`"
    if isinstance(expression, tree.Call) and expression.name.text == "raw":
        values = [argument.value for argument in expression.arguments.items]
        if len(values) == 1 and isinstance(values[0], tree.String):
            asked.operator_class, asked.is_raw = values[0].value, True
            return
        message = "`raw` takes one string, the operator class as PostgreSQL spells it"
    hint = 'write `ops: raw("gin_trgm_ops")`, or a class by its name: `ops: JsonbPathOps`'
    findings.error("operator-class-value", expression.span, message, hint)
