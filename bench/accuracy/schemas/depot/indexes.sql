-- set: keys
-- set: lookups
CREATE INDEX ON places (parent_code);
CREATE UNIQUE INDEX ON parcels (tracking, id);
CREATE INDEX ON parcels (destination);
CREATE INDEX ON parcels (carrier_id);
CREATE INDEX ON scans (parcel_id);
CREATE INDEX ON scans (place_code);
CREATE INDEX ON claims (parcel_id);
CREATE INDEX ON claims (state);
-- set: wrong
CREATE INDEX ON parcels (carrier_id, promised_on);
CREATE INDEX ON parcels (promised_on, destination);
CREATE INDEX ON parcels (delivered_at) WHERE delivered_at IS NOT NULL;
CREATE INDEX ON parcels (recipient);
CREATE INDEX ON parcels (tracking DESC);
CREATE INDEX ON scans (scanned_at, parcel_id);
CREATE INDEX ON scans (event, scanned_at);
CREATE INDEX ON scans USING hash (place_code);
CREATE INDEX ON claims (opened_at, state);
CREATE INDEX ON places (path);
-- set: ideal
CREATE INDEX ON places (parent_code);
CREATE INDEX ON places (path text_pattern_ops);
CREATE INDEX ON places USING gist (location);
CREATE INDEX ON parcels USING hash (tracking);
CREATE INDEX ON parcels (destination, promised_on, id);
CREATE INDEX ON parcels (promised_on) WHERE delivered_at IS NULL;
CREATE INDEX ON parcels (carrier_id, promised_on DESC, id DESC);
CREATE INDEX ON parcels (weight_g DESC) WHERE is_fragile;
CREATE INDEX ON parcels (lower(recipient), id);
CREATE INDEX ON parcels ((weight_g / 1000), id);
CREATE INDEX ON scans (parcel_id, scanned_at DESC);
CREATE INDEX ON scans (place_code, scanned_at DESC, id DESC);
CREATE INDEX ON scans (event, scanned_at DESC) WHERE event >= 8;
CREATE INDEX ON scans (scanned_at);
CREATE INDEX ON claims (parcel_id);
CREATE INDEX ON claims (state, opened_at DESC) INCLUDE (amount);
