"""What the relation rules look up about models again and again, each computed once; and words for their messages."""

from collections.abc import Sequence

from pgready.psl.resolve.draft import DraftIndexField, DraftModel, DraftRelationField, DraftScalarField


class Uniques:
    """The unique criteria of models: primary key and unique indexes, as tuples of field names."""

    def __init__(self) -> None:
        self._of: dict[int, tuple[set[tuple[str, ...]], set[tuple[str, ...]]]] = {}

    def has(self, model: DraftModel, fields: Sequence[DraftScalarField]) -> bool:
        """Whether exactly these fields in this order are a criterion."""
        return tuple(each.name for each in fields) in self._criteria(model)[0]

    def has_in_any_order(self, model: DraftModel, fields: Sequence[DraftScalarField]) -> bool:
        """Whether exactly these fields are a criterion."""
        return tuple(sorted(each.name for each in fields)) in self._criteria(model)[1]

    def first_strict(self, model: DraftModel) -> list[DraftScalarField]:
        """The fields of the first criterion that can identify a row: none optional, none unsupported; [] if none."""
        for fields in _all(model):
            columns = [_leaf(each) for each in fields]
            if all(each.arity != "optional" and each.type.unsupported is None for each in columns):
                return columns
        return []

    def _criteria(self, model: DraftModel) -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
        found = self._of.get(id(model))
        if found is None:
            ordered = {tuple(_leaf(each).name for each in fields) for fields in _all(model)}
            found = self._of[id(model)] = (ordered, {tuple(sorted(names)) for names in ordered})
        return found


def _all(model: DraftModel) -> list[list[DraftIndexField]]:
    keys = [] if model.primary_key is None else [model.primary_key.fields]
    return keys + [index.fields for index in model.indexes if index.kind == "unique"]


def _leaf(field: DraftIndexField) -> DraftScalarField:
    return field.path[-1] if field.path else field.field


def side(field: DraftRelationField) -> str:
    """`Post.author`, in backticks."""
    return f"`{field.owner.name}.{field.name}`"


def declared(field: DraftScalarField) -> str:
    """The name and type of a field as its line begins: `email String?`."""
    kind = field.node.type
    return f"{field.name} {'' if kind is None else kind.span.text}"


def camel(name: str) -> str:
    """A field's name made of a model's: `UserGroup` → `userGroup`."""
    return name[:1].lower() + name[1:]
