-- drop: DROP TRIGGER voucher_codes_note_revocation ON marketplace.voucher_codes; DROP FUNCTION marketplace.note_revocation();
-- after: audit/current_actor
-- marketplace.note_revocation: codes are not audited one by one; the row itself says who revoked it, and nobody takes that
-- back.
CREATE OR REPLACE FUNCTION marketplace.note_revocation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF OLD.revoked_at IS NOT NULL THEN
    NEW.revoked_at := OLD.revoked_at;
    NEW.revoked_by := OLD.revoked_by;
  ELSE
    NEW.revoked_by := audit.current_actor();
  END IF;
  RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION marketplace.note_revocation() FROM PUBLIC;
CREATE OR REPLACE TRIGGER voucher_codes_note_revocation BEFORE UPDATE OF revoked_at, revoked_by ON marketplace.voucher_codes
  FOR EACH ROW EXECUTE FUNCTION marketplace.note_revocation();
