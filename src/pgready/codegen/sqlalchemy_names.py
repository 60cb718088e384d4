"""What the models, enums and tables of a schema are called in Python, and in which module each of them is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pgready.codegen.enums import EnumNames
from pgready.codegen.names import MEMBERS, apart, attributes, file_names, snake_case
from pgready.psl.schema import Model, Relation, Schema

MODULES = ("base", "enums", "tables")
_ONE = "models"


@dataclass(frozen=True, slots=True)
class Names:
    """Names by the schema's own: classes and their modules, attributes by field, enums, tables without a class.

    `tables` has a variable for each ignored model, by its name, and for each join table, by the relation's sides.
    """

    classes: Mapping[str, str]
    modules: Mapping[str, str]
    attributes: Mapping[str, Mapping[str, str]]
    enums: dict[str, EnumNames]
    tables: Mapping[str, str]
    generated: frozenset[str]


def names_of(schema: Schema) -> Names:
    """The names of a whole schema."""
    mapped = [model for model in schema.tables_and_views() if has_class(model)]
    # Models, enums and the variables beside them meet in the package, so they share one set of names.
    wanted = {f"model {model.name}": model.name for model in mapped}
    wanted |= {f"enum {enum.name}": enum.name for enum in schema.enums}
    classes = apart(wanted, frozenset({"Base", "View"}))
    taken = frozenset({"Base", "View", *classes.values()})
    others = {f"type {enum.name}": f"{snake_case(enum.name)}_type" for enum in schema.enums}
    others |= {f"table {model.name}": snake_case(model.name) for model in schema.models if model.is_ignored}
    others |= {
        f"table {join_key(relation)}": snake_case(relation.join_table.database_name.lstrip("_"))
        for relation in schema.relations
        if relation.join_table is not None
    }
    variables = apart(others, taken)
    enums = {
        enum.name: EnumNames(
            classes[f"enum {enum.name}"],
            variables[f"type {enum.name}"],
            apart({value.name: value.name for value in enum.values}, MEMBERS),
        )
        for enum in schema.enums
    }
    return Names(
        classes={model.name: classes[f"model {model.name}"] for model in mapped},
        modules=_modules(schema, mapped, taken),
        attributes={model.name: _attributes(schema, model) for model in mapped},
        enums=enums,
        tables={key.removeprefix("table "): name for key, name in variables.items() if key.startswith("table ")},
        generated=taken | frozenset(variables.values()),
    )


def join_key(relation: Relation) -> str:
    """What names a many-to-many relation."""
    return f"{relation.model_a}.{relation.field_a}"


def has_class(model: Model) -> bool:
    """Whether the model becomes a class: it is not ignored, and is no view without columns."""
    return not model.is_ignored and bool(model.scalar_fields)


def is_split(schema: Schema) -> bool:
    """Whether the schema lists database schemas, so that everything says which one it is in."""
    return schema.datasource is not None and bool(schema.datasource.schemas)


def is_mapped(schema: Schema, model: Model, field: str) -> bool:
    """Whether a relation field becomes a relationship: nothing of it is ignored."""
    one = next(each for each in model.relation_fields if each.name == field)
    return not one.is_ignored and has_class(model) and has_class(schema.model(one.model))


def _modules(schema: Schema, mapped: list[Model], taken: frozenset[str]) -> dict[str, str]:
    """A module for each database schema that has models, one for all if there is one at most."""
    schemas = {model.schema or "": model.schema or "" for model in mapped}
    if not is_split(schema) or len(schemas) < 2:
        (one,) = file_names({"": _ONE}, (*MODULES, *taken)).values()
        return {model.name: one for model in mapped}
    files = file_names(schemas, (*MODULES, *taken))
    return {model.name: files[model.schema or ""] for model in mapped}


def _attributes(schema: Schema, model: Model) -> dict[str, str]:
    shown = [one.name for one in model.scalar_fields if not one.is_ignored]
    shown += [one.name for one in model.relation_fields if is_mapped(schema, model, one.name)]
    in_order = [one.name for one in model.fields if one.name in set(shown)]
    found = attributes(in_order)
    hidden = {one.name: f"_{snake_case(one.name)}" for one in model.scalar_fields if one.is_ignored}
    return found | apart(hidden)
