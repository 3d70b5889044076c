-- drop: DROP TRIGGER vouchers_keep_discount ON marketplace.vouchers; DROP FUNCTION marketplace.keep_discount();
-- marketplace.keep_discount: once a voucher was claimed or redeemed its kind of discount and its currency stay: what is
-- counted is counted in them, and somebody holds them in the wallet. Its counters are locked, so that nobody claims or
-- redeems meanwhile. A refused change is a check_violation of a constraint with the trigger's name.
CREATE OR REPLACE FUNCTION marketplace.keep_discount() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_is_used boolean;
BEGIN
  SELECT counter.used_count > 0 OR counter.claimed_count > 0 OR counter.discount_minor > 0 INTO v_is_used
  FROM marketplace.voucher_counters counter WHERE counter.voucher_id = NEW.id
  FOR UPDATE;
  IF v_is_used OR EXISTS (SELECT FROM marketplace.redemptions entry WHERE entry.voucher_id = NEW.id)
    OR EXISTS (SELECT FROM marketplace.claims claim WHERE claim.voucher_id = NEW.id) THEN
    RAISE EXCEPTION 'marketplace.vouchers % is in use', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION marketplace.keep_discount() FROM PUBLIC;
CREATE OR REPLACE TRIGGER vouchers_keep_discount BEFORE UPDATE OF discount_type, currency ON marketplace.vouchers
  FOR EACH ROW
  WHEN (OLD.discount_type IS DISTINCT FROM NEW.discount_type OR (OLD.currency IS NOT NULL AND OLD.currency IS DISTINCT FROM NEW.currency))
  EXECUTE FUNCTION marketplace.keep_discount();
