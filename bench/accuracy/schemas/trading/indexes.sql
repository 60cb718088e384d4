-- set: keys
-- set: times
CREATE INDEX ON ticks (at);
CREATE INDEX ON orders (placed_at);
CREATE INDEX ON orders (instrument_id);
CREATE INDEX ON fills (filled_at);
CREATE INDEX ON audit (at);
CREATE INDEX ON audit (actor);
-- set: brin
CREATE INDEX ON ticks USING brin (at) WITH (pages_per_range = 16);
CREATE INDEX ON audit USING brin (at) WITH (pages_per_range = 16);
CREATE INDEX ON orders USING brin (placed_at);
CREATE INDEX ON orders (status);
CREATE INDEX ON orders (placed_at, instrument_id);
CREATE INDEX ON quotes_valid (instrument_id);
CREATE INDEX ON instruments (lower(symbol));
-- set: ideal
CREATE INDEX ON ticks (at DESC, seq DESC);
CREATE INDEX ON ticks (instrument_id, size DESC);
CREATE INDEX ON orders (account_id, placed_at DESC);
CREATE INDEX ON orders (instrument_id, placed_at DESC) INCLUDE (price, quantity);
CREATE INDEX ON orders (account_id, instrument_id, placed_at DESC);
CREATE INDEX ON orders (placed_at) WHERE status = 'open';
CREATE INDEX ON orders (closed_at DESC NULLS LAST);
CREATE INDEX ON orders (status, placed_at DESC, account_id, order_no);
CREATE INDEX ON fills (filled_at DESC);
CREATE INDEX ON quotes_valid USING gist (during);
CREATE INDEX ON audit (action, at DESC);
CREATE INDEX ON audit (at DESC, id DESC);
CREATE INDEX ON audit USING gist (actor inet_ops);
CREATE INDEX ON instruments (venue, symbol);
