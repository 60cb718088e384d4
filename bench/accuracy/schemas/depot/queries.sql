-- name: parcel_by_tracking
-- types: text
-- common: TRK0000000042
SELECT id, destination, delivered_at FROM parcels WHERE tracking = $1;
-- name: parcels_by_tracking_list
-- types: text[]
-- common: {TRK0000000042,TRK0000000043,TRK0000500000,TRK0000777777}
SELECT id, tracking FROM parcels WHERE tracking = ANY($1);
-- name: parcel_tracking_prefix
-- types: text
-- common: TRK00001234%
SELECT id, tracking FROM parcels WHERE tracking LIKE $1 LIMIT 20;
-- name: parcel_with_scans
-- types: bigint
-- common: 345678
SELECT s.scanned_at, s.event, p.kind FROM scans s JOIN places p ON p.code = s.place_code WHERE s.parcel_id = $1 ORDER BY s.scanned_at DESC;
-- name: last_scan
-- types: bigint
-- common: 345678
SELECT scanned_at, place_code FROM scans WHERE parcel_id = $1 ORDER BY scanned_at DESC LIMIT 1;
-- name: parcels_inbound
-- types: text
-- common: P000001
-- typical: P006000
-- rare: P014990
SELECT id, tracking, promised_on FROM parcels WHERE destination = $1 ORDER BY promised_on, id LIMIT 50;
-- name: parcels_inbound_keyset
-- types: text, date, bigint
-- common: P000001 | 2023-06-01 | 150000
-- typical: P006000 | 2023-06-01 | 150000
-- rare: P014990 | 2023-06-01 | 150000
SELECT id, tracking, promised_on FROM parcels WHERE destination = $1 AND (promised_on, id) > ($2, $3) ORDER BY promised_on, id LIMIT 50;
-- name: parcels_inbound_desc
-- types: text
-- common: P000001
-- typical: P006000
-- rare: P014990
SELECT id, tracking, promised_on FROM parcels WHERE destination = $1 ORDER BY promised_on DESC, id DESC LIMIT 50;
-- name: parcels_outbound
-- types: text
-- common: P000001
-- typical: P000940
-- rare: P014000
SELECT id, tracking FROM parcels WHERE origin = $1 ORDER BY promised_on DESC LIMIT 50;
-- name: parcels_of_carrier
-- types: smallint
-- common: 1
-- typical: 3
-- rare: 12
SELECT id, tracking, promised_on FROM parcels WHERE carrier_id = $1 ORDER BY promised_on DESC, id DESC LIMIT 50;
-- name: parcels_of_carrier_mixed
-- types: smallint
-- common: 1
-- typical: 3
-- rare: 12
SELECT id, tracking, promised_on FROM parcels WHERE carrier_id = $1 ORDER BY promised_on DESC, id LIMIT 50;
-- name: parcels_late
-- types: date
-- common: 2024-06-01
-- typical: 2023-09-01
-- rare: 2023-02-01
SELECT id, destination, promised_on FROM parcels WHERE delivered_at IS NULL AND promised_on < $1 ORDER BY promised_on LIMIT 100;
-- name: parcels_late_of_place
-- types: text, date
-- common: P000001 | 2024-06-01
-- typical: P006000 | 2024-06-01
-- rare: P014000 | 2024-06-01
SELECT id, promised_on FROM parcels WHERE destination = $1 AND delivered_at IS NULL AND promised_on < $2 ORDER BY promised_on LIMIT 50;
-- name: parcels_undelivered_count
SELECT count(*) FROM parcels WHERE delivered_at IS NULL;
-- name: parcels_heavy_fragile
SELECT id, weight_g FROM parcels WHERE is_fragile ORDER BY weight_g DESC LIMIT 20;
-- name: parcels_not_fragile_heavy
SELECT id, weight_g FROM parcels WHERE is_fragile IS NOT TRUE ORDER BY weight_g DESC LIMIT 20;
-- name: parcels_fragile_unknown
SELECT count(*) FROM parcels WHERE is_fragile IS NULL;
-- name: parcels_of_recipient
-- types: text
-- common: =lower('Recipient ' || md5('4711'))
SELECT id, tracking FROM parcels WHERE lower(recipient) = $1 ORDER BY id DESC LIMIT 20;
-- name: parcels_of_recipient_exact
-- types: text
-- common: ='Recipient ' || md5('4711')
SELECT id, tracking FROM parcels WHERE recipient = $1 ORDER BY id DESC LIMIT 20;
-- name: parcels_of_weight_class
-- types: int
-- common: 0
-- typical: 2
-- rare: 19
SELECT id FROM parcels WHERE weight_g / 1000 = $1 ORDER BY id LIMIT 50;
-- name: parcels_two_filters
-- types: smallint, text
-- common: 1 | P000001
-- typical: 3 | P006000
-- rare: 10 | P012000
SELECT id, tracking FROM parcels WHERE carrier_id = $1 AND destination = $2 ORDER BY id DESC LIMIT 20;
-- name: parcels_by_either
-- types: text
-- common: P000002
-- typical: P006000
-- rare: P014999
SELECT id, tracking FROM parcels WHERE origin = $1 OR destination = $1 ORDER BY promised_on DESC LIMIT 50;
-- name: parcels_either_union
-- types: text
-- common: P000002
-- typical: P006000
-- rare: P014999
SELECT id, tracking FROM parcels WHERE origin = $1 UNION SELECT id, tracking FROM parcels WHERE destination = $1 LIMIT 50;
-- name: parcels_latest_by_id
-- types: bigint
-- common: 300000
SELECT id, tracking FROM parcels WHERE id < $1 ORDER BY id DESC LIMIT 50;
-- name: parcels_latest_filtered_common
-- types: bigint
-- common: 300000
SELECT id, tracking FROM parcels WHERE id < $1 AND carrier_id = 1 ORDER BY id DESC LIMIT 50;
-- name: parcels_latest_filtered_rare
-- types: bigint, int
-- common: 300000 | 20090
-- typical: 300000 | 1350
-- rare: 300000 | 99999
SELECT id, tracking FROM parcels WHERE id < $1 AND weight_g = $2 ORDER BY id DESC LIMIT 50;
-- name: scans_of_place
-- types: text
-- common: P000001
-- typical: P000940
-- rare: P014900
SELECT id, parcel_id, scanned_at FROM scans WHERE place_code = $1 ORDER BY scanned_at DESC, id DESC LIMIT 50;
-- name: scans_of_place_window
-- types: text, timestamptz, timestamptz
-- common: P000001 | 2023-10-01 | 2023-10-02
-- typical: P000940 | 2023-10-01 | 2023-10-08
-- rare: P014900 | 2023-10-01 | 2023-11-01
SELECT id, parcel_id FROM scans WHERE place_code = $1 AND scanned_at >= $2 AND scanned_at < $3;
-- name: scans_of_place_count
-- types: text
-- common: P000001
-- typical: P000940
-- rare: P014900
SELECT count(*) FROM scans WHERE place_code = $1;
-- name: scans_hour
-- types: timestamptz, timestamptz
-- common: 2023-10-01 10:00+00 | 2023-10-01 11:00+00
SELECT event, count(*) FROM scans WHERE scanned_at >= $1 AND scanned_at < $2 GROUP BY event;
-- name: scans_exceptional
-- types: timestamptz
-- common: 2024-08-20
-- typical: 2024-08-27
-- rare: 2024-08-29
SELECT id, parcel_id FROM scans WHERE event >= 8 AND scanned_at > $1 ORDER BY scanned_at DESC LIMIT 50;
-- name: scans_of_event
-- types: smallint
-- common: 1
-- typical: 3
-- rare: 9
SELECT id, parcel_id, scanned_at FROM scans WHERE event = $1 ORDER BY scanned_at DESC LIMIT 50;
-- name: scans_of_device
-- types: text
-- common: dev17
SELECT id, scanned_at FROM scans WHERE device = $1 ORDER BY scanned_at DESC LIMIT 20;
-- name: children_of_place
-- types: text
-- common: P000100
SELECT code, kind FROM places WHERE parent_code = $1 ORDER BY code;
-- name: subtree_recursive
-- types: text
-- common: P000500
-- typical: P000050
-- rare: P000007
WITH RECURSIVE t AS (SELECT code FROM places WHERE code = $1 UNION ALL SELECT p.code FROM places p JOIN t ON p.parent_code = t.code) SELECT code FROM t;
-- name: ancestors_recursive
-- types: text
-- common: P014000
WITH RECURSIVE t AS (SELECT code, parent_code FROM places WHERE code = $1 UNION ALL SELECT p.code, p.parent_code FROM places p JOIN t ON p.code = t.parent_code) SELECT code FROM t;
-- name: subtree_path
-- types: text
-- common: /4/20/%
SELECT code FROM places WHERE path LIKE $1 ORDER BY path LIMIT 100;
-- name: places_near
-- types: point
-- common: (10,50)
SELECT code FROM places ORDER BY location <-> $1 LIMIT 10;
-- name: places_in_box
-- types: box
-- common: ((10,50),(12,52))
SELECT code FROM places WHERE location <@ $1;
-- name: claims_of_state
-- types: text
-- common: closed
-- typical: open
-- rare: disputed
SELECT id, amount, opened_at FROM claims WHERE state = $1 ORDER BY opened_at DESC LIMIT 50;
-- name: claims_total_of_state
-- types: text
-- common: closed
-- typical: open
-- rare: disputed
SELECT sum(amount) FROM claims WHERE state = $1;
-- name: claims_with_carrier
-- types: smallint
-- common: 1
-- typical: 3
-- rare: 12
SELECT c.id, c.amount FROM claims c JOIN parcels p ON p.id = c.parcel_id WHERE p.carrier_id = $1 AND c.state = 'open' ORDER BY c.opened_at DESC LIMIT 20;
-- name: parcels_with_claims
-- types: text
-- common: P000001
-- typical: P006000
-- rare: P014000
SELECT p.id FROM parcels p WHERE p.destination = $1 AND EXISTS (SELECT 1 FROM claims c WHERE c.parcel_id = p.id) ORDER BY p.id LIMIT 50;
-- name: carriers_slowest
SELECT r.name, avg(p.delivered_at - p.promised_on) FROM parcels p JOIN carriers r ON r.id = p.carrier_id WHERE p.delivered_at IS NOT NULL GROUP BY r.name;
-- name: deliver
-- types: bigint
-- common: 599000
UPDATE parcels SET delivered_at = now() WHERE id = $1;
-- name: deliver_by_tracking
-- types: text
-- common: TRK0000000777
UPDATE parcels SET delivered_at = now() WHERE tracking = $1;
-- name: drop_scans
-- types: bigint
-- common: 12345
DELETE FROM scans WHERE parcel_id = $1;
