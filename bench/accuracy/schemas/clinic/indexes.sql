-- set: keys
-- set: usual
CREATE INDEX ON patients (family_name);
CREATE INDEX ON patients (merged_into);
CREATE INDEX ON visits (patient_id);
CREATE INDEX ON visits (ward_id);
CREATE INDEX ON visits (doctor_id);
CREATE INDEX ON visits (started_at);
CREATE INDEX ON results (measured_at);
CREATE INDEX ON results (code);
CREATE INDEX ON orders (visit_id);
CREATE INDEX ON jobs (queue);
CREATE INDEX ON ward_days (ward_id);
-- set: wrong
CREATE INDEX ON patients (born_on, family_name);
CREATE INDEX ON patients (is_active);
CREATE INDEX ON visits (started_at, patient_id);
CREATE INDEX ON visits (outcome, ward_id, started_at);
CREATE INDEX ON visits (ended_at) WHERE outcome = 'died';
CREATE INDEX ON visits (date_trunc('month', started_at AT TIME ZONE 'UTC'));
CREATE INDEX ON results (grade, code);
CREATE INDEX ON orders (item, placed_at);
CREATE INDEX ON jobs (done_at);
CREATE INDEX ON jobs (run_after, queue);
-- set: ideal
CREATE INDEX ON patients (lower(family_name), lower(given_name), id);
CREATE INDEX ON patients (family_name COLLATE "C", id);
CREATE INDEX ON patients USING gin (phones);
CREATE INDEX ON patients USING gin (flags);
CREATE INDEX ON patients (city, born_on) WHERE is_active;
CREATE INDEX ON visits (patient_id, started_at DESC, id DESC);
CREATE INDEX ON visits (ward_id, started_at DESC, id DESC) INCLUDE (cost);
CREATE INDEX ON visits (ward_id, started_at) WHERE ended_at IS NULL;
CREATE INDEX ON visits (doctor_id, started_at DESC);
CREATE INDEX ON visits USING gist (stay);
CREATE INDEX ON visits USING brin (started_at);
CREATE INDEX ON visits (cost DESC, id);
CREATE INDEX ON visits (date_trunc('day', started_at AT TIME ZONE 'UTC'), ward_id);
CREATE INDEX ON results (patient_id, code, measured_at DESC);
CREATE INDEX ON results (grade, measured_at DESC) WHERE reviewed_by IS NULL;
CREATE INDEX ON results (measured_at DESC, id DESC);
CREATE INDEX ON orders (item, placed_at DESC);
CREATE INDEX ON orders (visit_id);
CREATE INDEX ON orders (region, placed_at DESC);
CREATE INDEX ON jobs (queue, run_after, id) WHERE done_at IS NULL;
CREATE INDEX ON jobs (done_at) WHERE done_at IS NOT NULL;
CREATE INDEX ON ward_days (ward_id, day DESC);
