-- A year of many organisations, for benches/extract.sh: :orgs organisations, :paths care paths. Nobody exists.
\o /dev/null
SELECT setseed(0.5);
INSERT INTO organisation (id, agb, name, kvk, street, postcode, city, email, phone, contact, language, state, state_at, state_reason, created_at, changed_at, changed_by, folded, version)
SELECT 'o' || lpad(i::text, 5, '0'), lpad((6000000 + i)::text, 8, '0'), 'Aanbieder ' || i, '12345678', '', '', '', '', '', '', 'nl', 'active', 0, '', 0, 0, '', '', 1 FROM generate_series(1, :orgs) i;
INSERT INTO quality_mark SELECT 'q' || id, id, 'basis_ggz', '2024-01-01', '2027-12-31' FROM organisation;
INSERT INTO agreement (id, name, title, state, state_at, file_name, document, bytes, sha256, valid_from, grace_until, created_at, changed_at, changed_by, folded, version)
VALUES ('g1', '2021-09', 'VWO', 'published', 0, 'vwo.pdf', '', 0, '', '2021-09-01', '9999-12-31', 0, 0, '', '', 1);
INSERT INTO acceptance (id, organisation_id, agreement_id, state, state_at, created_at, accepted_at, valid_until, account_id, document_sha256, remote, reminded_at, reminders, version)
SELECT 'a' || id, id, 'g1', 'accepted', 1700000000000, 1700000000000, 1700000000000, '9999-12-31', NULL, '', '', 0, 0, 1 FROM organisation;
INSERT INTO submission (id, organisation_id, kind, specification, source, file_name, sha256, bytes, detected, state, state_at, hold, reason, received_at, row_count, accepted, ignored, finding_count, paths_new, paths_changed, paths_same, assigned, changed_at, changed_by, version)
SELECT 's' || k || id, id, CASE WHEN k = 4 THEN 'cqi' ELSE 'rom' END, CASE WHEN k = 4 THEN 'cqi-1' ELSE 'rom-1' END, 'intake', '', encode(sha256((k || id)::bytea), 'hex'), 0, '', 'processed', 0, '', '', 1735689600000 + k, 0, 0, 0, 0, 0, 0, 0, '', 0, '', 1
FROM organisation, generate_series(1, 4) k;
-- Sizes fall with the rank; one in ten care paths of the first delivery was replaced by the second.
CREATE TEMP TABLE p AS
SELECT n, 'o' || lpad((1 + floor(:orgs * power(random(), 2.5))::int)::text, 5, '0') AS org, sha256(('c' || (n * 5 / 6))::bytea) AS client_key, sha256(('p' || n)::bytea) AS path_key,
 1 + n % 3 AS k, date '2024-10-01' + (random() * 400)::int AS ends, (60 + random() * 200)::int AS long, random() AS r
FROM generate_series(1, :paths) n;
INSERT INTO care_path (organisation_id, client_key, path_key, kind, submission_id, superseded_by, profile, diagnosis, starts, ends, first_session, last_session, confirmed_at)
SELECT org, client_key, path_key, 'rom', 's' || k || org, CASE WHEN k = 1 AND r < 0.1 THEN 's2' || org ELSE '' END,
 (ARRAY['kort','middel','intensief','chronisch'])[1 + (r * 4)::int % 4], lpad((1 + (r * 1000)::int % 21)::text, 2, '0'), (ends - long)::text, ends::text, (ends - long + 7)::text, (ends - 7)::text, 0
FROM p ORDER BY org, k, client_key, path_key;
INSERT INTO care_path (organisation_id, client_key, path_key, kind, submission_id, superseded_by, profile, diagnosis, starts, ends, first_session, last_session, confirmed_at)
SELECT organisation_id, client_key, path_key, 'rom', superseded_by, '', profile, diagnosis, starts, ends, first_session, last_session, 0 FROM care_path WHERE superseded_by <> '' ORDER BY organisation_id, client_key, path_key;
INSERT INTO measurement (submission_id, client_key, path_key, moment, instrument, measured_on, score)
SELECT c.submission_id, c.client_key, c.path_key, m.moment, i, (CASE WHEN m.moment = 'pre' THEN c.starts::date + (random() * 20)::int ELSE c.ends::date - (random() * 20)::int END)::text,
 round((random() * 40)::numeric, 2)::float8
FROM care_path c, (VALUES ('pre'), ('post')) AS m (moment), (VALUES ('SQ48'), ('HADS')) AS v (i)
WHERE c.kind = 'rom' AND (v.i = 'SQ48' OR get_byte(c.path_key, 3) < 90) AND (m.moment = 'pre' OR get_byte(c.path_key, 4) < 200)
ORDER BY c.submission_id, c.client_key, c.path_key, 4, 5;
ANALYZE;
