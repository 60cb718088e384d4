INSERT INTO trading_svc.quote (symbol, quoted_at, bid, ask)
SELECT symbol, timestamptz '2025-01-02 08:00+00' + n * interval '1 minute', price + n * 0.01, price + n * 0.01 + 0.05
FROM (VALUES ('COAL', 12.5), ('IRON', 48.0), ('SILK', 91.25)) AS opening (symbol, price)
CROSS JOIN generate_series(1, 100) AS n;
