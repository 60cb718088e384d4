"""How a migration's script will be run: decided from its text alone, before anything is sent.

A script goes whole into our own transaction, unless it has transaction control of its own or a statement that
cannot run in a transaction; then it is split, and its progress is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pgready.errors import UsageInvalid
from pgready.history.model import Migration
from pgready.sql.script import check, excerpt, must_split, needs_no_transaction, segments, unwrapped, where
from pgready.sql.statements import Statement, split

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pgready.sql.backfill import Backfill, Requirement


@dataclass(frozen=True, slots=True)
class Prepared:
    """A migration that may be sent.

    `body` is its script, an outermost BEGIN … COMMIT pair blanked, so that offsets stay. `why_split` says why it
    cannot go whole ("" if it can). `needs_direct`: it has a statement that a transaction pooler cannot carry.
    `own_block`: the author put all of it into one transaction, which is never broken up. `backfills` are the statements
    that run in batches, `requires` the background backfills that are to be done before.

    `registers`: the background backfills that a deploy only registers (see `registering`).
    """

    migration: Migration
    body: str
    statements: tuple[Statement, ...]
    why_split: str
    needs_direct: bool
    own_block: bool
    backfills: tuple[Backfill, ...] = ()
    requires: tuple[Requirement, ...] = ()
    registers: tuple[Backfill, ...] = ()

    @property
    def whole(self) -> bool:
        """It goes into one transaction with its row."""
        return not self.why_split


def prepare(migration: Migration) -> Prepared:
    """Judge the script; raises UsageInvalid with file:line:column for one that must not be sent as it is."""
    if migration.problem is not None:
        raise migration.problem
    if (refusal := check(migration.script)) is not None:
        raise UsageInvalid(
            refusal.what,
            where=place(migration, refusal.offset),
            excerpt=show(migration, refusal.offset),
            then=refusal.then,
            code=refusal.code,
        )
    inside = unwrapped(migration.script)
    body = migration.script if inside is None else inside
    statements = split(body)
    backfills = _backfills(migration, body, statements, own_block=inside is not None)
    alone = next((kind for s in statements if (kind := needs_no_transaction(s))), None)
    why = ""
    if must_split(body):
        why = f"{alone.upper()} cannot run in a transaction" if alone else "it has transaction control of its own"
    elif not migration.transactional:
        why = "the file asks for no transaction"
    elif not all(one.background for one in backfills):
        why = "a backfill runs in batches"
    own_block = inside is not None
    requires = _requirements(migration)
    return Prepared(migration, body, statements, why, alone is not None, own_block, backfills, requires)


def registering(prepared: Prepared) -> Prepared:
    """What a deploy sends: background backfills are looked at instead of run, and `registers` names them.

    Their statements become EXPLAIN, in their place, and a look at their keys follows behind: what could never run is to
    fail now and not in the night. A shadow database runs the file as it stands.
    """
    registers = tuple(one for one in prepared.backfills if one.background)
    if not registers:
        return prepared
    from pgready.sql.backfill_key import refuse_key

    body = prepared.body
    for one in registers:
        start = prepared.statements[one.statement].start
        end = prepared.statements[one.statement - 1].end if one.statement else 0
        # The mark in front of it leaves room: what the server says of a place in the script stays true.
        blank = "".join(c if c in "\r\n" else " " for c in body[end:start])
        body = body[:end] + blank[: -len(_EXPLAIN)] + _EXPLAIN + body[start:]
    body += "\n;\n" + ";\n".join(refuse_key(one) for one in registers)
    return replace(
        prepared,
        body=body,
        statements=split(body),
        backfills=tuple(one for one in prepared.backfills if not one.background),
        registers=registers,
    )


_EXPLAIN = "EXPLAIN "


def start_of(prepared: Prepared, backfill: Backfill) -> int:
    """Where the statement of a backfill begins in the script."""
    start = prepared.statements[backfill.statement].start
    return start + len(_EXPLAIN) if prepared.registers else start


def _requirements(migration: Migration) -> tuple[Requirement, ...]:
    if "pgready:" not in migration.script:
        return ()
    from pgready.sql.backfill import requirements_of

    found, misfit = requirements_of(migration.script)
    if misfit is None:
        return found
    raise _misfit(migration, misfit.offset, misfit.what, misfit.then)


def _misfit(migration: Migration, offset: int, what: str, then: str) -> UsageInvalid:
    where, excerpt = place(migration, offset), show(migration, offset)
    return UsageInvalid(what, where=where, excerpt=excerpt, then=then, code="backfill_invalid")


def _backfills(
    migration: Migration, body: str, statements: tuple[Statement, ...], *, own_block: bool
) -> tuple[Backfill, ...]:
    if "pgready:" not in body:  # what nearly every script is
        return ()
    from pgready.sql.backfill import backfills_of

    found, misfit = backfills_of(body, statements)
    if misfit is None and found and (own_block or _in_block(body, found)):
        start = statements[found[0].statement].start
        what = "a backfill commits each of its batches, and this one stands between BEGIN and COMMIT"
        misfit_at, then = start, "take BEGIN and COMMIT out, or the mark"
    elif misfit is not None:
        misfit_at, what, then = misfit.offset, misfit.what, misfit.then
    else:
        return _named(migration.name, found)
    raise _misfit(migration, misfit_at, what, then)


def _named(migration: str, found: tuple[Backfill, ...]) -> tuple[Backfill, ...]:
    """Each with a name: its own, or the migration's, with a number from the second one on."""
    named: list[Backfill] = []
    for number, one in enumerate(found, start=1):
        named.append(one if one.name else replace(one, name=migration if number == 1 else f"{migration}:{number}"))
    return tuple(named)


def _in_block(body: str, backfills: tuple[Backfill, ...]) -> bool:
    """Whether the author's own transaction is around one of them."""
    marked = {one.statement for one in backfills}
    alone = frozenset(marked | {number + 1 for number in marked})
    return any(len(one.indexes) > 1 and marked & set(one.indexes) for one in segments(body, before=alone))


def place(migration: Migration, offset: int) -> str:
    """`path:line:column` of a character of the script."""
    return where(migration.script, offset, migration.path, migration.first_line)


def show(migration: Migration, offset: int) -> str:
    """The source line with a caret."""
    return excerpt(migration.script, offset, "", migration.first_line)
