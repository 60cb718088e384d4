"""The report page's timeline of migrations: each below the one before it, as long as it took. And steps of a check."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from pgready.report.erd.svg_text import safe
from pgready.report.page.model import AppliedMigration, Page
from pgready.report.page.text import badge, section
from pgready.report.story import plural, seconds

_TONES = {
    "applied": "good",
    "ok": "good",
    "pending": "cosmetic",
    "skipped": "plain",
    "running": "slows",
    "ahead": "cosmetic",
    "failed": "breaks",
    "edited": "slows",
    "missing": "slows",
    "rolled back": "opens",
}


def migrations_section(page: Page) -> str:
    """The section; "" without migrations."""
    found = page.migrations
    if not found:
        return ""
    total = sum(one.seconds or 0 for one in found)
    starts = list(accumulate((one.seconds or 0 for one in found), initial=0.0))
    lead = plural(len(found), "migration") + (f" on {safe(page.history_of)}" if page.history_of else "")
    if total:
        slowest = max(found, key=lambda one: one.seconds or 0)
        lead += f" in {seconds(total)}; the longest took {seconds(slowest.seconds or 0)}."
    body = [*_axis(total), '<ol class="timeline" tabindex="0" aria-label="Migrations in their order">']
    body += [_line(one, start, total, number) for number, (one, start) in enumerate(zip(found, starts, strict=False))]
    body.append("</ol>")
    if total:
        button = '<button type="button" id="slowest" aria-pressed="false">Slowest first</button>'
        body.insert(0, f'<p class="tools">{button}</p>')
    return section("migrations", "Migrations", body, lead)


def _axis(total: float) -> Iterator[str]:
    if total:
        ticks = "".join(f'<span style="left:{at * 25}%">{seconds(total * at / 4)}</span>' for at in range(5))
        yield f'<div class="axis" aria-hidden="true"><div>{ticks}</div></div>'


def _line(one: AppliedMigration, start: float, total: float, number: int) -> str:
    tone = _TONES.get(one.state, "plain")
    bar = ""
    if total and one.seconds is not None:
        left, wide = start / total * 100, one.seconds / total * 100
        bar = f'<i class="{tone}" style="left:{left:.3f}%;width:max({wide:.3f}%,2px)"></i>'
    took = seconds(one.seconds) if one.seconds is not None else ""
    state = "" if one.state == "applied" else badge(tone, safe(one.state))
    note = f'<p class="note">{safe(one.note)}</p>' if one.note else ""
    when = f' title="{safe(one.at)}"' if one.at else ""
    return (
        f'<li data-find="{safe(one.name)}" data-kind="migration" id="migration-{number}" '
        f'data-seconds="{one.seconds or 0:.6f}"><span class="mono name"{when}>{safe(one.name)}</span>{state}'
        f'<span class="took">{took}</span><span class="bar" aria-hidden="true">{bar}</span>{note}</li>'
    )


def steps_section(page: Page) -> str:
    """The steps of a check; "" without any."""
    if not page.steps:
        return ""
    rows = [
        f"<li>{badge(_TONES[one.state], one.state)} <b>{safe(one.name)}</b>"
        f"<span>{'<br>'.join(map(safe, one.text.splitlines()))}</span>"
        f'<span class="took">{seconds(one.seconds) if one.seconds is not None else ""}</span></li>'
        for one in page.steps
    ]
    failed = sum(one.state == "failed" for one in page.steps)
    lead = (
        f"{plural(len(page.steps), 'step')}, {failed} failed."
        if failed
        else f"{plural(len(page.steps), 'step')}, none failed."
    )
    return section("steps", "Steps", ['<ol class="steps">', *rows, "</ol>"], lead)
