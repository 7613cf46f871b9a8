-- Which cells of an extract our own attacks worked out, of what, for whom, and beside which release. It says what is inside, so it stays.
-- The same name exists for the other database.
CREATE TABLE extract_find (
    extract_id TEXT NOT NULL REFERENCES extract (id),
    position BIGINT NOT NULL,
    attacker TEXT NOT NULL,
    sheet TEXT NOT NULL CHECK (sheet IN ('volume', 'response', 'effect', 'cqi', 'benchmark', 'coverage')),
    code_1 TEXT NOT NULL,
    code_2 TEXT NOT NULL,
    code_3 TEXT NOT NULL,
    leak TEXT NOT NULL CHECK (leak IN ('count', 'improved', 'mean', 'change')),
    who TEXT NOT NULL,
    release_id TEXT NOT NULL,
    PRIMARY KEY (extract_id, position)
);
CREATE INDEX extract_find_codes ON extract_find (extract_id, sheet, code_1, code_2, code_3);
CREATE TRIGGER extract_find_no_insert BEFORE INSERT ON extract_find
WHEN (SELECT state FROM extract WHERE id = NEW.extract_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_find_no_update BEFORE UPDATE ON extract_find
WHEN (SELECT state FROM extract WHERE id = OLD.extract_id) <> 'draft' OR NEW.extract_id <> OLD.extract_id
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_find_no_delete BEFORE DELETE ON extract_find
WHEN (SELECT state FROM extract WHERE id = OLD.extract_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_find_no_replace BEFORE INSERT ON extract_find
WHEN EXISTS (SELECT 1 FROM extract_find WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_find_no_move BEFORE UPDATE ON extract_find
WHEN NEW.rowid <> OLD.rowid
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
