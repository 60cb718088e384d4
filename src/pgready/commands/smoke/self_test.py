"""Step 8: a fault is planted for every class of object, and parity has to find each of them.

First on ground of its own, which has every class there is; then in a copy of the project's database, for each class
that the project has.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pgready.catalog.model import Catalog
from pgready.commands.smoke.context import Failed, Run, Shown
from pgready.commands.smoke.faults import EXTENSIONS, FAULTS, GROUND, SCHEMA, Fault, extension
from pgready.commands.smoke.own_faults import own_faults
from pgready.parity.compare import differences
from pgready.parity.facts import unwell
from pgready.parity.model import Finding
from pgready.parity.outside import OutsideSide, outside_differences
from pgready.parity.rules import weighed
from pgready.postgres.introspection import introspect
from pgready.postgres.parity_outside import outside_of
from pgready.postgres.session import ServerError, Session
from pgready.report.story import plural

_WORD = "self_test"


def self_test(run: Run) -> Shown:
    """Plant and look; raises Failed with the classes that were not found."""
    run.ground.create(_WORD, template=run.fresh)
    with run.ground.session(_WORD) as session:
        run.doing("a fault of every class")
        planted, missed, beside, left_out = _on_ground(session, superuser=run.ground.superuser)
        run.doing("faults in the project's own objects")
        own, own_missed = _in_own(session, run.catalog)
    data = {
        "planted": len(planted),
        "found": len(planted) - len(missed),
        "kinds": [one.kind for one in planted],
        "own_planted": len(own),
        "own_found": len(own) - len(own_missed),
        "not_planted": left_out,
    }
    if missed or own_missed or beside:
        lines = [f"not found: {one.kind}: {one.sql}" for one in (*missed, *own_missed)]
        lines += [f"found and not planted: {one}" for one in beside]
        count = len(missed) + len(own_missed)
        text = f"{plural(count, 'planted fault')} not found" if count else "something was found that was not planted"
        raise Failed(text, lines[:20], data)
    text = (
        f"{len(planted)} of {len(planted)} faults found, one for each class of object;"
        f" {len(own)} of {len(own)} in the project's own"
    )
    lines = [f"not planted, the role is no superuser: {', '.join(left_out)}"] if left_out else []
    return Shown(text, tuple(lines), data)


def _on_ground(session: Session, *, superuser: bool) -> tuple[list[Fault], list[Fault], list[str], list[str]]:
    """What was planted, what of it was missed, what was found beside, and which classes were left out."""
    session.run("ground", GROUND, long=True)
    before, beyond = introspect(session, [SCHEMA]), outside_of(session)
    calm = [*_found(before, introspect(session, [SCHEMA])), *_beyond(before, beyond, before, outside_of(session))]
    faults = [one for one in FAULTS if superuser or not one.superuser]
    left_out = [one.kind for one in FAULTS if one.superuser and not superuser]
    session.run("plant", ";\n".join(one.sql for one in faults), long=True)
    more = _plant_extension(session, before) if superuser else None
    if more is not None:
        faults.append(more)
    after = introspect(session, [SCHEMA, f"{SCHEMA}_more"])
    found = [*_found(before, after), *_beyond(before, beyond, after, outside_of(session))]
    names = {one.object for one in found}
    missed = [one for one in faults if one.found not in names]
    beside = sorted({*(one.object for one in calm), *(names - {one.found for one in faults} - _CONSEQUENCES)})
    return faults, missed, beside, left_out


_CONSEQUENCES = frozenset(
    {f"check {SCHEMA}.late.late_check", f"inheritance of column {SCHEMA}.event_old.at"}
)  # fmt: skip
"""What a planted fault brings about beside itself."""


def _plant_extension(session: Session, catalog: Catalog) -> Fault | None:
    there = {one.name for one in catalog.extensions}
    listed = {name for (name,) in session.rows("extensions", "SELECT name FROM pg_catalog.pg_available_extensions")}
    for name in EXTENSIONS:
        if name in listed and name not in there:
            fault = extension(name)
            session.run("plant", fault.sql, long=True)
            return fault
    return None


def _in_own(session: Session, fresh: Catalog) -> tuple[list[Fault], list[Fault]]:
    planted: list[Fault] = []
    for candidates in own_faults(fresh).values():
        for fault in candidates:
            if _clashes(fault, planted):
                continue
            try:
                session.run("plant", fault.sql, long=True)
            except ServerError:
                continue  # others stand on it, or the role may not
            planted.append(fault)
            break
    found = {one.object for one in _found(fresh, introspect(session))}
    return planted, [one for one in planted if one.found not in found]


def _clashes(fault: Fault, planted: Sequence[Fault]) -> bool:
    """Whether a table that is to go holds another fault."""
    if fault.kind != "table":
        return False
    name = fault.found.removeprefix("table ")
    return any(f" {name}." in one.found for one in planted)


def _beyond(before: Catalog, one: OutsideSide, after: Catalog, other: OutsideSide) -> Iterable[Finding]:
    """The same for what no catalog holds."""
    sides = one.among(before, owners=True), other.among(after, owners=True)
    return [weighed(each) for each in outside_differences(*sides, before, after)[0]]


def _found(before: Catalog, after: Catalog) -> Iterable[Finding]:
    return [*(weighed(one) for one in differences(before, after)), *unwell(after, None)]
