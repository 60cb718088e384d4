"""The report page's matrix of sides and objects, and every difference in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from pgready.catalog.model import Catalog
from pgready.parity.model import WEIGHTS, Finding, heaviest
from pgready.report.erd.svg_text import safe
from pgready.report.page.model import Page, PageSide, object_of
from pgready.report.page.text import WEIGHT_WORDS, badge, section, table
from pgready.report.story import plural

Thing = tuple[str, tuple[str, ...]]
"""An object's kind and name."""

_KINDS = (
    ("enum", "enums"),
    ("domain", "domains"),
    ("composite", "composites"),
    ("range", "ranges"),
    ("sequence", "sequences"),
    ("table", "tables"),
    ("view", "views"),
    ("function", "functions"),
)


def things_of(catalog: Catalog) -> Iterator[Thing]:
    """Every object of a catalog."""
    for schema in catalog.schemas:
        yield "schema", (schema.name,)
    for extension in catalog.extensions:
        yield "extension", (extension.name,)
    for kind, field in _KINDS:
        for one in getattr(catalog, field):
            yield kind, (*one.name, one.arguments) if kind == "function" else tuple(one.name)
    for trigger in catalog.event_triggers:
        yield "event trigger", (trigger.name,)


def named(thing: Thing) -> str:
    """An object's name as it is shown."""
    kind, names = thing
    if kind == "function" and len(names) == 3:
        return f"{names[0]}.{names[1]}({names[2]})"
    return ".".join(names)


def parity_section(page: Page) -> str:
    """The section; "" for fewer than two sides."""
    if len(page.sides) < 2:
        return ""
    views = frozenset(tuple(view.name) for catalog in page.catalogs for view in catalog.views)
    by_side = [_by_thing(side, views) for side in page.sides]
    there = [frozenset(things_of(side.catalog)) if side.catalog else None for side in page.sides]
    things = sorted(
        {one for found in there if found for one in found} | {one for found in by_side for one in found},
        key=lambda one: (one[1][0] if len(one[1]) > 1 else "", one[0] != "schema", one),
    )
    different = [one for one in things if any(one in found for found in by_side)]
    there = _with_beyond(there, by_side)
    body = [
        f'<ul class="sides">{"".join(_side(side, number) for number, side in enumerate(page.sides))}</ul>',
        *_map(page, things, by_side, there),
        *_matrix(page, things, different, by_side, there),
        *_differences(page, different, by_side),
        *_ignored(page),
    ]
    return section("parity", "Parity", body, _lead(page, len(things)))


def _with_beyond(
    there: list[frozenset[Thing] | None], by_side: list[Mapping[Thing, list[Finding]]]
) -> list[frozenset[Thing] | None]:
    """With settings, rules, publications and all that no catalog holds, as far as the findings say where it is."""
    known = frozenset().union(*(found for found in there if found))
    beyond = {one for found in by_side for one in found if one not in known}
    hows = {one: {each.how for found in by_side for each in found.get(one, [])} for one in beyond}
    expected = {one for one in beyond if hows[one] - {"unexpected"}}
    return [
        None if own is None else own | (expected - (found.keys() if number else set()))
        for number, (own, found) in enumerate(zip(there, by_side, strict=True))
    ]


def _by_thing(side: PageSide, views: frozenset[tuple[str, ...]]) -> Mapping[Thing, list[Finding]]:
    found: dict[Thing, list[Finding]] = {}
    for finding in side.findings:
        found.setdefault(object_of(finding.address, views), []).append(finding)
    return found


def _lead(page: Page, count: int) -> str:
    reference = f"<strong>{safe(page.sides[0].name)}</strong>"
    return f"{plural(count, 'object')} on {plural(len(page.sides), 'side')}, held against {reference}."


def _side(side: PageSide, number: int) -> str:
    state = _summary(side) if number or side.findings or side.trouble else ""
    if not number:
        state = f"{badge('plain', 'reference')} {state}".rstrip()
    parts = [f"<h3>{safe(side.name)} {state}</h3>"]
    if side.kind or side.detail:
        parts.append(f"<p>{safe(' · '.join(one for one in (side.kind, side.detail) if one))}</p>")
    if side.trouble:
        parts.append(f'<p class="trouble">{safe(side.trouble)}</p>')
    parts += [f'<p class="unseen">not seen: {safe(one)}</p>' for one in side.unseen]
    parts += [f"<p>not compared: {safe(one)}</p>" for one in side.limits]
    if side.fingerprint:
        parts.append(f'<p><code title="{safe(side.fingerprint)}">{safe(side.fingerprint[:16])}</code></p>')
    return f"<li>{''.join(parts)}</li>"


def _summary(side: PageSide) -> str:
    if side.trouble:
        return badge("breaks", "not read")
    counts = Counter(one.weight for one in side.findings)
    if not counts:
        is_partial = side.unseen or side.limits
        return badge("slows", "equal as far as seen") if is_partial else badge("good", "equal")
    return " ".join(badge(weight, f"{counts[weight]} {weight}") for weight in WEIGHTS if counts[weight])


def _map(
    page: Page,
    things: list[Thing],
    by_side: list[Mapping[Thing, list[Finding]]],
    there: list[frozenset[Thing] | None],
) -> Iterator[str]:
    """Every object as a small square, a row of them for each side."""
    yield '<div class="map" aria-hidden="true">'
    for side, found, own in zip(page.sides, by_side, there, strict=True):
        cells = "".join(_square(one, found.get(one, []), own, side) for one in things)
        yield f'<div class="map-row"><span>{safe(side.name)}</span><div>{cells}</div></div>'
    yield "</div>"
    words = "".join(f'<li><i class="{weight}"></i>{WEIGHT_WORDS[weight]}</li>' for weight in WEIGHTS)
    partly = any(side.unseen or side.limits for side in page.sides)
    seen = '<li><i class="seen"></i>no difference seen, compared in part</li>' if partly else ""
    rest = f'{words}<li><i class="none"></i>not there</li>'
    yield f'<ul class="legend"><li><i class="good"></i>equal</li>{seen}{rest}</ul>'


def _square(thing: Thing, findings: list[Finding], own: frozenset[Thing] | None, side: PageSide) -> str:
    tone: str
    if findings:
        tone = heaviest([one.weight for one in findings])
    elif own is None:
        tone = "unknown"
    elif thing not in own:
        tone = "none"
    else:
        tone = "seen" if side.unseen or side.limits else "good"
    return f'<i class="{tone}" title="{safe(named(thing))}"></i>'


def _matrix(
    page: Page,
    things: list[Thing],
    different: list[Thing],
    by_side: list[Mapping[Thing, list[Finding]]],
    there: list[frozenset[Thing] | None],
) -> Iterator[str]:
    marked = set(different)
    head = ["object", "kind", *(safe(side.name) for side in page.sides)]
    rows = []
    for one in things:
        cells = "".join(
            f"<td>{_cell(one, found.get(one, []), own, side, is_reference=side is page.sides[0])}</td>"
            for side, found, own in zip(page.sides, by_side, there, strict=True)
        )
        name = f'<span class="mono">{safe(named(one))}</span>'
        if one in marked:
            name = f'<a href="#difference-{different.index(one)}">{name}</a>'
        state = "" if one in marked else ' class="same"'
        rows.append(f'<tr{state}><th scope="row">{name}</th><td>{one[0]}</td>{cells}</tr>')
    same = len(things) - len(different)
    if same and different:
        yield (
            '<label class="switch"><input type="checkbox" id="show-same"> '
            f"Show {plural(same, 'object')} without a difference, too</label>"
        )
    elif same:
        yield (
            '<label class="switch"><input type="checkbox" id="show-same"> '
            f"Show the {plural(same, 'object')}, none of which differs</label>"
        )
    yield table(head, rows, "matrix")


def _cell(
    thing: Thing, findings: list[Finding], own: frozenset[Thing] | None, side: PageSide, *, is_reference: bool
) -> str:
    if findings:
        counts = Counter(one.weight for one in findings)
        return " ".join(badge(weight, f"{counts[weight]} {weight}") for weight in WEIGHTS if counts[weight])
    if own is None:
        return '<span class="quiet">not read</span>'
    if thing not in own:
        return '<span class="quiet">not there</span>'
    if is_reference:
        return '<span class="quiet">there</span>'
    if side.unseen or side.limits:
        return '<span class="quiet">no difference seen</span>'
    return '<span class="same-mark">equal</span>'


def _differences(page: Page, different: list[Thing], by_side: list[Mapping[Thing, list[Finding]]]) -> Iterator[str]:
    if not different:
        return
    counts = Counter(one.weight for one in page.findings)
    chips = "".join(
        f'<button type="button" class="chip {weight}" data-weight="{weight}" aria-pressed="true">'
        f"{WEIGHT_WORDS[weight]} <b>{counts[weight]}</b></button>"
        for weight in WEIGHTS
        if counts[weight]
    )
    yield f'<h3 id="differences">Differences</h3><div class="chips" role="group" aria-label="Show">{chips}</div>'
    for number, thing in enumerate(different):
        name = safe(named(thing))
        yield (
            f'<article class="difference" id="difference-{number}" data-find="{name}" data-kind="difference">'
            f'<h4><span class="quiet">{thing[0]}</span> <span class="mono">{name}</span></h4><ul>'
        )
        for side, found in zip(page.sides, by_side, strict=True):
            for finding in found.get(thing, []):
                yield _finding(finding, side.name)
        yield "</ul></article>"


def _finding(finding: Finding, side: str) -> str:
    details = "".join(
        f"<div><dt>{safe(one.name)}</dt><dd><del>{safe(one.reference) or '—'}</del> "
        f"<span aria-hidden='true'>→</span> <ins>{safe(one.side) or '—'}</ins></dd></div>"
        for one in finding.details
    )
    return (
        f'<li class="finding" data-weight="{finding.weight}">{badge(finding.weight, finding.weight)} '
        f'<span><span class="mono">{safe(finding.object)}</span> is {finding.how} on <b>{safe(side)}</b>. '
        f"{safe(_sentence(finding.because))}</span>{f'<dl>{details}</dl>' if details else ''}</li>"
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) or not text else ".")


def _ignored(page: Page) -> Iterator[str]:
    found = [(side, one) for side in page.sides for one in side.ignored]
    if not found:
        return
    rows = "".join(
        f'<li>{badge("plain", one.finding.weight)} <span class="mono">{safe(one.finding.object)}</span> on '
        f"{safe(side.name)}: {safe(one.reason)}{f' (until {safe(one.until)})' if one.until else ''}</li>"
        for side, one in found
    )
    said = plural(len(found), "difference")
    yield f"<details class='ignored'><summary>{said} ignored</summary><ul>{rows}</ul></details>"
