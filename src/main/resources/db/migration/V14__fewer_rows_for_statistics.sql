-- For each of the hundred values that ANALYZE keeps of a column by default it reads three hundred rows: 30,000, in as many
-- pages of a table with wide rows. Of a table that is still small that is all of it, whenever a tenth is new, and one of two
-- cores for most of a second, while checkouts and webhooks wait. The money path's plans hang on no statistics, and a fifth of
-- the rows tells the others enough. Columns that no plan asks for stay without.
DO $$
DECLARE
  counted record;
BEGIN
  FOR counted IN
    SELECT a.attrelid::regclass AS relation, a.attname AS name
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname <> 'flyway_schema_history'
      AND a.attnum > 0 AND NOT a.attisdropped AND coalesce(a.attstattarget, -1) <> 0
  LOOP
    EXECUTE format('ALTER TABLE %s ALTER %I SET STATISTICS 20', counted.relation, counted.name);
  END LOOP;
END
$$;
