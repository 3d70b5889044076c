-- drop: DROP FUNCTION audit.touch_row();
-- audit.touch_row: an update of a row moves its updated_at and, with the argument 'version', its version by one,
-- whatever the statement says of these. An update that changes nothing else moves nothing: an ORM sends its own stamp.
CREATE OR REPLACE FUNCTION audit.touch_row() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  NEW.updated_at := OLD.updated_at;
  IF TG_NARGS = 1 THEN
    NEW.version := OLD.version;
  END IF;
  IF NEW IS DISTINCT FROM OLD THEN
    NEW.updated_at := now();
    IF TG_NARGS = 1 THEN
      NEW.version := OLD.version + 1;
    END IF;
  END IF;
  RETURN NEW;
END
$$;
