-- Logistics: a tree of places, parcels with few hot depots, scans in order of time, char keys.
CREATE TABLE places (
    code varchar(12) PRIMARY KEY,
    parent_code varchar(12) REFERENCES places,
    kind text NOT NULL,
    path text NOT NULL,
    location point NOT NULL
);
CREATE TABLE carriers (id smallint PRIMARY KEY, name text NOT NULL);
CREATE TABLE parcels (
    id bigint PRIMARY KEY,
    tracking varchar(20) NOT NULL,
    carrier_id smallint NOT NULL REFERENCES carriers,
    origin varchar(12) NOT NULL REFERENCES places,
    destination varchar(12) NOT NULL REFERENCES places,
    weight_g integer NOT NULL,
    is_fragile boolean,
    promised_on date NOT NULL,
    delivered_at timestamptz,
    recipient text NOT NULL
);
CREATE TABLE scans (
    id bigint PRIMARY KEY,
    parcel_id bigint NOT NULL REFERENCES parcels,
    place_code varchar(12) NOT NULL REFERENCES places,
    scanned_at timestamptz NOT NULL,
    event smallint NOT NULL,
    device text
);
CREATE TABLE claims (
    id integer PRIMARY KEY,
    parcel_id bigint NOT NULL REFERENCES parcels,
    state text NOT NULL,
    amount numeric(12, 2) NOT NULL,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz
);
