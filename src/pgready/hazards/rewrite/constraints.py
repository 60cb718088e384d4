"""Constraints that look at every row: added unchecked, checked while all work, and only then relied upon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgready.catalog.table import Check, ForeignKey, Index, Key, Table
from pgready.hazards.rewrite.alteration import Alteration, Command
from pgready.hazards.rewrite.way import (
    Ground,
    NoWay,
    Piece,
    Way,
    constraint_names,
    free_name,
    is_required,
    words_of,
)
from pgready.plan import create_rendered as rendered
from pgready.sql.names import quote_ident


def required(ground: Ground, alter: Alteration, command: Command) -> Way | NoWay | None:
    """SET NOT NULL of a column that is there; None where nothing is read."""
    table = ground.table(alter.table)
    column = table.column(command.column) if table else None
    if table is None or column is None or is_required(column):
        return None
    if any(is_proof(one, command.column) for one in table.checks):
        return None
    return not_null(ground, table, alter.head, command.column, command.ident, command.text)


def is_proof(check: Check, column: str) -> bool:
    """Whether a valid CHECK says that the column is not null: SET NOT NULL then reads nothing."""
    shown = check.expression.strip("() ").replace('"', "")
    return check.is_valid and check.is_enforced and shown == f"{column} IS NOT NULL"


def not_null(ground: Ground, table: Table, head: str, column: str, ident: str = "", text: str = "") -> Way:
    """NOT NULL for a column of rows that are there; `head` is `ALTER TABLE …`, `text` the command that does it."""
    ident = ident or quote_ident(column)
    taken = constraint_names(table)
    if ground.has_newer_syntax and ground.version >= 18 and not ground.is_partitioned(table):
        name = quote_ident(free_name(f"{table.name.name}_{column}_not_null", taken))
        return Way(
            (
                Piece(f"{head} ADD CONSTRAINT {name} NOT NULL {ident} NOT VALID", "quick", words_of("require", column)),
                Piece(f"{head} VALIDATE CONSTRAINT {name}", "check", words_of("check", column)),
            ),
            merges=True,
        )
    name = quote_ident(free_name(f"{table.name.name}_{column}_set", taken))
    return Way(
        (
            Piece(
                f"{head} ADD CONSTRAINT {name} CHECK ({ident} IS NOT NULL) NOT VALID",
                "quick",
                words_of("require", column),
            ),
            Piece(f"{head} VALIDATE CONSTRAINT {name}", "check", words_of("check", column)),
            # The valid CHECK is the proof that SET NOT NULL looks for instead of reading the table.
            Piece(
                f"{head} {text or f'ALTER COLUMN {ident} SET NOT NULL'};\n{head} DROP CONSTRAINT {name}",
                "quick",
                words_of("not_null", column),
            ),
        ),
        merges=True,
    )


def checked(ground: Ground, alter: Alteration, command: Command, names: dict[str, str]) -> Way | NoWay:
    """CHECK and FOREIGN KEY: NOT VALID, then VALIDATE."""
    before, after = ground.table(alter.table), ground.table_after(alter.table)
    if before is None or after is None:
        return NoWay("the table is made by this statement")
    name = names[command.text]
    foreign = next((one for one in after.foreign_keys if one.name == name), None)
    if foreign and ground.is_partitioned(before) and not (ground.has_newer_syntax and ground.version >= 18):
        return _foreign_key_of_partitions(ground, before, foreign, alter, command)
    shown = quote_ident(name)
    return Way(
        (
            Piece(f"{alter.head} {command.text} NOT VALID", "quick", words_of("add", name)),
            Piece(f"{alter.head} VALIDATE CONSTRAINT {shown}", "check", words_of("check", name)),
        ),
        merges=True,
    )


def added_names(ground: Ground, alter: Alteration) -> dict[str, str]:
    """The names of the constraints that a statement adds, by the text of the command; the server's choice too."""
    before, after = ground.table(alter.table), ground.table_after(alter.table)
    if before is None or after is None:
        return {}
    found = {one.text: one.column for one in alter.commands if one.column}
    there = constraint_names(before) | set(found.values())
    for verb, names in (
        ("check", [one.name for one in after.checks]),
        ("foreign key", [one.name for one in after.foreign_keys]),
        ("unique", [one.name for one in after.uniques]),
        ("primary key", [after.primary_key.name] if after.primary_key else []),
    ):
        nameless = [one.text for one in alter.commands if one.verb == verb and not one.column]
        found |= dict(zip(nameless, [name for name in names if name not in there], strict=False))
    return found


def _foreign_key_of_partitions(
    ground: Ground, table: Table, key: ForeignKey, alter: Alteration, command: Command
) -> Way:
    """Each partition's first; the parent's then takes them in without a look at the rows."""
    adds, checks = [], []
    for part in leaves(ground, table):
        if any(_same_foreign_key(one, key) for one in part.foreign_keys):
            continue
        head = f"ALTER TABLE {ground.shown(part.name)}"
        own = next((t for t in ground.after.tables if t.name == part.name), part)
        made = next((one for one in own.foreign_keys if _same_foreign_key(one, key)), key)
        shown = quote_ident(made.name)
        adds.append(f"{head} ADD {rendered.foreign_key(made)} NOT VALID")
        checks.append(f"{head} VALIDATE CONSTRAINT {shown}")
    pieces = [Piece(one, "quick", words_of("add", key.name)) for one in adds]
    pieces += [Piece(one, "check", words_of("check", key.name)) for one in checks]
    # By its name: the server would choose another one, now that the partitions have it.
    text = command.text if command.column else f"ADD {rendered.foreign_key(key)}"
    pieces.append(Piece(f"{alter.head} {text}", "long", words_of("join", key.name)))
    return Way(tuple(pieces))


def _same_foreign_key(one: ForeignKey, other: ForeignKey) -> bool:
    return (one.columns, one.target, one.target_columns) == (other.columns, other.target, other.target_columns)


def leaves(ground: Ground, table: Table) -> Iterator[Table]:
    """The partitions that have rows."""
    for part in ground.partitions(table):
        if ground.is_partitioned(part):
            yield from leaves(ground, part)
        else:
            yield part


# ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def keyed(ground: Ground, alter: Alteration, command: Command, names: dict[str, str]) -> Way | NoWay:
    """UNIQUE and PRIMARY KEY: the index is built first, while all work."""
    before, after = ground.table(alter.table), ground.table_after(alter.table)
    if before is None or after is None:
        return NoWay("the table is made by this statement")
    name = names.get(command.text, "")
    key = next((one for one in keys_of(after) if one.name == name), None)
    if key is None:
        return NoWay("the constraint is not in the catalog afterwards")
    return key_way(ground, before, key, alter.head, command.text)


def keys_of(table: Table) -> list[Key]:
    """The primary key and the UNIQUE constraints."""
    return [one for one in (table.primary_key, *table.uniques) if one is not None]


def key_way(ground: Ground, table: Table, key: Key, head: str, text: str) -> Way | NoWay:
    """A key of a table that is there; `text` is the command that adds it."""
    if key.without_overlaps:
        return NoWay("WITHOUT OVERLAPS has no index that could be built beforehand")
    pieces: list[Piece] = []
    if key.is_primary:
        for name in key.columns:
            if not is_required(table.column(name)):
                pieces += not_null(ground, table, head, name).pieces
    if ground.is_partitioned(table):
        for part in leaves(ground, table):
            own = next((one for one in ground.after.tables if one.name == part.name), part)
            made = _child_key(own, key)
            if made is None:
                return NoWay(f"the key of the partition {part.name} is not in the catalog afterwards")
            if made not in keys_of(part):
                pieces += using_index(ground, made, part)
        # The parent's takes in what its partitions have.
        return Way((*pieces, Piece(f"{head} {text}", "long", words_of("add", key.name))))
    return Way((*pieces, *using_index(ground, key, table)))


def _child_key(part: Table, key: Key) -> Key | None:
    found = [one for one in keys_of(part) if one.columns == key.columns and one.is_primary == key.is_primary]
    return next((one for one in found if not one.is_local), found[-1] if found else None)


def using_index(ground: Ground, key: Key, table: Table) -> Sequence[Piece]:
    """A unique index, and the constraint that takes it."""
    name, shown = quote_ident(key.name), ground.shown(table.name)
    deferred = (" DEFERRABLE" if key.deferrable else "") + (" INITIALLY DEFERRED" if key.initially_deferred else "")
    kind = "PRIMARY KEY" if key.is_primary else "UNIQUE"
    return (
        Piece(concurrently(ground, key.index, table), "alone", words_of("index", key.name)),
        Piece(
            f"ALTER TABLE {shown} ADD CONSTRAINT {name} {kind} USING INDEX {name}{deferred}",
            "quick",
            words_of("add", key.name),
        ),
    )


def concurrently(ground: Ground, index: Index, table: Table) -> str:
    """CREATE INDEX CONCURRENTLY of an index as the catalog has it."""
    text = rendered.index(index, table.name, only=False)
    text = text.replace(f" ON {table.name.sql} ", f" ON {ground.shown(table.name)} ", 1)
    return text.replace(" INDEX ", " INDEX CONCURRENTLY ", 1)
