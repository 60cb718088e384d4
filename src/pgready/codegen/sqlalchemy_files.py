"""SQLAlchemy models of a whole schema, as the files of a package.

`base` has the declarative base, `enums` the enums and their types, `tables` what has no class (join tables of implicit
many-to-many relations, ignored models), a module for each database schema the models; `__init__` has all of it. The
modules of models import each other for type checkers only, so that relations may go in circles.
"""

from __future__ import annotations

from dataclasses import replace

from pgready.catalog.type_names import SYSTEM_TYPES
from pgready.codegen.circles import in_circles
from pgready.codegen.enums import enum_class
from pgready.codegen.layout import Group, Node, call, docstring, listed, quoted, statement, tupled
from pgready.codegen.layout import keyword as given
from pgready.codegen.module import Module, Scope, export_order
from pgready.codegen.source import SourceFile
from pgready.codegen.sqlalchemy_columns import Place, attribute
from pgready.codegen.sqlalchemy_names import Names, has_class, is_mapped, is_split, join_key, names_of
from pgready.codegen.sqlalchemy_relations import Relations
from pgready.codegen.sqlalchemy_tables import join_table, place_of, plain_table, table_args
from pgready.diff.schema_side import side_of_schema
from pgready.diff.sides import Column, Table
from pgready.psl.schema import Enum, Model, RelationField, ScalarField, Schema
from pgready.sql.names import quote_ident, truncate_63

PROVIDER = "pgready-sqlalchemy"
_PUBLIC = "public"


def sqlalchemy_files(schema: Schema) -> tuple[SourceFile, ...]:
    """The package of a valid schema, its files by name."""
    return _Package(schema).files()


class _Package:
    def __init__(self, schema: Schema) -> None:
        self._side = side_of_schema(schema)
        self._circles = in_circles(self._side.tables)
        # A view is described as a table is, and made nowhere.
        seen = replace(schema, models=(*schema.models, *schema.views), views=())
        tables = side_of_schema(seen).tables
        self._tables = dict(zip([model.name for model in seen.models], tables, strict=False))
        joined = [relation for relation in schema.relations if relation.join_table is not None]
        self._join_tables = dict(zip(map(join_key, joined), tables[len(seen.models) :], strict=True))
        self._schema = schema = schema if is_split(schema) else _without_hidden_enums(schema)
        self._names: Names = names_of(schema)
        self._relations = Relations(schema, self._names)
        # Names of a schema that lists no database schemas are written without any.
        self._default = None if is_split(schema) else _PUBLIC

    def files(self) -> tuple[SourceFile, ...]:
        modules = [self._base()]
        if self._schema.enums:
            modules.append(self._enums())
        if self._names.tables:
            modules.append(self._plain_tables())
        by_module: dict[str, list[Model]] = {}
        for model in self._schema.tables_and_views():
            if has_class(model):
                by_module.setdefault(self._names.modules[model.name], []).append(model)
        modules += [self._models(name, models) for name, models in by_module.items()]
        found = [module.file(PROVIDER) for module in modules]
        return tuple(sorted([*found, self._init(by_module)], key=lambda one: one.path))

    def _module(self, name: str, documentation: str) -> Module:
        return Module(name, documentation, self._names.generated)

    # -- base, enums, tables -------------------------------------------------------------------------------------------

    def _base(self) -> Module:
        module = self._module("base", "What all models inherit.")
        scope = module.scope()
        declarative = scope.name("sqlalchemy.orm", "DeclarativeBase")
        metadata = f'{scope.sa("MetaData")}(naming_convention={{"pk": "%(table_name)s_pkey"}})'
        module.add(
            f"class Base({scope.orm('Record')}, {declarative}):\n"
            f'    """Models: one registry, one MetaData, constructors of keywords."""\n\n'
            f"    metadata = {metadata}\n"
            f"    type_annotation_map = {scope.orm('TYPES')}"
        )
        for made in self._before_create(scope):
            module.add(statement(f"{scope.name('sqlalchemy', 'event')}.listen", made), is_block=False)
        if any(map(has_class, self._schema.views)):
            module.add(
                f"class View({scope.orm('ViewRecord')}, {declarative}):\n"
                f'    """Views: read, never written, and no business of Base.metadata.create_all."""\n\n'
                f"    registry = Base.registry\n"
                f"    metadata = {scope.sa('MetaData')}()"
            )
        return module

    def _before_create(self, scope: Scope) -> list[Group]:
        """What create_all needs to be there first: the schemas that something is in, and extensions."""
        made: list[Node] = []
        if self._default is None:
            used = {table.name.schema for table in self._side.tables} | {enum.name.schema for enum in self._side.enums}
            made += [
                call(f"{scope.sa('schema')}.CreateSchema", quoted(one), "if_not_exists=True") for one in sorted(used)
            ]
        for extension in self._side.extensions:
            where = f" SCHEMA {quote_ident(extension.schema)}" if extension.schema else ""
            version = f" VERSION {quote_ident(extension.version)}" if extension.version else ""
            sql = f"CREATE EXTENSION IF NOT EXISTS {quote_ident(extension.name)}{where}{version}"
            made.append(call(scope.orm("ddl"), quoted(sql)))
        return [tupled(["Base.metadata", '"before_create"', one]) for one in made]

    def _enums(self) -> Module:
        module = self._module("enums", "The enums and their types in the database.")
        scope = module.scope()
        for enum in self._schema.enums:
            names = self._names.enums[enum.name]
            module.add(enum_class(enum, names, scope))
            module.add(statement(f"{names.type_name} = ", self._enum_type(enum, module)), is_block=False)
        return module

    def _enum_type(self, enum: Enum, module: Module) -> Node:
        scope, names = module.scope(), self._names.enums[enum.name]
        items: list[Node] = [names.class_name, f"name={quoted(truncate_63(enum.database_name))}"]
        schema = enum.schema if self._default is None else None
        if schema is None and enum.database_name in SYSTEM_TYPES:
            schema = _PUBLIC
        if schema is not None:
            items.append(f"schema={quoted(schema)}")
        labels: list[Node] = [
            f"{quoted(names.members[value.name])}: {quoted(value.database_name)}"
            for value in enum.values
            if value.database_name != names.members[value.name]
        ]
        if labels:
            items.append(given("labels", Group("{", tuple(labels), "}")))
        items.append(f"metadata={scope.generated('base', 'Base')}.metadata")
        return call(scope.orm("enum_type"), *items)

    def _plain_tables(self) -> Module:
        module = self._module("tables", "Tables without a class: join tables of relations, ignored models.")
        for model in self._schema.models:
            if model.is_ignored:
                table = self._tables[model.name]
                place = place_of(table, module.scope(), self._names.enums, self._default, self._circles)
                variable = self._names.tables[model.name]
                module.add(plain_table(variable, table, model, place), is_block=False)
        for relation in self._schema.relations:
            join = relation.join_table
            if join is not None:
                table = self._join_tables[join_key(relation)]
                place = place_of(table, module.scope(), self._names.enums, self._default, self._circles)
                ids = [
                    self._schema.model(relation.model_a).scalar(join.id_a),
                    self._schema.model(relation.model_b).scalar(join.id_b),
                ]
                module.add(join_table(self._names.tables[join_key(relation)], table, ids, place), is_block=False)
        return module

    # -- models --------------------------------------------------------------------------------------------------------

    def _models(self, name: str, models: list[Model]) -> Module:
        schemas = sorted({model.schema for model in models if model.schema is not None})
        told = f"The models of the database schema {schemas[0]}." if len(schemas) == 1 else "The models."
        module = self._module(name, told)
        for model in models:
            module.add(self._class(model, module))
        return module

    def _class(self, model: Model, module: Module) -> str:
        attributes = self._names.attributes[model.name]
        table, scope = self._tables[model.name], module.scope(attributes.values())
        place = place_of(table, scope, self._names.enums, self._default, self._circles)
        if model.is_view:
            place = replace(place, is_view=True, foreign_keys={})
        base = module.scope().generated("base", "View" if model.is_view else "Base")
        head = [f"class {self._names.classes[model.name]}({base}):"]
        if said := docstring(model.documentation or "", 4):
            head += [said, ""]
        head.append(statement("__tablename__ = ", quoted(truncate_63(table.name.name)), 4))
        columns = {column.name: column for column in table.columns}
        referred = self._referred(model, table)
        body = [
            attribute(
                attributes[field.name], field, columns[field.database_name], place, is_referred=field.name in referred
            )
            for field in model.scalar_fields
        ]
        relations = [
            self._relations.attribute(model, field, scope)
            for field in model.relation_fields
            if is_mapped(self._schema, model, field.name)
        ]
        tail = self._tail(model, table, place)
        parts = ["\n".join(part) for part in (head, body, relations, tail) if part]
        return "\n\n".join(parts)

    def _referred(self, model: Model, table: Table) -> set[str]:
        """The fields that the class's own body speaks of: an annotation alone is no name in it."""
        sorted_down = {column.name for index in table.indexes for column in index.columns if column.sort == "Desc"}
        if table.primary_key is None or model.is_view:
            sorted_down |= {column.name for column in _mapper_key(model, table)}
        found = {field.name for field in model.scalar_fields if field.database_name in sorted_down}
        for field in model.relation_fields:
            if is_mapped(self._schema, model, field.name):
                found |= self._relations.referred(model, field)
        return found

    def _tail(self, model: Model, table: Table, place: Place) -> list[str]:
        names = {field.database_name: self._names.attributes[model.name][field.name] for field in model.scalar_fields}
        if model.is_view:
            table = replace(table, primary_key=None, foreign_keys=(), indexes=())
        said = table_args(table, place, names)
        lines = [] if said is None else [statement("__table_args__ = ", said, 4)]
        if not place.key:
            key = [names[column.name] for column in _mapper_key(model, table)]
            lines.append(statement("__mapper_args__ = ", call(place.scope.orm("keyed_by"), *key), 4))
        return lines

    def _init(self, by_module: dict[str, list[Model]]) -> SourceFile:
        module = self._module("__init__", "The database of this schema as SQLAlchemy models.")
        found = {("base", "Base")}
        if any(map(has_class, self._schema.views)):
            found.add(("base", "View"))
        found |= {("enums", names.class_name) for names in self._names.enums.values()}
        found |= {("tables", variable) for variable in self._names.tables.values()}
        found |= {(name, self._names.classes[model.name]) for name, models in by_module.items() for model in models}
        scope = module.scope()
        exported = sorted((scope.generated(name, one) for name, one in found), key=export_order)
        module.add(statement("__all__ = ", listed([quoted(one) for one in exported])), is_block=False)
        return module.file(PROVIDER)


def _without_hidden_enums(schema: Schema) -> Schema:
    """The schema in which a field of an enum called like one of PostgreSQL's own types is of that type.

    Prisma writes the bare name, and PostgreSQL's own types come first.
    """
    hidden = {enum.name: quote_ident(enum.database_name) for enum in schema.enums if enum.database_name in SYSTEM_TYPES}
    if not hidden:
        return schema

    def shown(field: ScalarField | RelationField) -> ScalarField | RelationField:
        if isinstance(field, ScalarField) and field.kind == "enum" and field.type in hidden:
            return replace(field, kind="unsupported", type=hidden[field.type])
        return field

    models = tuple(replace(model, fields=tuple(map(shown, model.fields))) for model in schema.models)
    return replace(schema, models=models)


def _mapper_key(model: Model, table: Table) -> list[Column]:
    """What tells rows apart where there is no primary key: a unique index, else all columns that can be hashed."""
    columns = {column.name: column for column in table.columns}
    uniques = [[columns[name] for name in model.columns(index.field_names)] for index in model.uniques]
    sure = [found for found in uniques if all(column.arity == "required" for column in found)]
    if sure or uniques:
        return (sure or uniques)[0]
    hashed = [
        column
        for field, column in zip(model.scalar_fields, table.columns, strict=True)
        if not field.is_list and field.kind != "unsupported" and field.type != "Json" and not field.is_ignored
    ]
    return hashed or list(table.columns)
