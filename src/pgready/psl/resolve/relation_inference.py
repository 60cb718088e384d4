"""Relation fields become relations: which two belong together, of which kind, and which side is A.

Two fields belong together when each leads to the other's model and both have the same explicit name or none. The kind
follows from their arities. A field whose opposite is missing still makes a relation, so that the checks can say so.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Literal, TypeAlias

from pgready.psl.resolve.draft import Action, Draft, DraftModel, DraftRelation, DraftRelationField

Key: TypeAlias = tuple[int, int, str | None]


def infer(draft: Draft) -> None:
    """Fill `draft.relations` and every relation field's `relation`; reports nothing."""
    fields = [field for model in draft.models for field in model.relation_fields]
    by_key: defaultdict[Key, list[DraftRelationField]] = defaultdict(list)
    for field in fields:
        by_key[id(field.owner), id(field.target), field.relation_name].append(field)
    uniques: dict[int, set[tuple[int, ...]]] = {}
    for field in fields:
        opposite = _opposite(field, by_key)
        relation = _one_sided(field, uniques) if opposite is None else _relation(field, opposite)
        if relation is None:
            continue
        draft.relations.append(relation)
        field.relation = relation
        if opposite is not None:
            opposite.relation = relation


def relation_name(field: DraftRelationField) -> str:
    """The explicit name, or `AToB` of the two models in alphabetical order."""
    return field.relation_name or generated_name(field.owner.name, field.target.name)


def generated_name(one: str, other: str) -> str:
    """What Prisma calls a relation between two models that gives no name."""
    return f"{one}To{other}" if one < other else f"{other}To{one}"


def effective_actions(field: DraftRelationField) -> tuple[Action, Action]:
    """What a foreign key does on delete and on update: as given, else Prisma's defaults.

    On delete that is SetNull, but Restrict as soon as one of the columns is required.
    """
    arity = "required" if any(each.arity == "required" for each in field.fields or ()) else field.arity
    on_delete: Action = "Restrict" if arity == "required" else "SetNull"
    return (
        field.on_delete[0] if field.on_delete else on_delete,
        field.on_update[0] if field.on_update else "Cascade",
    )


def _opposite(
    field: DraftRelationField, by_key: defaultdict[Key, list[DraftRelationField]]
) -> DraftRelationField | None:
    for candidate in by_key.get((id(field.target), id(field.owner), field.relation_name), ()):
        if candidate is not field:
            return candidate
    return None


def _relation(field: DraftRelationField, opposite: DraftRelationField) -> DraftRelation | None:
    """The relation as `field` makes it, or None when the opposite field makes it."""
    here, there = field.arity, opposite.arity
    if here == "list":
        if there != "list" or _is_second(field, opposite):
            return None
        embedded = field.fields is not None or opposite.fields is not None
        many: Literal["embedded-many-to-many", "many-to-many"]
        many = "embedded-many-to-many" if embedded else "many-to-many"
        return DraftRelation(many, field.owner, field.target, field, opposite, field.relation_name)
    if there == "list":
        return DraftRelation("one-to-many", field.owner, field.target, field, opposite, field.relation_name)
    if not _makes_one_to_one(field, opposite):
        return None
    return DraftRelation("one-to-one", field.owner, field.target, field, opposite, field.relation_name)


def _one_sided(field: DraftRelationField, uniques: dict[int, set[tuple[int, ...]]]) -> DraftRelation:
    if field.arity == "list":
        return DraftRelation("one-to-many", field.target, field.owner, None, field, field.relation_name)
    kind: Literal["one-to-one", "one-to-many"] = "one-to-many"
    if field.fields is not None:
        if id(field.owner) not in uniques:
            uniques[id(field.owner)] = set(_uniques(field.owner))
        if tuple(id(each) for each in field.fields) in uniques[id(field.owner)]:
            kind = "one-to-one"
    return DraftRelation(kind, field.owner, field.target, field, None, field.relation_name)


def _is_second(field: DraftRelationField, opposite: DraftRelationField) -> bool:
    """Whether `field` is side B of a many-to-many relation: models by name, the fields of one model by name."""
    if field.owner is field.target:
        return field.name > opposite.name
    return field.owner.name > opposite.owner.name


def _makes_one_to_one(field: DraftRelationField, opposite: DraftRelationField) -> bool:
    """Whether `field` is side A: the required one; else the one with `fields`; else the first by name."""
    if field.arity != opposite.arity:
        return field.arity == "required"
    if field.arity == "optional" and (field.fields is not None or opposite.fields is not None):
        return field.fields is not None
    return [field.owner.name, field.name] <= [opposite.owner.name, opposite.name]


def _uniques(model: DraftModel) -> Iterator[tuple[int, ...]]:
    """The fields of every unique index, by identity."""
    for index in model.indexes:
        if index.kind == "unique":
            yield tuple(id((each.path or [each.field])[-1]) for each in index.fields)
