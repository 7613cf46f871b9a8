-- Extracts to KiBG: built, asked for, approved by another person, released, recalled; and what the database itself refuses whoever
-- asks. Times, dates, ids and states as in the base. The same name exists for the other database.

-- Builds and outgoing files are jobs. A CHECK cannot be changed here, so jobs and their attempts move to new tables.
CREATE TABLE job_new (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('mail', 'bulk', 'submission', 'extract', 'outgoing')),
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
    request TEXT NOT NULL,
    lane TEXT NOT NULL DEFAULT ''
);
CREATE TABLE job_attempt_new (
    job_id TEXT NOT NULL REFERENCES job_new (id),
    attempt BIGINT NOT NULL,
    worker TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('running', 'done', 'failed', 'snoozed', 'rescued')),
    detail TEXT NOT NULL,
    PRIMARY KEY (job_id, attempt)
);
INSERT INTO job_new (id, kind, subject, state, state_at, run_at, attempt, failures, rescues, worker, lease_until, created_at,
    error, request, lane)
    SELECT id, kind, subject, state, state_at, run_at, attempt, failures, rescues, worker, lease_until, created_at, error,
    request, lane FROM job;
INSERT INTO job_attempt_new (job_id, attempt, worker, started_at, ended_at, outcome, detail)
    SELECT job_id, attempt, worker, started_at, ended_at, outcome, detail FROM job_attempt;
DROP TABLE job_attempt;
DROP TABLE job;
ALTER TABLE job_new RENAME TO job;
ALTER TABLE job_attempt_new RENAME TO job_attempt;
CREATE UNIQUE INDEX job_open ON job (kind, subject) WHERE state IN ('available', 'running', 'held');
CREATE INDEX job_claim ON job (run_at, id) WHERE state = 'available';
CREATE INDEX job_lease ON job (lease_until) WHERE state = 'running';
CREATE INDEX job_state ON job (state, created_at, id);
CREATE INDEX job_created ON job (created_at, id);
CREATE INDEX job_subject ON job (kind, subject);
CREATE INDEX job_lane ON job (lane, created_at, id) WHERE lane <> '' AND state IN ('available', 'running');

CREATE TABLE extract (
    id TEXT PRIMARY KEY,
    definition TEXT NOT NULL,
    definition_version BIGINT NOT NULL,
    definition_text TEXT NOT NULL,
    period TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'built', 'requested', 'approved', 'released', 'recalled')),
    state_at BIGINT NOT NULL,
    building TEXT NOT NULL,
    stage TEXT NOT NULL,
    stage_done BIGINT NOT NULL,
    stage_total BIGINT NOT NULL,
    build_error TEXT NOT NULL,
    built_at BIGINT NOT NULL,
    built_by TEXT NOT NULL,
    code_version TEXT NOT NULL,
    digest TEXT NOT NULL,
    manifest TEXT NOT NULL,
    manifest_digest TEXT NOT NULL,
    certificate TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('', 'safe', 'open')),
    cell_count BIGINT NOT NULL,
    hidden_count BIGINT NOT NULL,
    smallest BIGINT NOT NULL,
    holders_in BIGINT NOT NULL,
    holders_out BIGINT NOT NULL,
    waiting BIGINT NOT NULL,
    requested_by TEXT NOT NULL,
    requested_login TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    requested_digest TEXT NOT NULL,
    request_reason TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    approved_login TEXT NOT NULL,
    approved_at BIGINT NOT NULL,
    approved_digest TEXT NOT NULL,
    approve_reason TEXT NOT NULL,
    released_by TEXT NOT NULL,
    released_login TEXT NOT NULL,
    released_at BIGINT NOT NULL,
    recalled_by TEXT NOT NULL,
    recalled_at BIGINT NOT NULL,
    recall_reason TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    directory TEXT NOT NULL,
    fetches BIGINT NOT NULL,
    fetched_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    folded TEXT NOT NULL,
    version BIGINT NOT NULL,
    CHECK ((state = 'draft') = (digest = '')),
    CHECK ((state IN ('draft', 'built')) = (requested_by = '')),
    CHECK ((requested_by = '') = (requested_login = '') AND (requested_by = '') = (requested_at = 0)
        AND (requested_by = '') = (requested_digest = '')),
    CHECK (requested_by = '' OR (requested_digest = digest AND verdict = 'safe')),
    CHECK ((state IN ('approved', 'released', 'recalled')) = (approved_by <> '')),
    CHECK ((approved_by = '') = (approved_login = '') AND (approved_by = '') = (approved_at = 0)
        AND (approved_by = '') = (approved_digest = '')),
    CHECK (approved_by = '' OR (requested_by <> '' AND approved_by <> requested_by
        AND approved_login <> requested_login AND approved_digest = requested_digest)),
    CHECK ((state IN ('released', 'recalled')) = (released_by <> '')),
    CHECK ((released_by = '') = (released_login = '') AND (released_by = '') = (released_at = 0)),
    CHECK ((state = 'recalled') = (recalled_by <> '') AND (recalled_by = '') = (recalled_at = 0)),
    CHECK (written_at = 0 OR released_at > 0)
);
CREATE INDEX extract_created ON extract (created_at, id);
CREATE INDEX extract_changed ON extract (state_at, id);
CREATE INDEX extract_period ON extract (period, id);
CREATE INDEX extract_released ON extract (released_at, id);
CREATE INDEX extract_digest ON extract (digest);

-- The cells of a table with up to three codes each, '' for a dimension that the table does not have. `sums` are whole numbers
-- separated by commas. What is not published stays here.
CREATE TABLE extract_cell (
    extract_id TEXT NOT NULL REFERENCES extract (id),
    position BIGINT NOT NULL,
    sheet TEXT NOT NULL CHECK (sheet IN ('volume', 'response', 'effect', 'cqi', 'benchmark', 'coverage')),
    code_1 TEXT NOT NULL,
    code_2 TEXT NOT NULL,
    code_3 TEXT NOT NULL,
    n BIGINT NOT NULL,
    sums TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('s', 'u', 'x')),
    rule TEXT NOT NULL,
    PRIMARY KEY (extract_id, position)
);
CREATE UNIQUE INDEX extract_cell_codes ON extract_cell (extract_id, sheet, code_1, code_2, code_3);

-- Who is in, counted alone or together with other small ones, and who is not and why ('' for who is in).
CREATE TABLE extract_holder (
    extract_id TEXT NOT NULL REFERENCES extract (id),
    agb TEXT NOT NULL,
    name TEXT NOT NULL,
    holds_mark BIGINT NOT NULL,
    closed BIGINT NOT NULL,
    pooled BIGINT NOT NULL,
    left_out TEXT NOT NULL,
    PRIMARY KEY (extract_id, agb)
);

CREATE TABLE extract_attack (
    extract_id TEXT NOT NULL REFERENCES extract (id),
    position BIGINT NOT NULL,
    attacker TEXT NOT NULL,
    tried BIGINT NOT NULL,
    open BIGINT NOT NULL,
    PRIMARY KEY (extract_id, position)
);

-- What leaves, byte for byte, so that it can be looked at before and written again after.
CREATE TABLE extract_file (
    extract_id TEXT NOT NULL REFERENCES extract (id),
    name TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (extract_id, name)
);

-- The submissions that counted. A submission need not exist for ever, its name and hash here do.
CREATE TABLE extract_submission (
    extract_id TEXT NOT NULL REFERENCES extract (id),
    submission_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (extract_id, submission_id)
);
CREATE INDEX extract_submission_of ON extract_submission (submission_id);

-- Who fetched a release, as far as it is known, and who wrote that down.
CREATE TABLE extract_fetch (
    id TEXT PRIMARY KEY,
    extract_id TEXT NOT NULL REFERENCES extract (id),
    at BIGINT NOT NULL,
    fetched_on TEXT NOT NULL,
    fetched_by TEXT NOT NULL,
    noted_by TEXT NOT NULL
);
CREATE INDEX extract_fetch_of ON extract_fetch (extract_id, at);

CREATE TRIGGER extract_begins BEFORE INSERT ON extract
WHEN NEW.state <> 'draft'
BEGIN SELECT RAISE(ABORT, 'an extract begins as a draft'); END;
CREATE TRIGGER extract_path BEFORE UPDATE ON extract
WHEN NEW.state <> OLD.state AND NOT ((OLD.state = 'draft' AND NEW.state = 'built')
    OR (OLD.state IN ('built', 'requested', 'approved') AND NEW.state = 'draft')
    OR (OLD.state = 'built' AND NEW.state = 'requested')
    OR (OLD.state = 'requested' AND NEW.state IN ('built', 'approved'))
    OR (OLD.state = 'approved' AND NEW.state IN ('built', 'released'))
    OR (OLD.state = 'released' AND NEW.state = 'recalled'))
BEGIN SELECT RAISE(ABORT, 'an extract does not go that way'); END;
CREATE TRIGGER extract_same BEFORE UPDATE ON extract
WHEN NEW.id <> OLD.id OR NEW.definition <> OLD.definition OR NEW.definition_version <> OLD.definition_version
        OR NEW.definition_text <> OLD.definition_text OR NEW.period <> OLD.period
        OR NEW.created_at <> OLD.created_at
BEGIN SELECT RAISE(ABORT, 'what an extract is of cannot be changed'); END;
CREATE TRIGGER extract_content BEFORE UPDATE ON extract
WHEN OLD.state <> 'draft' AND NEW.state <> 'draft'
    AND (NEW.digest <> OLD.digest OR NEW.manifest <> OLD.manifest OR NEW.manifest_digest <> OLD.manifest_digest
        OR NEW.certificate <> OLD.certificate OR NEW.verdict <> OLD.verdict OR NEW.cell_count <> OLD.cell_count
        OR NEW.hidden_count <> OLD.hidden_count OR NEW.smallest <> OLD.smallest OR NEW.holders_in <> OLD.holders_in
        OR NEW.holders_out <> OLD.holders_out OR NEW.waiting <> OLD.waiting OR NEW.code_version <> OLD.code_version
        OR NEW.built_at <> OLD.built_at OR NEW.built_by <> OLD.built_by)
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_requester BEFORE UPDATE ON extract
WHEN OLD.requested_by <> '' AND NEW.requested_by <> ''
    AND (NEW.requested_by <> OLD.requested_by OR NEW.requested_login <> OLD.requested_login
        OR NEW.requested_at <> OLD.requested_at OR NEW.requested_digest <> OLD.requested_digest
        OR NEW.request_reason <> OLD.request_reason)
BEGIN SELECT RAISE(ABORT, 'who asked for a release cannot be changed'); END;
CREATE TRIGGER extract_approver BEFORE UPDATE ON extract
WHEN OLD.approved_by <> '' AND NEW.approved_by <> ''
    AND (NEW.approved_by <> OLD.approved_by OR NEW.approved_login <> OLD.approved_login
        OR NEW.approved_at <> OLD.approved_at OR NEW.approved_digest <> OLD.approved_digest
        OR NEW.approve_reason <> OLD.approve_reason)
BEGIN SELECT RAISE(ABORT, 'who approved a release cannot be changed'); END;
CREATE TRIGGER extract_ends BEFORE UPDATE ON extract
WHEN (OLD.released_by <> '' AND (NEW.released_by <> OLD.released_by OR NEW.released_login <> OLD.released_login
        OR NEW.released_at <> OLD.released_at))
    OR (OLD.recalled_by <> '' AND (NEW.recalled_by <> OLD.recalled_by OR NEW.recalled_at <> OLD.recalled_at
        OR NEW.recall_reason <> OLD.recall_reason))
BEGIN SELECT RAISE(ABORT, 'an extract is released once and recalled once'); END;
-- Whoever asks, approves or releases must be in service as a release manager; both people still, when a release leaves.
CREATE TRIGGER extract_people BEFORE UPDATE ON extract
WHEN NEW.state <> OLD.state AND ((NEW.state IN ('requested', 'approved', 'released')
    AND (SELECT count(*) FROM operator o WHERE o.id = NEW.requested_by AND o.login = NEW.requested_login AND o.state = 'active'
        AND (',' || o.roles || ',') LIKE '%,release_manager,%') = 0)
    OR (NEW.state IN ('approved', 'released')
    AND (SELECT count(*) FROM operator o WHERE o.id = NEW.approved_by AND o.login = NEW.approved_login AND o.state = 'active'
        AND (',' || o.roles || ',') LIKE '%,release_manager,%') = 0)
    OR (NEW.state = 'released'
    AND (SELECT count(*) FROM operator o WHERE o.id = NEW.released_by AND o.login = NEW.released_login AND o.state = 'active'
        AND (',' || o.roles || ',') LIKE '%,release_manager,%') = 0))
BEGIN SELECT RAISE(ABORT, 'asking, approving and releasing need release managers in service'); END;
CREATE TRIGGER extract_stays BEFORE DELETE ON extract
BEGIN SELECT RAISE(ABORT, 'an extract stays'); END;
CREATE TRIGGER extract_cell_no_insert BEFORE INSERT ON extract_cell
WHEN (SELECT state FROM extract WHERE id = NEW.extract_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_cell_no_update BEFORE UPDATE ON extract_cell
WHEN (SELECT state FROM extract WHERE id = OLD.extract_id) <> 'draft' OR NEW.extract_id <> OLD.extract_id
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_cell_no_delete BEFORE DELETE ON extract_cell
WHEN (SELECT state FROM extract WHERE id = OLD.extract_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_holder_no_insert BEFORE INSERT ON extract_holder
WHEN (SELECT state FROM extract WHERE id = NEW.extract_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_holder_no_update BEFORE UPDATE ON extract_holder
WHEN (SELECT state FROM extract WHERE id = OLD.extract_id) <> 'draft' OR NEW.extract_id <> OLD.extract_id
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_holder_no_delete BEFORE DELETE ON extract_holder
WHEN (SELECT state FROM extract WHERE id = OLD.extract_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_attack_no_insert BEFORE INSERT ON extract_attack
WHEN (SELECT state FROM extract WHERE id = NEW.extract_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_attack_no_update BEFORE UPDATE ON extract_attack
WHEN (SELECT state FROM extract WHERE id = OLD.extract_id) <> 'draft' OR NEW.extract_id <> OLD.extract_id
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_attack_no_delete BEFORE DELETE ON extract_attack
WHEN (SELECT state FROM extract WHERE id = OLD.extract_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_file_no_insert BEFORE INSERT ON extract_file
WHEN (SELECT state FROM extract WHERE id = NEW.extract_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_file_no_update BEFORE UPDATE ON extract_file
WHEN (SELECT state FROM extract WHERE id = OLD.extract_id) <> 'draft' OR NEW.extract_id <> OLD.extract_id
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_file_no_delete BEFORE DELETE ON extract_file
WHEN (SELECT state FROM extract WHERE id = OLD.extract_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_submission_no_insert BEFORE INSERT ON extract_submission
WHEN (SELECT state FROM extract WHERE id = NEW.extract_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_submission_no_update BEFORE UPDATE ON extract_submission
WHEN (SELECT state FROM extract WHERE id = OLD.extract_id) <> 'draft' OR NEW.extract_id <> OLD.extract_id
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_submission_no_delete BEFORE DELETE ON extract_submission
WHEN (SELECT state FROM extract WHERE id = OLD.extract_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_fetch_of_release BEFORE INSERT ON extract_fetch
WHEN (SELECT state FROM extract WHERE id = NEW.extract_id) NOT IN ('released', 'recalled')
BEGIN SELECT RAISE(ABORT, 'only a release can be fetched'); END;
CREATE TRIGGER extract_fetch_no_update BEFORE UPDATE ON extract_fetch
BEGIN SELECT RAISE(ABORT, 'who fetched a release cannot be changed'); END;
CREATE TRIGGER extract_fetch_no_delete BEFORE DELETE ON extract_fetch
BEGIN SELECT RAISE(ABORT, 'who fetched a release cannot be changed'); END;
