-- Deliveries: vendors, connections, licence codes, test runs, where a delivery came from, what it left behind, who owes one.
-- Times, dates, ids and states as in the base. The same name exists for the other database.

-- A vendor as a contact: which specifications it was sent, and when it passed its test run (0 for never).
ALTER TABLE vendor ADD COLUMN phone TEXT NOT NULL DEFAULT '';
ALTER TABLE vendor ADD COLUMN language TEXT NOT NULL DEFAULT 'nl' CHECK (language IN ('nl', 'en'));
ALTER TABLE vendor ADD COLUMN tested_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE vendor ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE vendor ADD COLUMN changed_by TEXT NOT NULL DEFAULT '';
CREATE INDEX vendor_name ON vendor (folded, id);
CREATE INDEX vendor_created ON vendor (created_at, id);

CREATE TABLE vendor_specification (
    vendor_id TEXT NOT NULL REFERENCES vendor (id),
    specification TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    sent_by TEXT NOT NULL,
    PRIMARY KEY (vendor_id, specification)
);

-- Which specifications a connection delivers, separated by commas, and the kinds that follow from them. `inbox_uid` is the owner
-- of the files in its watched folder, -1 for no folder. `vendor_mail`: the vendor gets the status mails too.
ALTER TABLE connection ADD COLUMN kinds TEXT NOT NULL DEFAULT 'rom,cqi';
ALTER TABLE connection ADD COLUMN specifications TEXT NOT NULL DEFAULT 'rom-1,cqi-1';
ALTER TABLE connection ADD COLUMN state_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE connection ADD COLUMN live_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE connection ADD COLUMN used_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE connection ADD COLUMN vendor_mail BIGINT NOT NULL DEFAULT 0;
ALTER TABLE connection ADD COLUMN inbox_uid BIGINT NOT NULL DEFAULT -1;
ALTER TABLE connection ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE connection ADD COLUMN changed_by TEXT NOT NULL DEFAULT '';
CREATE INDEX connection_vendor ON connection (vendor_id);
CREATE INDEX connection_created ON connection (created_at, id);
CREATE UNIQUE INDEX connection_open ON connection (organisation_id, (COALESCE(vendor_id, '')), route) WHERE state <> 'revoked';

-- A licence code: its hash and its first characters, never the code.
CREATE TABLE licence (
    id TEXT PRIMARY KEY,
    connection_id TEXT NOT NULL REFERENCES connection (id),
    code_hash TEXT NOT NULL UNIQUE,
    prefix TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'expiring', 'expired', 'revoked')),
    state_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    reminded_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX licence_prefix ON licence (prefix);
CREATE INDEX licence_connection ON licence (connection_id, created_at);
CREATE INDEX licence_state ON licence (state_at, id);
CREATE INDEX licence_created ON licence (created_at, id);
CREATE INDEX licence_expiry ON licence (expires_at, id);

-- A handshake that waits to be collected: by the one-time link, whose token is derived and never stored, or by a reveal in the
-- console. Whichever is first makes the code; `licence_id` is what it made.
CREATE TABLE handshake (
    id TEXT PRIMARY KEY,
    connection_id TEXT NOT NULL REFERENCES connection (id),
    nonce TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    collected_at BIGINT NOT NULL,
    collected_by TEXT NOT NULL,
    revoked_at BIGINT NOT NULL,
    licence_id TEXT REFERENCES licence (id)
);
CREATE INDEX handshake_connection ON handshake (connection_id, created_at);
CREATE UNIQUE INDEX handshake_open ON handshake (connection_id) WHERE collected_at = 0 AND revoked_at = 0;

CREATE TABLE test_run (
    id TEXT PRIMARY KEY,
    vendor_id TEXT NOT NULL REFERENCES vendor (id),
    connection_id TEXT NOT NULL REFERENCES connection (id),
    specification TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'received', 'valid', 'invalid', 'approved', 'rejected', 'lapsed')),
    state_at BIGINT NOT NULL,
    planned_for TEXT NOT NULL,
    submission_id TEXT REFERENCES submission (id),
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX test_run_connection ON test_run (connection_id, created_at);
CREATE INDEX test_run_vendor ON test_run (vendor_id, created_at);
CREATE INDEX test_run_state ON test_run (state_at, id);
CREATE INDEX test_run_created ON test_run (created_at, id);
CREATE INDEX test_run_submission ON test_run (submission_id);

-- Where a delivery came from, whether it is a test run, what it failed by (a rule's code or a kind of error; empty when it did
-- not), how far it is being checked, and when its file was removed.
ALTER TABLE submission ADD COLUMN connection_id TEXT REFERENCES connection (id);
ALTER TABLE submission ADD COLUMN account_id TEXT REFERENCES account (id);
ALTER TABLE submission ADD COLUMN test BIGINT NOT NULL DEFAULT 0;
ALTER TABLE submission ADD COLUMN cause TEXT NOT NULL DEFAULT '';
ALTER TABLE submission ADD COLUMN checked_bytes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE submission ADD COLUMN file_removed_at BIGINT NOT NULL DEFAULT 0;
DROP INDEX submission_bytes;
CREATE UNIQUE INDEX submission_bytes ON submission (organisation_id, sha256) WHERE state <> 'withdrawn' AND test = 0;
CREATE INDEX submission_connection ON submission (connection_id, received_at, id);
CREATE INDEX submission_test ON submission (received_at, id) WHERE test = 1;
CREATE INDEX submission_retention ON submission (received_at, id) WHERE file_removed_at = 0;

-- A key that a sender gave with a delivery, so that a repeated request gives the first answer.
CREATE TABLE delivery_key (
    connection_id TEXT NOT NULL REFERENCES connection (id),
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    submission_id TEXT NOT NULL REFERENCES submission (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (connection_id, name)
);

-- What staff write down about a delivery.
CREATE TABLE submission_note (
    id TEXT PRIMARY KEY,
    submission_id TEXT NOT NULL REFERENCES submission (id),
    at BIGINT NOT NULL,
    operator_id TEXT NOT NULL,
    operator_name TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX submission_note_of ON submission_note (submission_id, at);

-- Failed, held and refused deliveries that stand open, by cause, vendor ('' when unknown) and specification: kept at the end of
-- every transaction that moves a delivery. `cause_id` is the group that a delivery is counted in, '' once it is settled; `cause`
-- stays with what was given up. When the vendor was last mailed about it, 0 for never.
CREATE TABLE cause (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    vendor_id TEXT NOT NULL,
    specification TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
    n BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    mailed_at BIGINT NOT NULL,
    mailed_by TEXT NOT NULL,
    UNIQUE (code, vendor_id, specification)
);
CREATE INDEX cause_count ON cause (n, id);
CREATE INDEX cause_first ON cause (first_at, id);
CREATE INDEX cause_last ON cause (last_at, id);
ALTER TABLE submission ADD COLUMN cause_id TEXT NOT NULL DEFAULT '';
CREATE INDEX submission_cause ON submission (cause, received_at, id) WHERE cause <> '';
CREATE INDEX submission_open ON submission (cause_id, received_at, id) WHERE cause_id <> '';
CREATE INDEX submission_standing ON submission (organisation_id, kind, received_at) WHERE cause_id <> '';

-- Who owes a delivery of which kind: at least two a year.
CREATE TABLE obligation (
    id TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    kind TEXT NOT NULL CHECK (kind IN ('rom', 'cqi')),
    state TEXT NOT NULL CHECK (state IN ('on_track', 'due', 'overdue')),
    state_at BIGINT NOT NULL,
    since TEXT NOT NULL,
    delivered_at BIGINT NOT NULL,
    due_on TEXT NOT NULL,
    reminded_at BIGINT NOT NULL,
    reminders BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (organisation_id, kind)
);
CREATE INDEX obligation_due ON obligation (due_on, id);
CREATE INDEX obligation_state ON obligation (state, due_on, id);

-- One questionnaire of one respondent: answers 1 to 5, mark 0 to 10, health 1 to 5, NULL for no answer.
CREATE TABLE response (
    submission_id TEXT NOT NULL REFERENCES submission (id),
    client_key BLOB NOT NULL,
    path_key BLOB NOT NULL,
    questionnaire TEXT NOT NULL,
    taken_on TEXT NOT NULL,
    v01 BIGINT, v02 BIGINT, v03 BIGINT, v04 BIGINT, v05 BIGINT,
    v06 BIGINT, v07 BIGINT, v08 BIGINT, v09 BIGINT, v10 BIGINT,
    v11 BIGINT, v12 BIGINT, v13 BIGINT, v14 BIGINT, v15 BIGINT,
    mark BIGINT,
    health BIGINT,
    PRIMARY KEY (submission_id, client_key, path_key, questionnaire, taken_on)
) WITHOUT ROWID;

-- Care paths and what was measured in them, by keys of 32 bytes instead of 64 characters: the same digests in half the room.
-- `confirmed_at` is when the newest delivery arrived that says so; the sums tell whether a delivery says the same. Those of earlier
-- rows are not known, so the next delivery replaces them once.
CREATE TABLE new_care_path (
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    client_key BLOB NOT NULL,
    path_key BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('rom', 'cqi')),
    submission_id TEXT NOT NULL REFERENCES submission (id),
    superseded_by TEXT NOT NULL,
    profile TEXT NOT NULL,
    diagnosis TEXT NOT NULL,
    starts TEXT NOT NULL,
    ends TEXT NOT NULL,
    first_session TEXT NOT NULL,
    last_session TEXT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    sum_1 BIGINT NOT NULL,
    sum_2 BIGINT NOT NULL,
    sum_3 BIGINT NOT NULL,
    sum_4 BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, client_key, path_key, kind, submission_id)
) WITHOUT ROWID;
INSERT INTO new_care_path SELECT organisation_id, unhex(client_key), unhex(path_key), kind, submission_id, superseded_by, profile,
    diagnosis, starts, ends, first_session, last_session,
    (SELECT s.received_at FROM submission s WHERE s.id = care_path.submission_id), -1, -1, -1, -1 FROM care_path;
DROP TABLE care_path;
ALTER TABLE new_care_path RENAME TO care_path;
CREATE UNIQUE INDEX care_path_current ON care_path (organisation_id, client_key, path_key, kind) WHERE superseded_by = '';
CREATE INDEX care_path_submission ON care_path (submission_id);

CREATE TABLE new_measurement (
    submission_id TEXT NOT NULL REFERENCES submission (id),
    client_key BLOB NOT NULL,
    path_key BLOB NOT NULL,
    moment TEXT NOT NULL CHECK (moment IN ('pre', 'post')),
    instrument TEXT NOT NULL,
    measured_on TEXT NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (submission_id, client_key, path_key, moment, instrument, measured_on)
) WITHOUT ROWID;
INSERT INTO new_measurement SELECT submission_id, unhex(client_key), unhex(path_key), moment, instrument, measured_on, score
    FROM measurement;
DROP TABLE measurement;
ALTER TABLE new_measurement RENAME TO measurement;

-- Rows of a file while it is being checked: moved into place in one transaction, or cleared. On a server they are
-- not logged: after a crash of it they are gone, and whoever finishes notices.
CREATE TABLE stage_path (
    submission_id TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    n BIGINT NOT NULL,
    client_key BLOB NOT NULL,
    path_key BLOB NOT NULL,
    profile TEXT NOT NULL,
    diagnosis TEXT NOT NULL,
    starts TEXT NOT NULL,
    ends TEXT NOT NULL,
    first_session TEXT NOT NULL,
    last_session TEXT NOT NULL,
    sum_1 BIGINT NOT NULL,
    sum_2 BIGINT NOT NULL,
    sum_3 BIGINT NOT NULL,
    sum_4 BIGINT NOT NULL,
    PRIMARY KEY (submission_id, attempt, n)
) WITHOUT ROWID;

CREATE TABLE stage_measurement (
    submission_id TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    n BIGINT NOT NULL,
    client_key BLOB NOT NULL,
    path_key BLOB NOT NULL,
    moment TEXT NOT NULL,
    instrument TEXT NOT NULL,
    measured_on TEXT NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (submission_id, attempt, n)
) WITHOUT ROWID;

CREATE TABLE stage_response (
    submission_id TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    n BIGINT NOT NULL,
    client_key BLOB NOT NULL,
    path_key BLOB NOT NULL,
    questionnaire TEXT NOT NULL,
    taken_on TEXT NOT NULL,
    v01 BIGINT, v02 BIGINT, v03 BIGINT, v04 BIGINT, v05 BIGINT,
    v06 BIGINT, v07 BIGINT, v08 BIGINT, v09 BIGINT, v10 BIGINT,
    v11 BIGINT, v12 BIGINT, v13 BIGINT, v14 BIGINT, v15 BIGINT,
    mark BIGINT,
    health BIGINT,
    PRIMARY KEY (submission_id, attempt, n)
) WITHOUT ROWID;

-- Clients that were erased on request, by the keyed digest of their key: the next delivery of their organisation, which as a rule
-- holds its whole past, does not bring them back.
CREATE TABLE erased_client (
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    client_key BLOB NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, client_key)
);

-- Jobs that must keep their order: of those with the same lane one runs at a time, the oldest first.
ALTER TABLE job ADD COLUMN lane TEXT NOT NULL DEFAULT '';
CREATE INDEX job_lane ON job (lane, created_at, id) WHERE lane <> '' AND state IN ('available', 'running');

-- Which deliveries still need the file with a hash.
CREATE INDEX submission_kept ON submission (sha256) WHERE file_removed_at = 0;
