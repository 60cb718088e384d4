"""Which of Prisma's two styles a schema is written in: 6 (URLs in the datasource) or 7 (none of them)."""

from collections.abc import Iterable, Iterator
from typing import Literal

from pgready.psl import preview_features, tree

_URLS = frozenset(("url", "directUrl", "shadowDatabaseUrl"))


def detect(documents: Iterable[tree.Document]) -> Literal[6, 7]:
    """The style of a schema's files.

    A URL in a datasource makes it 6, a datasource without one makes it 7: Prisma 7 refuses the first, Prisma 6 the
    second. Without a datasource a preview feature that only Prisma 6 knows decides, and 7 is the rule.
    """
    blocks = [item for document in documents for item in document.items if isinstance(item, tree.Config)]
    datasources = [block for block in blocks if block.kind == "datasource"]
    if any(item.name.text in _URLS for block in datasources for item in block.properties):
        return 6
    if datasources:
        return 7
    asked = {name.lower() for block in blocks for name in _features(block)}
    return 6 if preview_features.METRICS in asked else 7


def _features(block: tree.Config) -> Iterator[str]:
    """The preview features that a generator asks for."""
    for item in block.properties:
        if item.name.text == "previewFeatures" and item.value is not None:
            values = item.value.items if isinstance(item.value, tree.Array) else (item.value,)
            yield from (value.value for value in values if isinstance(value, tree.String))
