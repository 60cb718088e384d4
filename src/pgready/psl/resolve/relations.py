"""`@relation(…)` on a relation field: names become fields, actions become known words.

What the two sides of a relation make together is inferred afterwards (`infer`), and judged in `check/relations*.py`.
"""

import difflib
from typing import get_args

from pgready.psl import tree
from pgready.psl.diagnostics import Findings
from pgready.psl.near_misses import nearest, spent
from pgready.psl.resolve import coerce
from pgready.psl.resolve.draft import Action, Draft, DraftModel, DraftRelationField, DraftScalarField
from pgready.psl.resolve.relation_inference import infer
from pgready.psl.resolve.visit import Visitor
from pgready.psl.source import Span

__all__ = ["ACTIONS", "infer", "relation_attribute"]

ACTIONS: tuple[Action, ...] = get_args(Action)


def relation_attribute(draft: Draft, visitor: Visitor, field: DraftRelationField) -> None:
    """Read the `@relation` that the visitor stands on into `field`."""
    attribute = visitor.attribute
    field.attribute = attribute
    if (given := visitor.argument("fields")) is not None:
        field.fields = _fields(draft, given, field.owner, attribute.span, "fields", given.span)
    if (given := visitor.argument("references")) is not None:
        field.references = _fields(draft, given, field.target, attribute.span, "references", attribute.span)
    field.relation_name = _text(draft, visitor, visitor.default_argument("name", required=False), "relation-name-empty")
    field.on_delete = _action(draft, visitor.argument("onDelete"))
    field.on_update = _action(draft, visitor.argument("onUpdate"))
    field.mapped_name = _text(draft, visitor, visitor.argument("map"), "relation-map-empty")


def _fields(
    draft: Draft, given: tree.Expression, model: DraftModel, attribute: Span, argument: str, at: Span
) -> list[DraftScalarField]:
    """The scalar fields of `model` that a list names; [] when anything is wrong with it, which is told.

    `attribute` is the span of a repetition, `at` that of names that lead nowhere: Prisma's places.
    """
    names = coerce.array(given, coerce.constant, draft.findings)
    if names is None:
        return []
    found: dict[str, DraftScalarField] = {}
    unknown: list[str] = []
    relations: list[str] = []
    kind = model.node.kind
    for name in names:
        field = model.fields.get(name)
        if field is None:
            unknown.append(name)
        elif isinstance(field, DraftRelationField):
            relations.append(name)
        elif name in found:
            draft.findings.error(
                "relation-field-repeated",
                attribute,
                f"`{argument}` names `{name}` more than once",
                f"name each field of `{model.name}` once",
            )
            return []
        else:
            found[name] = field
    if unknown:
        draft.findings.error(
            "relation-field-unknown",
            at,
            f"`{argument}` names {quoted(unknown)}, which {kind} `{model.name}` does not have",
            _near(unknown[0], model, draft.findings),
        )
    if relations:
        draft.findings.error(
            "relation-field-not-scalar",
            at,
            f"`{argument}` names {quoted(relations)} of {kind} `{model.name}`: a relation field has no column",
            _columns(relations[0], model) or f"name scalar fields of `{model.name}`",
        )
    return [] if unknown or relations else list(found.values())


def _near(name: str, model: DraftModel, findings: Findings) -> str:
    scalars = [] if spent(findings) else [field.name for field in model.scalar_fields]
    if close := nearest(name, scalars, findings):
        return f"did you mean `{close}`?"
    return f"add a field `{name}` to `{model.name}`, or name one that is there"


def _columns(name: str, model: DraftModel) -> str:
    field = model.fields[name]
    attribute = next((each for each in field.node.attributes if each.name.text == "relation"), None)
    for argument in () if attribute is None else attribute.arguments.items:
        if argument.name is not None and argument.name.text == "fields" and isinstance(argument.value, tree.Array):
            behind = [each.text for each in argument.value.items if isinstance(each, tree.Constant)]
            if name not in behind:
                return f"did you mean {quoted(behind)}, the column behind `{name}`?" if behind else ""
    longer = [each.name for each in model.scalar_fields if each.name.startswith(name)]
    return f"did you mean `{longer[0]}`?" if longer else ""


def _text(draft: Draft, visitor: Visitor, given: tree.Expression | None, empty: str) -> str | None:
    text = None if given is None else coerce.string(given, draft.findings)
    if text == "":
        what = "the relation's name" if empty == "relation-name-empty" else "`map`, the constraint's name,"
        visitor.error(empty, f"{what} is empty", "give a name, or leave the argument out")
        return None
    return text


def _action(draft: Draft, given: tree.Expression | None) -> tuple[Action, Span] | None:
    if given is None:
        return None
    word = coerce.constant(given, draft.findings)
    if word is None:
        return None
    for action in ACTIONS:
        if action == word:
            return action, given.span
    close = difflib.get_close_matches(word.lower(), [action.lower() for action in ACTIONS], 1)
    near = [action for action in ACTIONS if close and action.lower() == close[0]]
    draft.findings.error(
        "relation-action-unknown",
        given.span,
        f"`{word}` is no referential action",
        f"did you mean `{near[0]}`?" if near else "write one of " + ", ".join(f"`{action}`" for action in ACTIONS),
    )
    return None


def quoted(names: list[str]) -> str:
    """Names in backticks as they stand in a sentence: `a`, `b` and `c`."""
    shown = [f"`{name}`" for name in names]
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]
