-- Extracts to KiBG: built, asked for, approved by another person, released, recalled; and what the database itself refuses whoever
-- asks. Times, dates, ids and states as in the base. The same name exists for the other database.

-- Builds and outgoing files are jobs.
ALTER TABLE job DROP CONSTRAINT job_kind_check;
ALTER TABLE job ADD CONSTRAINT job_kind_check CHECK (kind IN ('mail', 'bulk', 'submission', 'extract', 'outgoing'));

CREATE TABLE extract (
    id TEXT COLLATE "C" PRIMARY KEY,
    definition TEXT COLLATE "C" NOT NULL,
    definition_version BIGINT NOT NULL,
    definition_text TEXT COLLATE "C" NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('draft', 'built', 'requested', 'approved', 'released', 'recalled')),
    state_at BIGINT NOT NULL,
    building TEXT COLLATE "C" NOT NULL,
    stage TEXT COLLATE "C" NOT NULL,
    stage_done BIGINT NOT NULL,
    stage_total BIGINT NOT NULL,
    build_error TEXT COLLATE "C" NOT NULL,
    built_at BIGINT NOT NULL,
    built_by TEXT COLLATE "C" NOT NULL,
    code_version TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    manifest TEXT COLLATE "C" NOT NULL,
    manifest_digest TEXT COLLATE "C" NOT NULL,
    certificate TEXT COLLATE "C" NOT NULL,
    verdict TEXT COLLATE "C" NOT NULL CHECK (verdict IN ('', 'safe', 'open')),
    cell_count BIGINT NOT NULL,
    hidden_count BIGINT NOT NULL,
    smallest BIGINT NOT NULL,
    holders_in BIGINT NOT NULL,
    holders_out BIGINT NOT NULL,
    waiting BIGINT NOT NULL,
    requested_by TEXT COLLATE "C" NOT NULL,
    requested_login TEXT COLLATE "C" NOT NULL,
    requested_at BIGINT NOT NULL,
    requested_digest TEXT COLLATE "C" NOT NULL,
    request_reason TEXT COLLATE "C" NOT NULL,
    approved_by TEXT COLLATE "C" NOT NULL,
    approved_login TEXT COLLATE "C" NOT NULL,
    approved_at BIGINT NOT NULL,
    approved_digest TEXT COLLATE "C" NOT NULL,
    approve_reason TEXT COLLATE "C" NOT NULL,
    released_by TEXT COLLATE "C" NOT NULL,
    released_login TEXT COLLATE "C" NOT NULL,
    released_at BIGINT NOT NULL,
    recalled_by TEXT COLLATE "C" NOT NULL,
    recalled_at BIGINT NOT NULL,
    recall_reason TEXT COLLATE "C" NOT NULL,
    written_at BIGINT NOT NULL,
    directory TEXT COLLATE "C" NOT NULL,
    fetches BIGINT NOT NULL,
    fetched_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT COLLATE "C" NOT NULL,
    folded TEXT COLLATE "C" NOT NULL,
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
    extract_id TEXT COLLATE "C" NOT NULL REFERENCES extract (id),
    position BIGINT NOT NULL,
    sheet TEXT COLLATE "C" NOT NULL CHECK (sheet IN ('volume', 'response', 'effect', 'cqi', 'benchmark', 'coverage')),
    code_1 TEXT COLLATE "C" NOT NULL,
    code_2 TEXT COLLATE "C" NOT NULL,
    code_3 TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    sums TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('s', 'u', 'x')),
    rule TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (extract_id, position)
);
CREATE UNIQUE INDEX extract_cell_codes ON extract_cell (extract_id, sheet, code_1, code_2, code_3);

-- Who is in, counted alone or together with other small ones, and who is not and why ('' for who is in).
CREATE TABLE extract_holder (
    extract_id TEXT COLLATE "C" NOT NULL REFERENCES extract (id),
    agb TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    holds_mark BIGINT NOT NULL,
    closed BIGINT NOT NULL,
    pooled BIGINT NOT NULL,
    left_out TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (extract_id, agb)
);

CREATE TABLE extract_attack (
    extract_id TEXT COLLATE "C" NOT NULL REFERENCES extract (id),
    position BIGINT NOT NULL,
    attacker TEXT COLLATE "C" NOT NULL,
    tried BIGINT NOT NULL,
    open BIGINT NOT NULL,
    PRIMARY KEY (extract_id, position)
);

-- What leaves, byte for byte, so that it can be looked at before and written again after.
CREATE TABLE extract_file (
    extract_id TEXT COLLATE "C" NOT NULL REFERENCES extract (id),
    name TEXT COLLATE "C" NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (extract_id, name)
);

-- The submissions that counted. A submission need not exist for ever, its name and hash here do.
CREATE TABLE extract_submission (
    extract_id TEXT COLLATE "C" NOT NULL REFERENCES extract (id),
    submission_id TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (extract_id, submission_id)
);
CREATE INDEX extract_submission_of ON extract_submission (submission_id);

-- Who fetched a release, as far as it is known, and who wrote that down.
CREATE TABLE extract_fetch (
    id TEXT COLLATE "C" PRIMARY KEY,
    extract_id TEXT COLLATE "C" NOT NULL REFERENCES extract (id),
    at BIGINT NOT NULL,
    fetched_on TEXT COLLATE "C" NOT NULL,
    fetched_by TEXT COLLATE "C" NOT NULL,
    noted_by TEXT COLLATE "C" NOT NULL
);
CREATE INDEX extract_fetch_of ON extract_fetch (extract_id, at);

CREATE TRIGGER extract_begins BEFORE INSERT ON extract FOR EACH ROW
    WHEN (NEW.state <> 'draft')
    EXECUTE FUNCTION refuse('an extract begins as a draft');
CREATE TRIGGER extract_path BEFORE UPDATE ON extract FOR EACH ROW
    WHEN (NEW.state <> OLD.state AND NOT ((OLD.state = 'draft' AND NEW.state = 'built')
        OR (OLD.state IN ('built', 'requested', 'approved') AND NEW.state = 'draft')
        OR (OLD.state = 'built' AND NEW.state = 'requested')
        OR (OLD.state = 'requested' AND NEW.state IN ('built', 'approved'))
        OR (OLD.state = 'approved' AND NEW.state IN ('built', 'released'))
        OR (OLD.state = 'released' AND NEW.state = 'recalled')))
    EXECUTE FUNCTION refuse('an extract does not go that way');
CREATE TRIGGER extract_same BEFORE UPDATE ON extract FOR EACH ROW
    WHEN (NEW.id <> OLD.id OR NEW.definition <> OLD.definition OR NEW.definition_version <> OLD.definition_version
            OR NEW.definition_text <> OLD.definition_text OR NEW.period <> OLD.period
            OR NEW.created_at <> OLD.created_at)
    EXECUTE FUNCTION refuse('what an extract is of cannot be changed');
CREATE TRIGGER extract_content BEFORE UPDATE ON extract FOR EACH ROW
    WHEN (OLD.state <> 'draft' AND NEW.state <> 'draft'
        AND (NEW.digest <> OLD.digest OR NEW.manifest <> OLD.manifest OR NEW.manifest_digest <> OLD.manifest_digest
            OR NEW.certificate <> OLD.certificate OR NEW.verdict <> OLD.verdict OR NEW.cell_count <> OLD.cell_count
            OR NEW.hidden_count <> OLD.hidden_count OR NEW.smallest <> OLD.smallest OR NEW.holders_in <> OLD.holders_in
            OR NEW.holders_out <> OLD.holders_out OR NEW.waiting <> OLD.waiting OR NEW.code_version <> OLD.code_version
            OR NEW.built_at <> OLD.built_at OR NEW.built_by <> OLD.built_by))
    EXECUTE FUNCTION refuse('the content of an extract cannot be changed');
CREATE TRIGGER extract_requester BEFORE UPDATE ON extract FOR EACH ROW
    WHEN (OLD.requested_by <> '' AND NEW.requested_by <> ''
        AND (NEW.requested_by <> OLD.requested_by OR NEW.requested_login <> OLD.requested_login
            OR NEW.requested_at <> OLD.requested_at OR NEW.requested_digest <> OLD.requested_digest
            OR NEW.request_reason <> OLD.request_reason))
    EXECUTE FUNCTION refuse('who asked for a release cannot be changed');
CREATE TRIGGER extract_approver BEFORE UPDATE ON extract FOR EACH ROW
    WHEN (OLD.approved_by <> '' AND NEW.approved_by <> ''
        AND (NEW.approved_by <> OLD.approved_by OR NEW.approved_login <> OLD.approved_login
            OR NEW.approved_at <> OLD.approved_at OR NEW.approved_digest <> OLD.approved_digest
            OR NEW.approve_reason <> OLD.approve_reason))
    EXECUTE FUNCTION refuse('who approved a release cannot be changed');
CREATE TRIGGER extract_ends BEFORE UPDATE ON extract FOR EACH ROW
    WHEN ((OLD.released_by <> '' AND (NEW.released_by <> OLD.released_by OR NEW.released_login <> OLD.released_login
            OR NEW.released_at <> OLD.released_at))
        OR (OLD.recalled_by <> '' AND (NEW.recalled_by <> OLD.recalled_by OR NEW.recalled_at <> OLD.recalled_at
            OR NEW.recall_reason <> OLD.recall_reason)))
    EXECUTE FUNCTION refuse('an extract is released once and recalled once');

-- Who asks, approves and releases is who is logged in to the database: each with a login of their own, which no statement can give
-- itself. A demo has one login for all, and says so on its banner. Triggers run by name: this one after the others.
CREATE FUNCTION extract_manager(who TEXT, account TEXT) RETURNS BOOLEAN LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM operator o WHERE o.id = who AND o.login = account AND o.state = 'active'
        AND (',' || o.roles || ',') LIKE '%,release_manager,%')
$$;
CREATE FUNCTION extract_people() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE demo BOOLEAN; who TEXT;
BEGIN
    demo := EXISTS (SELECT 1 FROM meta WHERE name = 'demo');
    IF NEW.state = 'requested' THEN
        IF NOT demo THEN NEW.requested_login := session_user; END IF;
        who := NEW.requested_by;
    ELSIF NEW.state = 'approved' THEN
        IF NOT demo THEN NEW.approved_login := session_user; END IF;
        who := NEW.approved_by;
    ELSE
        IF NOT demo THEN NEW.released_login := session_user; END IF;
        who := NEW.released_by;
    END IF;
    IF NOT demo AND NOT EXISTS (SELECT 1 FROM operator o WHERE o.id = who AND o.login = session_user) THEN
        RAISE EXCEPTION 'asking, approving and releasing need a database login of your own' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT extract_manager(NEW.requested_by, NEW.requested_login)
        OR (NEW.state <> 'requested' AND NOT extract_manager(NEW.approved_by, NEW.approved_login))
        OR (NEW.state = 'released' AND NOT extract_manager(NEW.released_by, NEW.released_login)) THEN
        RAISE EXCEPTION 'asking, approving and releasing need release managers in service' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER extract_who BEFORE UPDATE ON extract FOR EACH ROW
    WHEN (NEW.state <> OLD.state AND NEW.state IN ('requested', 'approved', 'released'))
    EXECUTE FUNCTION extract_people();
CREATE TRIGGER extract_stays BEFORE DELETE ON extract FOR EACH ROW
    EXECUTE FUNCTION refuse('an extract stays');
CREATE TRIGGER extract_stays_whole BEFORE TRUNCATE ON extract FOR EACH STATEMENT EXECUTE FUNCTION refuse('an extract stays');

-- The row of the extract is held meanwhile, so that nothing slips in while it becomes more than a draft.
CREATE FUNCTION extract_draft_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE now_is TEXT;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.extract_id <> OLD.extract_id THEN
        RAISE EXCEPTION 'the content of an extract cannot be changed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        SELECT state INTO now_is FROM extract WHERE id = NEW.extract_id FOR SHARE;
    ELSE
        SELECT state INTO now_is FROM extract WHERE id = OLD.extract_id FOR SHARE;
    END IF;
    IF now_is <> 'draft' THEN
        RAISE EXCEPTION 'the content of an extract cannot be changed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER extract_cell_draft BEFORE INSERT OR UPDATE OR DELETE ON extract_cell FOR EACH ROW
    EXECUTE FUNCTION extract_draft_only();
CREATE TRIGGER extract_cell_whole BEFORE TRUNCATE ON extract_cell FOR EACH STATEMENT
    EXECUTE FUNCTION refuse('the content of an extract cannot be changed');
CREATE TRIGGER extract_holder_draft BEFORE INSERT OR UPDATE OR DELETE ON extract_holder FOR EACH ROW
    EXECUTE FUNCTION extract_draft_only();
CREATE TRIGGER extract_holder_whole BEFORE TRUNCATE ON extract_holder FOR EACH STATEMENT
    EXECUTE FUNCTION refuse('the content of an extract cannot be changed');
CREATE TRIGGER extract_attack_draft BEFORE INSERT OR UPDATE OR DELETE ON extract_attack FOR EACH ROW
    EXECUTE FUNCTION extract_draft_only();
CREATE TRIGGER extract_attack_whole BEFORE TRUNCATE ON extract_attack FOR EACH STATEMENT
    EXECUTE FUNCTION refuse('the content of an extract cannot be changed');
CREATE TRIGGER extract_file_draft BEFORE INSERT OR UPDATE OR DELETE ON extract_file FOR EACH ROW
    EXECUTE FUNCTION extract_draft_only();
CREATE TRIGGER extract_file_whole BEFORE TRUNCATE ON extract_file FOR EACH STATEMENT
    EXECUTE FUNCTION refuse('the content of an extract cannot be changed');
CREATE TRIGGER extract_submission_draft BEFORE INSERT OR UPDATE OR DELETE ON extract_submission FOR EACH ROW
    EXECUTE FUNCTION extract_draft_only();
CREATE TRIGGER extract_submission_whole BEFORE TRUNCATE ON extract_submission FOR EACH STATEMENT
    EXECUTE FUNCTION refuse('the content of an extract cannot be changed');
CREATE FUNCTION extract_release_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM extract WHERE id = NEW.extract_id AND state IN ('released', 'recalled')) THEN
        RAISE EXCEPTION 'only a release can be fetched' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER extract_fetch_of_release BEFORE INSERT ON extract_fetch FOR EACH ROW EXECUTE FUNCTION extract_release_only();
CREATE TRIGGER extract_fetch_stays BEFORE UPDATE OR DELETE ON extract_fetch FOR EACH ROW
    EXECUTE FUNCTION refuse('who fetched a release cannot be changed');
CREATE TRIGGER extract_fetch_whole BEFORE TRUNCATE ON extract_fetch FOR EACH STATEMENT
    EXECUTE FUNCTION refuse('who fetched a release cannot be changed');
