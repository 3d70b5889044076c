-- drop: DROP FUNCTION security.withdraw_access(text);
-- security.withdraw_access: takes every policy and grant on the tables of a schema away again.
CREATE OR REPLACE FUNCTION security.withdraw_access(p_schema text) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_statement text;
BEGIN
  FOR v_statement IN
    SELECT format('DROP POLICY %I ON %I.%I', policyname, schemaname, tablename)
    FROM pg_catalog.pg_policies WHERE schemaname = p_schema
    UNION ALL
    SELECT format('ALTER TABLE %I.%I NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY', schemaname, tablename)
    FROM pg_catalog.pg_tables WHERE schemaname = p_schema AND rowsecurity
    UNION ALL
    SELECT format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM pika_app, pika_public, pika_support, pika_auditor', p_schema)
    UNION ALL
    SELECT format('REVOKE ALL ON SCHEMA %I FROM pika_app, pika_public, pika_support, pika_auditor', p_schema)
  LOOP
    EXECUTE v_statement;
  END LOOP;
END
$$;
