-- The base of the portal. Times are BIGINT milliseconds UTC, dates TEXT YYYY-MM-DD, ids TEXT (UUIDv7), states TEXT with a CHECK.
-- Columns that lists sort on are NOT NULL. The same name exists for the other database.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE operator (
    id TEXT PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    roles TEXT NOT NULL,
    language TEXT NOT NULL CHECK (language IN ('nl', 'en')),
    state TEXT NOT NULL CHECK (state IN ('active', 'removed')),
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    folded TEXT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX operator_created ON operator (created_at, id);
CREATE INDEX operator_login ON operator (login, id);

CREATE TABLE vendor (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('rom', 'epd', 'own_application')),
    email TEXT NOT NULL,
    contact TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    folded TEXT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE organisation (
    id TEXT PRIMARY KEY,
    agb TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kvk TEXT NOT NULL,
    street TEXT NOT NULL,
    postcode TEXT NOT NULL,
    city TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    contact TEXT NOT NULL,
    language TEXT NOT NULL CHECK (language IN ('nl', 'en')),
    state TEXT NOT NULL CHECK (state IN ('in_setup', 'active', 'suspended', 'ended')),
    state_at BIGINT NOT NULL,
    state_reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    folded TEXT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX organisation_name ON organisation (folded, id);
CREATE INDEX organisation_agb ON organisation (agb, id);
CREATE INDEX organisation_state ON organisation (state_at, id);
CREATE INDEX organisation_created ON organisation (created_at, id);

CREATE TABLE quality_mark (
    id TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    kind TEXT NOT NULL CHECK (kind IN ('basis_ggz')),
    valid_from TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    UNIQUE (organisation_id, kind, valid_from)
);

CREATE TABLE connection (
    id TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    vendor_id TEXT REFERENCES vendor (id),
    route TEXT NOT NULL CHECK (route IN ('automatic', 'manual')),
    state TEXT NOT NULL CHECK (state IN ('requested', 'issued', 'testing', 'live', 'suspended', 'revoked')),
    state_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX connection_organisation ON connection (organisation_id);
CREATE INDEX connection_state ON connection (state_at, id);

CREATE TABLE registration (
    id TEXT PRIMARY KEY,
    agb TEXT NOT NULL,
    name TEXT NOT NULL,
    kvk TEXT NOT NULL,
    street TEXT NOT NULL,
    postcode TEXT NOT NULL,
    city TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    contact TEXT NOT NULL,
    language TEXT NOT NULL CHECK (language IN ('nl', 'en')),
    route TEXT NOT NULL CHECK (route IN ('automatic', 'manual')),
    vendor TEXT NOT NULL,
    users TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('received', 'in_setup', 'completed', 'rejected', 'withdrawn')),
    state_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    organisation_id TEXT REFERENCES organisation (id),
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    folded TEXT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX registration_open ON registration (agb) WHERE state IN ('received', 'in_setup');
CREATE INDEX registration_queue ON registration
    ((CASE WHEN state IN ('received', 'in_setup') THEN received_at ELSE 9000000000000 - received_at END), id);
CREATE INDEX registration_received ON registration (received_at, id);
CREATE INDEX registration_state ON registration (state_at, id);
CREATE INDEX registration_name ON registration (folded, id);
CREATE INDEX registration_organisation ON registration (organisation_id);

CREATE TABLE account (
    id TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL,
    roles TEXT NOT NULL,
    language TEXT NOT NULL CHECK (language IN ('nl', 'en')),
    state TEXT NOT NULL CHECK (state IN ('invited', 'expired', 'active', 'locked', 'disabled')),
    state_at BIGINT NOT NULL,
    state_reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    invited_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    active_at BIGINT NOT NULL,
    successor_id TEXT REFERENCES account (id),
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    folded TEXT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (organisation_id, email_folded)
);
CREATE INDEX account_state ON account (state_at, id);
CREATE INDEX account_created ON account (created_at, id);
CREATE INDEX account_name ON account (folded, id);
CREATE INDEX account_expiry ON account (expires_at) WHERE state = 'invited';

CREATE TABLE invitation (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    nonce TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL
);
CREATE INDEX invitation_account ON invitation (account_id, created_at);

CREATE TABLE agreement (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'superseded')),
    state_at BIGINT NOT NULL,
    file_name TEXT NOT NULL,
    document BLOB NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    grace_until TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    folded TEXT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX agreement_created ON agreement (created_at, id);
CREATE UNIQUE INDEX agreement_current ON agreement (state) WHERE state = 'published';

CREATE TABLE acceptance (
    id TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    agreement_id TEXT NOT NULL REFERENCES agreement (id),
    state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'superseded', 'terminated')),
    state_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    accepted_at BIGINT NOT NULL,
    valid_until TEXT NOT NULL,
    account_id TEXT REFERENCES account (id),
    document_sha256 TEXT NOT NULL,
    remote TEXT NOT NULL,
    reminded_at BIGINT NOT NULL,
    reminders BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (organisation_id, agreement_id)
);
CREATE INDEX acceptance_queue ON acceptance
    ((CASE WHEN state = 'pending' THEN created_at ELSE 9000000000000 - state_at END), id);
CREATE INDEX acceptance_agreement ON acceptance (agreement_id, state);
CREATE INDEX acceptance_state ON acceptance (state_at, id);
CREATE INDEX acceptance_created ON acceptance (created_at, id);
CREATE INDEX acceptance_reminded ON acceptance (reminded_at, id);

CREATE TABLE mail (
    id TEXT PRIMARY KEY,
    template TEXT NOT NULL,
    language TEXT NOT NULL CHECK (language IN ('nl', 'en')),
    recipient TEXT NOT NULL,
    recipient_name TEXT NOT NULL,
    parameters TEXT NOT NULL,
    organisation_id TEXT REFERENCES organisation (id),
    object_kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'deferred', 'unknown', 'failed', 'cancelled', 'bounced')),
    state_at BIGINT NOT NULL,
    queued_at BIGINT NOT NULL,
    queued_by TEXT NOT NULL,
    send_at BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    give_up_at BIGINT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    resend_of TEXT REFERENCES mail (id),
    attempts BIGINT NOT NULL,
    reply TEXT NOT NULL,
    folded TEXT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX mail_queued ON mail (queued_at, id);
CREATE INDEX mail_state ON mail (state, queued_at, id);
CREATE INDEX mail_changed ON mail (state, state_at, id);
CREATE INDEX mail_organisation ON mail (organisation_id, queued_at, id);
CREATE INDEX mail_object ON mail (object_kind, object_id);
CREATE INDEX mail_resend ON mail (resend_of);

CREATE TABLE mail_attempt (
    mail_id TEXT NOT NULL REFERENCES mail (id),
    attempt BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    worker TEXT NOT NULL,
    outcome TEXT NOT NULL,
    step TEXT NOT NULL,
    code BIGINT NOT NULL,
    reply TEXT NOT NULL,
    PRIMARY KEY (mail_id, attempt)
);

CREATE TABLE job (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('mail', 'bulk', 'submission')),
    subject TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('available', 'running', 'completed', 'held', 'cancelled')),
    state_at BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    rescues BIGINT NOT NULL,
    worker TEXT NOT NULL,
    lease_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    error TEXT NOT NULL,
    request TEXT NOT NULL
);
CREATE UNIQUE INDEX job_open ON job (kind, subject) WHERE state IN ('available', 'running', 'held');
CREATE INDEX job_claim ON job (run_at, id) WHERE state = 'available';
CREATE INDEX job_lease ON job (lease_until) WHERE state = 'running';
CREATE INDEX job_state ON job (state, created_at, id);
CREATE INDEX job_created ON job (created_at, id);
CREATE INDEX job_subject ON job (kind, subject);

CREATE TABLE job_attempt (
    job_id TEXT NOT NULL REFERENCES job (id),
    attempt BIGINT NOT NULL,
    worker TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('running', 'done', 'failed', 'snoozed', 'rescued')),
    detail TEXT NOT NULL,
    PRIMARY KEY (job_id, attempt)
);

CREATE TABLE worker (
    id TEXT PRIMARY KEY,
    host TEXT NOT NULL,
    pid BIGINT NOT NULL,
    via TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    stopped_at BIGINT NOT NULL
);
CREATE INDEX worker_seen ON worker (seen_at, id);

CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL,
    detail TEXT NOT NULL
);

CREATE TABLE bulk (
    id TEXT PRIMARY KEY,
    act TEXT NOT NULL,
    parameters TEXT NOT NULL,
    reason TEXT NOT NULL,
    operator_id TEXT NOT NULL,
    actor TEXT NOT NULL,
    request TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'completed', 'cancelled')),
    state_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    total BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX bulk_created ON bulk (created_at, id);

CREATE TABLE bulk_item (
    bulk_id TEXT NOT NULL REFERENCES bulk (id),
    position BIGINT NOT NULL,
    object_id TEXT NOT NULL,
    object_version BIGINT NOT NULL,
    label TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'skipped')),
    detail TEXT NOT NULL,
    PRIMARY KEY (bulk_id, position)
);

CREATE TABLE submission (
    id TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    vendor_id TEXT REFERENCES vendor (id),
    kind TEXT NOT NULL CHECK (kind IN ('rom', 'cqi')),
    specification TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('intake', 'upload', 'operator', 'inbox')),
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    detected TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('received', 'held', 'validating', 'valid', 'valid_with_remarks', 'invalid', 'processed', 'failed', 'withdrawn', 'superseded')),
    state_at BIGINT NOT NULL,
    hold TEXT NOT NULL CHECK (hold IN ('', 'no_acceptance', 'technical')),
    reason TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    ignored BIGINT NOT NULL,
    finding_count BIGINT NOT NULL,
    paths_new BIGINT NOT NULL,
    paths_changed BIGINT NOT NULL,
    paths_same BIGINT NOT NULL,
    assigned TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX submission_received ON submission (received_at, id);
CREATE INDEX submission_state ON submission (state, received_at, id);
CREATE INDEX submission_organisation ON submission (organisation_id, received_at, id);
CREATE INDEX submission_changed ON submission (state, state_at, id);
CREATE INDEX submission_hold ON submission (hold, received_at, id) WHERE hold <> '';
CREATE INDEX submission_assigned ON submission (assigned, received_at, id) WHERE assigned <> '';
CREATE INDEX submission_file ON submission (file_name);
CREATE INDEX submission_vendor ON submission (vendor_id, received_at, id);
CREATE UNIQUE INDEX submission_bytes ON submission (organisation_id, sha256) WHERE state <> 'withdrawn';

CREATE TABLE finding (
    submission_id TEXT NOT NULL REFERENCES submission (id),
    position BIGINT NOT NULL,
    code TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('file', 'value', 'measurement', 'remark')),
    line BIGINT NOT NULL,
    column_name TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (submission_id, position)
);

CREATE TABLE care_path (
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    client_key TEXT NOT NULL,
    path_key TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('rom', 'cqi')),
    submission_id TEXT NOT NULL REFERENCES submission (id),
    superseded_by TEXT NOT NULL,
    profile TEXT NOT NULL,
    diagnosis TEXT NOT NULL,
    starts TEXT NOT NULL,
    ends TEXT NOT NULL,
    first_session TEXT NOT NULL,
    last_session TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (organisation_id, client_key, path_key, kind, submission_id)
);
CREATE UNIQUE INDEX care_path_current ON care_path (organisation_id, client_key, path_key, kind) WHERE superseded_by = '';
CREATE INDEX care_path_submission ON care_path (submission_id);

CREATE TABLE measurement (
    submission_id TEXT NOT NULL REFERENCES submission (id),
    client_key TEXT NOT NULL,
    path_key TEXT NOT NULL,
    moment TEXT NOT NULL CHECK (moment IN ('pre', 'post')),
    instrument TEXT NOT NULL,
    measured_on TEXT NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (submission_id, client_key, path_key, moment, instrument, measured_on)
);

CREATE TABLE audit (
    sequence BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    operator_id TEXT NOT NULL,
    login TEXT NOT NULL,
    actor TEXT NOT NULL,
    roles TEXT NOT NULL,
    on_behalf TEXT NOT NULL,
    via TEXT NOT NULL,
    host TEXT NOT NULL,
    tty TEXT NOT NULL,
    ssh TEXT NOT NULL,
    uid BIGINT NOT NULL,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    organisation_id TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
    reason TEXT NOT NULL,
    request TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX audit_object ON audit (object_kind, object_id, sequence);
CREATE INDEX audit_operator ON audit (operator_id, sequence);
CREATE INDEX audit_organisation ON audit (organisation_id, sequence);
CREATE INDEX audit_at ON audit (at, sequence);

CREATE TABLE audit_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    sequence BIGINT NOT NULL,
    hash TEXT NOT NULL,
    at BIGINT NOT NULL
);
INSERT INTO audit_head (id, sequence, hash, at) VALUES (1, 0, '', 0);

CREATE TABLE counter (
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (kind, state)
);

CREATE TABLE daily (
    name TEXT NOT NULL,
    day TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (name, day)
);

CREATE TABLE claim (
    kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    operator_id TEXT NOT NULL,
    operator_name TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (kind, object_id)
);

CREATE TABLE presence (
    session TEXT PRIMARY KEY,
    operator_id TEXT NOT NULL,
    operator_name TEXT NOT NULL,
    screen TEXT NOT NULL,
    kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE INDEX presence_seen ON presence (seen_at);

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_in_order BEFORE INSERT ON audit
WHEN NEW.sequence <> (SELECT sequence + 1 FROM audit_head WHERE id = 1) OR NEW.previous <> (SELECT hash FROM audit_head WHERE id = 1)
BEGIN SELECT RAISE(ABORT, 'audit row does not follow the head'); END;
CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head BEGIN SELECT RAISE(ABORT, 'audit head stays'); END;
CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head WHEN NEW.sequence <= OLD.sequence
BEGIN SELECT RAISE(ABORT, 'audit head only moves forward'); END;
CREATE TRIGGER meta_no_update BEFORE UPDATE ON meta WHEN OLD.name IN ('demo', 'database_id')
BEGIN SELECT RAISE(ABORT, 'this mark of the database cannot be changed'); END;
CREATE TRIGGER meta_no_delete BEFORE DELETE ON meta WHEN OLD.name IN ('demo', 'database_id')
BEGIN SELECT RAISE(ABORT, 'this mark of the database cannot be changed'); END;
CREATE TRIGGER meta_demo_first BEFORE INSERT ON meta
WHEN NEW.name = 'demo' AND (SELECT count(*) FROM operator) > 0
BEGIN SELECT RAISE(ABORT, 'a database in use cannot become a demo'); END;
CREATE TRIGGER acceptance_evidence BEFORE UPDATE ON acceptance
WHEN OLD.state <> 'pending' AND (NEW.accepted_at <> OLD.accepted_at OR NEW.document_sha256 <> OLD.document_sha256
    OR NEW.remote <> OLD.remote OR NEW.account_id IS NOT OLD.account_id)
BEGIN SELECT RAISE(ABORT, 'the evidence of an acceptance cannot be changed'); END;
CREATE TRIGGER agreement_fixed BEFORE UPDATE ON agreement
WHEN OLD.state <> 'draft' AND (NEW.document <> OLD.document OR NEW.sha256 <> OLD.sha256 OR NEW.name <> OLD.name)
BEGIN SELECT RAISE(ABORT, 'a published agreement cannot be changed'); END;
