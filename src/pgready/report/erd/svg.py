"""The entity diagram as SVG: the same markup for a file of its own and for the report page with its colours.

Every text of the user's is escaped, on one line and without secrets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgready.report.erd.graph import Edge, Mark, Node, Row
from pgready.report.erd.layout import HEAD, ROW, Content, Detail, Layout
from pgready.report.erd.place import Point, Rect
from pgready.report.erd.svg_text import cut, number, safe, width
from pgready.report.story import plural

_SIGNS = {"missing": "\u2212", "unexpected": "+", "different": "~"}
SIGN_WORDS = {"missing": "missing", "unexpected": "unexpected", "different": "different"}
_RADIUS = 7.0


def standalone(layout: Layout, style: str, title: str = "") -> str:
    """A file of its own with this style sheet, light or dark as its reader is."""
    wide, high = number(layout.drawing.width), number(layout.drawing.height)
    named = safe(title or "entity diagram")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
        f'class="erd" role="img"><title>{named}</title>\n<style>\n{style.strip()}\n</style>\n'
        f'<rect class="paper" width="{wide}" height="{high}"/>\n{body(layout)}\n</svg>\n'
    )


def inner(layout: Layout, *, is_hidden: bool) -> str:
    """The diagram as a part of a page; a script shows and moves it."""
    wide, high = number(layout.drawing.width), number(layout.drawing.height)
    hidden = " hidden" if is_hidden else ""
    return (
        f'<svg class="erd" data-detail="{layout.detail}" data-width="{wide}" data-height="{high}" '
        f'viewBox="0 0 {wide} {high}"{hidden} role="group" aria-label="Tables and their relations">'
        f'<g class="view">\n{body(layout)}\n</g></svg>'
    )


def body(layout: Layout) -> str:
    """Schemas, lines and boxes, in this order."""
    return "\n".join([*_clusters(layout), *_edges(layout), *_nodes(layout)])


def _clusters(layout: Layout) -> Iterator[str]:
    for (name, place), wide in zip(layout.drawing.clusters, layout.drawing.titles, strict=True):
        shown = cut(name, max(3, int(wide / width("x", 14))))
        yield (
            f'<g class="schema"><rect x="{number(place.x)}" y="{number(place.y)}" width="{number(place.width)}" '
            f'height="{number(place.height)}" rx="14"/>'
            f'<text x="{number(place.x + 18)}" y="{number(place.y + 28)}">{safe(shown)}'
            f"{_title(name) if shown != name else ''}</text></g>"
        )


def _title(text: str) -> str:
    return f"<title>{safe(text)}</title>"


# ── lines ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _edges(layout: Layout) -> Iterator[str]:
    for line, at in zip(layout.drawing.lines, layout.edges, strict=True):
        edge = layout.graph.edges[at]
        yield _edge(layout, edge, rounded(line), f"{_many(edge, line)}{_one(edge, line)}")
    for edge in layout.graph.edges:
        if edge.source == edge.target:
            yield _loop(layout, edge, layout.drawing.boxes[edge.source])


def _edge(layout: Layout, edge: Edge, path: str, ends: str) -> str:
    nodes = layout.graph.nodes
    words = (
        f"{nodes[edge.source].name} ({', '.join(edge.columns)}) → {nodes[edge.target].name} "
        f"({', '.join(edge.target_columns)}){_how(edge.mark)}"
    )
    return (
        f'<g class="edge{_classes(edge.mark)}" data-from="{edge.source}" data-to="{edge.target}" '
        f'data-column="{safe(edge.columns[0]) if edge.columns else ""}">'
        f'{_title(words)}<path class="line" d="{path}"/><path class="end" d="{ends}"/></g>'
    )


def _loop(layout: Layout, edge: Edge, box: Rect) -> str:
    x, y = box.x + box.width, box.y + 9
    path = f"M{number(x)} {number(y + 9)}h9a4 4 0 0 0 4 -4v-2a4 4 0 0 0 -4 -4h-9"
    foot = f"M{number(x)} {number(y + 5)}l7 4l-7 4"
    return _edge(layout, edge, path, foot)


def rounded(points: Sequence[Point]) -> str:
    """A path through these points with rounded corners."""
    parts = [f"M{number(points[0][0])} {number(points[0][1])}"]
    for before, at, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(_RADIUS, _length(before, at) / 2, _length(at, after) / 2)
        one, other = _toward(at, before, radius), _toward(at, after, radius)
        parts.append(
            f"L{number(one[0])} {number(one[1])}Q{number(at[0])} {number(at[1])} {number(other[0])} {number(other[1])}"
        )
    parts.append(f"L{number(points[-1][0])} {number(points[-1][1])}")
    return "".join(parts)


def _length(one: Point, other: Point) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _toward(start: Point, end: Point, distance: float) -> Point:
    length = _length(start, end) or 1
    return (
        start[0] + (end[0] - start[0]) / length * distance,
        start[1] + (end[1] - start[1]) / length * distance,
    )


def _many(edge: Edge, line: Sequence[Point]) -> str:
    """The source's end: a crow's foot for many rows, a bar for one at most."""
    (x, y), away = line[0], _away(line[0], line[1])
    if edge.is_single:
        return f"M{number(x + 7 * away)} {number(y - 4)}v8"
    return f"M{number(x)} {number(y - 4)}L{number(x + 8 * away)} {number(y)}L{number(x)} {number(y + 4)}"


def _one(edge: Edge, line: Sequence[Point]) -> str:
    """The target's end: a bar, with a ring before it where there may be none."""
    (x, y), away = line[-1], _away(line[-1], line[-2])
    bar = f"M{number(x + 5 * away)} {number(y - 4)}v8"
    if not edge.is_optional:
        return bar
    return f"{bar}M{number(x + 10 * away - 2.5)} {number(y)}a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0"


def _away(end: Point, other: Point) -> int:
    return 1 if other[0] >= end[0] else -1


# ── boxes ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _nodes(layout: Layout) -> Iterator[str]:
    for at, (node, box, content) in enumerate(
        zip(layout.graph.nodes, layout.drawing.boxes, layout.contents, strict=True)
    ):
        yield "".join(_node(layout.detail, at, node, box, content))


def _node(detail: Detail, at: int, node: Node, box: Rect, content: Content) -> Iterator[str]:
    wide, high = number(box.width), number(box.height)
    yield (
        f'<g class="table{_classes(node.mark)}" data-table="{at}" id="{detail}-{at}" '
        f'transform="translate({number(box.x)} {number(box.y)})" tabindex="-1" role="button" '
        f'aria-label="{safe(described(node))}">{_title(_tip(node))}'
        f'<rect class="box" width="{wide}" height="{high}" rx="7"/>'
    )
    if content.height > HEAD:
        yield f'<path class="rule" d="M0 {number(HEAD)}h{wide}"/>'
    if node.mark is not None:
        yield (
            f'<path class="stripe" d="M7 .75H{number(box.width - 7)}"/><g class="badge" '
            f'transform="translate({number(box.width - 32)} 8)"><rect width="25" height="15" rx="7.5"/>'
            f'<text x="12.5" y="11">{_SIGNS[node.mark.sign]}{min(node.mark.count, 99)}</text></g>'
        )
    yield f'<text class="name" x="12" y="20">{safe(content.title)}</text>'
    y = HEAD + 2
    for row, name, kind in content.rows:
        yield _row(row, name, kind, y, box.width)
        y += ROW
    if content.more and detail != "names":
        yield f'<text class="more" x="26" y="{number(y + 12.5)}">{content.more} more</text>'
    yield "</g>"


def _row(row: Row, name: str, kind: str, y: float, wide: float) -> str:
    band = (
        f'<rect class="band" x="1.5" y="{number(y + 0.5)}" width="{number(wide - 3)}" height="{number(ROW - 1)}"/>'
        if row.mark
        else ""
    )
    middle = y + ROW / 2
    icon = ""
    if row.is_key:
        icon = f'<path class="key" d="M14 {number(middle - 4)}l4 4l-4 4l-4 -4z"/>'
    elif row.is_foreign:
        icon = f'<path class="foreign" d="M14 {number(middle - 3.5)}l3.5 3.5l-3.5 3.5l-3.5 -3.5z"/>'
    sign = f'<text class="sign" x="10" y="{number(y + 12.5)}">{_SIGNS[row.mark.sign]}</text>' if row.mark else icon
    text = (
        f'<text class="column" x="26" y="{number(y + 12.5)}">{safe(name)}</text>'
        f'<text class="type" x="{number(wide - 10)}" y="{number(y + 12.5)}">{safe(kind)}</text>'
    )
    full = _title(f"{row.name} {row.type}{_how(row.mark)}") if name != row.name or row.mark else ""
    return f'<g class="row{_classes(row.mark)}" data-column="{safe(row.name)}">{full}{band}{sign}{text}</g>'


def _classes(mark: Mark | None) -> str:
    return f" {mark.weight} {mark.sign}" if mark else ""


def _how(mark: Mark | None) -> str:
    return f": {SIGN_WORDS[mark.sign]}, {mark.weight}" if mark else ""


def described(node: Node) -> str:
    """A table in words, for those who hear the page."""
    words = f"table {node.name}, {plural(len(node.rows), 'column')}"
    if node.mark is None:
        return words
    if node.mark.sign == "different":
        return f"{words}, {plural(node.mark.count, 'difference')}, {node.mark.weight}"
    return f"{words}, {node.mark.sign}, {node.mark.weight}"


def _tip(node: Node) -> str:
    parts = [described(node)]
    if node.partitions:
        parts.append(plural(node.partitions, "partition"))
    return ", ".join(parts) + (f" · {node.comment}" if node.comment else "")
