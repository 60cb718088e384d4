"""Pydantic models of a whole schema, as the files of a package: what an API reads, creates and updates.

`…Read` has every column, from a mapped object as well. `…Create` has what a caller may say: nothing that the database
or the client makes of its own accord (`autoincrement()`, `now()`, `uuid()`, `@updatedAt`, `dbgenerated()`). `…Update`
has the same without the key, and all of it may be left out: `model_dump(exclude_unset=True)` says what was given.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

from pgready.codegen.enums import enum_class
from pgready.codegen.layout import Group, Node, call, docstring, listed, quoted, statement
from pgready.codegen.layout import keyword as given
from pgready.codegen.module import Module, Scope, export_order
from pgready.codegen.names import apart, file_names
from pgready.codegen.pydantic_types import INTEGERS, annotation
from pgready.codegen.source import SourceFile
from pgready.codegen.sqlalchemy_names import Names, has_class, is_split, names_of
from pgready.codegen.sqlalchemy_values import json_value, list_factory, python_default
from pgready.psl.schema import (
    DatabaseDefault,
    EnumDefault,
    FunctionDefault,
    ListDefault,
    LiteralDefault,
    Model,
    ScalarField,
    Schema,
)

PROVIDER = "pgready-pydantic"
_Kind: TypeAlias = Literal["Read", "Create", "Update"]
_TAKEN = frozenset({"construct", "copy", "dict", "from_orm", "json", "parse_file", "parse_obj", "parse_raw", "schema"})
_RESERVED = _TAKEN | {"schema_json", "update_forward_refs", "validate", "self"}
_OWN = frozenset({"Shape", "Input", "unset", *(name for name, _ in INTEGERS.values())})


def pydantic_files(schema: Schema, enums: str | None = None) -> tuple[SourceFile, ...]:
    """The package of a valid schema, its files by name; `enums` is a module to take the enums from."""
    return _Package(schema, enums).files()


class _Package:
    def __init__(self, schema: Schema, enums: str | None) -> None:
        self._schema = schema
        self._names: Names = names_of(schema)
        self._enums = {name: replace(one, source=enums or "") for name, one in self._names.enums.items()}
        self._has_enums = bool(schema.enums) and enums is None
        wanted = {
            f"{model.name} {kind}": f"{model.name}{kind}"
            for model in schema.tables_and_views()
            if has_class(model)
            for kind in self._kinds(model)
        }
        enum_names = frozenset(names.class_name for names in self._names.enums.values())
        self._classes = apart(wanted, _OWN | enum_names)
        self._generated = _OWN | frozenset(self._classes.values()) | (enum_names if self._has_enums else frozenset())

    def _kinds(self, model: Model) -> tuple[_Kind, ...]:
        if model.is_view:
            return ("Read",)
        return ("Read", "Create", "Update") if _fields(model, "Update") else ("Read", "Create")

    def files(self) -> tuple[SourceFile, ...]:
        modules = [self._base()]
        exported = {("base", "Input"), ("base", "Shape")}
        if self._has_enums:
            modules.append(self._enum_module())
            exported |= {("enums", names.class_name) for names in self._names.enums.values()}
        for name, models in self._by_module().items():
            module = self._module(name, "What an API reads, creates and updates.")
            for model in models:
                for kind in self._kinds(model):
                    module.add(self._class(model, kind, module))
                    exported.add((name, self._classes[f"{model.name} {kind}"]))
            modules.append(module)
        init = self._module("__init__", "The database of this schema as Pydantic models.")
        scope = init.scope()
        names = sorted((scope.generated(module, name) for module, name in exported), key=export_order)
        init.add(statement("__all__ = ", listed([quoted(name) for name in names])), is_block=False)
        return tuple(sorted([one.file(PROVIDER) for one in (*modules, init)], key=lambda one: one.path))

    def _module(self, name: str, documentation: str) -> Module:
        return Module(name, documentation, self._generated)

    def _by_module(self) -> dict[str, list[Model]]:
        mapped = [model for model in self._schema.tables_and_views() if has_class(model)]
        schemas = {model.schema or "": model.schema or "" for model in mapped}
        if not is_split(self._schema) or len(schemas) < 2:
            schemas = {"": "shapes"}
            mapped_to = dict.fromkeys((model.name for model in mapped), "")
        else:
            mapped_to = {model.name: model.schema or "" for model in mapped}
        files = file_names(schemas, ("base", "enums", *self._generated))
        found: dict[str, list[Model]] = {}
        for model in mapped:
            found.setdefault(files[mapped_to[model.name]], []).append(model)
        return found

    # -- base and enums ------------------------------------------------------------------------------------------------

    def _base(self) -> Module:
        module = self._module("base", "What all shapes inherit.")
        scope = module.scope()
        base, config = scope.name("pydantic", "BaseModel"), scope.name("pydantic", "ConfigDict")
        field, annotated = scope.name("pydantic", "Field"), scope.name("typing", "Annotated")
        anything = scope.name("typing", "Any")
        for name, bits in INTEGERS.values():
            limits = f"{field}(ge=-(2**{bits - 1}), lt=2**{bits - 1})"
            module.add(f"{name} = {annotated}[{scope.builtin('int')}, {limits}]", is_block=False)
        shape = call(
            config,
            "from_attributes=True",
            "populate_by_name=True",
            "protected_namespaces=()",
            'ser_json_bytes="base64"',
            'val_json_bytes="base64"',
        )
        module.add(
            f"def unset() -> {anything}:\n"
            f'    """The default of what may be left out: null is no value of its type."""\n'
            f"    return {field}(default=None)"
        )
        module.add(
            f'class Shape({base}):\n    """Of a mapped object, of a dict or of JSON; bytes are base64 in JSON."""\n\n'
            + statement("model_config = ", shape, 4)
        )
        module.add(
            f'class Input(Shape):\n    """What comes in: unknown fields are refused."""\n\n'
            f'    model_config = {config}(extra="forbid")'
        )
        return module

    def _enum_module(self) -> Module:
        module = self._module("enums", "The enums.")
        for enum in self._schema.enums:
            module.add(enum_class(enum, self._enums[enum.name], module.scope()))
        return module

    # -- shapes --------------------------------------------------------------------------------------------------------

    def _class(self, model: Model, kind: _Kind, module: Module) -> str:
        fields = _fields(model, kind)
        attributes = {field.name: self._names.attributes[model.name][field.name] for field in fields}
        names = apart(attributes, _RESERVED)
        scope = module.scope(names.values())
        base = module.scope().generated("base", "Shape" if kind == "Read" else "Input")
        lines = [f"class {self._classes[f'{model.name} {kind}']}({base}):"]
        if said := docstring(model.documentation or "", 4):
            lines += [said, ""]
        for field in fields:
            lines.append(self._field(names[field.name], attributes[field.name], field, kind, scope))
            if said := docstring(field.documentation or "", 4):
                lines.append(said)
        if not fields:
            if not model.documentation:
                lines.append('    """Nothing that a caller could say."""')
            elif lines[-1] == "":
                lines.pop()
        return "\n".join(lines)

    def _field(self, name: str, attribute: str, field: ScalarField, kind: _Kind, scope: Scope) -> str:
        before = f"{name}: {annotation(field, scope, self._enums, is_input=kind != 'Read')}"
        default = self._default(field, kind, scope)
        if name != attribute:
            items: list[Node] = [f"alias={quoted(attribute)}", *default]
            return statement(f"{before} = ", call(scope.name("pydantic", "Field"), *items), 4)
        if not default:
            return statement(before, "", 4)
        if kind == "Update":
            return statement(f"{before} = ", call(scope.generated("base", "unset")), 4)
        (only,) = default
        if isinstance(only, str) and only.startswith("default="):
            return statement(f"{before} = ", only.removeprefix("default="), 4)
        if isinstance(only, Group) and only.open.startswith("default="):
            return statement(f"{before} = ", Group(only.open.removeprefix("default="), only.items, only.close), 4)
        return statement(f"{before} = ", call(scope.name("pydantic", "Field"), only), 4)

    def _default(self, field: ScalarField, kind: _Kind, scope: Scope) -> list[Node]:
        if kind == "Read":
            return []
        if kind == "Update":
            return ["default=None"]
        default = field.default
        factory: Node | None = None
        if isinstance(default, ListDefault):
            factory = list_factory(field, default, scope, self._enums)
            factory = None if factory == scope.builtin("list") else factory
        elif isinstance(default, LiteralDefault) and field.type == "Json" and isinstance(default.value, str):
            factory = _json_factory(default.value, scope)
        elif isinstance(default, LiteralDefault | EnumDefault):
            return [given("default", python_default(field, default, scope, self._enums) or "None")]
        if factory is not None:
            return [given("default_factory", factory)]
        if field.is_list:
            return [f"default_factory={annotation(field, scope, self._enums, is_input=False)}"]
        return ["default=None"] if field.is_optional else []


def _json_factory(text: str, scope: Scope) -> Node | None:
    """As for mapped classes, but that type checkers are told what an empty container holds, and no more than that."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    if value == {}:
        return f"{scope.builtin('dict')}[{scope.builtin('str')}, {scope.name('pydantic', 'JsonValue')}]"
    if value == []:
        return f"{scope.builtin('list')}[{scope.name('pydantic', 'JsonValue')}]"
    if isinstance(value, dict | list):
        return f"lambda: {scope.name('json', 'loads')}({quoted(text)})"
    return f"lambda: {json_value(value)}"


def _fields(model: Model, kind: _Kind) -> Sequence[ScalarField]:
    found = [field for field in model.scalar_fields if field.kind != "unsupported" and not field.is_ignored]
    if kind == "Read":
        return found
    key = model.primary_key.field_names if model.primary_key else ()
    found = [field for field in found if not _is_made(field)]
    return found if kind == "Create" else [field for field in found if field.name not in key]


def _is_made(field: ScalarField) -> bool:
    """Whether the database or the client makes the value of its own accord."""
    return field.is_updated_at or isinstance(field.default, FunctionDefault | DatabaseDefault)
