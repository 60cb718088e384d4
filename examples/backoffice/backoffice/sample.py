"""`python -m backoffice.sample [INVOICES]`: clients, invoices and instruments to look at, as the owner.

The same rows for the same number, made by the server. A database that has clients is left alone.
"""

import sys

import psycopg

from backoffice.settings import setting

# Ids in the order of creation, as uuid(7) makes them, from a number instead of a clock.
_SCRIPT = """
CREATE FUNCTION pg_temp.some_id(kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT ('0193' || lpad(to_hex(kind), 4, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid
$$;

INSERT INTO public.users (id, email, name, role)
SELECT pg_temp.some_id(1, n), 'clerk' || n || '@backoffice.example', 'Clerk ' || n, 'CLERK'
FROM generate_series(1, 10) AS n;

INSERT INTO financial.clients (id, name, country, email, created_at)
SELECT pg_temp.some_id(2, n), 'Client ' || n, (ARRAY['DE', 'FR', 'GB', 'US', 'CH'])[1 + n %% 5],
       'client' || n || '@example.com', timestamptz '2025-01-06 08:00Z' + n * interval '7 minutes'
FROM generate_series(1, %(clients)s) AS n;

INSERT INTO financial.accounts (id, client_id, kind, currency, name, created_at)
SELECT pg_temp.some_id(3, n), pg_temp.some_id(2, n), 'RECEIVABLE', 'EUR', 'RECEIVABLE EUR',
       timestamptz '2025-01-06 08:00Z' + n * interval '7 minutes'
FROM generate_series(1, %(clients)s) AS n;

INSERT INTO financial.accounts (id, kind, currency, name)
VALUES (pg_temp.some_id(4, 1), 'REVENUE', 'EUR', 'REVENUE EUR'), (pg_temp.some_id(4, 2), 'CASH', 'EUR', 'CASH EUR');

INSERT INTO financial.invoices (id, client_id, number, status, currency, total, due_on, issued_at, created_at)
SELECT pg_temp.some_id(5, n), pg_temp.some_id(2, 1 + n %% %(clients)s), 'S-' || lpad(n::text, 8, '0'),
       (ARRAY['ISSUED', 'PAID', 'PAID', 'DRAFT'])[1 + n %% 4]::financial."InvoiceStatus", 'EUR',
       12.5 * (1 + n %% 7), date '2025-02-06' + (n / 200)::int,
       CASE WHEN n %% 4 < 3 THEN timestamptz '2025-01-07 09:00Z' + n * interval '13 seconds' END,
       timestamptz '2025-01-07 08:00Z' + (n / 3) * interval '13 seconds'
FROM generate_series(1, %(invoices)s) AS n;

INSERT INTO financial.invoice_lines (invoice_id, line, description, quantity, unit_price)
SELECT pg_temp.some_id(5, n), 1, 'punched cards', 1 + n %% 7, 12.50 FROM generate_series(1, %(invoices)s) AS n;

INSERT INTO financial.transactions (id, kind, client_id, invoice_id, description, booked_at)
SELECT pg_temp.some_id(6, n), 'INVOICE', pg_temp.some_id(2, 1 + n %% %(clients)s), pg_temp.some_id(5, n),
       'Invoice S-' || lpad(n::text, 8, '0'), timestamptz '2025-01-07 10:00Z' + (n / 3) * interval '13 seconds'
FROM generate_series(1, %(invoices)s) AS n WHERE n %% 4 < 3;

INSERT INTO financial.entries (transaction_id, line, account_id, amount)
SELECT pg_temp.some_id(6, n), line,
       CASE line WHEN 1 THEN pg_temp.some_id(3, 1 + n %% %(clients)s) ELSE pg_temp.some_id(4, 1) END,
       12.5 * (1 + n %% 7) * CASE line WHEN 1 THEN 1 ELSE -1 END
FROM generate_series(1, %(invoices)s) AS n CROSS JOIN generate_series(1, 2) AS line WHERE n %% 4 < 3;

INSERT INTO tagging.tags (id, name, color)
VALUES (pg_temp.some_id(7, 1), 'imported', '#336699'), (pg_temp.some_id(7, 2), 'priority', '#cc3300');

INSERT INTO tagging.taggings (record_kind, record_id, tag_id, tagged_at)
SELECT 'INVOICE', pg_temp.some_id(5, n), pg_temp.some_id(7, 1),
       timestamptz '2025-01-07 08:00Z' + n * interval '1 second'
FROM generate_series(1, %(invoices)s) AS n;

INSERT INTO trading.instruments (id, symbol, name, tick_size)
SELECT pg_temp.some_id(8, n), symbol, initcap(symbol), 0.01
FROM unnest(ARRAY['COAL', 'IRON', 'SILK']) WITH ORDINALITY AS of(symbol, n);

INSERT INTO trading.orders (id, account_id, instrument_id, side, status, quantity, limit_price, placed_at)
SELECT pg_temp.some_id(9, n), pg_temp.some_id(3, 1 + n %% %(clients)s), pg_temp.some_id(8, 1 + n %% 3),
       (ARRAY['BUY', 'SELL'])[1 + n %% 2]::trading."OrderSide",
       (ARRAY['OPEN', 'CANCELLED'])[1 + n %% 2]::trading."OrderStatus",
       10, 100 + n %% 50, timestamptz '2025-01-07 08:00Z' + n * interval '11 seconds'
FROM generate_series(1, %(invoices)s / 2) AS n;

ANALYZE financial.clients, financial.accounts, financial.invoices, financial.invoice_lines, financial.transactions,
    financial.entries, tagging.tags, tagging.taggings, trading.instruments, trading.orders;
"""


def load(url: str, invoices: int) -> bool:
    """Load about `invoices` invoices and what belongs to them; False if there are clients already."""
    with psycopg.connect(url, cursor_factory=psycopg.ClientCursor) as connection:
        if connection.execute("SELECT FROM financial.clients LIMIT 1").fetchone() is not None:
            return False
        connection.execute(_SCRIPT, {"clients": max(invoices // 20, 5), "invoices": invoices})
        return True


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    print(f"{count} invoices" if load(setting("DATABASE_URL"), count) else "there are clients already: nothing loaded")
