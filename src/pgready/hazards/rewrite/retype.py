"""A column's new type by expand and contract: a second column in step with the first, filled, and then in its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pgready.catalog.names import ObjectName
from pgready.catalog.table import Check, Column, ForeignKey, Index, Key, Table
from pgready.catalog.types import SYSTEM, DataType
from pgready.hazards.rewrite.alteration import Alteration, Command
from pgready.hazards.rewrite.constraints import concurrently, keys_of
from pgready.hazards.rewrite.way import (
    Ground,
    NoWay,
    Piece,
    Way,
    backfill_mark,
    constraint_names,
    free_name,
    key_of,
    words_of,
)
from pgready.plan import create_rendered as rendered
from pgready.plan.create_table_parts import settings
from pgready.sql.lexer import tokens
from pgready.sql.names import quote_ident, quote_literal

_TEXTS = ("text", "varchar")


def retyped(ground: Ground, alter: Alteration, command: Command) -> Way | NoWay | None:
    """ALTER COLUMN … TYPE; None where the rows stay as they are."""
    before, after = ground.table(alter.table), ground.table_after(alter.table)
    old = before.column(command.column) if before else None
    new = after.column(command.column) if after else None
    if before is None or after is None or old is None or new is None:
        return None
    if not command.using and is_free(old.type, new.type):
        return None
    if ground.is_partitioned(before) or before.partition or before.inherits:
        return NoWay("the table has partitions or parents: a new column would have to be made and swapped in each")
    key = key_of(before)
    if key is None:
        return NoWay(f"{before.name} has no key by which batches could fill the new column")
    if old.grants:
        return NoWay(f"roles have rights of their own on {command.column}, which a new column would lose")
    return _Retyped(ground, alter, command, before, after, old, new, key).way()


def is_free(old: DataType, new: DataType) -> bool:
    """Whether the server takes every value as it is: a wider limit, or none."""
    if old == new:
        return True
    names = (old.name.name, new.name.name)
    if {old.name.schema, new.name.schema} != {SYSTEM} or old.dimensions != new.dimensions:
        return False
    if set(names) <= set(_TEXTS):
        return new.name.name == "text" or not new.modifier or _within(old, new)
    if names[0] != names[1]:
        return False
    if names[0] == "numeric":
        return not new.modifier or (_scale(old) == _scale(new) and _within(old, new))
    return names[0] in ("varbit", "timestamp", "timestamptz", "time") and (not new.modifier or _within(old, new))


def _within(old: DataType, new: DataType) -> bool:
    widths = [one.modifier.partition(",")[0] for one in (old, new)]
    return all(one.isdigit() for one in widths) and int(widths[0]) <= int(widths[1])


def _scale(one: DataType) -> str:
    return one.modifier.partition(",")[2]


class _Retyped:
    """One column on its way to another type."""

    def __init__(
        self,
        ground: Ground,
        alter: Alteration,
        command: Command,
        before: Table,
        after: Table,
        old: Column,
        new: Column,
        key: tuple[str, ...],
    ) -> None:
        self.ground = ground
        self.command = command
        self.before = before
        self.after = after
        self.old = old
        self.new = new
        self.key = key
        self.head = alter.head.replace(" ONLY ", " ") if alter.only else alter.head
        self.table = alter.table_text
        self.ident = command.ident
        self.temporary = free_name(f"{old.name}_new", [one.name for one in (*before.columns, *after.columns)])
        self.shown = quote_ident(self.temporary)
        schema = alter.table_text.rpartition(".")[0]
        name = quote_ident(free_name(f"{before.name.name}_{old.name}_in_step", ()))
        self.function = f"{schema}.{name}" if schema else name
        self.trigger = quote_ident(free_name(f"zz_{old.name}_in_step", [one.name for one in before.triggers]))
        taken = constraint_names(before) | {one.name for one in before.indexes}
        self._taken = taken | constraint_names(after) | {one.name for one in after.indexes}

    def way(self) -> Way:
        """Expand, fill, build, swap, check."""
        middle, swap = [], []
        for build, finish in self._parts():
            middle += build
            swap += finish
        others = list(self._others())
        first = [f"{self.head.replace('ALTER TABLE IF EXISTS', 'ALTER TABLE')} DROP COLUMN {self.ident}"]
        sql = [
            f"DROP TRIGGER {self.trigger} ON {self.table}",
            f"DROP FUNCTION {self.function}()",
            *(drop for drop, _, _ in others),
            *self._sequence(),
            *first,
            *swap,
            f"{self.head} RENAME COLUMN {self.shown} TO {self.ident}",
            *self._identity(),
            *(add for _, add, _ in others if add),
        ]
        pieces = (
            self._expand(),
            self._fill(),
            *_by_step(middle),
            Piece(";\n".join(sql), "long", words_of("swap", self.old.name)),
            *(Piece(check, "check", words_of("check", self.old.name)) for _, _, check in others if check),
        )
        told = (
            f"{self.old.name} comes to stand behind the table's other columns: INSERT without a list of columns and"
            " SELECT * see another order",
            f"prepared statements that return {self.old.name} or all columns (SELECT *, RETURNING *) fail with 0A000,"
            ' "cached plan must not change result type", until their sessions prepare them anew: after the first'
            " migration and after the swap",
            "the table's own triggers fire while the batches fill the new column",
        )
        return Way(pieces, told[: 2 + bool(self.before.triggers)])

    # ── expand and fill ─────────────────────────────────────────────────────────────────────────────────────────

    @property
    def _value(self) -> str:
        # Assigned, as ALTER does it: a value that is too long is refused, where a cast would cut it in silence.
        return self.command.using or self.ident

    def _expand(self) -> Piece:
        collation = f" COLLATE {self.command.collation}" if self.command.collation else ""
        alias = quote_ident(self.before.name.name)
        body = f"NEW.{self.shown} := (SELECT {self._value} FROM (SELECT NEW.*) AS {alias});"
        sql = (
            f"{self.head} ADD COLUMN {self.shown} {self.command.type_text}{collation}",
            *(f"{self.head} {one.replace(quote_ident(self.old.name), self.shown, 1)}" for one in settings(self.new)),
            f"CREATE FUNCTION {self.function}() RETURNS trigger LANGUAGE plpgsql AS $in_step$\nBEGIN\n  {body}\n"
            "  RETURN NEW;\nEND\n$in_step$",
            f"CREATE TRIGGER {self.trigger} BEFORE INSERT OR UPDATE ON {self.table}\n"
            f"  FOR EACH ROW EXECUTE FUNCTION {self.function}()",
        )
        return Piece(";\n".join(sql), "quick", words_of("expand", self.old.name))

    def _fill(self) -> Piece:
        known = "" if self.command.using else f" AND {self.ident} IS NOT NULL"
        sql = (
            f"{backfill_mark(self.key)}\nUPDATE {self.table} SET {self.shown} = {self._value}"
            f" WHERE {self.shown} IS NULL{known}"
        )
        return Piece(sql, "backfill", words_of("fill", self.old.name))

    # ── what hangs on the column ────────────────────────────────────────────────────────────────────────────────

    def _parts(self) -> Iterator[tuple[list[Piece], list[str]]]:
        """For each index and constraint: what is made beside the old one, and what puts it in its place."""
        if self.new.not_null is not None:
            yield self._required()
        for check in self.after.checks:
            if self._mentions(check.expression):
                yield self._checked(check)
        for foreign in self.after.foreign_keys:
            if self.old.name in foreign.columns:
                yield self._foreign(foreign)
        for index in self.after.indexes:
            if self._is_of(index):
                yield self._indexed(index)
        for key in keys_of(self.after):
            if self._is_of(key.index):
                yield self._keyed(key)
        yield [], list(self._settled())

    def _required(self) -> tuple[list[Piece], list[str]]:
        name = self._free(f"{self.temporary}_set")
        add = f"{self.head} ADD CONSTRAINT {name} CHECK ({self.shown} IS NOT NULL) NOT VALID"
        swap = f"{self.head} ALTER COLUMN {self.shown} SET NOT NULL"
        return self._add_and_check(add, name), [swap, f"{self.head} DROP CONSTRAINT {name}"]

    def _checked(self, check: Check) -> tuple[list[Piece], list[str]]:
        name = self._free(check.name)
        made = replace(check, expression=self._said(check.expression), comment=None)
        text = rendered.check(made).replace(quote_ident(check.name), name, 1)
        return self._add_and_check(f"{self.head} ADD {text} NOT VALID", name), self._renamed(name, check.name, check)

    def _foreign(self, foreign: ForeignKey) -> tuple[list[Piece], list[str]]:
        name = self._free(foreign.name)
        made = replace(foreign, columns=self._columns(foreign.columns))
        text = rendered.foreign_key(made).replace(quote_ident(foreign.name), name, 1)
        return self._add_and_check(f"{self.head} ADD {text} NOT VALID", name), self._renamed(
            name, foreign.name, foreign
        )

    def _renamed(self, name: str, wanted: str, constraint: Check | ForeignKey) -> list[str]:
        found = [f"{self.head} RENAME CONSTRAINT {name} TO {quote_ident(wanted)}"]
        if constraint.comment:
            found.append(
                f"COMMENT ON CONSTRAINT {quote_ident(wanted)} ON {self.table} IS {quote_literal(constraint.comment)}"
            )
        return found

    def _add_and_check(self, add: str, name: str) -> list[Piece]:
        words = words_of("check", self.old.name)
        return [Piece(add, "quick", words), Piece(f"{self.head} VALIDATE CONSTRAINT {name}", "check", words)]

    def _indexed(self, index: Index) -> tuple[list[Piece], list[str]]:
        name = self._free(index.name)
        place = self.ground.shown(ObjectName(self.before.name.schema, name.strip('"')))
        swap = [f"ALTER INDEX {place} RENAME TO {quote_ident(index.name)}"]
        if index.comment:
            shown = self.ground.shown(ObjectName(self.before.name.schema, index.name))
            swap.append(f"COMMENT ON INDEX {shown} IS {quote_literal(index.comment)}")
        return self._build(index, name), swap

    def _keyed(self, key: Key) -> tuple[list[Piece], list[str]]:
        name, wanted = self._free(key.name), quote_ident(key.name)
        kind = "PRIMARY KEY" if key.is_primary else "UNIQUE"
        deferred = (" DEFERRABLE" if key.deferrable else "") + (" INITIALLY DEFERRED" if key.initially_deferred else "")
        swap = [f"{self.head} ADD CONSTRAINT {wanted} {kind} USING INDEX {name}{deferred}"]
        if key.comment:
            swap.append(f"COMMENT ON CONSTRAINT {wanted} ON {self.table} IS {quote_literal(key.comment)}")
        return self._build(key.index, name), swap

    def _build(self, index: Index, name: str) -> list[Piece]:
        columns = tuple(
            replace(one, text=self._said(one.text) if one.is_expression else self._column(one.text))
            for one in index.columns
        )
        where = None if index.where is None else self._said(index.where)
        made = replace(index, columns=columns, include=self._columns(index.include), where=where)
        sql = concurrently(self.ground, made, self.before)
        sql = sql.replace(f"CONCURRENTLY {quote_ident(index.name)} ", f"CONCURRENTLY {name} ", 1)
        return [Piece(sql, "alone", words_of("index", index.name))]

    def _others(self) -> Iterator[tuple[str, str, str]]:
        """Foreign keys of others that point here: dropped, added unchecked in the same transaction, then checked."""
        after = {one.name: {each.name: each for each in one.foreign_keys} for one in self.ground.after.tables}
        for table in self.ground.before.tables:
            for old in table.foreign_keys:
                if old.target != self.before.name or self.old.name not in old.target_columns or not old.is_local:
                    continue
                head, name = f"ALTER TABLE {self.ground.shown(table.name)}", quote_ident(old.name)
                drop, one = f"{head} DROP CONSTRAINT {name}", after.get(table.name, {}).get(old.name)
                if one is None:  # gone with CASCADE
                    yield drop, "", ""
                else:
                    text = rendered.foreign_key(replace(one, is_valid=True))
                    yield drop, f"{head} ADD {text} NOT VALID", f"{head} VALIDATE CONSTRAINT {name}"

    def _settled(self) -> Iterator[str]:
        if self.new.default is not None:
            yield f"{self.head} ALTER COLUMN {self.shown} SET DEFAULT {self.new.default}"
        if self.new.comment:
            yield f"COMMENT ON COLUMN {self.table}.{self.shown} IS {quote_literal(self.new.comment)}"

    # ── numbers ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _sequence(self) -> Iterator[str]:
        """The column's sequence outlives the column."""
        for one in self.ground.after.sequences:
            if one.owned_by == (self.before.name, self.old.name):
                yield f"ALTER SEQUENCE {self.ground.shown(one.name)} OWNED BY {self.table}.{self.shown}"
        if self.old.identity is not None:
            name = self.ground.shown(self.old.identity.sequence)
            yield (
                "SELECT set_config('pgready.last', last_value::text, true),"
                f" set_config('pgready.called', is_called::text, true) FROM {name}"
            )

    def _identity(self) -> Iterator[str]:
        identity = self.new.identity
        if identity is not None:
            name = quote_literal(self.ground.shown(identity.sequence))
            yield f"{self.head} ALTER COLUMN {self.ident} ADD{rendered.identity(identity)}"
            if identity.options.type != "bigint":
                yield f"ALTER SEQUENCE {self.ground.shown(identity.sequence)} AS {identity.options.type}"
            yield (
                f"SELECT setval({name}, current_setting('pgready.last')::bigint,"
                " current_setting('pgready.called')::boolean)"
            )

    # ── names ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _free(self, wanted: str) -> str:
        name = free_name(f"{wanted[:57]}_new" if len(wanted) > 57 else f"{wanted}_new", self._taken)
        self._taken.add(name)
        return quote_ident(name)

    def _column(self, name: str) -> str:
        return self.temporary if name == self.old.name else name

    def _columns(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(self._column, names))

    def _is_of(self, index: Index) -> bool:
        parts = [one for one in index.columns if one.is_expression]
        named = {*index.include, *(one.text for one in index.columns if not one.is_expression)}
        return self.old.name in named or self._mentions(index.where, *(one.text for one in parts))

    def _mentions(self, *texts: str | None) -> bool:
        return any(text and self._said(text) != text for text in texts)

    def _said(self, text: str) -> str:
        """An expression of the server's with the new column for the old one."""
        found, at = [], 0
        for token in tokens(text):
            word = text[token.start : token.end]
            name = word[1:-1].replace('""', '"') if token.kind == "quoted" else word
            if token.kind in ("word", "quoted") and name == self.old.name:
                found += [text[at : token.start], self.shown]
                at = token.end
        return "".join([*found, text[at:]])


def _by_step(pieces: list[Piece]) -> list[Piece]:
    """What is added, checked and built, each kind together."""
    return [piece for pace in ("quick", "check", "alone") for piece in pieces if piece.pace == pace]
