"""The report page: one file, no network, nothing but what it was given; the same values always make the same page.

It is whole without a script: the script adds search, zoom, focus and the switches. A content security policy allows
that one script by its hash and nothing else, should a name ever get past the escaping.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pgready.parity.model import WEIGHTS
from pgready.report.erd.graph import graph_of
from pgready.report.erd.layout import suited
from pgready.report.erd.svg_text import safe
from pgready.report.page.migrations import migrations_section, steps_section
from pgready.report.page.model import Page
from pgready.report.page.palette import toned, variables
from pgready.report.page.parity import parity_section
from pgready.report.page.proof import proof_section
from pgready.report.page.tables import diagram_section, objects_section, tables_section
from pgready.report.page.text import tile, weight_words


@dataclass(frozen=True, slots=True)
class Assets:
    """The texts of the package's `report/assets`: page.css, diagram.css, page.js."""

    page_style: str
    diagram_style: str
    script: str


def report_page(page: Page, assets: Assets) -> str:
    """The whole file."""
    graph = graph_of(page.catalogs, page.findings)
    sections = {
        "parity": ("Parity", parity_section(page)),
        "steps": ("Steps", steps_section(page)),
        "diagram": ("Diagram", diagram_section(graph, suited(graph)) if graph.nodes else ""),
        "migrations": ("Migrations", migrations_section(page)),
        "proofs": ("Proofs", proof_section(page)),
        "tables": ("Tables", tables_section(graph, page.catalogs, page.findings)),
        "objects": ("Types and views", objects_section(page.catalogs)),
    }
    present = {anchor: one for anchor, one in sections.items() if one[1]}
    links = "".join(f'<a href="#{anchor}">{label}</a>' for anchor, (label, _) in present.items())
    style = variables() + toned(assets.diagram_style) + toned(assets.page_style)
    script = assets.script.strip()
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        f"script-src 'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
    )
    title = safe(page.title)
    body = "\n".join(text for _, text in present.values()) or '<p class="lead">Nothing to show.</p>'
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="generator" content="pgready">\n'
        f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#main">Skip to the content</a>\n'
        f'<div class="topbar"><a class="brand" href="#top">pgready</a><nav aria-label="Sections">{links}</nav>'
        f"{_SEARCH}{_THEME}</div>\n"
        f'<header id="top"><h1>{title}</h1>{_subtitle(page)}<ul class="tiles">{"".join(_tiles(page, len(graph.nodes)))}'
        f'</ul></header>\n<main id="main">\n{body}\n</main>\n'
        f"<footer>{safe(page.made)}</footer>\n<script>{script}</script>\n</body>\n</html>\n"
    )


_SEARCH = (
    '<div class="search" role="search"><label class="unseen-label" for="search">Search</label>'
    '<input id="search" type="search" placeholder="Search  /" autocomplete="off" spellcheck="false" role="combobox" '
    'aria-expanded="false" aria-controls="results" aria-autocomplete="list">'
    '<ul id="results" role="listbox" aria-label="Found" hidden></ul></div>'
)
_THEME = '<button type="button" id="theme" aria-pressed="false" aria-label="Dark colours">◐</button>'


def _subtitle(page: Page) -> str:
    return f'<p class="subtitle">{safe(page.subtitle)}</p>' if page.subtitle else ""


def _tiles(page: Page, tables: int) -> Iterator[str]:
    """The page in a few figures."""
    if len(page.sides) > 1:
        counts = Counter(one.weight for one in page.findings)
        for weight in WEIGHTS:
            if counts[weight]:
                yield tile(str(counts[weight]), weight_words(weight, counts[weight]), weight)
        unread = sum(bool(side.trouble) for side in page.sides)
        partly = sum(bool(side.unseen) for side in page.sides)
        if unread:
            yield tile(str(unread), "not read", "breaks")
        if partly:
            yield tile(str(partly), "seen in part only", "slows")
        if not counts and not unread and not partly:
            yield tile(str(len(page.sides)), "sides, all equal", "good")
    if page.proof is not None:
        bad = len(page.proof.failing)
        words = ("contract fails" if bad == 1 else "contracts fail") if bad else "query contracts, none fails"
        yield tile(str(bad or len(page.proof.proved)), words, "breaks" if bad else "good")
    if page.steps:
        failed = sum(one.state == "failed" for one in page.steps)
        yield tile(
            str(failed or len(page.steps)),
            "steps failed" if failed else "steps, none failed",
            "breaks" if failed else "good",
        )
    if page.migrations:
        yield tile(str(len(page.migrations)), "migrations")
    if tables:
        yield tile(str(tables), "tables")
