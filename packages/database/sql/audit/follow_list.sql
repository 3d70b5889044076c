-- drop: DROP FUNCTION audit.follow_list();
-- after: audit/audit_table
-- after: audit/release_others
-- audit.follow_list: audits the tables of audit.audited_tables() and no others.
CREATE OR REPLACE FUNCTION audit.follow_list() RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  PERFORM audit.release_others(ARRAY(SELECT listed.table_name::regclass FROM audit.audited_tables() AS listed));
  PERFORM audit.audit_table(
    listed.table_name::regclass, listed.secret, listed.hashed, listed.personal, listed.subject_column
  )
  FROM (SELECT * FROM audit.audited_tables() ORDER BY table_name) AS listed;
END
$$;
REVOKE ALL ON FUNCTION audit.follow_list() FROM PUBLIC;
