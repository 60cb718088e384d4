"""The diagram's geometry: nothing overlaps, no line passes over a box, the same catalog is the same drawing."""

from itertools import combinations, pairwise, takewhile

import pytest
from page_catalogs import by_chance, drifted, findings, hostile, litellm

from pgready.catalog.model import Catalog
from pgready.report.erd.graph import graph_of
from pgready.report.erd.layout import DETAILS, HEAD, ROW_SIZE, TITLE_SIZE, Layout, layout
from pgready.report.erd.place import Rect
from pgready.report.erd.svg import body
from pgready.report.erd.svg_text import width

CATALOGS = {
    "litellm": litellm,
    "four": lambda: by_chance(7, {"financial": 40, "public": 50, "tagging": 20, "trading": 40}),
    "dense": lambda: by_chance(3, {"a": 18, "b": 9}, most=7),
    "one": lambda: by_chance(1, {"only": 1}),
    "line": lambda: by_chance(5, {"s": 60}, most=1),
    "schemas": lambda: by_chance(11, {f"schema_{number}": 5 for number in range(12)}),
    "hostile": hostile,
}


def overlap(one: Rect, other: Rect) -> bool:
    """Whether two places share more than an edge."""
    return (
        one.x < other.x + other.width - 0.01
        and other.x < one.x + one.width - 0.01
        and one.y < other.y + other.height - 0.01
        and other.y < one.y + one.height - 0.01
    )


def segments(layout: Layout):
    """Every straight part of every line, as (net, line, rectangle without thickness)."""
    for number, (line, at) in enumerate(zip(layout.drawing.lines, layout.edges, strict=True)):
        for (x, y), (to_x, to_y) in pairwise(line):
            place = Rect(min(x, to_x), min(y, to_y), abs(x - to_x), abs(y - to_y))
            yield layout.graph.edges[at].target, number, place


@pytest.fixture(scope="module", params=[(name, detail) for name in CATALOGS for detail in DETAILS], ids="-".join)
def drawn(request) -> Layout:
    """Each catalog in each detail."""
    name, detail = request.param
    return layout(graph_of([CATALOGS[name]()]), detail)


def test_nothing_overlaps(drawn):
    """Boxes, schemas and their names stand apart, inside the drawing."""
    drawing = drawn.drawing
    assert not [pair for pair in combinations(drawing.boxes, 2) if overlap(*pair)]
    assert not [pair for pair in combinations([place for _, place in drawing.clusters], 2) if overlap(*pair)]
    by_schema = dict(drawing.clusters)
    for node, box in zip(drawn.graph.nodes, drawing.boxes, strict=True):
        place = by_schema[node.name.schema]
        assert place.x <= box.x
        assert box.x + box.width <= place.x + place.width
        assert place.y + HEAD <= box.y, "the schema's name is above its tables"
        assert box.y + box.height <= place.y + place.height
    for _, place in drawing.clusters:
        assert place.x >= 0
        assert place.x + place.width <= drawing.width
        assert place.y >= 0
        assert place.y + place.height <= drawing.height


def test_texts_fit(drawn):
    """Every name and type has its room, in the widest of the usual fonts."""
    for content, box in zip(drawn.contents, drawn.drawing.boxes, strict=True):
        assert 12 + width(content.title, TITLE_SIZE) <= box.width
        for _, name, kind in content.rows:
            assert 26 + width(name, ROW_SIZE) + 8 + width(kind, ROW_SIZE) + 10 <= box.width


def test_lines_pass_between_the_boxes(drawn):
    """No line touches a box but at its two ends, where it has to; none leaves the drawing."""
    drawing = drawn.drawing
    for net, number, part in segments(drawn):
        edge = drawn.graph.edges[drawn.edges[number]]
        assert part.x >= 0
        assert part.x + part.width <= drawing.width
        assert part.y >= -0.01
        assert part.y + part.height <= drawing.height
        crossed = {at for at, box in enumerate(drawing.boxes) if _touches(part, box)}
        assert crossed <= {edge.source, net}, (drawn.graph.nodes[edge.source].name, crossed)
    for line, at in zip(drawing.lines, drawn.edges, strict=True):
        edge = drawn.graph.edges[at]
        for (x, y), box in ((line[0], drawing.boxes[edge.source]), (line[-1], drawing.boxes[edge.target])):
            assert min(abs(x - box.x), abs(x - box.x - box.width)) < 0.1
            assert box.y < y < box.y + box.height


def _touches(part: Rect, box: Rect) -> bool:
    """Whether a part of a line is on a box or within half a pixel of it."""
    return (
        part.x < box.x + box.width + 0.5
        and box.x < part.x + part.width + 0.5
        and part.y < box.y + box.height + 0.5
        and box.y < part.y + part.height + 0.5
    )


def test_lines_of_two_nets_never_run_on_each_other(drawn):
    """Where two vertical parts are of relations to different tables, they are lanes apart."""
    upright = [(net, part) for net, _, part in segments(drawn) if part.width < 0.01 and part.height > 0.01]
    upright.sort(key=lambda one: one[1].x)
    for at, (net, one) in enumerate(upright):
        for other_net, other in takewhile(lambda found, x=one.x: found[1].x < x + 3, upright[at + 1 :]):
            if net != other_net:
                assert one.y + one.height <= other.y + 0.01 or other.y + other.height <= one.y + 0.01


def test_the_same_catalog_is_the_same_drawing():
    """Whatever order the catalog's tables come in."""
    catalog = by_chance(7, {"a": 12, "b": 12})
    turned = Catalog(schemas=catalog.schemas, tables=tuple(reversed(catalog.tables)))
    assert body(layout(graph_of([catalog]), "keys")) == body(layout(graph_of([turned]), "keys"))


def test_differences_are_in_the_graph():
    """Tables of either side are drawn, and what differs is marked where it is."""
    reference, side = litellm(), drifted(litellm())
    graph = graph_of([reference, side], findings(reference, side))
    marks = {node.name.name: node.mark for node in graph.nodes if node.mark}
    assert {name: (mark.weight, mark.sign) for name, mark in marks.items()} == {
        "LiteLLM_TagTable": ("breaks", "missing"),
        "LiteLLM_TeamTable": ("breaks", "different"),
        "LiteLLM_UserTable": ("breaks", "different"),
        "LiteLLM_ProjectTable": ("opens", "different"),
        "LiteLLM_SpendLogs": ("slows", "different"),
        "forgotten_by_everybody": ("cosmetic", "unexpected"),
    }
    nodes = {node.name.name: node for node in graph.nodes}
    assert [row.name for row in nodes["LiteLLM_TeamTable"].rows if row.mark] == ["blocked"]
    assert [row.name for row in nodes["LiteLLM_UserTable"].rows if row.mark] == ["spend"]
    assert [edge.mark.sign for edge in graph.edges if edge.mark] == ["missing"]
