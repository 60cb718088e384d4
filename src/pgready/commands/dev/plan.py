"""The next migration as a value: renames first, then what Prisma's diff writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pgready.catalog.model import Function
from pgready.diff.changes import Change, CreateSchema
from pgready.diff.data_loss import Count, DataLoss, assess, data_losses, warnings_of
from pgready.diff.prisma import prisma_changes
from pgready.diff.rename import MoveName, Names, Rename, RenameColumn, RenameValue, moves, renamed
from pgready.diff.rename_guess import followers, guesses
from pgready.diff.rename_read import read_renames, spelled, told
from pgready.diff.sides import Side
from pgready.plan import names as sql_names
from pgready.plan.prisma import prisma_sql, statements_of
from pgready.plan.renames import rename_sql
from pgready.plan.summary import subject


@dataclass(frozen=True, slots=True)
class Planned:
    """The changes after the `renames`, the whole script ("" for nothing to do), and renames that may be meant."""

    changes: tuple[Change, ...]
    script: str
    renames: tuple[Rename, ...]
    guessed: tuple[Rename, ...]
    names: sql_names.Names = field(default=sql_names.Names(None, None))

    @property
    def findings(self) -> tuple[DataLoss, ...]:
        """What may be lost or may fail."""
        return _findings(self.changes, self.renames)

    @property
    def hints(self) -> tuple[str, ...]:
        """The guesses in words, with the flag that makes each true."""
        return tuple(
            f"is it a rename of the {told(each)}? then: --rename {_shell(spelled(each))}" for each in self.guessed
        )

    def now(self, count: Count) -> Count:
        """What to count as long as nothing is renamed yet."""
        names = Names(self.renames)
        table = names.old_table(count.table)
        return Count(table, None if count.column is None else names.old_column(table, count.column))

    def notes(self, functions: Iterable[Function]) -> Iterator[str]:
        """What a rename does not reach: the text of functions."""
        for each in self.renames:
            if isinstance(each, MoveName):
                continue
            old = each.before if isinstance(each.before, str) else each.before.name
            word = re.compile(rf"(?<![\w$]){re.escape(old)}(?![\w$])")
            for function in functions:
                if word.search(function.definition):
                    yield f"{function.kind} {function.name} has {old} in its text, which a rename does not change"

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "changes": [
                {"kind": type(one).__name__, "name": subject(one), "sql": statements_of(one, self.names)}
                for one in self.changes
            ],
            "renames": [spelled(each) for each in self.renames if not isinstance(each, MoveName)],
            "perhaps_renames": [spelled(each) for each in self.guessed],
            "script": self.script,
        }


def plan_of(before: Side, after: Side, asked: Sequence[str], is_rename: Callable[[Rename], bool]) -> Planned:
    """What turns `before` into `after`; `asked` are --rename flags, `is_rename` judges guesses. Raises UsageInvalid."""
    renames = read_renames(asked, before, after) if asked else ()
    renames += followers(before, after, renames)
    refused: list[Rename] = []
    while True:
        # Each guess is one of the side as it is then; those that were made true change what is guessed next.
        side = renamed(before, renames)
        fresh = [each for each in guesses(side, after) if each not in refused]
        agreed = [each for each in fresh if is_rename(each)]
        refused += [each for each in fresh if each not in agreed]
        if not agreed:
            break
        renames = _in_old_names(agreed, renames)
        renames += followers(before, after, renames)
    side = renamed(before, renames)
    if (moved := moves(side, after)) and renames:
        renames += moved
        side = renamed(before, renames)
    changes = prisma_changes(side, after)
    names = sql_names.Names.of(before, after)
    return Planned(changes, _script(changes, renames, before, side, after), renames, tuple(refused), names)


def _in_old_names(agreed: Sequence[Rename], renames: tuple[Rename, ...]) -> tuple[Rename, ...]:
    """The renames with those of a side that they made already."""
    names = Names(renames)
    more: list[Rename] = []
    for each in agreed:
        match each:
            case RenameColumn(table, old, new):
                more.append(RenameColumn(names.old_table(table), old, new))
            case RenameValue(enum, old, new):
                more.append(RenameValue(names.old_enum(enum), old, new))
            case _:
                more.append(each)
    return (*renames, *more)


def _script(changes: tuple[Change, ...], renames: tuple[Rename, ...], before: Side, side: Side, after: Side) -> str:
    if not renames:
        return prisma_sql(changes, before, after, warnings_of(changes)) if changes else ""
    schemas = tuple(each for each in changes if isinstance(each, CreateSchema))
    rest = tuple(each for each in changes if not isinstance(each, CreateSchema))
    body = [prisma_sql(schemas, side, after)] if schemas else []
    body.append(rename_sql(renames, before, after))
    if rest:
        body.append(prisma_sql(rest, side, after))
    bare = prisma_sql(changes, side, after)
    head = prisma_sql(changes, side, after, assess(_findings(changes, renames)).messages).removesuffix(bare)
    return head + "\n".join(body)


def _findings(changes: tuple[Change, ...], renames: tuple[Rename, ...]) -> tuple[DataLoss, ...]:
    """Without the key of a join table whose columns swapped their names: it is made anew of what it was made of."""
    names = Names(renames)
    swapped = {
        names.table(each.table)
        for each in renames
        if isinstance(each, RenameColumn)
        and each.table.name.startswith("_")
        and (each.before, each.after) == ("A", "B")
    }
    return tuple(each for each in data_losses(changes) if each.column is not None or each.table not in swapped)


def _shell(text: str) -> str:
    import shlex

    return shlex.quote(text)
