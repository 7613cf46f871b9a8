-- Which cells of an extract our own attacks worked out, of what, for whom, and beside which release. It says what is inside, so it stays.
-- The same name exists for the other database.
CREATE TABLE extract_find (
    extract_id TEXT COLLATE "C" NOT NULL REFERENCES extract (id),
    position BIGINT NOT NULL,
    attacker TEXT COLLATE "C" NOT NULL,
    sheet TEXT COLLATE "C" NOT NULL CHECK (sheet IN ('volume', 'response', 'effect', 'cqi', 'benchmark', 'coverage')),
    code_1 TEXT COLLATE "C" NOT NULL,
    code_2 TEXT COLLATE "C" NOT NULL,
    code_3 TEXT COLLATE "C" NOT NULL,
    leak TEXT COLLATE "C" NOT NULL CHECK (leak IN ('count', 'improved', 'mean', 'change')),
    who TEXT COLLATE "C" NOT NULL,
    release_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (extract_id, position)
);
CREATE INDEX extract_find_codes ON extract_find (extract_id, sheet, code_1, code_2, code_3);
CREATE TRIGGER extract_find_draft BEFORE INSERT OR UPDATE OR DELETE ON extract_find FOR EACH ROW
    EXECUTE FUNCTION extract_draft_only();
CREATE TRIGGER extract_find_whole BEFORE TRUNCATE ON extract_find FOR EACH STATEMENT
    EXECUTE FUNCTION refuse('the content of an extract cannot be changed');
