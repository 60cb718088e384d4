"""How a migration's script will be run: decided from its text alone, before anything is sent.

A script goes whole into our own transaction, unless it has transaction control of its own or a statement that
cannot run in a transaction; then it is split, and its progress is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from pgready.errors import UsageInvalid
from pgready.history.model import Migration
from pgready.sql.script import check, excerpt, must_split, needs_no_transaction, segments, unwrapped, where
from pgready.sql.statements import Statement, split

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pgready.sql.backfill import Backfill


@dataclass(frozen=True, slots=True)
class Prepared:
    """A migration that may be sent.

    `body` is its script, an outermost BEGIN … COMMIT pair blanked, so that offsets stay. `why_split` says why it
    cannot go whole ("" if it can). `needs_direct`: it has a statement that a transaction pooler cannot carry.
    `own_block`: the author put all of it into one transaction, which is never broken up. `backfills` are the statements
    that run in batches.
    """

    migration: Migration
    body: str
    statements: tuple[Statement, ...]
    why_split: str
    needs_direct: bool
    own_block: bool
    backfills: tuple[Backfill, ...] = ()

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
    elif backfills:
        why = "a backfill runs in batches"
    own_block = inside is not None
    return Prepared(migration, body, statements, why, alone is not None, own_block, backfills)


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
        return found
    raise UsageInvalid(
        what,
        where=place(migration, misfit_at),
        excerpt=show(migration, misfit_at),
        then=then,
        code="backfill_invalid",
    )


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
