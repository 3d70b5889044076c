-- drop: SELECT security.withdraw_access('marketplace');
-- after: security/withdraw_access
-- access to marketplace: The public sees published vouchers; a business its own; a consumer what they claimed. Ledgers and counters are written by functions alone.
GRANT USAGE ON SCHEMA marketplace TO pika_app, pika_public, pika_support;

GRANT SELECT ON marketplace.cards TO pika_app;
GRANT SELECT ON marketplace.cards TO pika_public;
GRANT SELECT ON marketplace.cards TO pika_support;

GRANT SELECT ON marketplace.location_facets TO pika_app;
GRANT SELECT ON marketplace.location_facets TO pika_public;
GRANT SELECT ON marketplace.location_facets TO pika_support;

GRANT SELECT ON marketplace.search_words TO pika_app;
GRANT SELECT ON marketplace.search_words TO pika_public;

ALTER TABLE marketplace.vouchers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON marketplace.vouchers TO pika_app;
GRANT SELECT ON marketplace.vouchers TO pika_public;
GRANT SELECT, UPDATE (state, updated_at) ON marketplace.vouchers TO pika_support;
CREATE POLICY owner_all ON marketplace.vouchers TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.vouchers FOR SELECT TO pika_app
  USING ((state = 'published' AND deleted_at IS NULL) OR business_id = (SELECT security.current_business_id()));
CREATE POLICY app_insert ON marketplace.vouchers FOR INSERT TO pika_app
  WITH CHECK (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_update ON marketplace.vouchers FOR UPDATE TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY public_select ON marketplace.vouchers FOR SELECT TO pika_public
  USING (state = 'published' AND deleted_at IS NULL);
CREATE POLICY support_select ON marketplace.vouchers FOR SELECT TO pika_support USING (true);
CREATE POLICY support_update ON marketplace.vouchers FOR UPDATE TO pika_support USING (true);

ALTER TABLE marketplace.voucher_locations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, DELETE ON marketplace.voucher_locations TO pika_app;
GRANT SELECT ON marketplace.voucher_locations TO pika_public;
GRANT SELECT ON marketplace.voucher_locations TO pika_support;
CREATE POLICY owner_all ON marketplace.voucher_locations TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.voucher_locations FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id));
CREATE POLICY app_insert ON marketplace.voucher_locations FOR INSERT TO pika_app
  WITH CHECK (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id()))
    AND EXISTS (SELECT FROM business.locations l WHERE l.id = location_id AND l.business_id = (SELECT security.current_business_id())));
CREATE POLICY app_delete ON marketplace.voucher_locations FOR DELETE TO pika_app
  USING (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id())));
CREATE POLICY public_select ON marketplace.voucher_locations FOR SELECT TO pika_public
  USING (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id));
CREATE POLICY support_select ON marketplace.voucher_locations FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.campaigns ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON marketplace.campaigns TO pika_app;
GRANT SELECT ON marketplace.campaigns TO pika_support;
CREATE POLICY owner_all ON marketplace.campaigns TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.campaigns FOR SELECT TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_insert ON marketplace.campaigns FOR INSERT TO pika_app
  WITH CHECK (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_update ON marketplace.campaigns FOR UPDATE TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY support_select ON marketplace.campaigns FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.voucher_codes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (revoked_at) ON marketplace.voucher_codes TO pika_app;
CREATE POLICY owner_all ON marketplace.voucher_codes TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.voucher_codes FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id())));
CREATE POLICY app_insert ON marketplace.voucher_codes FOR INSERT TO pika_app
  WITH CHECK (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id())));
CREATE POLICY app_update ON marketplace.voucher_codes FOR UPDATE TO pika_app
  USING (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id())));

ALTER TABLE marketplace.claims ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (state, updated_at) ON marketplace.claims TO pika_app;
GRANT SELECT ON marketplace.claims TO pika_support;
CREATE POLICY owner_all ON marketplace.claims TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.claims FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()) OR EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id())));
CREATE POLICY app_insert ON marketplace.claims FOR INSERT TO pika_app
  WITH CHECK (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_update ON marketplace.claims FOR UPDATE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON marketplace.claims FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.holds ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (released_at) ON marketplace.holds TO pika_app;
GRANT SELECT ON marketplace.holds TO pika_support;
CREATE POLICY owner_all ON marketplace.holds TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.holds FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON marketplace.holds FOR INSERT TO pika_app
  WITH CHECK (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_update ON marketplace.holds FOR UPDATE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON marketplace.holds FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.redemptions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.redemptions TO pika_app;
GRANT SELECT ON marketplace.redemptions TO pika_support;
CREATE POLICY owner_all ON marketplace.redemptions TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.redemptions FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()) OR business_id = (SELECT security.current_business_id()));
CREATE POLICY support_select ON marketplace.redemptions FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.attempts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.attempts TO pika_app;
GRANT SELECT ON marketplace.attempts TO pika_support;
CREATE POLICY owner_all ON marketplace.attempts TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.attempts FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()) OR business_id = (SELECT security.current_business_id()));
CREATE POLICY support_select ON marketplace.attempts FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.voucher_counters ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.voucher_counters TO pika_app;
GRANT SELECT ON marketplace.voucher_counters TO pika_support;
CREATE POLICY owner_all ON marketplace.voucher_counters TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.voucher_counters FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id())));
CREATE POLICY support_select ON marketplace.voucher_counters FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.location_day_counters ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.location_day_counters TO pika_app;
GRANT SELECT ON marketplace.location_day_counters TO pika_support;
CREATE POLICY owner_all ON marketplace.location_day_counters TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.location_day_counters FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id())));
CREATE POLICY support_select ON marketplace.location_day_counters FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.campaign_counters ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.campaign_counters TO pika_app;
GRANT SELECT ON marketplace.campaign_counters TO pika_support;
CREATE POLICY owner_all ON marketplace.campaign_counters TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.campaign_counters FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM marketplace.campaigns c WHERE c.id = campaign_id AND c.business_id = (SELECT security.current_business_id())));
CREATE POLICY support_select ON marketplace.campaign_counters FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.user_counters ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.user_counters TO pika_app;
GRANT SELECT ON marketplace.user_counters TO pika_support;
CREATE POLICY owner_all ON marketplace.user_counters TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.user_counters FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON marketplace.user_counters FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.user_day_counters ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.user_day_counters TO pika_app;
GRANT SELECT ON marketplace.user_day_counters TO pika_support;
CREATE POLICY owner_all ON marketplace.user_day_counters TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.user_day_counters FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON marketplace.user_day_counters FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.campaign_user_counters ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.campaign_user_counters TO pika_app;
GRANT SELECT ON marketplace.campaign_user_counters TO pika_support;
CREATE POLICY owner_all ON marketplace.campaign_user_counters TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.campaign_user_counters FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON marketplace.campaign_user_counters FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.code_batches ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON marketplace.code_batches TO pika_app;
GRANT SELECT ON marketplace.code_batches TO pika_support;
CREATE POLICY owner_all ON marketplace.code_batches TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.code_batches FOR SELECT TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_insert ON marketplace.code_batches FOR INSERT TO pika_app
  WITH CHECK (business_id = (SELECT security.current_business_id())
    AND EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id())));
CREATE POLICY support_select ON marketplace.code_batches FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.code_uses ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.code_uses TO pika_app;
CREATE POLICY owner_all ON marketplace.code_uses TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.code_uses FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM marketplace.voucher_codes code WHERE code.id = code_id));

ALTER TABLE marketplace.token_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON marketplace.token_keys TO pika_owner USING (true) WITH CHECK (true);

ALTER TABLE marketplace.scans ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.scans TO pika_app;
GRANT SELECT ON marketplace.scans TO pika_support;
CREATE POLICY owner_all ON marketplace.scans TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.scans FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()) OR business_id = (SELECT security.current_business_id()));
CREATE POLICY support_select ON marketplace.scans FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.scan_verdicts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.scan_verdicts TO pika_app;
GRANT SELECT ON marketplace.scan_verdicts TO pika_support;
CREATE POLICY owner_all ON marketplace.scan_verdicts TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.scan_verdicts FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM marketplace.scans scan WHERE scan.nonce = scan_verdicts.nonce));
CREATE POLICY support_select ON marketplace.scan_verdicts FOR SELECT TO pika_support USING (true);
