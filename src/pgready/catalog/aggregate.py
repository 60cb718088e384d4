"""CREATE AGGREGATE composed from its parts: the one kind of function that the server does not print itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pgready.catalog.names import ObjectName
from pgready.sql.names import quote_literal

_MODIFY = {"r": "READ_ONLY", "s": "SHAREABLE", "w": "READ_WRITE"}
_PARALLEL = {"s": "SAFE", "r": "RESTRICTED"}
_PLAIN = (
    "sfunc", "stype", "sspace", "finalfunc", "finalfunc_extra", "finalfunc_modify", "combinefunc", "serialfunc",
    "deserialfunc", "initcond", "msfunc", "minvfunc", "mstype", "msspace", "mfinalfunc", "mfinalfunc_extra",
    "mfinalfunc_modify", "minitcond", "sortop",
)  # fmt: skip


def aggregate_definition(name: ObjectName, parts: Mapping[str, Any]) -> str:
    """The statement; options that say what the server would assume anyway are left out."""
    # A function that is used for ordered-set and moving aggregates may write by default, any other may not.
    usual = "w" if parts["kind"] in ("o", "h") else "r"
    lines = []
    for key in _PLAIN:
        value = parts[key]
        if value is None or value is False:
            continue
        if value is True:
            lines.append(key.upper())
        elif key.endswith("_modify"):
            if value != usual and parts[key.removesuffix("_modify")] is not None:
                lines.append(f"{key.upper()} = {_MODIFY[value]}")
        else:
            shown = quote_literal(value) if key.endswith("initcond") else value
            lines.append(f"{key.upper()} = {shown}")
    if parts["parallel"] in _PARALLEL:
        lines.append(f"PARALLEL = {_PARALLEL[parts['parallel']]}")
    if parts["kind"] == "h":
        lines.append("HYPOTHETICAL")
    body = ",\n".join("    " + line for line in lines)
    return f"CREATE AGGREGATE {name.sql}({parts['arguments'] or '*'}) (\n{body}\n)"
