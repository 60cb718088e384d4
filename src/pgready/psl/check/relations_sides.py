"""Rules for the two sides of one-to-one and one-to-many relations: both there, one of them with the foreign key.

Side A holds the foreign key or ought to; side B is the way back.
"""

from pgready.psl.check.relations_names import Uniques, camel, declared, side
from pgready.psl.resolve.draft import Draft, DraftRelation, DraftRelationField
from pgready.psl.resolve.relations import quoted


def check(draft: Draft, relation: DraftRelation, uniques: Uniques) -> None:
    """Report sides that are missing, and arguments that stand on the wrong one."""
    forward, back = relation.field_a, relation.field_b
    if forward is None or back is None:
        field = forward or back
        if field is not None:
            _opposite_missing(draft, relation, field)
    elif relation.kind == "one-to-one":
        _one_to_one(draft, forward, back)
    else:
        _one_to_many(draft, forward, back)
    if relation.kind == "one-to-one" and forward is not None:
        _unique(draft, forward, uniques)
        if back is not None and not draft.findings.has_errors:
            _mixed_up(draft, forward, back)


def _opposite_missing(draft: Draft, relation: DraftRelation, field: DraftRelationField) -> None:
    owner, target = field.owner, field.target
    named = f'"{field.relation_name}"' if field.relation_name else ""
    if field.arity == "list":
        back, key = camel(owner.name), f"{camel(owner.name)}Id"
        arguments = (named + ", " if named else "") + f"fields: [{key}], references: [id]"
        lines = f"`{back} {owner.name}? @relation({arguments})` and its column `{key}`"
    else:
        name = f" @relation({named})" if named else ""
        several = relation.kind == "one-to-many"
        back = camel(owner.name) + ("s" if several else "")
        back = owner.name if back in target.fields else back
        lines = f"`{back} {owner.name}{'[]' if several else '?'}{name}`"
    draft.findings.error(
        "relation-opposite-missing",
        field.node.span,
        f"{side(field)} has no opposite field in {target.node.kind} `{target.name}`: a relation has two sides",
        f"add {lines} to `{target.name}`, or run `pgready format`",
    )


def _one_to_many(draft: Draft, forward: DraftRelationField, back: DraftRelationField) -> None:
    example = _example(forward)
    if not forward.fields:
        draft.findings.error(
            "relation-fields-missing",
            forward.node.span,
            f"{side(forward)} does not say which column holds the foreign key: `fields` is missing",
            f"write `{example}`",
        )
    if not forward.references:
        draft.findings.error(
            "relation-references-missing",
            forward.node.span,
            f"{side(forward)} does not say which field of `{forward.target.name}` it means: `references` is missing",
            f"write `{example}`",
        )
    if back.fields or back.references:
        draft.findings.error(
            "relation-arguments-wrong-side",
            back.node.span,
            f"{side(back)} is the list side of a one-to-many relation: it has no foreign key, so no `fields` or "
            f"`references`",
            f"move them to {side(forward)}",
        )
    if back.on_delete or back.on_update:
        draft.findings.error(
            "relation-action-wrong-side",
            back.node.span,
            f"{side(back)} is the list side of a one-to-many relation: actions belong to the foreign key",
            f"move `onDelete` and `onUpdate` to {side(forward)}",
        )


def _one_to_one(draft: Draft, forward: DraftRelationField, back: DraftRelationField) -> None:
    both = f"{side(forward)} and {side(back)}"
    for argument, here, there in (
        ("fields", forward.fields, back.fields),
        ("references", forward.references, back.references),
    ):
        if not here and not there:
            code, message = f"relation-{argument}-missing", f"neither of {both} has `{argument}`"
            hint = f"give the foreign key to one of them: `{_example(forward)}`"
        elif here and there:
            code, message = "relation-arguments-both-sides", f"{both} both have `{argument}`: one foreign key is enough"
            hint = "keep `fields` and `references` on the side whose table shall have the column"
        else:
            continue
        for field in (forward, back):
            draft.findings.error(code, field.node.span, message, hint)
    here_acts = forward.on_delete or forward.on_update
    if not (back.on_delete or back.on_update):
        return
    for field in (forward, back) if here_acts else (back,):
        draft.findings.error(
            "relation-action-both-sides" if here_acts else "relation-action-wrong-side",
            field.node.span,
            f"{both} both have `onDelete` or `onUpdate`: one foreign key has one set of actions"
            if here_acts
            else f"{side(back)} has `onDelete` or `onUpdate`, but the foreign key is on {side(forward)}",
            f"keep them on {side(forward)}",
        )


def _unique(draft: Draft, forward: DraftRelationField, uniques: Uniques) -> None:
    fields = forward.fields
    if fields is None or uniques.has(forward.owner, fields):
        return
    names = [each.name for each in fields]
    if len(names) == 1:
        hint = f"add `@unique`: `{declared(fields[0])} @unique`"
    else:
        hint = f"add `@@unique([{', '.join(names)}])` to `{forward.owner.name}`"
    draft.findings.error(
        "relation-one-to-one-unique",
        forward.node.span,
        f"{side(forward)} is one-to-one, but its foreign key {quoted(names) if names else ''} is not unique",
        f"{hint}; or make the opposite field a list, `{forward.owner.name}[]`",
    )


def _mixed_up(draft: Draft, forward: DraftRelationField, back: DraftRelationField) -> None:
    """What is told only about a schema without any other error; each of them may add one, so each looks again."""
    if forward.fields and back.references:
        _split(draft, forward, back, (forward, back))
    if forward.references and back.fields:
        _split(draft, back, forward, (forward,))
    if not draft.findings.has_errors and back.arity == "required":
        draft.findings.error(
            "relation-one-to-one-required",
            back.node.span,
            f"{side(back)} is required, but no constraint can make PostgreSQL hold to it: the foreign key is on "
            f"{side(forward)}",
            f"make it optional: `{back.name} {back.target.name}?`",
        )
    given = back.fields is not None or back.references is not None
    if not draft.findings.has_errors and forward.arity == "required" and given:
        draft.findings.error(
            "relation-arguments-wrong-side",
            back.node.span,
            f"{side(back)} has `fields` or `references`, but {side(forward)} is the required one and has to hold the "
            f"foreign key",
            f"move them to {side(forward)}, or make {side(forward)} optional",
        )


def _split(
    draft: Draft, one: DraftRelationField, other: DraftRelationField, places: tuple[DraftRelationField, ...]
) -> None:
    for field in places:
        draft.findings.error(
            "relation-arguments-split",
            field.node.span,
            f"{side(one)} has `fields` and {side(other)} has `references`: both belong to the same side",
            f"move `references` to {side(one)}",
        )


def _example(field: DraftRelationField) -> str:
    """How the attribute of a side with the foreign key looks, with what is there already kept."""
    key = field.target.primary_key
    references = field.references or ([each.field for each in key.fields] if key is not None else [])
    there = [each.name for each in references] or ["id"]
    here = [each.name for each in field.fields or ()] or [
        camel(field.name) + name[:1].upper() + name[1:] for name in there
    ]
    name = f'"{field.relation_name}", ' if field.relation_name else ""
    mark = "?" if field.arity == "optional" else ""
    arguments = f"{name}fields: [{', '.join(here)}], references: [{', '.join(there)}]"
    return f"{field.name} {field.target.name}{mark} @relation({arguments})"
