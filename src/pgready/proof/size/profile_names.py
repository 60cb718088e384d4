"""A profile's names held against a database: tables, columns and the labels of enums, each told at its place."""

from __future__ import annotations

import difflib
from dataclasses import replace

from pgready.catalog.names import ObjectName
from pgready.proof.profile import ColumnProfile, Profile
from pgready.proof.size.profile_file import ProfileFile, Trouble, refused, table_key
from pgready.proof.size.shape import RelationShape, Shapes
from pgready.proof.size.toml_places import Path


def located(file: ProfileFile, shapes: Shapes) -> Profile:
    """The profile with every table's full name; raises UsageInvalid for what the database does not have.

    A table without a schema is the one of this name, if there is one only. Indexes that are not there are left to
    those who look at the database: it may be proved without an index on purpose.
    """
    trouble: list[Trouble] = []
    tables = []
    for table in file.profile.tables:
        path = ("tables", file.keys[table.name])
        offset = file.places.get(path, 0)
        shape = _shape(table.name, shapes)
        if shape is None:
            trouble.append((offset, *_missing(table.name, shapes)))
            continue
        tables.append(replace(table, name=shape.name))
        names = [column.name for column in shape.columns]
        for column in table.columns:
            if column.name not in names:
                at = file.places.get((*path, "columns", column.name), offset)
                close = difflib.get_close_matches(column.name, names, 1)
                then = f"did you mean {close[0]}?" if close else ""
                trouble.append((at, f"the table {shape.name} has no column {column.name}", then))
            else:
                trouble += _unlisted(file, path, shape, column)
    if trouble:
        raise refused(trouble, file.text, file.path)
    return replace(file.profile, tables=tuple(tables))


def _unlisted(file: ProfileFile, path: Path, shape: RelationShape, column: ColumnProfile) -> list[Trouble]:
    """Frequencies of what is no enum and no boolean, and of labels that an enum does not have."""
    known = shape.column(column.name)
    if not column.frequencies or known is None:
        return []
    at = (*path, "columns", column.name, "frequencies")
    if known.type != "bool" and known.type_kind != "e":
        what = f"{shape.name}.{column.name} is no enum and no boolean: a profile holds no values of others"
        return [(file.places.get(at, 0), what, "say how uneven it is instead: top_share = 0.2")]
    labels = ("t", "f", "true", "false") if known.type == "bool" else known.labels
    found = []
    for value, _ in column.frequencies:
        if value not in labels:
            close = difflib.get_close_matches(value, labels, 1)
            then = f"did you mean {close[0]}?" if close else f"there are {', '.join(labels)}"
            found.append((file.places.get((*at, value), 0), f"{shape.name}.{column.name} has no value {value}", then))
    return found


def _shape(name: ObjectName, shapes: Shapes) -> RelationShape | None:
    if name.schema:
        return shapes.by_name.get(name)
    found = [one for one in shapes.relations if one.name.name == name.name]
    return found[0] if len(found) == 1 else None


def _missing(name: ObjectName, shapes: Shapes) -> tuple[str, str]:
    same = [table_key(one.name) for one in shapes.relations if one.name.name == name.name]
    if same and not name.schema:
        return f"there are several tables {name.name}", f"name one: {', '.join(same)}"
    if same:
        return f"the database has no table {table_key(name)}", f"did you mean {same[0]}?"
    known = [table_key(one.name) for one in shapes.relations]
    close = difflib.get_close_matches(table_key(name), known, 1) or difflib.get_close_matches(
        name.name, [one.name.name for one in shapes.relations], 1
    )
    then = f"did you mean {close[0]}?" if close else "remove it from the profile, or add the migration that makes it"
    return f"the database has no table {table_key(name)}", then
