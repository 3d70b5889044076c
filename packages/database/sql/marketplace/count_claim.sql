-- drop: DROP TRIGGER claims_are_counted ON marketplace.claims; DROP FUNCTION marketplace.count_claim();
-- marketplace.count_claim: how many claims of a voucher there are, released ones not counted, by whatever path they come and
-- go. The CHECK of the counter is the last wall of the claim limit.
CREATE OR REPLACE FUNCTION marketplace.count_claim() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_step constant integer := CASE WHEN TG_OP <> 'DELETE' AND NEW.state <> 'released' THEN 1 ELSE 0 END
    - CASE WHEN TG_OP <> 'INSERT' AND OLD.state <> 'released' THEN 1 ELSE 0 END;
BEGIN
  IF v_step <> 0 THEN
    UPDATE marketplace.voucher_counters counter SET claimed_count = counter.claimed_count + v_step
    WHERE counter.voucher_id = CASE WHEN TG_OP = 'DELETE' THEN OLD.voucher_id ELSE NEW.voucher_id END;
  END IF;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER claims_are_counted AFTER INSERT OR DELETE OR UPDATE OF state ON marketplace.claims
  FOR EACH ROW EXECUTE FUNCTION marketplace.count_claim();
