-- drop: DROP FUNCTION audit.seal(integer);
-- audit.seal: adds the next entries, at most so many, to the hash chain; answers how many. They are taken in the order
-- (transaction, id) from transactions that began before every one that still runs: no earlier entry can come later. One
-- sealer at a time: the others wait for the row of seal number 0.
CREATE OR REPLACE FUNCTION audit.seal(limit_max integer DEFAULT 10000) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_last audit.seals;
  v_snapshot pg_snapshot;
  v_horizon bigint;
  v_entry record;
  v_position bigint;
  v_chain bytea;
BEGIN
  PERFORM FROM audit.seals WHERE number = 0 FOR UPDATE;
  SELECT * INTO STRICT v_last FROM audit.seals ORDER BY number DESC LIMIT 1;
  v_snapshot := pg_current_snapshot();
  v_horizon := pg_snapshot_xmin(v_snapshot)::text::bigint;
  IF v_last.last_transaction_id >= pg_snapshot_xmax(v_snapshot)::text::bigint THEN
    RAISE EXCEPTION 'the transactions of this server are numbered below those of the audit log'
      USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'The log was restored into a new cluster: stop it and raise its epoch with pg_resetwal --epoch.';
  END IF;
  v_position := v_last.last_position;
  v_chain := v_last.root;
  FOR v_entry IN
    SELECT entry.transaction_id, entry.id, entry.recorded_at, audit.row_hash(entry) AS hash
    FROM audit.entries AS entry
    WHERE (entry.transaction_id, entry.id) > (v_last.last_transaction_id, v_last.last_entry_id)
      AND entry.transaction_id < v_horizon
    ORDER BY entry.transaction_id, entry.id
    LIMIT limit_max
  LOOP
    v_position := v_position + 1;
    v_chain := sha256(v_chain || v_entry.hash);
    INSERT INTO audit.sealed_entries (position, transaction_id, entry_id, recorded_at, row_hash, chain_hash)
    VALUES (v_position, v_entry.transaction_id, v_entry.id, v_entry.recorded_at, v_entry.hash, v_chain);
  END LOOP;
  IF v_position > v_last.last_position THEN
    INSERT INTO audit.seals (number, first_position, last_position, last_transaction_id, last_entry_id, root)
    VALUES (v_last.number + 1, v_last.last_position + 1, v_position, v_entry.transaction_id, v_entry.id, v_chain);
  END IF;
  RETURN v_position - v_last.last_position;
END
$$;
REVOKE ALL ON FUNCTION audit.seal(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.seal(integer) TO pika_app;
