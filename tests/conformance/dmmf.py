"""A `Schema` as Prisma's DMMF writes it: the `datamodel` part of what the parsers answer, key for key.

DMMF hides what clients do not see: ignored models and fields, `Unsupported` fields. It knows no `where` of an index, no
effective referential actions and no database names that are not written down; tests hold those to account elsewhere.
"""

import base64
import re
from decimal import Decimal
from typing import Any

from pgready.psl.schema import (
    DatabaseDefault,
    Default,
    Enum,
    EnumDefault,
    FunctionDefault,
    Index,
    IndexField,
    ListDefault,
    LiteralDefault,
    Model,
    PrimaryKey,
    RelationField,
    ScalarField,
    Schema,
)


def render(schema: Schema) -> dict[str, Any]:
    """The datamodel as Python's JSON reader gives it."""
    models = [model for model in (*schema.models, *schema.views) if not model.is_ignored]
    return {
        "enums": [_enum(enum) for enum in schema.enums],
        "models": [_model(model) for model in models],
        "types": [],
        "indexes": [index for model in models for index in _indexes(model)],
    }


def _enum(enum: Enum) -> dict[str, Any]:
    values = [
        {"name": value.name, "dbName": value.mapped_name} | _given(documentation=value.documentation)
        for value in enum.values
    ]
    return {"name": enum.name, "values": values, "dbName": enum.mapped_name} | _given(documentation=enum.documentation)


def _model(model: Model) -> dict[str, Any]:
    key = model.primary_key
    uniques = [index for index in model.uniques if not index.is_on_field]
    owned = {name for field in model.relation_fields for name in field.fields}
    return {
        "name": model.name,
        "dbName": model.mapped_name,
        "schema": model.schema,
        "fields": [
            _relation_field(field) if isinstance(field, RelationField) else _scalar_field(model, field, owned)
            for field in model.fields
            if not field.is_ignored and not (isinstance(field, ScalarField) and field.kind == "unsupported")
        ],
        "primaryKey": None if key is None or key.is_on_field else {"name": key.name, "fields": list(key.field_names)},
        "uniqueFields": [list(index.field_names) for index in uniques],
        "uniqueIndexes": [{"name": index.name, "fields": list(index.field_names)} for index in uniques],
        "isGenerated": False,
    } | _given(documentation=model.documentation)


def _scalar_field(model: Model, field: ScalarField, owned: set[str]) -> dict[str, Any]:
    is_id = model.primary_key is not None and model.primary_key.field_names == (field.name,)
    # A second, partial unique index on the field makes Prisma forget the whole one.
    alone = [index for index in model.indexes if index.is_unique and index.field_names == (field.name,)]
    is_unique = not is_id and bool(alone) and all(index.where is None for index in alone)
    native = field.native_type
    return (
        _field(field, "enum" if field.kind == "enum" else "scalar", field.type)
        | {
            "isUnique": is_unique,
            "isId": is_id,
            "isReadOnly": field.name in owned,
            "hasDefaultValue": field.default is not None,
            "nativeType": None if native is None else [native.name, list(native.arguments)],
            "isUpdatedAt": field.is_updated_at,
        }
        | _given(dbName=field.mapped_name)
        | ({} if field.default is None else {"default": _default(field.default, field.type)})
    )


def _relation_field(field: RelationField) -> dict[str, Any]:
    return _field(field, "object", field.model) | {
        "relationName": field.relation,
        "relationFromFields": list(field.fields),
        "relationToFields": list(field.references),
        **_given(relationOnDelete=field.on_delete, relationOnUpdate=field.on_update),
    }


def _field(field: ScalarField | RelationField, kind: str, type_name: str) -> dict[str, Any]:
    return {
        "name": field.name,
        "kind": kind,
        "isList": field.is_list,
        "isRequired": not field.is_optional,
        "isUnique": False,
        "isId": False,
        "isReadOnly": False,
        "hasDefaultValue": False,
        "type": type_name,
        "nativeType": None,
        "isGenerated": False,
        "isUpdatedAt": False,
    } | _given(documentation=field.documentation)


def _indexes(model: Model) -> list[dict[str, Any]]:
    found = []
    if model.primary_key is not None:
        found.append(_index(model, model.primary_key, "id"))
    for index in model.indexes:
        kind = "unique" if index.is_unique else "normal"
        found.append(_index(model, index, kind) | _given(algorithm=index.algorithm))
    return found


def _index(model: Model, index: Index | PrimaryKey, kind: str) -> dict[str, Any]:
    return {
        "model": model.name,
        "type": kind,
        "isDefinedOnField": index.is_on_field,
        "fields": [_index_field(field) for field in index.fields],
    } | _given(name=index.name, dbName=index.mapped_name)


def _index_field(field: IndexField) -> dict[str, Any]:
    sort = None if field.sort is None else field.sort.lower()
    return {"name": field.name} | _given(sortOrder=sort, operatorClass=field.operator_class)


def _default(default: Default, type_name: str) -> Any:
    match default:
        case LiteralDefault(value):
            return _literal(value, type_name)
        case EnumDefault(value):
            return value
        case ListDefault(values):
            return [_default(value, type_name) for value in values]
        case FunctionDefault(name, arguments):
            return {"name": name, "args": list(arguments)}
        case DatabaseDefault(expression):
            return {"name": "dbgenerated", "args": [] if expression is None else [expression]}


def _literal(value: str | bool | int | Decimal | bytes, type_name: str) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Decimal):
        return _double(value)
    if type_name == "BigInt":
        return str(value)
    return _rfc3339(value) if type_name == "DateTime" and isinstance(value, str) else value


def _double(value: Decimal) -> float:
    """As Prisma converts it: the digits times a power of ten, itself a product of powers, so rounded several times."""
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or len(digits) > 308:
        return float(value)
    base, power, rest = 10.0, 1.0, abs(exponent)
    while True:
        if rest & 1:
            power *= base
        rest >>= 1
        if not rest:
            break
        base *= base
    number = float(int("".join(map(str, digits)))) * (1 / power if exponent < 0 else power)
    return -number if sign else number


def _rfc3339(text: str) -> str:
    """A point in time in the one spelling that DMMF uses: capital T, `+00:00`, 0, 3, 6 or 9 digits of a second."""
    date, rest = text[:10], text[11:]
    time, fraction, offset = re.fullmatch(r"([0-9:]{8})(?:\.([0-9]+))?(.+)", rest).groups()  # type: ignore[union-attr]
    digits = (fraction or "")[:9].rstrip("0")
    digits = digits.ljust(-(-len(digits) // 3) * 3, "0")
    offset = "+00:00" if offset in ("Z", "z") else offset.replace("\u2212", "-")
    return f"{date}T{time}{'.' + digits if digits else ''}{'+00:00' if offset == '-00:00' else offset}"


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
