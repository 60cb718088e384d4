"""The datasource and the generators of a pulled schema: the existing ones, written anew."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pgready.catalog.to_psl_write import array, comment, text
from pgready.psl import schema as psl
from pgready.psl import tree

_GENERATOR = ("provider", "output", "previewFeatures", "binaryTargets")
_DATASOURCE = ("provider", "url", "directUrl", "shadowDatabaseUrl", "relationMode")


def datasource_text(node: tree.Config, found: psl.Datasource, forced: Sequence[str] | None) -> str:
    """The datasource block; `forced` are schemas that were asked for instead of its own.

    Prisma drops `extensions`, whose preview feature it has taken back.
    """
    given = {one.name.text: one.value for one in node.properties}
    lines = [f"{key} = {expression(given[key])}" for key in _DATASOURCE if given.get(key) is not None]
    schemas = sorted(found.schemas if forced is None else forced)
    if schemas:
        lines.append(f"schemas = {array(text(one) for one in schemas)}")
    return _block(node, lines)


def generator_text(node: tree.Config, found: psl.Generator) -> str:
    """A generator's block; a number or word among its own keys becomes a string."""
    given = {one.name.text: one.value for one in node.properties}
    lines = [f"{key} = {_sorted_features(key, expression(given[key]))}" for key in _GENERATOR if key in given]
    for key, value in sorted(found.config):
        lines.append(f"{key} = {text(value) if isinstance(value, str) else array(text(one) for one in value)}")
    return _block(node, lines)


def expression(value: tree.Expression | None) -> str:
    """A value of a block, as it was written."""
    return "" if value is None else value.span.text


def _sorted_features(key: str, value: str) -> str:
    if key != "previewFeatures":
        return value
    return array(sorted(re.findall(r'"[^"]*"', value), key=str.lower))


def _block(node: tree.Config, lines: Sequence[str]) -> str:
    above = comment(node.documentation) if node.documentation else []
    return "\n".join([*above, f"{node.kind} {node.name.text} {{", *lines, "}"]) + "\n"
