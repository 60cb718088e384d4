"""The tables that differ as a Mermaid entity diagram: their columns, marked where one differs, and their links."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Table
from pgready.parity.model import Finding

_NO_WORD = re.compile(r"[^A-Za-z0-9_\-]")
_OF_TABLES = frozenset({
    "table", "column", "default", "identity", "not null", "partition", "key", "exclusion", "index", "check",
    "foreign key", "trigger", "policy", "column order", "invalid index", "trigger state", "replica identity",
})  # fmt: skip
_OF_COLUMNS = frozenset({"column", "default", "identity", "not null"})
_MOST = 40


def er_diagram(reference: Catalog, side: Catalog, findings: Sequence[Finding]) -> str:
    """The diagram's text, "" if no table differs; at most 40 tables, since nobody reads more."""
    touched: dict[ObjectName, list[Finding]] = {}
    for one in findings:
        if one.address[0] in _OF_TABLES and len(one.address) > 2:
            touched.setdefault(ObjectName(*one.address[1:3]), []).append(one)
    old, new = ({table.name: table for table in catalog.tables} for catalog in (reference, side))
    shown = [name for name in sorted(touched) if name in old or name in new][:_MOST]
    lines = []
    for name in shown:
        lines.append(f'  "{_quoted(str(name))}" {{')
        lines += [f"    {line}" for line in _columns(old.get(name), new.get(name), touched[name])]
        lines.append("  }")
    for name in shown:
        for key in (old.get(name) or new[name]).foreign_keys:
            if key.target in shown:
                lines.append(f'  "{_quoted(str(key.target))}" ||--o{{ "{_quoted(str(name))}" : "{_quoted(key.name)}"')
    return "\n".join(["erDiagram", *lines, ""]) if lines else ""


def _columns(old: Table | None, new: Table | None, findings: Sequence[Finding]) -> list[str]:
    marks: dict[str, str] = {}
    own = []
    for one in findings:
        if one.address[0] in _OF_COLUMNS:
            marks.setdefault(one.address[3], f"{one.address[0]} {one.how}")
        elif one.address[0] == "table":
            own.append(f"table {one.how}")
        else:
            own.append(one.object.replace(f" {'.'.join(one.address[1:3])}", "") + f" {one.how}")
    columns = {column.name: column for table in (new, old) if table is not None for column in table.columns}
    lines = []
    for name, column in columns.items():
        mark = f' "{_quoted(marks[name])}"' if name in marks else ""
        lines.append(f"{_word(column.type.sql)} {_word(name)}{mark}")
    return lines + [f'differs here "{_quoted(text)}"' for text in own]


def _word(text: str) -> str:
    word = _NO_WORD.sub("_", text.replace("[]", "_array")).strip("_")
    return word if word[:1].isalpha() else f"x_{word}"


def _quoted(text: str) -> str:
    return " ".join(text.split()).replace('"', "'")
