-- name: instrument_by_symbol
-- types: text
-- common: SYM42
SELECT * FROM instruments WHERE symbol = $1;
-- name: instrument_symbol_upper
-- types: text
-- common: sym42
SELECT * FROM instruments WHERE lower(symbol) = $1;
-- name: instruments_of_venue
-- types: text, text
-- common: XNYS | SYM3
SELECT id, symbol FROM instruments WHERE venue = $1 AND symbol > $2 ORDER BY symbol LIMIT 20;
-- name: ticks_of_instrument_range
-- types: int, timestamptz, timestamptz
-- common: 1 | 2024-02-10 | 2024-02-11
-- typical: 250 | 2024-02-10 | 2024-02-11
-- rare: 1900 | 2024-02-10 | 2024-02-20
SELECT at, price, size FROM ticks WHERE instrument_id = $1 AND at >= $2 AND at < $3 ORDER BY at;
-- name: ticks_latest_of_instrument
-- types: int
-- common: 1
-- typical: 250
-- rare: 1990
SELECT at, price FROM ticks WHERE instrument_id = $1 ORDER BY at DESC, seq DESC LIMIT 1;
-- name: ticks_latest_of_instrument_since
-- types: int, timestamptz
-- common: 1 | 2024-04-01
-- typical: 250 | 2024-04-01
-- rare: 1990 | 2024-04-01
SELECT at, price FROM ticks WHERE instrument_id = $1 AND at >= $2 ORDER BY at DESC LIMIT 50;
-- name: ticks_range_minute
-- types: timestamptz, timestamptz
-- common: 2024-03-10 10:00+00 | 2024-03-10 10:10+00
SELECT instrument_id, at, price FROM ticks WHERE at >= $1 AND at < $2;
-- name: ticks_range_week
-- types: timestamptz, timestamptz
-- common: 2024-03-10 | 2024-03-17
SELECT instrument_id, count(*), avg(price) FROM ticks WHERE at >= $1 AND at < $2 GROUP BY instrument_id;
-- name: ticks_literal_month
SELECT count(*) FROM ticks WHERE at >= '2024-02-01 00:00+00' AND at < '2024-03-01 00:00+00';
-- name: ticks_latest
SELECT instrument_id, at, price FROM ticks ORDER BY at DESC, seq DESC LIMIT 100;
-- name: ticks_keyset
-- types: timestamptz, int
-- common: 2024-03-10 | 596000
SELECT instrument_id, at, price FROM ticks WHERE (at, seq) < ($1, $2) ORDER BY at DESC, seq DESC LIMIT 100;
-- name: ticks_offset_deep
SELECT instrument_id, at, price FROM ticks ORDER BY at DESC, seq DESC LIMIT 100 OFFSET 50000;
-- name: ticks_biggest
-- types: int
-- common: 1
-- typical: 250
-- rare: 1950
SELECT at, size FROM ticks WHERE instrument_id = $1 ORDER BY size DESC LIMIT 10;
-- name: ticks_by_seq
-- types: int
-- common: 777777
SELECT * FROM ticks WHERE seq = $1;
-- name: last_price_lateral
-- types: text
-- common: XNAS
-- typical: XNYS
-- rare: XXXX
SELECT i.symbol, t.price FROM instruments i CROSS JOIN LATERAL (SELECT price FROM ticks t WHERE t.instrument_id = i.id AND t.at >= '2024-04-20 00:00+00' ORDER BY t.at DESC LIMIT 1) t WHERE i.venue = $1 LIMIT 20;
-- name: last_price_distinct_on
SELECT DISTINCT ON (instrument_id) instrument_id, at, price FROM ticks ORDER BY instrument_id, at DESC;
-- name: last_price_distinct_on_few
-- types: int[], timestamptz
-- common: {1,5,1900} | 2024-04-20
SELECT DISTINCT ON (instrument_id) instrument_id, at, price FROM ticks WHERE instrument_id = ANY($1) AND at > $2 ORDER BY instrument_id, at DESC;
-- name: candles
-- types: int, timestamptz, timestamptz
-- common: 1 | 2024-02-01 | 2024-02-03
-- typical: 250 | 2024-02-01 | 2024-02-02
-- rare: 1800 | 2024-02-01 | 2024-02-03
SELECT date_trunc('hour', at) AS h, min(price), max(price) FROM ticks WHERE instrument_id = $1 AND at BETWEEN $2 AND $3 GROUP BY 1 ORDER BY 1;
-- name: order_by_key
-- types: int, int
-- common: 17 | 3
SELECT * FROM orders WHERE account_id = $1 AND order_no = $2;
-- name: order_by_number_only
-- types: int
-- common: 33
-- typical: 200
-- rare: 9000
SELECT * FROM orders WHERE order_no = $1;
-- name: orders_of_account
-- types: int
-- common: 1
-- typical: 1400
-- rare: 7900
SELECT order_no, status, placed_at FROM orders WHERE account_id = $1 ORDER BY placed_at DESC LIMIT 20;
-- name: orders_of_account_keyset_pk
-- types: int, int
-- common: 1 | 5000
-- typical: 1400 | 20
-- rare: 7900 | 10
SELECT order_no, status FROM orders WHERE account_id = $1 AND order_no < $2 ORDER BY order_no DESC LIMIT 20;
-- name: orders_of_account_instrument
-- types: int, int
-- common: 1 | 1
-- typical: 1400 | 500
-- rare: 7000 | 1500
SELECT order_no, placed_at FROM orders WHERE account_id = $1 AND instrument_id = $2 ORDER BY placed_at DESC LIMIT 20;
-- name: orders_of_instrument
-- types: int
-- common: 1
-- typical: 500
-- rare: 1990
SELECT placed_at, price, quantity FROM orders WHERE instrument_id = $1 ORDER BY placed_at DESC LIMIT 50;
-- name: orders_open
SELECT account_id, order_no, placed_at FROM orders WHERE status = 'open' ORDER BY placed_at LIMIT 50;
-- name: orders_status
-- types: text
-- common: filled
-- typical: cancelled
-- rare: open
SELECT account_id, order_no, placed_at FROM orders WHERE status = $1 ORDER BY placed_at DESC LIMIT 50;
-- name: orders_status_keyset
-- types: text, timestamp, int, int
-- common: filled | 2023-08-01 | 17 | 3
-- typical: cancelled | 2023-08-01 | 17 | 3
-- rare: rejected | 2023-08-01 | 17 | 3
SELECT account_id, order_no, placed_at FROM orders WHERE status = $1 AND (placed_at < $2 OR (placed_at = $2 AND (account_id, order_no) > ($3, $4))) ORDER BY placed_at DESC, account_id, order_no LIMIT 50;
-- name: orders_not_filled_count
SELECT count(*) FROM orders WHERE status <> 'filled';
-- name: orders_closed_recent
SELECT account_id, order_no, closed_at FROM orders ORDER BY closed_at DESC NULLS LAST LIMIT 20;
-- name: orders_of_day
-- types: timestamp
-- common: 2023-09-01
SELECT account_id, order_no, status FROM orders WHERE placed_at >= $1 AND placed_at < $1 + interval '1 day';
-- name: orders_of_day_cast
-- types: date
-- common: 2023-09-01
SELECT count(*) FROM orders WHERE placed_at::date = $1;
-- name: fills_of_order
-- types: int, int
-- common: 5 | 9
SELECT * FROM fills WHERE account_id = $1 AND order_no = $2 ORDER BY fill_no;
-- name: fills_of_account_join
-- types: int
-- common: 2
-- typical: 1400
-- rare: 7800
SELECT o.order_no, f.price, f.filled_at FROM orders o JOIN fills f ON f.account_id = o.account_id AND f.order_no = o.order_no WHERE o.account_id = $1 ORDER BY o.order_no DESC LIMIT 20;
-- name: fills_recent
-- types: timestamp
-- common: 2024-03-20
-- typical: 2024-03-22
-- rare: 2024-03-22 20:00
SELECT account_id, order_no, quantity FROM fills WHERE filled_at > $1 ORDER BY filled_at DESC LIMIT 100;
-- name: orders_without_fill
-- types: int
-- common: 3
-- typical: 1400
-- rare: 7700
SELECT o.order_no FROM orders o WHERE o.account_id = $1 AND NOT EXISTS (SELECT 1 FROM fills f WHERE f.account_id = o.account_id AND f.order_no = o.order_no) ORDER BY o.order_no DESC LIMIT 20;
-- name: volume_by_instrument
-- types: timestamp
-- common: 2024-03-01
SELECT i.symbol, sum(o.quantity) AS q FROM orders o JOIN instruments i ON i.id = o.instrument_id WHERE o.placed_at >= $1 GROUP BY i.symbol ORDER BY q DESC LIMIT 10;
-- name: quotes_at
-- types: timestamptz
-- common: 2024-02-02 12:00+00
SELECT id, instrument_id, bid FROM quotes_valid WHERE during @> $1;
-- name: quotes_overlapping_instrument
-- types: tstzrange, int
-- common: [2024-02-02 12:00+00,2024-02-02 13:00+00) | 700
SELECT id, bid FROM quotes_valid WHERE during && $1 AND instrument_id = $2;
-- name: audit_recent_of_action
-- types: text
-- common: login
-- typical: export
-- rare: nothing
SELECT id, at, actor FROM audit WHERE action = $1 ORDER BY at DESC LIMIT 50;
-- name: audit_of_network
-- types: inet
-- common: 10.1.0.0/16
-- typical: 10.1.7.0/24
-- rare: 10.1.7.3/32
SELECT id, at, actor FROM audit WHERE actor <<= $1 LIMIT 50;
-- name: audit_range
-- types: timestamptz, timestamptz
-- common: 2023-06-01 | 2023-07-01
-- typical: 2023-06-01 | 2023-06-02
-- rare: 2023-06-01 10:00 | 2023-06-01 11:00
SELECT id, action FROM audit WHERE at >= $1 AND at < $2;
-- name: audit_min_max
SELECT min(at), max(at) FROM audit;
-- name: running_rank
-- types: int
-- common: 1
-- typical: 1400
-- rare: 6500
SELECT order_no, rank() OVER (ORDER BY price DESC) FROM orders WHERE account_id = $1 LIMIT 20;
-- name: cancel_order
-- types: int, int
-- common: 100 | 2
UPDATE orders SET status = 'cancelled' WHERE account_id = $1 AND order_no = $2;
-- name: expire_open
-- types: timestamp
-- common: 2023-03-01
UPDATE orders SET status = 'cancelled' WHERE status = 'open' AND placed_at < $1;
-- name: delete_fills_of_order
-- types: int, int
-- common: 50 | 6
DELETE FROM fills WHERE account_id = $1 AND order_no = $2;
