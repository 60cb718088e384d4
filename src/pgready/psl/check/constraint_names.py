"""Names of keys, indexes and foreign keys: short enough, and unique where PostgreSQL and the client need it.

Primary keys and indexes share their names with all others of the schema, a foreign key with those of its table.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pgready.psl import constraint_names, tree
from pgready.psl.check.indexes import label
from pgready.psl.resolve.draft import Draft, DraftIndex, DraftKey, DraftModel, DraftRelation
from pgready.psl.resolve.index_fields import shown
from pgready.psl.source import Span


@dataclass(slots=True)
class _Named:
    """A key, index or foreign key with its name; `model` is where it belongs, `table` whose names it counts among.

    The two differ for a foreign key without a field, which Prisma counts at the other side.
    """

    name: str
    of: DraftKey | DraftIndex | DraftRelation
    model: DraftModel
    table: DraftModel


def check(draft: Draft) -> None:
    """Report names of keys and indexes that are too long or given twice."""
    for model in draft.models:
        if not model.is_view:
            _client_names(draft, model)
    if draft.datasource is not None:
        _lengths(draft)
        _uniqueness(draft)


class ForeignKeyNames:
    """The names of foreign keys, for the rules of relations: they are told relation by relation."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        found = [] if draft.datasource is None else list(_all(draft))
        self._groups = _by_table(found)
        self._of = {id(named.of): named for named in found if isinstance(named.of, DraftRelation)}

    def check(self, relation: DraftRelation) -> None:
        """Report the name of the relation's foreign key if something else of its table has it."""
        named = self._of.get(id(relation))
        if named is not None and len(group := self._groups.get((id(named.model), named.name), ())) > 1:
            _taken(self._draft, named, group)


def key_name(key: DraftKey) -> str:
    """The primary key's name in the database."""
    return key.mapped_name or constraint_names.primary_key(key.owner.database_name)


def index_name(index: DraftIndex) -> str:
    """The index's name in the database."""
    if index.mapped_name:
        return index.mapped_name
    columns = [(each.path or [each.field])[-1].database_name for each in index.fields]
    make = constraint_names.unique if index.kind == "unique" else constraint_names.index
    return make(index.owner.database_name, columns)


def foreign_key_name(relation: DraftRelation) -> str:
    """The name in the database of the foreign key that a 1-1 or 1-n relation makes."""
    field = relation.field_a
    if field is not None and field.mapped_name:
        return field.mapped_name
    columns = [column.database_name for column in (field.fields if field else None) or []]
    return constraint_names.foreign_key(relation.model_a.database_name, columns)


def _lengths(draft: Draft) -> None:
    for model in draft.models:
        if model.is_view:
            continue
        if model.primary_key is not None:
            _length(draft, model.primary_key.mapped_name, model.primary_key.attribute)
        for index in model.indexes:
            _length(draft, index.mapped_name, index.attribute)


def _length(draft: Draft, name: str | None, attribute: tree.Attribute) -> None:
    if name is not None and constraint_names.too_long(name):
        size = len(name.encode("utf-8", "surrogatepass"))
        draft.findings.error(
            "constraint-name-length",
            attribute.span,
            f"the name `{name}` is {size} bytes long, and PostgreSQL keeps {constraint_names.MAX_BYTES}",
            f'for example `map: "{constraint_names.cut(name)}"`',
        )


def _uniqueness(draft: Draft) -> None:
    """Compare all names, and report those of keys and indexes."""
    by_schema: defaultdict[tuple[str | None, str], list[_Named]] = defaultdict(list)
    found = list(_all(draft))
    by_table = _by_table(found)
    for named in found:
        if not isinstance(named.of, DraftRelation):
            schema = named.model.schema[0] if named.model.schema else None
            by_schema[schema, named.name].append(named)
    for group in by_schema.values():
        for named in group if len(group) > 1 else ():
            _taken(draft, named, group)
    for named in found:
        if isinstance(named.of, DraftKey) and len(group := by_table[id(named.model), named.name]) > 1:
            _taken(draft, named, group)


def _by_table(found: list[_Named]) -> defaultdict[tuple[int, str], list[_Named]]:
    groups: defaultdict[tuple[int, str], list[_Named]] = defaultdict(list)
    for named in found:
        groups[id(named.table), named.name].append(named)
    return groups


def _all(draft: Draft) -> Iterator[_Named]:
    for model in draft.models:
        if key := model.primary_key:
            yield _Named(key_name(key), key, model, model)
        for index in model.indexes:
            yield _Named(index_name(index), index, model, model)
    for relation in draft.relations:
        if relation.kind in ("one-to-one", "one-to-many"):
            table = relation.model_b if relation.field_a is None else relation.model_a
            yield _Named(foreign_key_name(relation), relation, relation.model_a, table)


def _taken(draft: Draft, named: _Named, group: Sequence[_Named]) -> None:
    if named.model.is_view:
        return
    other = next(each for each in group if each is not named)
    span, place = _where(named), _where(other)
    line = f"line {place.source.position(place.start)[0]}" if span.source is place.source else place.where()
    draft.findings.error(
        "constraint-name-taken",
        span,
        f"{_what(named)} of {shown(named.model)} is called `{named.name}` in the database, and so is {_what(other)} of "
        f"{shown(other.model)}, {line}",
        'remove one of them if they are the same; otherwise give one a name of its own: `map: "…"`',
    )


def _what(named: _Named) -> str:
    if isinstance(named.of, DraftKey):
        return "the primary key"
    if isinstance(named.of, DraftIndex):
        return label(named.of)
    field = named.of.field_a
    return f"the foreign key of `{field.name}`" if field else f"the foreign key to `{named.of.model_b.name}`"


def _where(named: _Named) -> Span:
    """Where a finding about the name stands: at the argument that gives it, if any."""
    if isinstance(named.of, DraftKey):
        return _span(named.of.attribute, "map")
    if isinstance(named.of, DraftIndex):
        return _span(named.of.attribute, "map", "name")
    field = named.of.field_a
    if field is None:
        return named.of.model_b.node.span
    attributes = [each for each in field.node.attributes if each.name.text == "relation"]
    return next((found for each in attributes if (found := _argument(each, "map"))), field.node.span)


def _span(attribute: tree.Attribute, *arguments: str) -> Span:
    return next((found for each in arguments if (found := _argument(attribute, each))), attribute.span)


def _argument(attribute: tree.Attribute, name: str) -> Span | None:
    items = attribute.arguments.items
    return next((each.span for each in items if each.name is not None and each.name.text == name), None)


def _client_names(draft: Draft, model: DraftModel) -> None:
    """`name:` of `@@id` and `@@unique`, which the client uses, must be the only one in the model."""
    named: list[DraftKey | DraftIndex] = [model.primary_key] if model.primary_key else []
    named += model.indexes
    counts = Counter(each.name for each in named if each.name is not None)
    for each in named:
        if each.name is not None and counts[each.name] > 1:
            draft.findings.error(
                "client-name-repeated",
                _span(each.attribute, "name"),
                f"the name `{each.name}` of `@@{each.attribute.name.text}` is given more than once in {shown(model)}",
                "give each its own name",
            )
