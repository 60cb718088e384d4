-- Trading: ticks in partitions by month, orders with composite keys, ranges under GiST, BRIN.
CREATE TABLE instruments (
    id integer PRIMARY KEY,
    symbol text NOT NULL UNIQUE,
    venue text NOT NULL,
    sector text,
    tick_size numeric(10, 4) NOT NULL,
    listed daterange NOT NULL
);
CREATE TABLE ticks (
    instrument_id integer NOT NULL,
    at timestamptz NOT NULL,
    seq integer NOT NULL,
    price double precision NOT NULL,
    size integer NOT NULL,
    PRIMARY KEY (instrument_id, at, seq)
) PARTITION BY RANGE (at);
CREATE TABLE ticks_2024_01 PARTITION OF ticks FOR VALUES FROM ('2024-01-01 00:00+00') TO ('2024-02-01 00:00+00');
CREATE TABLE ticks_2024_02 PARTITION OF ticks FOR VALUES FROM ('2024-02-01 00:00+00') TO ('2024-03-01 00:00+00');
CREATE TABLE ticks_2024_03 PARTITION OF ticks FOR VALUES FROM ('2024-03-01 00:00+00') TO ('2024-04-01 00:00+00');
CREATE TABLE ticks_2024_04 PARTITION OF ticks FOR VALUES FROM ('2024-04-01 00:00+00') TO ('2024-05-01 00:00+00');
CREATE TABLE ticks_rest PARTITION OF ticks DEFAULT;
CREATE TABLE orders (
    account_id integer NOT NULL,
    order_no integer NOT NULL,
    instrument_id integer NOT NULL REFERENCES instruments,
    side smallint NOT NULL,
    status text NOT NULL,
    price double precision NOT NULL,
    quantity integer NOT NULL,
    placed_at timestamp(3) NOT NULL,
    closed_at timestamp(3),
    PRIMARY KEY (account_id, order_no)
);
CREATE TABLE fills (
    account_id integer NOT NULL,
    order_no integer NOT NULL,
    fill_no integer NOT NULL,
    price double precision NOT NULL,
    quantity integer NOT NULL,
    filled_at timestamp(3) NOT NULL,
    PRIMARY KEY (account_id, order_no, fill_no),
    FOREIGN KEY (account_id, order_no) REFERENCES orders
);
CREATE TABLE quotes_valid (
    id integer PRIMARY KEY,
    instrument_id integer NOT NULL,
    during tstzrange NOT NULL,
    bid double precision NOT NULL
);
CREATE TABLE audit (
    id bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    actor inet NOT NULL,
    action text NOT NULL,
    detail text
);
