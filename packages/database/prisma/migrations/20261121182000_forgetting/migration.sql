SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

DROP TRIGGER locations_keep_business ON business.locations; DROP TRIGGER api_keys_keep_business ON identity.api_keys; DROP TRIGGER campaigns_keep_business ON marketplace.campaigns; DROP TRIGGER vouchers_keep_business ON marketplace.vouchers; DROP FUNCTION audit.keep_business();

-- sql/marketplace/forget_person.sql
-- drop: DROP FUNCTION marketplace.forget_person(uuid);
-- after: marketplace/lock_counters
-- marketplace.forget_person: for identity.erase_person: what was in the wallet and never used goes, and attempts are
-- nobody's, without claim, place and device. Claims that the ledger or an offline scan points to stay with it and with the
-- counters of its sums: their person is an id that leads to nobody then. The counters are locked first, as everywhere.
CREATE OR REPLACE FUNCTION marketplace.forget_person(p_user_id uuid) RETURNS void
LANGUAGE sql SET search_path = '' AS $$
  SELECT marketplace.lock_counters(ARRAY(
    SELECT claim.voucher_id FROM marketplace.claims claim WHERE claim.user_id = p_user_id));
  DELETE FROM marketplace.holds WHERE user_id = p_user_id;
  DELETE FROM marketplace.claims claim WHERE claim.user_id = p_user_id
    AND NOT EXISTS (SELECT FROM marketplace.redemptions entry WHERE entry.claim_id = claim.id)
    AND NOT EXISTS (SELECT FROM marketplace.scans scan WHERE scan.claim_id = claim.id);
  UPDATE marketplace.claims SET state = 'released' WHERE user_id = p_user_id AND state = 'active';
  UPDATE marketplace.attempts SET user_id = NULL, claim_id = NULL, latitude = NULL, longitude = NULL,
    accuracy_meters = NULL, device = NULL
  WHERE user_id = p_user_id
$$;
REVOKE ALL ON FUNCTION marketplace.forget_person(uuid) FROM PUBLIC;
-- end

-- sql/marketplace/own_rows.sql
-- drop: DROP FUNCTION marketplace.own_rows(integer);
-- marketplace.own_rows: what this schema holds of the transaction's person as a consumer, as users.own_rows. What they
-- scanned for others as staff is told to those.
CREATE OR REPLACE FUNCTION marketplace.own_rows(p_limit integer)
RETURNS TABLE (table_name text, row_key jsonb, content jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET "TimeZone" = 'UTC' AS $$
  (SELECT 'marketplace.claims', jsonb_build_object('id', own.id), to_jsonb(own) - 'short_code'
   FROM marketplace.claims own WHERE own.user_id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.holds', jsonb_build_object('id', own.id), to_jsonb(own) - 'key'
   FROM marketplace.holds own WHERE own.user_id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.redemptions', jsonb_build_object('id', own.id), to_jsonb(own) - '{staff_id,api_key_id}'::text[]
   FROM marketplace.redemptions own WHERE own.user_id = security.current_user_id() ORDER BY own.redeemed_at DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.attempts', jsonb_build_object('id', own.id), to_jsonb(own) - '{staff_id,api_key_id}'::text[]
   FROM marketplace.attempts own WHERE own.user_id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.user_counters', jsonb_build_object('user_id', own.user_id, 'voucher_id', own.voucher_id), to_jsonb(own)
   FROM marketplace.user_counters own WHERE own.user_id = security.current_user_id() LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.user_day_counters',
     jsonb_build_object('user_id', own.user_id, 'voucher_id', own.voucher_id, 'day', own.day), to_jsonb(own)
   FROM marketplace.user_day_counters own WHERE own.user_id = security.current_user_id() ORDER BY own.day DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.campaign_user_counters',
     jsonb_build_object('user_id', own.user_id, 'campaign_id', own.campaign_id), to_jsonb(own)
   FROM marketplace.campaign_user_counters own WHERE own.user_id = security.current_user_id() LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.scans', jsonb_build_object('nonce', own.nonce),
     to_jsonb(own) - '{staff_id,api_key_id,device}'::text[] || jsonb_build_object('violations', verdict.violations)
   FROM marketplace.scans own LEFT JOIN marketplace.scan_verdicts verdict ON verdict.nonce = own.nonce
   WHERE own.user_id = security.current_user_id() ORDER BY own.scanned_at DESC LIMIT p_limit)
$$;
REVOKE ALL ON FUNCTION marketplace.own_rows(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.own_rows(integer) TO pika_app;
-- end

-- sql/audit/keep_business.sql
-- drop: DROP TRIGGER locations_keep_business ON business.locations; DROP TRIGGER api_keys_keep_business ON identity.api_keys; DROP TRIGGER campaigns_keep_business ON marketplace.campaigns; DROP TRIGGER vouchers_keep_business ON marketplace.vouchers; DROP TRIGGER code_batches_keep_business ON marketplace.code_batches; DROP FUNCTION audit.keep_business();
-- audit.keep_business: what belongs to a business never changes hands. Its texts, links, codes, claims and ledger would
-- stay with the former owner; a branch that is sold is closed, and the buyer's is another. A refused change is a
-- check_violation of a constraint with the trigger's name.
CREATE OR REPLACE FUNCTION audit.keep_business() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  RAISE EXCEPTION '%.% never changes hands', TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
END
$$;
REVOKE ALL ON FUNCTION audit.keep_business() FROM PUBLIC;
CREATE OR REPLACE TRIGGER locations_keep_business BEFORE UPDATE OF business_id ON business.locations
  FOR EACH ROW WHEN (OLD.business_id IS DISTINCT FROM NEW.business_id) EXECUTE FUNCTION audit.keep_business();
CREATE OR REPLACE TRIGGER campaigns_keep_business BEFORE UPDATE OF business_id ON marketplace.campaigns
  FOR EACH ROW WHEN (OLD.business_id IS DISTINCT FROM NEW.business_id) EXECUTE FUNCTION audit.keep_business();
CREATE OR REPLACE TRIGGER vouchers_keep_business BEFORE UPDATE OF business_id ON marketplace.vouchers
  FOR EACH ROW WHEN (OLD.business_id IS DISTINCT FROM NEW.business_id) EXECUTE FUNCTION audit.keep_business();
CREATE OR REPLACE TRIGGER api_keys_keep_business BEFORE UPDATE OF business_id ON identity.api_keys
  FOR EACH ROW WHEN (OLD.business_id IS DISTINCT FROM NEW.business_id) EXECUTE FUNCTION audit.keep_business();
CREATE OR REPLACE TRIGGER code_batches_keep_business BEFORE UPDATE OF business_id ON marketplace.code_batches
  FOR EACH ROW WHEN (OLD.business_id IS DISTINCT FROM NEW.business_id) EXECUTE FUNCTION audit.keep_business();
-- end
