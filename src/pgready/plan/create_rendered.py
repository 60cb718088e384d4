"""Parts of tables and domains as SQL: columns' properties, constraints, indexes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pgready.catalog.names import ObjectName
from pgready.catalog.table import Check, Exclusion, ForeignKey, Identity, Index, IndexColumn, Key, SequenceOptions
from pgready.sql.names import quote_ident, quote_literal


def listed(names: Iterable[str]) -> str:
    """Names, quoted, between commas."""
    return ", ".join(map(quote_ident, names))


def options(values: Sequence[str], keyword: str = " WITH") -> str:
    """`WITH (…)` of options as the catalog has them (`fillfactor=70`); "" for none."""
    if not values:
        return ""
    return f"{keyword} ({', '.join(option(one) for one in values)})"


def option(text: str) -> str:
    """An option by its quoted name, with its value if it has one."""
    name, is_given, value = text.partition("=")
    place, dot, rest = name.rpartition(".")
    shown = (quote_ident(place) + dot if dot else "") + quote_ident(rest)
    return shown + (f" = {quote_literal(value)}" if is_given else "")


def collate(collation: ObjectName | None) -> str:
    """` COLLATE …` or ""."""
    return "" if collation is None else f" COLLATE {collation.sql}"


def sequence(counts: SequenceOptions) -> str:
    """A sequence's options but its type."""
    return (
        f"START WITH {counts.start} INCREMENT BY {counts.increment} MINVALUE {counts.minimum}"
        f" MAXVALUE {counts.maximum} CACHE {counts.cache} {'CYCLE' if counts.cycle else 'NO CYCLE'}"
    )


def changed_sequence(counts: SequenceOptions) -> str:
    """The options of an identity's sequence that is there: each behind a SET of its own."""
    words = (
        f"START WITH {counts.start}", f"INCREMENT BY {counts.increment}", f"MINVALUE {counts.minimum}",
        f"MAXVALUE {counts.maximum}", f"CACHE {counts.cache}", "CYCLE" if counts.cycle else "NO CYCLE",
    )  # fmt: skip
    return " ".join("SET " + one for one in words)


def identity(value: Identity) -> str:
    """` GENERATED … AS IDENTITY (…)`."""
    when = "ALWAYS" if value.always else "BY DEFAULT"
    return f" GENERATED {when} AS IDENTITY (SEQUENCE NAME {value.sequence.sql} {sequence(value.options)})"


def check(value: Check) -> str:
    """A CHECK constraint; NOT VALID is the caller's."""
    inherit = " NO INHERIT" if value.no_inherit else ""
    return f"CONSTRAINT {quote_ident(value.name)} CHECK ({value.expression}){inherit}{_enforced(value.is_enforced)}"


def key(value: Key) -> str:
    """A primary key or UNIQUE constraint."""
    distinct = " NULLS NOT DISTINCT" if value.index.nulls_not_distinct else ""
    kind = "PRIMARY KEY" if value.is_primary else "UNIQUE" + distinct
    overlaps = " WITHOUT OVERLAPS" if value.without_overlaps else ""
    text = f"CONSTRAINT {quote_ident(value.name)} {kind} ({listed(value.columns)}{overlaps}){_of_key(value.index)}"
    return text + _deferred(value.deferrable, value.initially_deferred)


def exclusion(value: Exclusion) -> str:
    """An EXCLUDE constraint."""
    pairs = zip(value.index.columns, value.operators, strict=True)
    shown = ", ".join(f"{index_column(one)} WITH {_operator(operator)}" for one, operator in pairs)
    text = f"CONSTRAINT {quote_ident(value.name)} EXCLUDE USING {quote_ident(value.index.method)} ({shown})"
    where = f" WHERE ({value.index.where})" if value.index.where else ""
    return text + _of_key(value.index) + where + _deferred(value.deferrable, value.initially_deferred)


def _operator(name: ObjectName) -> str:
    return f"OPERATOR({quote_ident(name.schema)}.{name.name})"


def _of_key(index: Index) -> str:
    text = f" INCLUDE ({listed(index.include)})" if index.include else ""
    text += options(index.options)
    return text + (f" USING INDEX TABLESPACE {quote_ident(index.tablespace)}" if index.tablespace else "")


def foreign_key(value: ForeignKey) -> str:
    """A foreign key with all that it says."""
    own, target = list(map(quote_ident, value.columns)), list(map(quote_ident, value.target_columns))
    if value.period:
        own[-1], target[-1] = "PERIOD " + own[-1], "PERIOD " + target[-1]
    text = f"CONSTRAINT {quote_ident(value.name)} FOREIGN KEY ({', '.join(own)})"
    text += f" REFERENCES {value.target.sql} ({', '.join(target)})"
    text += " MATCH FULL" if value.match_full else ""
    if value.on_delete != "NO ACTION":
        text += f" ON DELETE {value.on_delete}" + (f" ({listed(value.set_columns)})" if value.set_columns else "")
    text += f" ON UPDATE {value.on_update}" if value.on_update != "NO ACTION" else ""
    text += _deferred(value.deferrable, value.initially_deferred)
    if value.is_enforced and not value.is_valid:
        return text + " NOT VALID"
    return text + _enforced(value.is_enforced)


def _deferred(deferrable: bool, initially: bool) -> str:
    return (" DEFERRABLE" if deferrable else "") + (" INITIALLY DEFERRED" if initially else "")


def _enforced(is_enforced: bool) -> str:
    return "" if is_enforced else " NOT ENFORCED"


def index_column(one: IndexColumn) -> str:
    """A key of an index, with everything that it does not take from its type."""
    text = one.text if one.is_expression else quote_ident(one.text)
    text += collate(one.collation)
    operators = one.operator_class or (one.default_class if one.options else None)
    if operators is not None:
        text += f" {operators.sql}"
    if one.options:
        text += options(one.options.split(", "), "")
    text += " DESC" if one.descending else ""
    if one.nulls_first != one.descending:
        text += " NULLS FIRST" if one.nulls_first else " NULLS LAST"
    return text


def index(value: Index, relation: ObjectName, *, only: bool) -> str:
    """CREATE INDEX; `only` for a partitioned table's, whose partitions bring their own."""
    text = f"CREATE {'UNIQUE ' if value.is_unique else ''}INDEX {quote_ident(value.name)}"
    text += f" ON {'ONLY ' if only else ''}{relation.sql} USING {quote_ident(value.method)}"
    text += f" ({', '.join(map(index_column, value.columns))})"
    text += f" INCLUDE ({listed(value.include)})" if value.include else ""
    text += " NULLS NOT DISTINCT" if value.nulls_not_distinct else ""
    text += options(value.options)
    text += f" TABLESPACE {quote_ident(value.tablespace)}" if value.tablespace else ""
    return text + (f" WHERE {value.where}" if value.where else "")
