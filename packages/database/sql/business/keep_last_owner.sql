-- drop: DROP TRIGGER keep_last_owner ON business.members; DROP TRIGGER keep_last_owner_in_office ON business.members; DROP FUNCTION business.keep_last_owner();
-- business.keep_last_owner: a business that has owners keeps one. The lock of the business puts those who go at once in a
-- line, and the later one sees that it is the last. `owner_id` passes to the oldest of those who stay. A refused change
-- is a check_violation of the constraint members_last_owner.
CREATE OR REPLACE FUNCTION business.keep_last_owner() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_heir uuid;
BEGIN
  PERFORM FROM business.businesses business
  WHERE business.id = OLD.business_id AND business.deleted_at IS NULL FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  SELECT member.user_id INTO v_heir FROM business.members member
  WHERE member.business_id = OLD.business_id AND member.role = 'owner'
  ORDER BY member.created_at, member.user_id LIMIT 1;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a business keeps one owner at least' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'members_last_owner', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
  END IF;
  UPDATE business.businesses SET owner_id = v_heir WHERE id = OLD.business_id AND owner_id = OLD.user_id;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION business.keep_last_owner() FROM PUBLIC;
CREATE OR REPLACE TRIGGER keep_last_owner AFTER DELETE ON business.members
  FOR EACH ROW WHEN (OLD.role = 'owner') EXECUTE FUNCTION business.keep_last_owner();
CREATE OR REPLACE TRIGGER keep_last_owner_in_office AFTER UPDATE ON business.members
  FOR EACH ROW WHEN (OLD.role = 'owner' AND
    (NEW.role, NEW.business_id, NEW.user_id) IS DISTINCT FROM (OLD.role, OLD.business_id, OLD.user_id))
  EXECUTE FUNCTION business.keep_last_owner();
