-- What the database refuses, made tight. A session may have temporary tables by the names of ours, and PostgreSQL looks at those
-- first: every function of a trigger gets the path on which it finds its tables, with temporary ones last. The same name exists for
-- the other database.

-- A demo has one login for all, so nothing that was used may become one: operators can be taken away and put back, the audit cannot.
CREATE OR REPLACE FUNCTION meta_demo_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM operator) OR EXISTS (SELECT 1 FROM audit) THEN
        RAISE EXCEPTION 'a database in use cannot become a demo' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER meta_no_rename BEFORE UPDATE ON meta FOR EACH ROW WHEN (NEW.name IN ('demo', 'database_id'))
    EXECUTE FUNCTION refuse('this mark of the database cannot be changed');

-- The schema is the one that the tables are in, whatever it is called.
DO $$
DECLARE house TEXT; ours REGPROCEDURE;
BEGIN
    SELECT n.nspname INTO STRICT house FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.oid = 'extract'::regclass;
    FOR ours IN
        SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = house AND (p.proname = 'extract_manager'
            OR p.oid IN (SELECT t.tgfoid FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                WHERE c.relnamespace = n.oid AND NOT t.tgisinternal))
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, %I, pg_temp', ours, house);
    END LOOP;
END $$;
