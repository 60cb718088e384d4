"""New columns: empty and with their default for new rows first, filled in batches, and constrained at the end."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from pgready.catalog.model import Sequence
from pgready.catalog.table import Column, Table
from pgready.hazards.rewrite.alteration import Alteration, Command
from pgready.hazards.rewrite.constraints import key_way, keys_of, not_null
from pgready.hazards.rewrite.way import Ground, NoWay, Piece, Way, backfill_mark, key_of, words_of
from pgready.plan import create_rendered as rendered
from pgready.plan.create_table_parts import settings
from pgready.sql.lexer import tokens
from pgready.sql.names import quote_ident, quote_literal

# They answer once for a statement, or always the same: the server keeps the value beside the table, and no row changes.
_ONCE = frozenset(
    {"NOW", "CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "LOCALTIME", "LOCALTIMESTAMP", "CURRENT_USER"}
    | {"TRANSACTION_TIMESTAMP", "STATEMENT_TIMESTAMP", "SESSION_USER", "CURRENT_SETTING", "TO_TIMESTAMP", "LOWER"}
    | {"MAKE_INTERVAL", "DATE_TRUNC", "UPPER", "ARRAY", "ROW", "COALESCE", "JSONB_BUILD_OBJECT", "JSON_BUILD_OBJECT"}
    | {"VARCHAR", "NUMERIC", "DECIMAL", "CHAR", "CHARACTER", "TIMESTAMP", "TIMESTAMPTZ", "TIME", "INTERVAL", "BIT"}
)
_SERIALS = frozenset({"SERIAL", "BIGSERIAL", "SMALLSERIAL", "SERIAL4", "SERIAL8", "SERIAL2"})
_CONSTRAINTS = frozenset({"CHECK", "UNIQUE", "PRIMARY", "REFERENCES"})


def is_volatile(default: str) -> bool:
    """Whether a default may answer differently for every row, as far as its text says."""
    found = list(tokens(default))
    return any(
        one.kind in ("word", "quoted") and following.text == "(" and one.text not in _ONCE
        for one, following in pairwise(found)
    )


def is_serial(command: Command) -> bool:
    """A column with a sequence of its own."""
    first = next(iter(tokens(command.type_text)), None)
    return first is not None and first.text in _SERIALS


def added(ground: Ground, alter: Alteration, command: Command) -> Way | NoWay | None:
    """ADD COLUMN; None where it is a matter of a moment as it is."""
    before, after = ground.table(alter.table), ground.table_after(alter.table)
    column = after.column(command.column) if after else None
    if before is None or after is None or column is None or before.column(command.column):
        return None
    if column.generated is not None:
        return _generated(column)
    volatile = is_volatile(command.default) or is_serial(command) or column.identity is not None
    required = column.not_null is not None and (volatile or column.default is None)
    if not volatile and not required and not command.parts & _CONSTRAINTS:
        return None
    return _Added(ground, alter, command, before, after, column, volatile=volatile).way()


def _generated(column: Column) -> NoWay | None:
    if column.generated is None or not column.generated.stored:
        return None
    return NoWay(
        "a stored generated column is computed for every row at once; a plain column that a trigger keeps can be"
        " filled in batches, and from PostgreSQL 18 on a VIRTUAL one costs nothing"
    )


class _Added:
    """One column."""

    def __init__(
        self,
        ground: Ground,
        alter: Alteration,
        command: Command,
        before: Table,
        after: Table,
        column: Column,
        *,
        volatile: bool,
    ) -> None:
        self.ground = ground
        self.head = alter.head
        self.table_text = alter.table_text
        self.command = command
        self.before = before
        self.after = after
        self.column = column
        self.volatile = volatile
        self.ident = command.ident
        self.told: list[str] = []

    def way(self) -> Way | NoWay:
        """Step by step."""
        key = key_of(self.before)
        fills = self.volatile or (self.column.not_null is not None and self.column.default is None)
        if fills and key is None:
            return NoWay(f"{self.before.name} has no key by which batches could go through it")
        pieces = self._begin()
        if key is not None and self.volatile:
            mark = backfill_mark(key)
            # DEFAULT is that of the column, which stands by now.
            sql = f"{mark}\nUPDATE {self.table_text} SET {self.ident} = DEFAULT WHERE {self.ident} IS NULL"
            pieces.append(Piece(sql, "backfill", words_of("fill", self.column.name)))
        elif key is not None and fills:
            pieces.append(self._to_be_filled(key))
        rest = self._constrained()
        if isinstance(rest, NoWay):
            return rest
        pieces += rest
        if self.column.identity is not None:
            pieces.append(self._identity())
        return Way(tuple(pieces), tuple(self.told))

    def _begin(self) -> list[Piece]:
        command, column = self.command, self.column
        type_text = column.type.sql if is_serial(command) else command.type_text
        collation = f" COLLATE {command.collation}" if command.collation else ""
        sql = []
        default = command.default
        sequence = next((one for one in self.ground.after.sequences if self._owns(one)), None)
        if sequence is not None and is_serial(command):
            sql.append(f"CREATE SEQUENCE {self.ground.shown(sequence.name)} AS {sequence.options.type}")
            default = column.default or ""
        elif column.identity is not None:
            sql.append(f"CREATE SEQUENCE {self._numbers} AS {column.identity.options.type}"
                       f" {rendered.sequence(column.identity.options)}")  # fmt: skip
            default = f"nextval({quote_literal(self._numbers)}::regclass)"
        only_default = default and not self.volatile
        sql.append(f"{self.head} ADD COLUMN {self.ident} {type_text}{collation}"
                   + (f" DEFAULT {default}" if only_default else ""))  # fmt: skip
        sql += [f"{self.head} {one}" for one in settings(column)]
        if sequence is not None and is_serial(command):
            owned = f"{self.table_text}.{self.ident}"
            sql.append(f"ALTER SEQUENCE {self.ground.shown(sequence.name)} OWNED BY {owned}")
        if default and not only_default:
            sql.append(f"{self.head} ALTER COLUMN {self.ident} SET DEFAULT {default}")
        return [Piece(";\n".join(sql), "quick", words_of("add", column.name))]

    @property
    def _numbers(self) -> str:
        """The sequence that gives the rows that are there their numbers."""
        return self.ground.shown(self.before.name._replace(name=f"{self.before.name.name}_{self.column.name}_numbers"))

    def _owns(self, one: Sequence) -> bool:
        return one.owned_by == (self.after.name, self.column.name)

    def _to_be_filled(self, key: tuple[str, ...]) -> Piece:
        name = self.column.name
        self.told.append(
            f"{name} has no default: what it is for the rows that are there is yours to write, in the UPDATE that is"
            " commented out"
        )
        update = f"UPDATE {self.table_text} SET {self.ident} = … WHERE {self.ident} IS NULL;"
        words = "-- No default: say what the column is for the rows that are there, and take the dashes out."
        return Piece(f"{words}\n-- {backfill_mark(key)}\n-- {update}", "long", words_of("fill", name))

    def _constrained(self) -> list[Piece] | NoWay:
        name = self.column.name
        before_names = {one.name for one in self.before.checks} | {one.name for one in self.before.foreign_keys}
        pieces: list[Piece] = []
        # As it will be when it comes to that: nullable still.
        nullable = _with_column(self.before, self.column)
        if self.column.not_null is not None:
            pieces += not_null(self.ground, nullable, self.head, name, self.ident).pieces
        for text, constraint in (
            *((rendered.check(one), one.name) for one in self.after.checks if name in one.expression),
            *((rendered.foreign_key(one), one.name) for one in self.after.foreign_keys if name in one.columns),
        ):
            if constraint in before_names:
                continue
            shown = quote_ident(constraint)
            pieces.append(Piece(f"{self.head} ADD {text} NOT VALID", "quick", words_of("add", constraint)))
            pieces.append(Piece(f"{self.head} VALIDATE CONSTRAINT {shown}", "check", words_of("check", constraint)))
        there = {one.name for one in keys_of(self.before)}
        for key in keys_of(self.after):
            if key.name in there or name not in key.columns:
                continue
            way = key_way(self.ground, self.after, key, self.head, f"ADD {rendered.key(key)}")
            if isinstance(way, NoWay):
                return way
            pieces += way.pieces
        return pieces

    def _identity(self) -> Piece:
        identity = self.column.identity
        assert identity is not None  # noqa: S101 - asked by the caller
        counted = quote_literal(self.ground.shown(identity.sequence))
        sql = (
            f"{self.head} ALTER COLUMN {self.ident} DROP DEFAULT",
            f"{self.head} ALTER COLUMN {self.ident} ADD{rendered.identity(identity)}",
            f"SELECT setval({counted}, last_value, is_called) FROM {self._numbers}",
            f"DROP SEQUENCE {self._numbers}",
        )
        return Piece(";\n".join(sql), "quick", words_of("number", self.column.name))


def _with_column(table: Table, column: Column) -> Table:
    return replace(table, columns=(*table.columns, replace(column, not_null=None)))
