-- What the database refuses, made tight. The same name exists for the other database.

-- A demo has one login for all, so nothing that was used may become one: operators can be taken away and put back, the audit cannot.
DROP TRIGGER meta_demo_first;
CREATE TRIGGER meta_demo_first BEFORE INSERT ON meta
WHEN NEW.name = 'demo' AND (EXISTS (SELECT 1 FROM operator) OR EXISTS (SELECT 1 FROM audit))
BEGIN SELECT RAISE(ABORT, 'a database in use cannot become a demo'); END;
CREATE TRIGGER meta_no_rename BEFORE UPDATE ON meta WHEN NEW.name IN ('demo', 'database_id')
BEGIN SELECT RAISE(ABORT, 'this mark of the database cannot be changed'); END;

-- Whoever writes OR REPLACE takes a row away without its DELETE triggers, by the key or by the number that every row has besides. What
-- stays is not replaced so. (The number is -1 here where none was given.)
CREATE TRIGGER extract_no_replace BEFORE INSERT ON extract
WHEN EXISTS (SELECT 1 FROM extract WHERE rowid = NEW.rowid OR id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'an extract stays'); END;
CREATE TRIGGER extract_no_move BEFORE UPDATE ON extract WHEN NEW.rowid <> OLD.rowid
BEGIN SELECT RAISE(ABORT, 'an extract stays'); END;
CREATE TRIGGER extract_cell_no_replace BEFORE INSERT ON extract_cell
WHEN EXISTS (SELECT 1 FROM extract_cell WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_cell_no_move BEFORE UPDATE ON extract_cell WHEN NEW.rowid <> OLD.rowid
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_holder_no_replace BEFORE INSERT ON extract_holder
WHEN EXISTS (SELECT 1 FROM extract_holder WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_holder_no_move BEFORE UPDATE ON extract_holder WHEN NEW.rowid <> OLD.rowid
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_attack_no_replace BEFORE INSERT ON extract_attack
WHEN EXISTS (SELECT 1 FROM extract_attack WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_attack_no_move BEFORE UPDATE ON extract_attack WHEN NEW.rowid <> OLD.rowid
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_file_no_replace BEFORE INSERT ON extract_file
WHEN EXISTS (SELECT 1 FROM extract_file WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_file_no_move BEFORE UPDATE ON extract_file WHEN NEW.rowid <> OLD.rowid
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_submission_no_replace BEFORE INSERT ON extract_submission
WHEN EXISTS (SELECT 1 FROM extract_submission WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_submission_no_move BEFORE UPDATE ON extract_submission WHEN NEW.rowid <> OLD.rowid
BEGIN SELECT RAISE(ABORT, 'the content of an extract cannot be changed'); END;
CREATE TRIGGER extract_fetch_no_replace BEFORE INSERT ON extract_fetch
WHEN EXISTS (SELECT 1 FROM extract_fetch WHERE rowid = NEW.rowid OR id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'who fetched a release cannot be changed'); END;
CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE rowid = NEW.rowid OR sequence = NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_head_no_replace BEFORE INSERT ON audit_head
WHEN EXISTS (SELECT 1 FROM audit_head WHERE rowid = NEW.rowid OR id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'audit head stays'); END;
CREATE TRIGGER meta_no_replace BEFORE INSERT ON meta
WHEN EXISTS (SELECT 1 FROM meta WHERE rowid = NEW.rowid OR (name = NEW.name AND name IN ('demo', 'database_id')))
BEGIN SELECT RAISE(ABORT, 'this mark of the database cannot be changed'); END;
CREATE TRIGGER meta_no_move BEFORE UPDATE ON meta WHEN NEW.rowid <> OLD.rowid
BEGIN SELECT RAISE(ABORT, 'this mark of the database cannot be changed'); END;
