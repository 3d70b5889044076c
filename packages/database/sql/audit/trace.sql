-- drop: DROP FUNCTION audit.trace(text, jsonb, timestamptz);
-- audit.trace: the entries of the record with this key until an instant, under the keys it had before too, and of what
-- emptied its table. `is_departure` marks the change by which a record left the key that is looked at, `is_former_life`
-- what was done to records that had this key before it.
CREATE OR REPLACE FUNCTION audit.trace(p_table text, p_key jsonb, p_at timestamptz)
RETURNS TABLE (entry audit.entries, is_departure boolean, is_former_life boolean)
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_schema text := split_part(p_table, '.', 1);
  v_table text := split_part(p_table, '.', 2);
  v_key jsonb := p_key;
  v_before bigint := 9223372036854775807;
  v_arrival record;
BEGIN
  RETURN QUERY SELECT e, false, false FROM audit.entries e
  WHERE e.schema_name = v_schema AND e.table_name = v_table AND e.recorded_at <= p_at
    AND e.operation IN ('truncate', 'attach', 'detach');
  LOOP
    SELECT e.id, e.former_key INTO v_arrival FROM audit.entries e
    WHERE e.row_key = v_key AND (e.operation = 'insert' OR e.former_key IS NOT NULL)
      AND e.schema_name = v_schema AND e.table_name = v_table AND e.recorded_at <= p_at AND e.id < v_before
    ORDER BY e.id DESC LIMIT 1;
    RETURN QUERY SELECT e, e.row_key <> v_key, e.id < coalesce(v_arrival.id, 0) FROM audit.entries e
    WHERE (e.row_key = v_key OR e.former_key = v_key)
      AND e.schema_name = v_schema AND e.table_name = v_table AND e.recorded_at <= p_at AND e.id < v_before;
    EXIT WHEN v_arrival.former_key IS NULL;
    v_key := v_arrival.former_key;
    v_before := v_arrival.id;
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION audit.trace(text, jsonb, timestamptz) FROM PUBLIC;
