"""What the indexes of a live server cost: their size, how often they were read, how often they are written.

One connection, one read-only transaction with a statement timeout; nothing that waits for a lock, no values of users.
"""

from __future__ import annotations

from pgready.errors import Unreachable
from pgready.postgres.connect import ConnectFailed, open_session, unreachable
from pgready.postgres.session import ConnectionLost, ServerError
from pgready.postgres.trouble import Trouble
from pgready.project.url import Target
from pgready.proof.coverage import IndexName, LiveCost

# relpages, as of the last VACUUM or ANALYZE: pg_relation_size would wait behind whoever alters the table.
_SQL = """
BEGIN READ ONLY; SET LOCAL statement_timeout = '15s'; SET LOCAL lock_timeout = '1s';
SELECT n.nspname, c.relname, c.relpages::bigint * current_setting('block_size')::bigint,
       coalesce(s.idx_scan, 0), coalesce(t.n_tup_ins + t.n_tup_upd - t.n_tup_hot_upd, 0)
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_stat_all_indexes s ON s.indexrelid = i.indexrelid
LEFT JOIN pg_catalog.pg_stat_all_tables t ON t.relid = i.indrelid
WHERE c.relkind = 'i' AND n.nspname <> 'pg_catalog' AND n.nspname <> 'information_schema'
  AND n.nspname NOT LIKE 'pg\\_toast%';
"""


def index_costs(target: Target) -> dict[IndexName, LiveCost]:
    """The cost of every index of the database, by (schema, name); raises Unreachable."""
    try:
        session = open_session(target, "index costs")
    except ConnectFailed as e:
        raise unreachable(e.trouble, target) from None
    try:
        rows = session.rows("index costs", _SQL)
        session.run("end", "ROLLBACK")
    except ConnectionLost as e:
        raise unreachable(Trouble("dropped", e.words, transient=True), target) from None
    except ServerError as e:
        raise Unreachable(
            f"the server would not say what its indexes cost: {e.message}",
            where=target.redacted,
            detail=e.words(),
            then="try again when it is less busy, or leave --live out",
            code="index_costs",
        ) from None
    finally:
        session.close()
    return {
        (schema or "", name or ""): LiveCost(int(size or 0), int(scans or 0), int(writes or 0))
        for schema, name, size, scans, writes in rows
    }
