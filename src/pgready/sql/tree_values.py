"""Constants, casts and calls as trees. Pure."""

from __future__ import annotations

from pgready.sql.tree import Tree


def cast(node: Tree, name: str) -> Tree:
    """A node cast to one of PostgreSQL's own types."""
    # The parser spells some types itself: they are in pg_catalog by name.
    names = [name] if name in ("date", "text", "uuid") else ["pg_catalog", name]
    type_name = {"names": [{"String": {"sval": each}} for each in names], "typemod": -1}
    return {"TypeCast": {"arg": node, "typeName": type_name}}


def integer(number: int) -> Tree:
    """An integer constant."""
    return {"A_Const": {"ival": {"ival": number}}}


def interval(words: str) -> Tree:
    """An interval constant."""
    return cast({"A_Const": {"sval": {"sval": words}}}, "interval")


def call(name: str, arguments: list[Tree]) -> Tree:
    """A function called by its bare name."""
    inside = {"funcname": [{"String": {"sval": name}}], "args": arguments, "funcformat": "COERCE_EXPLICIT_CALL"}
    return {"FuncCall": inside}


def string_of(node: Tree) -> str | None:
    """The text of a quoted constant, None for anything else."""
    constant = node.get("A_Const", {})
    return str(constant["sval"].get("sval", "")) if "sval" in constant else None


def integer_of(node: Tree) -> int | None:
    """The number of an integer constant, None for anything else."""
    constant = node.get("A_Const", {})
    return int(constant["ival"].get("ival", 0)) if "ival" in constant else None
