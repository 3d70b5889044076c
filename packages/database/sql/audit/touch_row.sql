-- drop: DROP FUNCTION audit.touch_row();
-- audit.touch_row: an update of a row moves its updated_at and, with the argument 'version', its version by one,
-- whatever the statement says. An update that changes nothing moves nothing.
CREATE OR REPLACE FUNCTION audit.touch_row() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  NEW.updated_at := now();
  IF TG_NARGS = 1 THEN
    NEW.version := OLD.version + 1;
  END IF;
  RETURN NEW;
END
$$;
