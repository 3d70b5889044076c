-- drop: DROP TRIGGER vouchers_have_limits ON marketplace.vouchers; DROP TRIGGER campaigns_have_limits ON marketplace.campaigns; DROP FUNCTION marketplace.follow_limits();
-- marketplace.follow_limits: the row that counts stands beside its voucher or campaign from the first moment, with a copy of
-- the limits, so that its CHECKs alone refuse what would be too much. A limit below what is used is refused by them too.
-- Who moves a voucher to another campaign takes its row as well: nobody redeems it meanwhile, by the limits of the old one.
CREATE OR REPLACE FUNCTION marketplace.follow_limits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF TG_TABLE_NAME = 'vouchers' THEN
    INSERT INTO marketplace.voucher_counters AS counter (voucher_id, limit_total, budget_minor, claim_limit_total)
    VALUES (NEW.id, NEW.limit_total, NEW.budget_minor, NEW.claim_limit_total)
    ON CONFLICT (voucher_id) DO UPDATE SET limit_total = NEW.limit_total, budget_minor = NEW.budget_minor,
      claim_limit_total = NEW.claim_limit_total;
  ELSE
    INSERT INTO marketplace.campaign_counters AS counter (campaign_id, limit_total, budget_minor)
    VALUES (NEW.id, NEW.limit_total, NEW.budget_minor)
    ON CONFLICT (campaign_id) DO UPDATE SET limit_total = NEW.limit_total, budget_minor = NEW.budget_minor;
  END IF;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER vouchers_have_limits
  AFTER INSERT OR UPDATE OF limit_total, budget_minor, claim_limit_total, campaign_id ON marketplace.vouchers
  FOR EACH ROW EXECUTE FUNCTION marketplace.follow_limits();
CREATE OR REPLACE TRIGGER campaigns_have_limits
  AFTER INSERT OR UPDATE OF limit_total, budget_minor ON marketplace.campaigns
  FOR EACH ROW EXECUTE FUNCTION marketplace.follow_limits();
