"""The entity diagram in Mermaid's language, for pull requests and READMEs, which show it as a drawing.

Mermaid's words are narrower than PostgreSQL's: what they cannot hold is replaced, and the real name stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgready.report.erd.graph import Edge, Graph, Node, Row
from pgready.report.excerpt import plain

_NO_WORD = re.compile(r"[^A-Za-z0-9_\-\[\]()\u00c0-\ud7ff\uf900-\uffef]")
_NO_NAME = re.compile(r'["%\\]')


def mermaid(graph: Graph) -> str:
    """An `erDiagram` of every table and relation; names have their schema where there are several."""
    return "\n".join(["erDiagram", *_lines(graph)]) + "\n"


def _lines(graph: Graph) -> Iterator[str]:
    is_qualified = len(graph.schemas) > 1
    names = _names(graph, is_qualified=is_qualified)
    for name, node in zip(names, graph.nodes, strict=True):
        yield f'    "{name}" {{'
        for row in node.rows:
            yield f"        {_row(row)}"
        yield "    }"
    for edge in graph.edges:
        yield f'    "{names[edge.target]}" {_link(edge)} "{names[edge.source]}" : "{_text(", ".join(edge.columns))}"'


def _names(graph: Graph, *, is_qualified: bool) -> list[str]:
    """The tables' names as Mermaid can say them, each once."""
    found: list[str] = []
    taken: set[str] = set()
    for node in graph.nodes:
        base = name = _text(_name(node, is_qualified=is_qualified)) or "_"
        number = 2
        while name in taken:
            name, number = f"{base} {number}", number + 1
        taken.add(name)
        found.append(name)
    return found


def _name(node: Node, *, is_qualified: bool) -> str:
    return str(node.name) if is_qualified else node.name.name


def _link(edge: Edge) -> str:
    return ("|o" if edge.is_optional else "||") + "--" + ("o|" if edge.is_single else "o{")


def _row(row: Row) -> str:
    keys = ", ".join(["PK"] * row.is_key + ["FK"] * row.is_foreign)
    name = _word(row.name)
    notes = [_text(row.name)] * (name != row.name) + [f"{row.mark.sign}: {row.mark.weight}" if row.mark else ""]
    note = ", ".join(one for one in notes if one)
    return " ".join(one for one in (_word(row.type), name, keys, f'"{note}"' if note else "") if one)


def _word(text: str) -> str:
    word = _NO_WORD.sub("_", plain(text))
    return word if word[:1].isalpha() or word[:1] == "_" else f"_{word}"


def _text(text: str) -> str:
    return " ".join(_NO_NAME.sub("'", plain(text)).split())
