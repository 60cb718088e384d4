"""Rules for one relation field at a time, and fields that cannot be told apart."""

from collections import defaultdict

from pgready.psl import constraint_names
from pgready.psl.check.relations_names import camel, side
from pgready.psl.resolve.draft import Action, Draft, DraftModel, DraftRelationField, DraftScalarField
from pgready.psl.resolve.relation_inference import relation_name
from pgready.psl.resolve.relations import quoted
from pgready.psl.source import Span

EMULATED: tuple[Action, ...] = ("Restrict", "SetNull", "Cascade")
"""What Prisma's client can do itself under `relationMode = "prisma"`."""


def ambiguous(draft: Draft) -> DraftRelationField | None:
    """The first field that shares its relation with another field of its model, reported; None when there is none.

    Only the first is told, since Prisma stops there and looks at nothing that comes after it.
    """
    for model in _models_then_views(draft):
        rivals: defaultdict[tuple[int, str], list[DraftRelationField]] = defaultdict(list)
        for field in model.relation_fields:
            rivals[id(field.target), relation_name(field)].append(field)
        for field in model.relation_fields:
            if _ambiguous(draft, field, rivals[id(field.target), relation_name(field)]):
                return field
    return None


def check(draft: Draft) -> None:
    """Report what is wrong with single relation fields."""
    emulated = draft.datasource is not None and draft.datasource.relation_mode == "prisma"
    for model in _models_then_views(draft):
        indexed = _Indexed(model) if emulated and model.relation_fields else None
        for field in model.relation_fields:
            _ignored(draft, field)
            _map(draft, field)
            if indexed is not None:
                _action(draft, "onDelete", field.on_delete)
                _action(draft, "onUpdate", field.on_update)
                _index(draft, field, indexed)


_NAMED = 8
"""How many of the fields that cannot be told apart a message names."""


def _models_then_views(draft: Draft) -> list[DraftModel]:
    return sorted(draft.models, key=lambda model: model.is_view)


def _ambiguous(draft: Draft, field: DraftRelationField, rivals: list[DraftRelationField]) -> bool:
    count, itself, model = len(rivals), field.target is field.owner, field.owner
    named = field.relation_name is not None
    if count < 2 or (itself and named and count == 2):
        return False
    names = quoted([each.name for each in rivals[:_NAMED]])
    if count > _NAMED:
        names += f" (and {count - _NAMED} more)"
    kind, both = model.node.kind, "both" if count == 2 else "all"
    example = camel(model.name) if itself else field.name
    if not named and itself and count == 2:
        message = f"{names} of {kind} `{model.name}` both lead to `{model.name}` itself: are they one relation, or two?"
        hint = f'if they are one, give both the same name: `@relation("{example}s", …)`; if two, a different one each'
    elif not named:
        message = (
            f"{names} of {kind} `{model.name}` {both} lead to `{field.target.name}`: which opposite field is whose?"
        )
        hint = f'name each relation, on both of its sides: `@relation("{example}", …)`'
    elif itself:
        message = f'{names} of {kind} `{model.name}` all belong to the relation "{relation_name(field)}"'
        hint = "a relation has two sides: give the other fields another name"
    else:
        message = f'{names} of {kind} `{model.name}` {both} belong to the relation "{relation_name(field)}"'
        hint = "a relation has one field in each model: give each a name of its own, on both sides"
    code = "relation-name-repeated" if named else "relation-ambiguous"
    draft.findings.error(code, field.node.span, message, hint)
    return True


def _ignored(draft: Draft, field: DraftRelationField) -> None:
    if field.target.is_ignored and not field.is_ignored and not field.owner.is_ignored:
        draft.findings.error(
            "relation-to-ignored",
            field.node.span,
            f"{side(field)} leads to `{field.target.name}`, which is ignored",
            f"add `@ignore` to `{field.name}`, or remove `@@ignore` from `{field.target.name}`",
        )


def _map(draft: Draft, field: DraftRelationField) -> None:
    name = field.mapped_name
    if name is None or field.attribute is None:
        return
    if draft.datasource is None:
        draft.findings.error(
            "foreign-key-name-without-datasource",
            field.attribute.span,
            f"the foreign key of {side(field)} has a name in the database, which needs a `datasource` block",
            'add `datasource db { provider = "postgresql" }`',
        )
    elif constraint_names.too_long(name):
        size = len(name.encode("utf-8", "surrogatepass"))
        draft.findings.error(
            "constraint-name-length",
            field.attribute.span,
            f"the name `{name}` is {size} bytes long, and PostgreSQL keeps {constraint_names.MAX_BYTES}",
            f'for example `map: "{constraint_names.cut(name)}"`',
        )


def _action(draft: Draft, argument: str, given: tuple[Action, Span] | None) -> None:
    if given is None or given[0] in EMULATED:
        return
    action, at = given
    instead = "; `Restrict` comes closest" if action == "NoAction" else ""
    draft.findings.error(
        "relation-action-emulated",
        at,
        f'`{argument}: {action}` needs a foreign key, and `relationMode = "prisma"` makes none',
        "write one of " + ", ".join(f"`{each}`" for each in EMULATED) + instead,
    )


class _Indexed:
    """The lists of fields that the indexes and the key of a model begin with."""

    def __init__(self, model: DraftModel) -> None:
        self._by_first: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
        keys = [] if model.primary_key is None else [model.primary_key.fields]
        for fields in keys + [index.fields for index in model.indexes]:
            if fields:
                names = tuple((each.path or [each.field])[-1].name for each in fields)
                self._by_first[names[0]].append(names)

    def begins_with(self, fields: list[DraftScalarField]) -> bool:
        names = tuple(each.name for each in fields)
        return any(found[: len(names)] == names for found in self._by_first.get(names[0], ()))


def _index(draft: Draft, field: DraftRelationField, indexed: _Indexed) -> None:
    if not field.fields or field.attribute is None or indexed.begins_with(field.fields):
        return
    names = [each.name for each in field.fields]
    draft.findings.warning(
        "relation-index-missing",
        field.attribute.span,
        f'{side(field)} has no index on {quoted(names)}: under `relationMode = "prisma"` nothing else makes one, and '
        "following the relation reads the whole table",
        f"add `@@index([{', '.join(names)}])` to `{field.owner.name}`",
    )
