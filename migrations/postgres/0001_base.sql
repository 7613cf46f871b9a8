-- The base of the portal. Times are BIGINT milliseconds UTC, dates TEXT YYYY-MM-DD, ids TEXT (UUIDv7), states TEXT with a CHECK.
-- Columns that lists sort on are NOT NULL. The same name exists for the other database.

CREATE TABLE meta (
    name TEXT COLLATE "C" PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

CREATE TABLE operator (
    id TEXT COLLATE "C" PRIMARY KEY,
    login TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    roles TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL CHECK (language IN ('nl', 'en')),
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('active', 'removed')),
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT COLLATE "C" NOT NULL,
    folded TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX operator_created ON operator (created_at, id);
CREATE INDEX operator_login ON operator (login, id);

CREATE TABLE vendor (
    id TEXT COLLATE "C" PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('rom', 'epd', 'own_application')),
    email TEXT COLLATE "C" NOT NULL,
    contact TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    folded TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE organisation (
    id TEXT COLLATE "C" PRIMARY KEY,
    agb TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    kvk TEXT COLLATE "C" NOT NULL,
    street TEXT COLLATE "C" NOT NULL,
    postcode TEXT COLLATE "C" NOT NULL,
    city TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    phone TEXT COLLATE "C" NOT NULL,
    contact TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL CHECK (language IN ('nl', 'en')),
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('in_setup', 'active', 'suspended', 'ended')),
    state_at BIGINT NOT NULL,
    state_reason TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT COLLATE "C" NOT NULL,
    folded TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX organisation_name ON organisation (folded, id);
CREATE INDEX organisation_agb ON organisation (agb, id);
CREATE INDEX organisation_state ON organisation (state_at, id);
CREATE INDEX organisation_created ON organisation (created_at, id);

CREATE TABLE quality_mark (
    id TEXT COLLATE "C" PRIMARY KEY,
    organisation_id TEXT COLLATE "C" NOT NULL REFERENCES organisation (id),
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('basis_ggz')),
    valid_from TEXT COLLATE "C" NOT NULL,
    valid_until TEXT COLLATE "C" NOT NULL,
    UNIQUE (organisation_id, kind, valid_from)
);

CREATE TABLE connection (
    id TEXT COLLATE "C" PRIMARY KEY,
    organisation_id TEXT COLLATE "C" NOT NULL REFERENCES organisation (id),
    vendor_id TEXT COLLATE "C" REFERENCES vendor (id),
    route TEXT COLLATE "C" NOT NULL CHECK (route IN ('automatic', 'manual')),
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('requested', 'issued', 'testing', 'live', 'suspended', 'revoked')),
    state_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX connection_organisation ON connection (organisation_id);
CREATE INDEX connection_state ON connection (state_at, id);

CREATE TABLE registration (
    id TEXT COLLATE "C" PRIMARY KEY,
    agb TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    kvk TEXT COLLATE "C" NOT NULL,
    street TEXT COLLATE "C" NOT NULL,
    postcode TEXT COLLATE "C" NOT NULL,
    city TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    phone TEXT COLLATE "C" NOT NULL,
    contact TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL CHECK (language IN ('nl', 'en')),
    route TEXT COLLATE "C" NOT NULL CHECK (route IN ('automatic', 'manual')),
    vendor TEXT COLLATE "C" NOT NULL,
    users TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('received', 'in_setup', 'completed', 'rejected', 'withdrawn')),
    state_at BIGINT NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL,
    organisation_id TEXT COLLATE "C" REFERENCES organisation (id),
    changed_at BIGINT NOT NULL,
    changed_by TEXT COLLATE "C" NOT NULL,
    folded TEXT COLLATE "C" NOT NULL,
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
    id TEXT COLLATE "C" PRIMARY KEY,
    organisation_id TEXT COLLATE "C" NOT NULL REFERENCES organisation (id),
    name TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    email_folded TEXT COLLATE "C" NOT NULL,
    roles TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL CHECK (language IN ('nl', 'en')),
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('invited', 'expired', 'active', 'locked', 'disabled')),
    state_at BIGINT NOT NULL,
    state_reason TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    invited_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    active_at BIGINT NOT NULL,
    successor_id TEXT COLLATE "C" REFERENCES account (id),
    changed_at BIGINT NOT NULL,
    changed_by TEXT COLLATE "C" NOT NULL,
    folded TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (organisation_id, email_folded)
);
CREATE INDEX account_state ON account (state_at, id);
CREATE INDEX account_created ON account (created_at, id);
CREATE INDEX account_name ON account (folded, id);
CREATE INDEX account_expiry ON account (expires_at) WHERE state = 'invited';

CREATE TABLE invitation (
    id TEXT COLLATE "C" PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL REFERENCES account (id),
    nonce TEXT COLLATE "C" NOT NULL,
    token_hash TEXT COLLATE "C" NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL
);
CREATE INDEX invitation_account ON invitation (account_id, created_at);

CREATE TABLE agreement (
    id TEXT COLLATE "C" PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    title TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('draft', 'published', 'superseded')),
    state_at BIGINT NOT NULL,
    file_name TEXT COLLATE "C" NOT NULL,
    document BYTEA NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    valid_from TEXT COLLATE "C" NOT NULL,
    grace_until TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT COLLATE "C" NOT NULL,
    folded TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX agreement_created ON agreement (created_at, id);
CREATE UNIQUE INDEX agreement_current ON agreement (state) WHERE state = 'published';

CREATE TABLE acceptance (
    id TEXT COLLATE "C" PRIMARY KEY,
    organisation_id TEXT COLLATE "C" NOT NULL REFERENCES organisation (id),
    agreement_id TEXT COLLATE "C" NOT NULL REFERENCES agreement (id),
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('pending', 'accepted', 'superseded', 'terminated')),
    state_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    accepted_at BIGINT NOT NULL,
    valid_until TEXT COLLATE "C" NOT NULL,
    account_id TEXT COLLATE "C" REFERENCES account (id),
    document_sha256 TEXT COLLATE "C" NOT NULL,
    remote TEXT COLLATE "C" NOT NULL,
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
    id TEXT COLLATE "C" PRIMARY KEY,
    template TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL CHECK (language IN ('nl', 'en')),
    recipient TEXT COLLATE "C" NOT NULL,
    recipient_name TEXT COLLATE "C" NOT NULL,
    parameters TEXT COLLATE "C" NOT NULL,
    organisation_id TEXT COLLATE "C" REFERENCES organisation (id),
    object_kind TEXT COLLATE "C" NOT NULL,
    object_id TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'deferred', 'unknown', 'failed', 'cancelled', 'bounced')),
    state_at BIGINT NOT NULL,
    queued_at BIGINT NOT NULL,
    queued_by TEXT COLLATE "C" NOT NULL,
    send_at BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    give_up_at BIGINT NOT NULL,
    message_id TEXT COLLATE "C" NOT NULL UNIQUE,
    resend_of TEXT COLLATE "C" REFERENCES mail (id),
    attempts BIGINT NOT NULL,
    reply TEXT COLLATE "C" NOT NULL,
    folded TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX mail_queued ON mail (queued_at, id);
CREATE INDEX mail_state ON mail (state, queued_at, id);
CREATE INDEX mail_changed ON mail (state, state_at, id);
CREATE INDEX mail_organisation ON mail (organisation_id, queued_at, id);
CREATE INDEX mail_object ON mail (object_kind, object_id);
CREATE INDEX mail_resend ON mail (resend_of);

CREATE TABLE mail_attempt (
    mail_id TEXT COLLATE "C" NOT NULL REFERENCES mail (id),
    attempt BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    worker TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    step TEXT COLLATE "C" NOT NULL,
    code BIGINT NOT NULL,
    reply TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (mail_id, attempt)
);

CREATE TABLE job (
    id TEXT COLLATE "C" PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('mail', 'bulk', 'submission')),
    subject TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('available', 'running', 'completed', 'held', 'cancelled')),
    state_at BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    rescues BIGINT NOT NULL,
    worker TEXT COLLATE "C" NOT NULL,
    lease_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    error TEXT COLLATE "C" NOT NULL,
    request TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX job_open ON job (kind, subject) WHERE state IN ('available', 'running', 'held');
CREATE INDEX job_claim ON job (run_at, id) WHERE state = 'available';
CREATE INDEX job_lease ON job (lease_until) WHERE state = 'running';
CREATE INDEX job_state ON job (state, created_at, id);
CREATE INDEX job_created ON job (created_at, id);
CREATE INDEX job_subject ON job (kind, subject);

CREATE TABLE job_attempt (
    job_id TEXT COLLATE "C" NOT NULL REFERENCES job (id),
    attempt BIGINT NOT NULL,
    worker TEXT COLLATE "C" NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL CHECK (outcome IN ('running', 'done', 'failed', 'snoozed', 'rescued')),
    detail TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (job_id, attempt)
);

CREATE TABLE worker (
    id TEXT COLLATE "C" PRIMARY KEY,
    host TEXT COLLATE "C" NOT NULL,
    pid BIGINT NOT NULL,
    via TEXT COLLATE "C" NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    stopped_at BIGINT NOT NULL
);
CREATE INDEX worker_seen ON worker (seen_at, id);

CREATE TABLE lease (
    name TEXT COLLATE "C" PRIMARY KEY,
    holder TEXT COLLATE "C" NOT NULL,
    until BIGINT NOT NULL,
    detail TEXT COLLATE "C" NOT NULL
);

CREATE TABLE bulk (
    id TEXT COLLATE "C" PRIMARY KEY,
    act TEXT COLLATE "C" NOT NULL,
    parameters TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    operator_id TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    request TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('running', 'completed', 'cancelled')),
    state_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    total BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX bulk_created ON bulk (created_at, id);

CREATE TABLE bulk_item (
    bulk_id TEXT COLLATE "C" NOT NULL REFERENCES bulk (id),
    position BIGINT NOT NULL,
    object_id TEXT COLLATE "C" NOT NULL,
    object_version BIGINT NOT NULL,
    label TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'done', 'skipped')),
    detail TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (bulk_id, position)
);

CREATE TABLE submission (
    id TEXT COLLATE "C" PRIMARY KEY,
    organisation_id TEXT COLLATE "C" NOT NULL REFERENCES organisation (id),
    vendor_id TEXT COLLATE "C" REFERENCES vendor (id),
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('rom', 'cqi')),
    specification TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL CHECK (source IN ('intake', 'upload', 'operator', 'inbox')),
    file_name TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    bytes BIGINT NOT NULL,
    detected TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('received', 'held', 'validating', 'valid', 'valid_with_remarks', 'invalid', 'processed', 'failed', 'withdrawn', 'superseded')),
    state_at BIGINT NOT NULL,
    hold TEXT COLLATE "C" NOT NULL CHECK (hold IN ('', 'no_acceptance', 'technical')),
    reason TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    ignored BIGINT NOT NULL,
    finding_count BIGINT NOT NULL,
    paths_new BIGINT NOT NULL,
    paths_changed BIGINT NOT NULL,
    paths_same BIGINT NOT NULL,
    assigned TEXT COLLATE "C" NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT COLLATE "C" NOT NULL,
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
    submission_id TEXT COLLATE "C" NOT NULL REFERENCES submission (id),
    position BIGINT NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    severity TEXT COLLATE "C" NOT NULL CHECK (severity IN ('file', 'value', 'measurement', 'remark')),
    line BIGINT NOT NULL,
    column_name TEXT COLLATE "C" NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (submission_id, position)
);

CREATE TABLE care_path (
    organisation_id TEXT COLLATE "C" NOT NULL REFERENCES organisation (id),
    client_key TEXT COLLATE "C" NOT NULL,
    path_key TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('rom', 'cqi')),
    submission_id TEXT COLLATE "C" NOT NULL REFERENCES submission (id),
    superseded_by TEXT COLLATE "C" NOT NULL,
    profile TEXT COLLATE "C" NOT NULL,
    diagnosis TEXT COLLATE "C" NOT NULL,
    starts TEXT COLLATE "C" NOT NULL,
    ends TEXT COLLATE "C" NOT NULL,
    first_session TEXT COLLATE "C" NOT NULL,
    last_session TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation_id, client_key, path_key, kind, submission_id)
);
CREATE UNIQUE INDEX care_path_current ON care_path (organisation_id, client_key, path_key, kind) WHERE superseded_by = '';
CREATE INDEX care_path_submission ON care_path (submission_id);

CREATE TABLE measurement (
    submission_id TEXT COLLATE "C" NOT NULL REFERENCES submission (id),
    client_key TEXT COLLATE "C" NOT NULL,
    path_key TEXT COLLATE "C" NOT NULL,
    moment TEXT COLLATE "C" NOT NULL CHECK (moment IN ('pre', 'post')),
    instrument TEXT COLLATE "C" NOT NULL,
    measured_on TEXT COLLATE "C" NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (submission_id, client_key, path_key, moment, instrument, measured_on)
);

CREATE TABLE audit (
    sequence BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    operator_id TEXT COLLATE "C" NOT NULL,
    login TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    roles TEXT COLLATE "C" NOT NULL,
    on_behalf TEXT COLLATE "C" NOT NULL,
    via TEXT COLLATE "C" NOT NULL,
    host TEXT COLLATE "C" NOT NULL,
    tty TEXT COLLATE "C" NOT NULL,
    ssh TEXT COLLATE "C" NOT NULL,
    uid BIGINT NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    object_kind TEXT COLLATE "C" NOT NULL,
    object_id TEXT COLLATE "C" NOT NULL,
    organisation_id TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
    reason TEXT COLLATE "C" NOT NULL,
    request TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL,
    previous TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL
);
CREATE INDEX audit_object ON audit (object_kind, object_id, sequence);
CREATE INDEX audit_operator ON audit (operator_id, sequence);
CREATE INDEX audit_organisation ON audit (organisation_id, sequence);
CREATE INDEX audit_at ON audit (at, sequence);

CREATE TABLE audit_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    sequence BIGINT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL
);
INSERT INTO audit_head (id, sequence, hash, at) VALUES (1, 0, '', 0);

CREATE TABLE counter (
    kind TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (kind, state)
);

CREATE TABLE daily (
    name TEXT COLLATE "C" NOT NULL,
    day TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (name, day)
);

CREATE TABLE claim (
    kind TEXT COLLATE "C" NOT NULL,
    object_id TEXT COLLATE "C" NOT NULL,
    operator_id TEXT COLLATE "C" NOT NULL,
    operator_name TEXT COLLATE "C" NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (kind, object_id)
);

CREATE TABLE presence (
    session TEXT COLLATE "C" PRIMARY KEY,
    operator_id TEXT COLLATE "C" NOT NULL,
    operator_name TEXT COLLATE "C" NOT NULL,
    screen TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    object_id TEXT COLLATE "C" NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE INDEX presence_seen ON presence (seen_at);

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION refuse('audit is append-only');
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse('audit is append-only');
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse('audit is append-only');
CREATE FUNCTION audit_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE head audit_head;
BEGIN
    SELECT * INTO head FROM audit_head WHERE id = 1 FOR UPDATE;
    IF NEW.sequence <> head.sequence + 1 OR NEW.previous <> head.hash THEN
        RAISE EXCEPTION 'audit row does not follow the head' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_in_order BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_in_order();
CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head FOR EACH ROW EXECUTE FUNCTION refuse('audit head stays');
CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head FOR EACH STATEMENT EXECUTE FUNCTION refuse('audit head stays');
CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head FOR EACH ROW WHEN (NEW.sequence <= OLD.sequence)
    EXECUTE FUNCTION refuse('audit head only moves forward');
CREATE TRIGGER meta_no_update BEFORE UPDATE ON meta FOR EACH ROW WHEN (OLD.name IN ('demo', 'database_id'))
    EXECUTE FUNCTION refuse('this mark of the database cannot be changed');
CREATE TRIGGER meta_no_delete BEFORE DELETE ON meta FOR EACH ROW WHEN (OLD.name IN ('demo', 'database_id'))
    EXECUTE FUNCTION refuse('this mark of the database cannot be changed');
CREATE TRIGGER meta_no_truncate BEFORE TRUNCATE ON meta FOR EACH STATEMENT
    EXECUTE FUNCTION refuse('this mark of the database cannot be changed');
CREATE FUNCTION meta_demo_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM operator) THEN
        RAISE EXCEPTION 'a database in use cannot become a demo' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER meta_demo_first BEFORE INSERT ON meta FOR EACH ROW WHEN (NEW.name = 'demo')
    EXECUTE FUNCTION meta_demo_first();
CREATE TRIGGER acceptance_evidence BEFORE UPDATE ON acceptance FOR EACH ROW
    WHEN (OLD.state <> 'pending' AND (NEW.accepted_at <> OLD.accepted_at OR NEW.document_sha256 <> OLD.document_sha256
        OR NEW.remote <> OLD.remote OR NEW.account_id IS DISTINCT FROM OLD.account_id))
    EXECUTE FUNCTION refuse('the evidence of an acceptance cannot be changed');
CREATE TRIGGER agreement_fixed BEFORE UPDATE ON agreement FOR EACH ROW
    WHEN (OLD.state <> 'draft' AND (NEW.document <> OLD.document OR NEW.sha256 <> OLD.sha256 OR NEW.name <> OLD.name))
    EXECUTE FUNCTION refuse('a published agreement cannot be changed');
