CREATE TABLE trading_svc.quotes (
    symbol varchar(20) NOT NULL,
    quoted_at timestamptz(3) NOT NULL DEFAULT now(),
    bid numeric(18, 6) NOT NULL,
    ask numeric(18, 6) NOT NULL,
    CONSTRAINT quotes_pkey PRIMARY KEY (symbol, quoted_at),
    CONSTRAINT quotes_spread_check CHECK (bid > 0 AND ask >= bid)
);
