"""erd: one side's catalog as an entity diagram."""

from __future__ import annotations

from typing import Literal

from pgready.catalog.model import Catalog
from pgready.commands.sides import Project, Resolved, Side, resolve_sides
from pgready.report.erd.layout import Detail
from pgready.report.story import Teller

Format = Literal["svg", "mermaid", "dbml", "html"]


def erd(
    side: Side, project: Project, tell: Teller, format_: Format, detail: Detail | None = None, made: str = ""
) -> str:
    """The diagram's text, ending in a newline; raises what `resolve_sides` raises.

    `detail` is how much of each table an SVG shows; None chooses what can be read. `made` is a page's last line.
    """
    (resolved,) = resolve_sides((side,), project, tell, in_full=True)
    catalog, title = resolved.catalog, _title(resolved, project)
    if format_ == "dbml":
        from pgready.report.erd.dbml import dbml

        return dbml(catalog)
    if format_ == "mermaid":
        from pgready.report.erd.graph import graph_of
        from pgready.report.erd.mermaid import mermaid

        return mermaid(graph_of([catalog]))
    return _svg(catalog, title, detail) if format_ == "svg" else _html(catalog, title, made)


def _title(resolved: Resolved, project: Project) -> str:
    """What the diagram is of; a database by its name and place alone."""
    side = resolved.side
    if side.kind in ("url", "datasource"):
        target = project.target(side)
        hosts = ", ".join(f"{host or 'this machine'}:{port}" for host, port in target.hosts)
        return f"database {target.dbname} on {hosts}" if target.dbname else f"the database on {hosts}"
    return side.text or "the project's schema"


def _svg(catalog: Catalog, title: str, detail: Detail | None) -> str:
    from pgready.commands.report_page import asset
    from pgready.report.erd.graph import graph_of
    from pgready.report.erd.layout import layout, suited
    from pgready.report.erd.svg import standalone
    from pgready.report.page.palette import resolved

    graph = graph_of([catalog])
    return standalone(layout(graph, detail or suited(graph)), resolved(asset("diagram.css")), f"Tables of {title}")


def _html(catalog: Catalog, title: str, made: str) -> str:
    from pgready.commands.report_page import report_page
    from pgready.report.page.model import Page, PageSide

    page = Page("Entity diagram", title, made, (PageSide(title, catalog=catalog),))
    return report_page(page)
