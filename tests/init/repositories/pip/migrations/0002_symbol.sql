CREATE INDEX quote_symbol ON quote (symbol);
