-- name: patient_by_record
-- types: text
-- common: M70007
SELECT * FROM patients WHERE record = $1;
-- name: patients_by_name
-- types: text, text
-- common: family0 | given0
-- typical: family2500 | given200
-- rare: family19990 | given890
SELECT id, born_on FROM patients WHERE lower(family_name) = $1 AND lower(given_name) = $2 ORDER BY id LIMIT 20;
-- name: patients_alphabetical
-- types: text, int
-- common: Family1 | 5000
SELECT id, family_name FROM patients WHERE (family_name COLLATE "C", id) > ($1, $2) ORDER BY family_name COLLATE "C", id LIMIT 25;
-- name: patients_regex
-- types: text
-- common: ^Family12
SELECT id FROM patients WHERE family_name ~ $1 LIMIT 25;
-- name: patients_phone
-- types: text[]
-- common: {+494711}
SELECT id, family_name FROM patients WHERE phones @> $1;
-- name: patients_flag_key
-- types: jsonb
-- common: {"vip": true}
-- rare: {"vip": true, "lang": "pl"}
SELECT id, family_name FROM patients WHERE flags @> $1 LIMIT 50;
-- name: patients_flag_tag
-- types: text
-- common: t7
SELECT count(*) FROM patients WHERE flags -> 'tags' ? $1;
-- name: patients_of_city
-- types: text
-- common: City0
-- typical: City50
-- rare: City790
SELECT id, born_on FROM patients WHERE city = $1 AND is_active ORDER BY born_on LIMIT 25;
-- name: patients_inactive
SELECT id, family_name FROM patients WHERE NOT is_active ORDER BY id LIMIT 25;
-- name: patients_coalesce
-- types: text
-- common: City3
SELECT id FROM patients WHERE coalesce(city, '') = $1 LIMIT 25;
-- name: patients_never_seen
-- types: int
-- common: 60000
SELECT p.id FROM patients p LEFT JOIN visits v ON v.patient_id = p.id WHERE v.id IS NULL AND p.id > $1 ORDER BY p.id LIMIT 25;
-- name: patients_duplicates
SELECT p.id, q.id FROM patients p JOIN patients q ON q.merged_into = p.id ORDER BY p.id LIMIT 50;
-- name: visits_of_patient
-- types: int
-- common: 1
-- typical: 30000
-- rare: 119990
SELECT id, ward_id, started_at FROM visits WHERE patient_id = $1 ORDER BY started_at DESC, id DESC LIMIT 20;
-- name: visits_of_ward
-- types: smallint
-- common: 1
-- typical: 10
-- rare: 40
SELECT id, patient_id, started_at FROM visits WHERE ward_id = $1 ORDER BY started_at DESC, id DESC LIMIT 50;
-- name: visits_of_ward_keyset
-- types: smallint, timestamptz, bigint
-- common: 1 | 2022-01-01 | 220000
-- typical: 10 | 2022-01-01 | 220000
SELECT id, patient_id, started_at FROM visits WHERE ward_id = $1 AND (started_at, id) < ($2, $3) ORDER BY started_at DESC, id DESC LIMIT 50;
-- name: visits_of_ward_bounded_or
-- types: smallint, timestamptz, bigint
-- common: 1 | 2022-01-01 | 220000
-- typical: 10 | 2022-01-01 | 220000
SELECT id, patient_id, started_at FROM visits WHERE ward_id = $1 AND started_at <= $2 AND (started_at < $2 OR id < $3) ORDER BY started_at DESC, id DESC LIMIT 50;
-- name: visits_of_ward_page
-- types: smallint, int, int
-- limit: 2,3
-- common: 1 | 50 | 0
-- deep: 1 | 50 | 20000
SELECT id, patient_id, started_at FROM visits WHERE ward_id = $1 ORDER BY started_at DESC, id DESC LIMIT $2 OFFSET $3;
-- name: visits_of_wards
-- types: smallint[]
-- common: {1,2,3}
-- rare: {38,39,40}
SELECT id, ward_id, started_at FROM visits WHERE ward_id = ANY($1) ORDER BY started_at DESC LIMIT 50;
-- name: visits_open
-- types: smallint
-- common: 1
-- rare: 39
SELECT id, patient_id FROM visits WHERE ward_id = $1 AND ended_at IS NULL ORDER BY started_at LIMIT 100;
-- name: visits_cost_of_ward
-- types: smallint, timestamptz, timestamptz
-- common: 1 | 2022-01-01 | 2022-02-01
-- typical: 10 | 2022-01-01 | 2022-01-08
SELECT sum(cost) FROM visits WHERE ward_id = $1 AND started_at >= $2 AND started_at < $3;
-- name: visits_at
-- types: timestamptz
-- common: 2021-05-05 12:00+00
SELECT id, ward_id FROM visits WHERE stay @> $1;
-- name: visits_during
-- types: tstzrange
-- common: [2021-05-05 12:00+00,2021-05-05 13:00+00)
SELECT count(*) FROM visits WHERE stay && $1;
-- name: visits_of_day_expression
-- types: timestamp
-- common: 2021-05-05
SELECT ward_id, count(*) FROM visits WHERE date_trunc('day', started_at AT TIME ZONE 'UTC') = $1 GROUP BY ward_id;
-- name: visits_most_expensive
SELECT id, cost FROM visits ORDER BY cost DESC, id LIMIT 20;
-- name: visits_with_ties
-- types: int
-- common: 1
-- typical: 240
SELECT id, started_at FROM visits WHERE doctor_id = $1 ORDER BY started_at DESC FETCH FIRST 10 ROWS WITH TIES;
-- name: visits_ranked
-- types: smallint
-- common: 2
-- rare: 40
SELECT * FROM (SELECT id, doctor_id, row_number() OVER (PARTITION BY doctor_id ORDER BY started_at DESC) AS n FROM visits WHERE ward_id = $1) x WHERE n <= 3;
-- name: visits_page_then_join
-- types: int
-- common: 5
-- typical: 240
WITH page AS MATERIALIZED (SELECT id, patient_id, ward_id, started_at FROM visits WHERE doctor_id = $1 ORDER BY started_at DESC LIMIT 20) SELECT page.id, p.family_name, w.name FROM page JOIN patients p ON p.id = page.patient_id JOIN wards w ON w.id = page.ward_id ORDER BY page.started_at DESC;
-- name: visits_last_of_each
-- types: int[]
-- common: {1,2,30000,119990}
SELECT p.id, v.started_at FROM unnest($1) AS p(id) LEFT JOIN LATERAL (SELECT started_at FROM visits WHERE patient_id = p.id ORDER BY started_at DESC LIMIT 1) v ON true;
-- name: doctors_busy
-- types: timestamptz
-- common: 2023-06-01
SELECT doctor_id, count(DISTINCT patient_id) FROM visits WHERE started_at >= $1 GROUP BY doctor_id ORDER BY 2 DESC LIMIT 10;
-- name: wards_and_outcomes
SELECT ward_id, outcome, count(*) FROM visits GROUP BY GROUPING SETS ((ward_id), (outcome));
-- name: results_of_code
-- types: int, text
-- common: 1 | C0
-- typical: 20000 | C40
-- rare: 119000 | C290
SELECT value, measured_at FROM results WHERE patient_id = $1 AND code = $2 ORDER BY measured_at DESC LIMIT 10;
-- name: results_latest
SELECT patient_id, id, code FROM results ORDER BY measured_at DESC, id DESC LIMIT 50;
-- name: results_to_review
-- types: severity
-- common: info
-- rare: critical
SELECT patient_id, id, measured_at FROM results WHERE reviewed_by IS NULL AND grade = $1 ORDER BY measured_at DESC LIMIT 50;
-- name: results_critical_any
-- types: text
-- common: C0
-- rare: C280
SELECT patient_id, id FROM results WHERE grade IN ('high', 'critical') AND code = $1 LIMIT 50;
-- name: results_in_both
-- types: int, int
-- common: 1 | 2
-- rare: 100000 | 110000
SELECT code FROM results WHERE patient_id = $1 INTERSECT SELECT code FROM results WHERE patient_id = $2;
-- name: orders_of_region
-- types: text
-- common: south
-- rare: arctic
SELECT id, item, placed_at FROM orders WHERE region = $1 ORDER BY placed_at DESC LIMIT 50;
-- name: orders_of_item
-- types: text
-- common: item0
-- typical: item500
-- rare: item3990
SELECT region, id, placed_at FROM orders WHERE item = $1 ORDER BY placed_at DESC LIMIT 50;
-- name: orders_of_visits
-- types: int
-- common: 1
-- typical: 30000
SELECT o.id, o.item FROM orders o WHERE o.visit_id IN (SELECT id FROM visits WHERE patient_id = $1);
-- name: orders_total_scalar
-- types: bigint
-- common: 4711
SELECT v.id, (SELECT count(*) FROM orders o WHERE o.visit_id = v.id) FROM visits v WHERE v.id = $1;
-- name: job_next
-- types: text
-- common: mail
-- rare: purge
SELECT id, payload FROM jobs WHERE queue = $1 AND done_at IS NULL AND run_after <= now() ORDER BY run_after, id LIMIT 1 FOR UPDATE SKIP LOCKED;
-- name: jobs_done_since
-- types: timestamptz
-- common: 2024-06-05
-- rare: 2024-06-09
SELECT queue, count(*) FROM jobs WHERE done_at > $1 GROUP BY queue;
-- name: ward_days_recent
-- types: smallint
-- common: 1
SELECT day, visits FROM ward_days WHERE ward_id = $1 ORDER BY day DESC LIMIT 30;
-- name: job_finish
-- types: bigint
-- common: 229000
UPDATE jobs SET done_at = now() WHERE id = $1;
-- name: orders_delete_of_visit
-- types: bigint
-- common: 1234
DELETE FROM orders WHERE visit_id = $1;
