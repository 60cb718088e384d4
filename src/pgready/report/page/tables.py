"""The report page's diagram, and every table in words: what the diagram's focus shows, and what paper shows of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Column, Index, Table
from pgready.parity.model import Finding
from pgready.parity.shown import shown
from pgready.report.erd.graph import Graph, Mark, Node, Row, type_text
from pgready.report.erd.layout import DETAILS, Detail, layout
from pgready.report.erd.svg import SIGN_WORDS, inner
from pgready.report.erd.svg_text import safe
from pgready.report.page.model import object_of
from pgready.report.page.text import badge, lines, section, table
from pgready.report.story import plural

_LABELS: dict[Detail, str] = {"names": "Names", "keys": "Keys", "columns": "Columns"}


def diagram_section(graph: Graph, first: Detail) -> str:
    """The diagram in all details, `first` shown."""
    if not graph.nodes:
        return ""
    choice = "".join(
        f'<button type="button" data-detail="{one}" aria-pressed="{str(one == first).lower()}">{_LABELS[one]}</button>'
        for one in DETAILS
    )
    tools = (
        f'<div class="tools" role="toolbar" aria-label="Diagram"><span class="group">{choice}</span>'
        '<span class="group"><button type="button" data-zoom="out" aria-label="Zoom out">\u2212</button>'
        '<button type="button" data-zoom="in" aria-label="Zoom in">+</button>'
        '<button type="button" data-zoom="fit">Fit</button></span>'
        '<button type="button" id="back" hidden>← Whole diagram</button>'
        '<button type="button" id="larger" aria-pressed="false">Enlarge</button></div>'
    )
    drawings = "\n".join(inner(layout(graph, one), is_hidden=one != first) for one in DETAILS)
    stage = (
        f'<div id="stage"><div id="canvas">{drawings}</div>'
        '<aside id="panel" hidden aria-label="Table" tabindex="-1"></aside></div>'
        '<p class="hint">Drag to move, <kbd>+</kbd> <kbd>\u2212</kbd> <kbd>0</kbd> or Ctrl and the wheel to zoom. '
        "<kbd>Tab</kbd> into the diagram, arrows go from table to table, <kbd>Enter</kbd> shows one with its "
        "neighbours, <kbd>Esc</kbd> leaves, <kbd>/</kbd> searches.</p>"
    )
    foreign = plural(len(graph.edges), "relation")
    schemas = plural(len(graph.schemas), "schema")
    lead = f"{plural(len(graph.nodes), 'table')} in {schemas}, {foreign}."
    return section("diagram", "Diagram", [tools, stage], lead)


def tables_section(graph: Graph, catalogs: Sequence[Catalog], findings: Iterable[Finding]) -> str:
    """Every table in words."""
    if not graph.nodes:
        return ""
    tables: dict[ObjectName, Table] = {}
    for catalog in reversed(catalogs):
        tables.update({one.name: one for one in catalog.tables})
    by_table: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        kind, name = object_of(finding.address)
        if kind == "table":
            by_table.setdefault(name, []).append(finding)
    incoming: dict[int, list[str]] = {}
    for edge in graph.edges:
        words = f"{graph.nodes[edge.source].name} ({', '.join(edge.columns)})"
        incoming.setdefault(edge.target, []).append(words)
    body = [
        _entry(at, node, tables[node.name], by_table.get(tuple(node.name), []), incoming.get(at, []))
        for at, node in enumerate(graph.nodes)
    ]
    return section("tables", "Tables", body, f"{plural(len(body), 'table')}, each with all that belongs to it.")


def _entry(at: int, node: Node, found: Table, findings: Sequence[Finding], incoming: Sequence[str]) -> str:
    name = safe(str(node.name))
    facts = [plural(len(node.rows), "column")]
    if node.partitions:
        facts.append(plural(node.partitions, "partition"))
    return (
        f'<details class="entry" id="table-{at}" data-table="{at}" data-find="{name}" data-kind="table">'
        f'<summary><span class="mono">{name}</span> <span class="quiet">{", ".join(facts)}</span> {_mark(node.mark)}'
        f"</summary>{''.join(_parts(node, found, findings, incoming))}</details>"
    )


def _mark(mark: Mark | None) -> str:
    if mark is None:
        return ""
    words = SIGN_WORDS[mark.sign] if mark.sign != "different" else plural(mark.count, "difference")
    return badge(mark.weight, words)


def _parts(node: Node, found: Table, findings: Sequence[Finding], incoming: Sequence[str]) -> Iterator[str]:
    if node.comment:
        yield f'<p class="comment">{safe(node.comment)}</p>'
    if findings:
        yield "<h4>Differences</h4><ul class='plain'>"
        for one in findings:
            yield (
                f'<li>{badge(one.weight, one.weight)} <span class="mono">{safe(one.object)}</span>: {one.how}. '
                f"{safe(one.because)}</li>"
            )
        yield "</ul>"
    columns = {column.name: column for column in found.columns}
    yield table(["column", "type", "null", "default"], (_column(row, columns.get(row.name)) for row in node.rows))
    for title, entries in _lists(found, incoming):
        if entries:
            items = "".join(f"<li><code>{safe(one)}</code></li>" for one in entries)
            yield f"<h4>{title}</h4><ul class='plain'>{items}</ul>"


def _column(row: Row, column: Column | None) -> str:
    default = ""
    if column is not None:
        if column.identity is not None:
            default = "identity"
        elif column.generated is not None:
            default = f"generated: {column.generated.expression}"
        else:
            default = column.default or ""
    keys = badge("plain", "key") * row.is_key + badge("plain", "→") * row.is_foreign
    mark = f" {badge(row.mark.weight, SIGN_WORDS[row.mark.sign])}" if row.mark else ""
    comment = f'<div class="quiet">{safe(row.comment)}</div>' if row.comment else ""
    kind = type_text(column) if column is not None else row.type
    return (
        f'<tr data-column="{safe(row.name)}"><th scope="row"><span class="mono">{safe(row.name)}</span> {keys}{mark}'
        f'{comment}</th><td class="mono">{safe(kind)}</td><td>{"yes" if row.is_nullable else ""}</td>'
        f'<td class="mono">{safe(default)}</td></tr>'
    )


def _lists(found: Table, incoming: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    keys = [key for key in (found.primary_key, *found.uniques) if key is not None]
    yield (
        "Keys",
        [f"{'primary key' if key.is_primary else 'unique'} {key.name} ({', '.join(key.columns)})" for key in keys],
    )
    yield "Indexes", [index_text(one) for one in found.indexes]
    yield (
        "Refers to",
        [
            f"({', '.join(one.columns)}) → {one.target} ({', '.join(one.target_columns)})"
            + (f" on delete {one.on_delete.lower()}" if one.on_delete != "NO ACTION" else "")
            for one in found.foreign_keys
        ],
    )
    yield "Referred to by", list(incoming)
    yield "Checks", [f"{one.name}: {one.expression}" for one in found.checks]
    yield "Exclusions", [f"{one.name}: {index_text(one.index)}" for one in found.exclusions]
    yield "Policies", [_policy(one) for one in found.policies]
    yield "Triggers", [one.definition for one in found.triggers]
    if found.partition_key:
        yield "Partitioned by", [found.partition_key]


def _policy(policy: object) -> str:
    return shown(policy)


def index_text(index: Index) -> str:
    """An index in a line."""
    words = [index.name, "unique" if index.is_unique else "", index.method if index.method != "btree" else ""]
    words.append(f"({shown(index.columns)})")
    words.append(f"include ({', '.join(index.include)})" if index.include else "")
    words.append(f"where {index.where}" if index.where else "")
    words.append("" if index.is_valid else "— invalid")
    return " ".join(word for word in words if word)


def objects_section(catalogs: Sequence[Catalog]) -> str:
    """Enums, views and functions; "" without any."""
    entries: Mapping[tuple[str, str], str] = dict(_objects(catalogs))
    if not entries:
        return ""
    body = [
        f'<details class="entry" data-find="{safe(name)}" data-kind="{kind}" id="object-{number}">'
        f'<summary><span class="mono">{safe(name)}</span> <span class="quiet">{kind}</span></summary>{text}</details>'
        for number, ((kind, name), text) in enumerate(sorted(entries.items(), key=lambda one: one[0]))
    ]
    return section("objects", "Types, views and functions", body)


def _objects(catalogs: Sequence[Catalog]) -> Iterator[tuple[tuple[str, str], str]]:
    for catalog in reversed(catalogs):
        for enum in catalog.enums:
            labels = "".join(f"<li><code>{safe(label)}</code></li>" for label in enum.labels)
            yield ("enum", str(enum.name)), f'<ul class="plain row">{labels}</ul>'
        for domain in catalog.domains:
            yield ("domain", str(domain.name)), f"<p><code>{safe(domain.type.sql)}</code></p>"
        for composite in catalog.composites:
            yield ("composite", str(composite.name)), f"<p><code>{safe(shown(composite.attributes))}</code></p>"
        for view in catalog.views:
            yield ("view", str(view.name)), f'<pre class="sql">{lines(view.definition)}</pre>'
        for function in catalog.functions:
            name = f"{function.name}({function.arguments})"
            yield (function.kind, name), f'<pre class="sql">{lines(function.definition)}</pre>'
