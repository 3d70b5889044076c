-- drop: DROP FUNCTION audit.check_transition();
-- audit.check_transition: a state moves only along the arrows that its trigger lists: the column, then 'from>to' each.
-- A refused one is a check_violation of a constraint with the trigger's name.
CREATE OR REPLACE FUNCTION audit.check_transition() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_from constant text := to_jsonb(OLD) ->> TG_ARGV[0];
  v_to constant text := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
  IF v_from || '>' || v_to = ANY (TG_ARGV[1:]) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'there is no way from % to %', v_from, v_to
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
END
$$;
