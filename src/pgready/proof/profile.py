"""Profiles: how big production is, without its data."""

from __future__ import annotations

from dataclasses import dataclass

from pgready.catalog.names import ObjectName


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """A column's statistics, each None where nothing is said: the table's default is worked out then.

    `distinct` counts values if > 0; < 0 is minus the share of rows (-1: unique), as pg_stats.n_distinct has it.
    `null_fraction` is 0 to 1, `width` average bytes, `correlation` -1 to 1. `top_share` is the share of all rows that
    have the column's commonest value, whichever that is (`most_common_freqs[1]`; 1 / distinct where ANALYZE found no
    common ones): it tells whether a value can be asked for that reads far more than others. `frequencies` are (value
    as text, share of all rows), for enums and booleans only: nothing else may leave a server.
    """

    name: str
    distinct: float | None = None
    null_fraction: float | None = None
    width: int | None = None
    correlation: float | None = None
    top_share: float | None = None
    frequencies: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class IndexProfile:
    """An index as somebody measured it, each part None or empty where nobody did.

    `rows` are its entries if it is partial. `columns` are the statistics of its expressions, by the names that the
    index's own columns have (`lower`, `expr`, `expr1`).
    """

    name: str
    pages: int | None = None
    rows: float | None = None
    columns: tuple[ColumnProfile, ...] = ()


@dataclass(frozen=True, slots=True)
class TableProfile:
    """A table's size in rows and 8 kB pages (None: worked out from widths), a partitioned one's with all partitions.

    `grows` False is a lookup table, whose size stays when everything else grows.
    """

    name: ObjectName
    rows: float
    pages: int | None = None
    grows: bool = True
    columns: tuple[ColumnProfile, ...] = ()
    indexes: tuple[IndexProfile, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of production; tables that it does not name get a default.

    `settings` are planner settings (name, value), as random_page_cost. `default_rows` is the default's size.
    """

    tables: tuple[TableProfile, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    default_rows: int = 1_000_000
    source: str = ""
