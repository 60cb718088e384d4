-- The schema is there already: pgready made it, since the history of this service lives in it.
CREATE TABLE trading_svc.quote (
    symbol    text           NOT NULL,
    quoted_at timestamptz    NOT NULL,
    bid       numeric(18, 6) NOT NULL,
    ask       numeric(18, 6) NOT NULL CHECK (ask >= bid),
    PRIMARY KEY (symbol, quoted_at)
);
