"""Altering what stays in place, but for columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgready.catalog.model import Composite, Domain, Enum, Extension, Function, View
from pgready.catalog.model import Sequence as Counter
from pgready.catalog.table import Check, Exclusion, ForeignKey, Index, Key, Policy, Table
from pgready.diff.full_elements import Address, Value
from pgready.plan import create_rendered as rendered
from pgready.plan.full_fate import labels_added, view_can_be_replaced
from pgready.sql.names import quote_ident, quote_literal


def alterations(address: Address, before: Value, after: Value) -> list[str]:
    """The statements that make `after` of `before`; none where other elements' do."""
    return list(_alterations(address, before, after))


def _alterations(address: Address, before: Value, after: Value) -> Iterator[str]:
    match before, after:
        case Extension(), Extension():
            name = quote_ident(after.name)
            if after.schema and before.schema != after.schema:
                yield f"ALTER EXTENSION {name} SET SCHEMA {quote_ident(after.schema)}"
            if after.version and before.version != after.version:
                yield f"ALTER EXTENSION {name} UPDATE TO {quote_literal(after.version)}"
        case Domain(), Domain():
            if before.not_null != after.not_null:
                yield f"ALTER DOMAIN {after.name.sql} {'SET' if after.not_null else 'DROP'} NOT NULL"
        case Composite(), Composite():
            yield from _composite(before, after)
        case Counter(), Counter():
            yield from _sequence(before, after)
        case Table(), Table():
            yield from _table(before, after)
        case (Key(), Key()) | (Exclusion(), Exclusion()):
            yield from _index(address, before.index, after.index)
        case Index(), Index():
            yield from _index(address, before, after)
        case Check(), Check():
            yield f"{_table_of(address)} VALIDATE CONSTRAINT {quote_ident(after.name)}"
        case ForeignKey(), ForeignKey():
            yield from _foreign_key(address, before, after)
        case Policy(), Policy():
            yield _policy(address, before, after)
        case Function(), Function():
            yield after.definition
        case View(), View():
            yield from _view(before, after)


def rename(address: Address, name: str) -> str:
    """The statement that gives an index or constraint another name."""
    old, new = quote_ident(address[3]), quote_ident(name)
    if address[0] == "index":
        return f"ALTER INDEX {quote_ident(address[1])}.{old} RENAME TO {new}"
    return f"{_table_of(address)} RENAME CONSTRAINT {old} TO {new}"


def without_parents(before: Table, after: Table) -> list[str]:
    """What lets a table go from parents that it does not have any more."""
    gone = [parent for parent in before.inherits if parent not in after.inherits]
    return [f"ALTER TABLE {after.name.sql} NO INHERIT {parent.sql}" for parent in gone]


def new_labels(before: Enum, after: Enum) -> Iterator[str]:
    """ALTER TYPE … ADD VALUE for each label that comes."""
    there = list(before.labels)
    for label in labels_added(before.labels, after.labels) or ():
        at = after.labels.index(label)
        following = next((one for one in after.labels[at:] if one in there), None)
        place = "" if following is None else f" BEFORE {quote_literal(following)}"
        yield f"ALTER TYPE {after.name.sql} ADD VALUE {quote_literal(label)}{place}"
        there.insert(at, label)


def _table_of(address: Address) -> str:
    schema, name = map(quote_ident, address[1:3])
    if address[0] == "domain check":
        return f"ALTER DOMAIN {schema}.{name}"
    return f"ALTER TABLE {schema}.{name}"


def _composite(before: Composite, after: Composite) -> Iterator[str]:
    own, new = {one.name for one in before.attributes}, {one.name for one in after.attributes}
    words = [f"DROP ATTRIBUTE {quote_ident(one.name)}" for one in before.attributes if one.name not in new]
    words += [
        f"ADD ATTRIBUTE {quote_ident(one.name)} {one.type.sql}{rendered.collate(one.collation)}"
        for one in after.attributes
        if one.name not in own
    ]
    if words:
        yield f"ALTER TYPE {after.name.sql} {', '.join(words)}"


def _sequence(before: Counter, after: Counter) -> Iterator[str]:
    if before.options != after.options:
        kind = "" if before.options.type == after.options.type else f" AS {after.options.type}"
        yield f"ALTER SEQUENCE {after.name.sql}{kind} {rendered.sequence(after.options)}"
    if before.unlogged != after.unlogged:
        yield f"ALTER SEQUENCE {after.name.sql} SET {'UNLOGGED' if after.unlogged else 'LOGGED'}"


def _options(head: str, before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """SET and RESET of storage options."""
    if before == after:
        return
    names = {one.partition("=")[0] for one in after}
    gone = sorted(one.partition("=")[0] for one in before if one.partition("=")[0] not in names)
    if gone:
        yield f"{head} RESET ({', '.join(rendered.option(one) for one in gone)})"
    if came := [one for one in after if one not in before]:
        yield f"{head} SET{rendered.options(came, '')}"


def _table(before: Table, after: Table) -> Iterator[str]:
    head, alone = f"ALTER TABLE {after.name.sql}", f"ALTER TABLE ONLY {after.name.sql}"
    there = [one for one in before.inherits if one in after.inherits]
    kept = 0
    while kept < len(there) and there[kept] == after.inherits[kept]:
        kept += 1
    for parent in there[kept:]:  # parents stand in the order in which they came
        yield f"{head} NO INHERIT {parent.sql}"
    for parent in after.inherits[kept:]:
        yield f"{head} INHERIT {parent.sql}"
    if before.access_method != after.access_method:
        yield f"{head} SET ACCESS METHOD {quote_ident(after.access_method)}"
    if before.tablespace != after.tablespace:
        yield f"{head} SET TABLESPACE {quote_ident(after.tablespace or 'pg_default')}"
    if before.unlogged != after.unlogged:
        yield f"{head} SET {'UNLOGGED' if after.unlogged else 'LOGGED'}"
    yield from _options(alone, before.options, after.options)
    if before.row_security != after.row_security:
        yield f"{alone} {'ENABLE' if after.row_security else 'DISABLE'} ROW LEVEL SECURITY"
    if before.force_row_security != after.force_row_security:
        yield f"{alone} {'FORCE' if after.force_row_security else 'NO FORCE'} ROW LEVEL SECURITY"


def _index(address: Address, before: Index, after: Index) -> Iterator[str]:
    head = f"ALTER INDEX {quote_ident(address[1])}.{quote_ident(after.name)}"
    yield from _options(head, before.options, after.options)
    if before.tablespace != after.tablespace:
        yield f"{head} SET TABLESPACE {quote_ident(after.tablespace or 'pg_default')}"


def _foreign_key(address: Address, before: ForeignKey, after: ForeignKey) -> Iterator[str]:
    head, name = _table_of(address), quote_ident(after.name)
    whens = [(one.deferrable, one.initially_deferred) for one in (before, after)]
    if whens[0] != whens[1]:
        word = "DEFERRABLE" if after.deferrable else "NOT DEFERRABLE"
        word += " INITIALLY DEFERRED" if after.initially_deferred else ""
        yield f"{head} ALTER CONSTRAINT {name} {word}"
    if after.is_valid and not before.is_valid:
        yield f"{head} VALIDATE CONSTRAINT {name}"


def _policy(address: Address, before: Policy, after: Policy) -> str:
    text = f"ALTER POLICY {quote_ident(after.name)} ON {quote_ident(address[1])}.{quote_ident(address[2])}"
    if before.roles != after.roles:
        text += f" TO {rendered.listed(after.roles) if after.roles else 'PUBLIC'}"
    if before.using != after.using:
        text += f" USING ({after.using})"
    return text + (f" WITH CHECK ({after.check})" if before.check != after.check else "")


def _view(before: View, after: View) -> Iterator[str]:
    name = after.name.sql
    if view_can_be_replaced(before, after):
        yield f"CREATE OR REPLACE VIEW {name}{rendered.options(after.options)} AS\n{after.definition}"
        return
    yield from _options(f"ALTER MATERIALIZED VIEW {name}", before.options, after.options)
