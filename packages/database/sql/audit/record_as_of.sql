-- drop: DROP FUNCTION audit.record_as_of(text, jsonb, timestamptz);
-- after: audit/apply_changes
-- after: audit/trace
-- audit.record_as_of: one record as it had been written at an instant; NULL when there was none.
CREATE OR REPLACE FUNCTION audit.record_as_of(p_table text, p_key jsonb, p_at timestamptz DEFAULT 'infinity')
RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' SET jit = off AS $$
DECLARE
  v_step record;
  v_record jsonb;
BEGIN
  FOR v_step IN
    SELECT (step.entry).operation, (step.entry).changes::jsonb AS changes, step.is_departure
    FROM audit.trace(p_table, p_key, p_at) AS step
    WHERE NOT step.is_former_life
    ORDER BY (step.entry).id, step.is_departure
  LOOP
    CASE
      WHEN v_step.is_departure OR v_step.operation IN ('delete', 'truncate', 'attach', 'detach') THEN v_record := NULL;
      WHEN v_step.operation = 'insert' THEN v_record := audit.apply_changes(NULL, v_step.changes);
      ELSE v_record := audit.apply_changes(v_record, v_step.changes);
    END CASE;
  END LOOP;
  RETURN v_record;
END
$$;
REVOKE ALL ON FUNCTION audit.record_as_of(text, jsonb, timestamptz) FROM PUBLIC;
