CREATE VIEW trading_svc.latest_quote AS
SELECT DISTINCT ON (symbol) symbol, quoted_at, bid, ask
FROM trading_svc.quote
ORDER BY symbol, quoted_at DESC;
