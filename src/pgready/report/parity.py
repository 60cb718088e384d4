"""Parity for people: each side with what differs, heaviest first, and a matrix where there are several sides.

Pure: colours are given as a `Paint`. Names and values are the database's own: every text is one safe line (`plain`).
"""

from __future__ import annotations

from collections.abc import Iterator

from pgready.parity.model import WEIGHTS, Finding, Weight
from pgready.parity.result import ParityResult, SideResult
from pgready.report.diagnostics import PLAIN, Paint
from pgready.report.excerpt import plain
from pgready.report.story import plural

_VALUE = 70
_UNSEEN = 5
HOWS = {
    "missing": "is missing",
    "unexpected": "is not in the reference",
    "different": "differs",
    "renamed": "is called otherwise",
    "unwell": "is not well",
}
_UNWELL = {
    "index-invalid": "is not valid",
    "sequence-behind": "is behind its column",
    "collation-version": "is not the library's",
    "constraint-not-validated": "is not validated",
}


def human(result: ParityResult, paint: Paint = PLAIN, *, quiet: bool = False) -> Iterator[str]:
    """Paragraphs without a line ending at their ends; an empty line belongs between two."""
    for number, side in enumerate(result.sides):
        lines = list(_side(side, paint, is_reference=number == 0, quiet=quiet))
        if lines:
            yield "\n".join(lines)
    if len(result.sides) > 2 and any(side.findings for side in result.sides[1:]):
        yield "\n".join(matrix(result, paint))
    lines = list(_rules(result, paint, quiet=quiet))
    if lines:
        yield "\n".join(lines)


def concise(result: ParityResult, paint: Paint = PLAIN) -> Iterator[str]:
    """A line for each finding: `side: weight[rule]: object how (values)`."""
    for side in result.sides:
        for one in side.findings:
            values = f" ({'; '.join(values_of(one))})" if one.details else ""
            head = f"{label(side.name)}: {_colour(one.weight, paint)}{one.weight}[{one.rule}]{paint.off}"
            yield f"{head}: {told(one)}{values}"


def verdict(result: ParityResult) -> str:
    """The last word: how many differences there are, and what was not seen."""
    unseen = sum(len(side.unseen) for side in result.sides)
    names = ", ".join(label(side.name) for side in result.sides[1:])
    if result.equal is None:
        return f"no difference in what was seen of {names}; {plural(unseen, 'thing')} could not be seen"
    if result.equal:
        return f"{names}: as {label(result.reference.name)}"
    counts = [(sum(side.count(weight) for side in result.sides), weight) for weight in WEIGHTS]
    said = ", ".join(f"{number} {weight}" for number, weight in counts if number)
    more = f"; {plural(unseen, 'thing')} could not be seen" if unseen else ""
    return f"{plural(len(result.findings), 'difference')} ({said}){more}"


def label(name: str) -> str:
    """A side's name on one line; a URL in it is redacted already, and so not masked whole."""
    return "".join(character if character.isprintable() else "?" for character in name)


def told(finding: Finding) -> str:
    """A finding's object and how it differs, as one safe line."""
    return f"{plain(finding.object)} {_UNWELL.get(finding.rule, HOWS[finding.how])}"


def values_of(finding: Finding) -> Iterator[str]:
    """Each property with its two values: `type: integer, reference bigint`."""
    for detail in finding.details:
        old, new = _short(detail.reference), _short(detail.side)
        if finding.how == "renamed":
            yield f"{new}, reference {old}"
        elif finding.rule == "collation-version":
            yield f"made with {old}, the library has {new}"
        else:
            yield f"{detail.name}: {new or 'none'}, reference {old or 'none'}"


def _side(side: SideResult, paint: Paint, *, is_reference: bool, quiet: bool) -> Iterator[str]:
    if quiet and not side.findings:
        return
    about = ", ".join(
        f"{name} {value}" for name, value in side.environment.items() if name in ("PostgreSQL", "lc_collate")
    )
    head = f"{paint.strong}{label(side.name)}{paint.off}"
    kind = f"{side.kind}{', ' + plain(about) if about else ''}"
    role = "the reference" if is_reference else _count(side)
    yield f"{head} ({kind}): {role}"
    for one in side.findings:
        yield f"  {_colour(one.weight, paint)}{one.weight:<8}{paint.off}  {told(one)}: {one.because}"
        yield from (f"            {value}" for value in values_of(one))
    if side.ignored:
        yield f"  {plural(len(side.ignored), 'difference')} ignored by a rule"
    if quiet:
        return
    for text in side.limits:
        yield f"  {paint.frame}not compared:{paint.off} {plain(text)}"
    for text in side.unseen[:_UNSEEN]:
        yield f"  {paint.warning}not seen:{paint.off} {plain(text)}"
    if len(side.unseen) > _UNSEEN:
        yield f"  {paint.warning}not seen:{paint.off} {len(side.unseen) - _UNSEEN} more (--json has all)"


def _count(side: SideResult) -> str:
    if not side.findings:
        return "nothing differs" if not side.unseen else "nothing that was seen differs"
    said = ", ".join(f"{side.count(weight)} {weight}" for weight in WEIGHTS if side.count(weight))
    return f"{plural(len(side.findings), 'difference')}: {said}"


def matrix(result: ParityResult, paint: Paint = PLAIN) -> Iterator[str]:
    """Objects that differ by sides, in each cell the weight."""
    sides = result.sides[1:]
    rows = objects(result)
    width = min(max(len(plain(name)) for name in rows), 60)
    names = [label(side.name).rpartition("@")[2][:24] for side in sides]
    yield " " * width + "  " + "  ".join(f"{paint.strong}{name:<{max(8, len(name))}}{paint.off}" for name in names)
    for name, cells in rows.items():
        text = plain(name)
        shown = text if len(text) <= width else text[: width - 1] + "…"
        line = f"{shown:<{width}}"
        for side, column in zip(sides, names, strict=True):
            weight = cells.get(side.name)
            padded = f"{weight or '=':<{max(8, len(column))}}"
            line += f"  {_colour(weight, paint) if weight else paint.good}{padded}{paint.off}"
        yield line.rstrip()


def objects(result: ParityResult) -> dict[str, dict[str, Weight]]:
    """Each object that differs somewhere, with its heaviest weight on each side that it differs on."""
    found: dict[str, dict[str, Weight]] = {}
    for side in result.sides[1:]:
        for one in side.findings:  # the heaviest come first
            found.setdefault(one.object, {}).setdefault(side.name, one.weight)
    return dict(sorted(found.items()))


def _rules(result: ParityResult, paint: Paint, *, quiet: bool) -> Iterator[str]:
    for rule in result.expired:
        what = f"the ignore rule for {plain(rule.object)} ended on {rule.until} ({plain(rule.reason)})"
        yield f"{paint.error}expired{paint.off}: {what}: decide anew"
    for rule in () if quiet else result.unused:
        yield f"{paint.warning}unused{paint.off}: the ignore rule for {plain(rule.object)} ignores nothing: remove it"


def _colour(weight: Weight, paint: Paint) -> str:
    return {"breaks": paint.error, "opens": paint.error, "slows": paint.warning, "cosmetic": paint.frame}[weight]


def _short(text: str) -> str:
    line = plain(" ".join(text.split()))
    return line if len(line) <= _VALUE else line[: _VALUE - 1] + "…"
