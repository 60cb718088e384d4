-- The last quote of a symbol, kept beside the history: a list of all symbols must not read the history.
CREATE TABLE trading_svc.latest_quotes (
    symbol varchar(20) NOT NULL,
    quoted_at timestamptz(3) NOT NULL,
    bid numeric(18, 6) NOT NULL,
    ask numeric(18, 6) NOT NULL,
    CONSTRAINT latest_quotes_pkey PRIMARY KEY (symbol)
);

CREATE FUNCTION trading_svc.keep_latest_quote() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
BEGIN
    INSERT INTO trading_svc.latest_quotes AS l (symbol, quoted_at, bid, ask)
    VALUES (NEW.symbol, NEW.quoted_at, NEW.bid, NEW.ask)
    ON CONFLICT (symbol) DO UPDATE SET quoted_at = NEW.quoted_at, bid = NEW.bid, ask = NEW.ask
    WHERE l.quoted_at <= NEW.quoted_at;
    RETURN NULL;
END
$$;

CREATE TRIGGER keep_latest_quote AFTER INSERT ON trading_svc.quotes
FOR EACH ROW EXECUTE FUNCTION trading_svc.keep_latest_quote();
