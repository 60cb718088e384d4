"""Changes for people: what comes, goes and changes, grouped by what it happens to, in the shape of Prisma's summary.

Unlike Prisma's it tells what becomes of schemas, extensions and defaults, in SQL's words.
"""

from __future__ import annotations

from collections.abc import Sequence

from pgready.diff import changes as made
from pgready.diff.changes import Change, ColumnDelta, TableChange
from pgready.diff.sides import Column, Extension

NO_DIFFERENCE = "No difference detected."


def summary(changes: Sequence[Change]) -> str:
    """The summary's text, without a line break at its end; NO_DIFFERENCE for no change."""
    if not changes:
        return NO_DIFFERENCE
    listed: dict[str, list[str]] = {}
    details: dict[str, list[str]] = {}
    for change in changes:
        heading, lines = _told(change)
        place = listed if heading.startswith(("[+]", "[-]")) else details
        place.setdefault(heading, []).extend(lines)
    parts = [f"{heading}\n" + "\n".join(lines) for heading, lines in (*listed.items(), *details.items())]
    return "\n\n".join(parts)


def subject(change: Change) -> str:
    """What a change is about, by its full name: `public.User`, `public.User.email_key`."""
    match change:
        case made.CreateSchema(name):
            return name
        case made.CreateExtension(one) | made.DropExtension(one):
            return one.name
        case made.AlterExtension(_, one):
            return one.name
        case made.CreateEnum(enum) | made.DropEnum(enum):
            return str(enum.name)
        case made.CreateTable(table) | made.DropTable(table):
            return str(table.name)
        case made.AlterEnum() | made.AlterTable():
            return str(change.after.name)
        case made.CreateIndex(table, index) | made.DropIndex(table, index):
            return f"{table.name}.{index.name}"
        case made.AddForeignKey(table, key) | made.DropForeignKey(table, key):
            return f"{table.name}.{key.name}"
        case made.RenameForeignKey():
            return f"{change.after_table.name}.{change.after.name}"
        case made.RenameIndex():
            return f"{change.table.name}.{change.after.name}"


def _told(change: Change) -> tuple[str, list[str]]:
    """The heading that a change stands under, and its lines there."""
    match change:
        case made.CreateSchema():
            return "[+] Added schemas", [f"  - {subject(change)}"]
        case made.CreateExtension():
            return "[+] Added extensions", [f"  - {subject(change)}"]
        case made.DropExtension():
            return "[-] Removed extensions", [f"  - {subject(change)}"]
        case made.CreateEnum(enum):
            return "[+] Added enums", [f"  - {enum.name.name}"]
        case made.DropEnum(enum):
            return "[-] Removed enums", [f"  - {enum.name.name}"]
        case made.CreateTable(table):
            return "[+] Added tables", [f"  - {table.name.name}"]
        case made.DropTable(table):
            return "[-] Removed tables", [f"  - {table.name.name}"]
        case made.AlterExtension(old, new):
            lines = [f"  [*] {what} {a} → {b}" for what, a, b in _extension_changes(old, new)]
            return f"[*] Changed the `{new.name}` extension", lines
        case made.AlterEnum():
            lines = [f"  [+] Added variant `{label}`" for label in change.added]
            lines += [f"  [-] Removed variant `{label}`" for label in change.removed]
            return f"[*] Changed the `{change.after.name.name}` enum", lines
        case made.AlterTable():
            lines = [_table_change(change, one) for one in change.changes]
            return _table_heading(change.after.name.name), lines
        case _:
            return _of_a_table(change)


def _extension_changes(old: Extension, new: Extension) -> list[tuple[str, str, str]]:
    pairs = [("version", old.version, new.version), ("schema", old.schema, new.schema)]
    return [(what, a, b) for what, a, b in pairs if a and b and a != b]


def _table_heading(name: str) -> str:
    return f"[*] Changed the `{name}` table"


def _of_a_table(
    change: made.CreateIndex
    | made.DropIndex
    | made.RenameIndex
    | made.AddForeignKey
    | made.DropForeignKey
    | made.RenameForeignKey,
) -> tuple[str, list[str]]:
    match change:
        case made.CreateIndex(table, index) | made.DropIndex(table, index):
            sign, verb = ("[+]", "Added") if isinstance(change, made.CreateIndex) else ("[-]", "Removed")
            unique = "unique " if index.is_unique else ""
            line = f"  {sign} {verb} {unique}index on columns ({', '.join(index.column_names)})"
        case made.AddForeignKey(table, key) | made.DropForeignKey(table, key):
            sign, verb = ("[+]", "Added") if isinstance(change, made.AddForeignKey) else ("[-]", "Removed")
            line = f"  {sign} {verb} foreign key on columns ({', '.join(key.columns)})"
        case made.RenameForeignKey(_, table, old, new):
            line = f'  [*] Renamed the foreign key "{old.name}" to "{new.name}"'
        case made.RenameIndex(table, old_index, new_index):
            line = f"  [*] Renamed index `{old_index.name}` to `{new_index.name}`"
    return _table_heading(table.name.name), [line]


def _table_change(table: made.AlterTable, change: TableChange) -> str:
    before, after = table.before.primary_key, table.after.primary_key
    match change:
        case made.AddColumn(column):
            return f"  [+] Added column `{column.name}`"
        case made.DropColumn(column):
            return f"  [-] Removed column `{column.name}`"
        case made.AlterColumn():
            return f"  [*] Altered column `{change.after.name}` ({_delta(change.before, change.after, change.delta)})"
        case made.RecreateColumn():
            told = _delta(change.before, change.after, change.delta)
            return f"  [*] Column `{change.after.name}` would be dropped and recreated ({told})"
        case made.DropPrimaryKey():
            return f"  [-] Dropped the primary key on columns ({', '.join(before.columns if before else ())})"
        case made.RenamePrimaryKey():
            return f"  [*] Renamed the primary key on columns ({', '.join(before.columns if before else ())})"
        case made.AddPrimaryKey():
            return f"  [+] Added primary key on columns ({', '.join(after.columns if after else ())})"


def _delta(before: Column, after: Column, delta: ColumnDelta) -> str:
    parts = []
    if delta.arity:
        parts.append(f"changed from {before.arity} to {after.arity}")
    if delta.default:
        verb = "added" if before.default is None else "removed" if after.default is None else "changed"
        parts.append(f"default {verb}")
    if delta.cast is not None:
        parts.append("type changed")
    if delta.autoincrement:
        gone = before.is_autoincrement
        parts.append("column is no longer autoincrementing" if gone else "column became autoincrementing")
    return ", ".join(parts)
