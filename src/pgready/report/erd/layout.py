"""The entity diagram laid out: boxes of one detail, arranged, routed and placed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pgready.report.erd.arrange import Box, arrange
from pgready.report.erd.graph import Graph, Node, Row
from pgready.report.erd.place import Drawing, place
from pgready.report.erd.route import roads, routes
from pgready.report.erd.svg_text import cells, cut, width

Detail = Literal["names", "keys", "columns"]
DETAILS: tuple[Detail, ...] = ("names", "keys", "columns")

TITLE_SIZE, ROW_SIZE = 12.5, 11.0
HEAD, ROW = 30.0, 18.0
_FOOT = 6.0
_NAME_CELLS, _ROW_CELLS, _TYPE_CELLS = 40, 30, 22


@dataclass(frozen=True, slots=True)
class Content:
    """What a box shows: its name and lines, cut to fit; `more` counts the columns that are not shown."""

    title: str
    rows: tuple[tuple[Row, str, str], ...]
    more: int
    width: float
    height: float

    def row_y(self, name: str) -> float | None:
        """The middle of a column's line, from the top of the box; None if it has none."""
        for number, (row, _, _) in enumerate(self.rows):
            if row.name == name:
                return HEAD + 2 + ROW * number + ROW / 2
        return None


@dataclass(frozen=True, slots=True)
class Layout:
    """A drawing with what is in its boxes; `edges` are those of the graph that have a line, in its order."""

    detail: Detail
    graph: Graph
    contents: tuple[Content, ...]
    drawing: Drawing
    edges: tuple[int, ...]


def layout(graph: Graph, detail: Detail) -> Layout:
    """The diagram with this much detail: names alone, keys and differences, or every column."""
    contents = tuple(content(node, detail) for node in graph.nodes)
    boxes = [
        Box(node.name.schema, one.width, one.height) for node, one in zip(graph.nodes, contents, strict=True)
    ]  # fmt: skip
    shown = [number for number, edge in enumerate(graph.edges) if edge.source != edge.target]
    pairs = [(graph.edges[one].source, graph.edges[one].target) for one in shown]
    shelves = arrange(boxes, pairs)
    made = roads(shelves, boxes)
    ways = routes(made, pairs)

    def wish(number: int, end: str) -> float | None:
        if detail == "names":
            return None
        if end == "target":
            return HEAD / 2
        edge = graph.edges[shown[number]]
        found = contents[edge.source].row_y(edge.columns[0]) if edge.columns else None
        return found if found is not None else contents[edge.source].height / 2

    drawing = place(shelves, boxes, made, ways, pairs, wish)
    return Layout(detail, graph, contents, drawing, tuple(shown))


def content(node: Node, detail: Detail) -> Content:
    """What of a table is shown."""
    title = cut(node.name.name, _NAME_CELLS)
    badge = 34 if node.mark else 0
    wide = width(title, TITLE_SIZE) + 26 + badge
    if detail == "names":
        return Content(title, (), len(node.rows), max(wide, 90), HEAD)
    kept = [
        row for row in node.rows if detail == "columns" or row.is_key or row.is_foreign or row.mark is not None
    ]  # fmt: skip
    rows = tuple((row, cut(row.name, _ROW_CELLS), _type(row)) for row in kept)
    more = len(node.rows) - len(rows)
    for _, name, kind in rows:
        wide = max(wide, 26 + width(name, ROW_SIZE) + 18 + width(kind, ROW_SIZE) + 12)
    lines = len(rows) + (1 if more else 0)
    return Content(title, rows, more, max(wide, 120), HEAD + (4 + lines * ROW + _FOOT if lines else 0))


def _type(row: Row) -> str:
    text = cut(row.type, _TYPE_CELLS)
    return text + "?" if row.is_nullable and cells(text) else text


def suited(graph: Graph, wide: float = 1280, high: float = 760) -> Detail:
    """The most detail that can be read where the whole diagram is shown at once on a screen of this size."""
    best: Detail = "names"
    for detail in DETAILS:
        found = layout(graph, detail).drawing
        if min(wide / max(found.width, 1), high / max(found.height, 1)) >= 0.7:
            best = detail
    return best
