"""Relations: whether two fields make one, and whether it can stand in PostgreSQL.

`ambiguous` comes first: where fields cannot be told apart, nothing else about the schema can be said. `check` comes
last of all checks: some of its rules hold only for a schema without any other error, so that one mistake is told once.
"""

from pgready.psl.check import relations_fields, relations_many, relations_sides
from pgready.psl.check.constraint_names import ForeignKeyNames
from pgready.psl.check.relations_cycles import Cascades
from pgready.psl.check.relations_names import Uniques, declared
from pgready.psl.resolve.draft import Draft, DraftRelation, ScalarType
from pgready.psl.resolve.relations import quoted

ambiguous = relations_fields.ambiguous


def check(draft: Draft) -> None:
    """Report what is wrong with each relation field and each relation."""
    relations_fields.check(draft)
    uniques, names, cascades = Uniques(), ForeignKeyNames(draft), Cascades(draft)
    for relation in draft.relations:
        if relation.kind == "many-to-many":
            relations_many.check(draft, relation)
        elif relation.kind == "embedded-many-to-many":
            relations_many.check_embedded(draft, relation)
        else:
            cascades.check(relation)
            _check_inline(draft, relation, uniques)
            names.check(relation)
            relations_sides.check(draft, relation, uniques)


def _check_inline(draft: Draft, relation: DraftRelation, uniques: Uniques) -> None:
    _references_are_unique(draft, relation, uniques)
    _same_length(draft, relation)
    _arity(draft, relation)
    _types(draft, relation, uniques)
    _set_null(draft, relation)


def _references_are_unique(draft: Draft, relation: DraftRelation, uniques: Uniques) -> None:
    field, target = relation.field_a, relation.model_b
    if field is None or not field.references:
        return
    if uniques.has_in_any_order(target, field.references):
        if draft.datasource is None and not uniques.has(target, field.references):
            draft.findings.error(
                "relation-references-not-unique",
                field.node.span,
                f"`{field.owner.name}.{field.name}` refers to what is unique, but in another order",
                'write the fields in its order, or add `datasource db { provider = "postgresql" }`',
            )
        return
    names = [each.name for each in field.references]
    if len(names) == 1:
        hint = f"add `@unique` to the field: `{declared(field.references[0])} @unique`"
    else:
        hint = f"add `@@unique([{', '.join(names)}])` to {target.node.kind} `{target.name}`"
    draft.findings.error(
        "relation-references-not-unique",
        field.node.span,
        f"`{field.owner.name}.{field.name}` refers to {quoted(names)} of `{target.name}`, which "
        f"{'is' if len(names) == 1 else 'together are'} not unique: PostgreSQL can refer only to what is",
        hint,
    )


def _same_length(draft: Draft, relation: DraftRelation) -> None:
    field = relation.field_a
    if field is None or field.fields is None or field.references is None or field.attribute is None:
        return
    here, there = len(field.fields), len(field.references)
    if here != there:
        draft.findings.error(
            "relation-length-mismatch",
            field.attribute.span,
            f"`{field.owner.name}.{field.name}` has {here} in `fields` and {there} in `references`",
            "name as many fields in one as in the other: they are paired in their order",
        )


def _arity(draft: Draft, relation: DraftRelation) -> None:
    field = relation.field_a
    if field is None or field.arity != "required" or not field.fields:
        return
    optional = [each.name for each in field.fields if each.arity == "optional"]
    if optional:
        model = field.target.name
        draft.findings.error(
            "relation-arity",
            field.node.span,
            f"`{field.owner.name}.{field.name}` is required, but {quoted(optional)} behind it may be missing",
            f"make the relation optional, `{field.name} {model}?`, or the column required",
        )


def _types(draft: Draft, relation: DraftRelation, uniques: Uniques) -> None:
    field = relation.field_a
    if field is None or not field.fields:
        return
    references = field.references
    if references is None:
        references = uniques.first_strict(relation.model_b)
    for here, there in zip(field.fields, references, strict=False):
        if _same_type(here.type, there.type):
            continue
        draft.findings.error(
            "relation-type-mismatch",
            field.node.span,
            f"`{field.owner.name}.{here.name}` is of type `{_type(here.type)}`, but what it refers to, "
            f"`{relation.model_b.name}.{there.name}`, is of type `{_type(there.type)}`",
            f"give both the same type: `{here.name} {_type(there.type)}{'?' if here.arity == 'optional' else ''}`",
        )


def _same_type(one: ScalarType, other: ScalarType) -> bool:
    return (
        one.scalar == other.scalar
        and one.enum is other.enum
        and one.composite is other.composite
        and one.unsupported == other.unsupported
    )


def _type(held: ScalarType) -> str:
    if held.scalar is not None:
        return held.scalar
    if held.enum is not None:
        return held.enum.name
    return held.composite.name if held.composite is not None else f'Unsupported("{held.unsupported}")'


def _set_null(draft: Draft, relation: DraftRelation) -> None:
    """SetNull on a column that must not be null: PostgreSQL takes the table, and fails when the action runs."""
    field = relation.field_a
    if field is None or (field.fields is not None and all(each.arity != "required" for each in field.fields)):
        return
    required = [each.name for each in field.fields or () if each.arity == "required"]
    datasource = draft.datasource
    for argument, given in (("onDelete", field.on_delete), ("onUpdate", field.on_update)):
        if given is None or given[0] != "SetNull":
            continue
        what = quoted(required) if required else "the columns behind it"
        message = f"`{argument}: SetNull` of `{field.owner.name}.{field.name}` would set {what} to NULL, but "
        message += "they are required" if len(required) != 1 else "it is required"
        hint = "choose another action, or make the columns optional with `?`"
        if datasource is not None and datasource.relation_mode == "foreignKeys":
            draft.findings.warning("relation-set-null-required", field.node.span, message, hint)
        else:
            draft.findings.error("relation-set-null-emulated", field.node.span, message, hint)
