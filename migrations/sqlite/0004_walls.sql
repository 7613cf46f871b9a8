-- What the database refuses, made tight. The same name exists for the other database.

-- A demo has one login for all, so nothing that was used may become one: operators can be taken away and put back, the audit cannot.
DROP TRIGGER meta_demo_first;
CREATE TRIGGER meta_demo_first BEFORE INSERT ON meta
WHEN NEW.name = 'demo' AND (EXISTS (SELECT 1 FROM operator) OR EXISTS (SELECT 1 FROM audit))
BEGIN SELECT RAISE(ABORT, 'a database in use cannot become a demo'); END;
CREATE TRIGGER meta_no_rename BEFORE UPDATE ON meta WHEN NEW.name IN ('demo', 'database_id')
BEGIN SELECT RAISE(ABORT, 'this mark of the database cannot be changed'); END;
