-- case: index
CREATE INDEX clients_email ON clients (email);
-- case: index_unique
CREATE UNIQUE INDEX clients_email ON clients (email);
-- case: index_partial
CREATE INDEX clients_few ON clients (email) WHERE level = 7;
-- case: index_of_expression
CREATE INDEX clients_lower ON clients (lower(email));
-- case: index_gin
CREATE INDEX clients_extra ON clients USING gin (extra);
-- case: index_brin
CREATE INDEX clients_brin ON clients USING brin (id);
-- case: index_hash
CREATE INDEX clients_hash ON clients USING hash (level);
-- case: index_concurrently
CREATE INDEX CONCURRENTLY clients_email ON clients (email);
-- case: index_unique_concurrently
CREATE UNIQUE INDEX CONCURRENTLY clients_email ON clients (email);
-- case: index_if_not_exists_there
-- setup
CREATE INDEX clients_email ON clients (email);
-- run
CREATE INDEX IF NOT EXISTS clients_email ON clients (email);
-- case: index_of_partitioned
CREATE INDEX events_kind ON events (kind);
-- case: index_only_of_partitioned
CREATE INDEX events_kind ON ONLY events (kind);
-- case: index_attached
-- setup
CREATE INDEX events_kind ON ONLY events (kind);
CREATE INDEX a_kind ON events_a (kind);
-- run
ALTER INDEX events_kind ATTACH PARTITION a_kind;
-- probe: events
-- case: index_of_materialized_view
CREATE INDEX balances_total ON balances (total);
-- case: index_dropped
DROP INDEX invoices_client;
-- probe: invoices
-- case: index_dropped_concurrently
DROP INDEX CONCURRENTLY invoices_client;
-- probe: invoices
-- case: index_renamed
ALTER INDEX invoices_client RENAME TO by_client;
-- probe: invoices
-- case: index_fillfactor
-- probe: invoices
ALTER INDEX invoices_client SET (fillfactor = 70);
-- case: index_statistics
-- probe: clients
-- setup
CREATE INDEX clients_lower ON clients (lower(email));
-- run
ALTER INDEX clients_lower ALTER COLUMN 1 SET STATISTICS 500;
-- case: reindex_index
-- probe: invoices
REINDEX INDEX invoices_client;
-- case: reindex_table
REINDEX TABLE invoices;
-- case: reindex_index_concurrently
-- probe: invoices
REINDEX INDEX CONCURRENTLY invoices_client;
-- case: reindex_table_concurrently
REINDEX TABLE CONCURRENTLY invoices;
-- case: reindex_partitioned
-- alone: 0
REINDEX TABLE events;
-- case: reindex_schema
-- probe: clients, invoices
REINDEX SCHEMA public;
-- case: reindex_option
-- probe: invoices
REINDEX (CONCURRENTLY) INDEX invoices_client;
-- case: statistics_object
CREATE STATISTICS clients_two ON region, level FROM clients;
