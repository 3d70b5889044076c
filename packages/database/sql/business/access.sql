-- drop: SELECT security.withdraw_access('business');
-- after: security/withdraw_access
-- access to business: The public sees verified businesses; a business sees and changes its own, except what operators decide.
GRANT USAGE ON SCHEMA business TO pika_app, pika_public, pika_support;

ALTER TABLE business.businesses ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (category_id, name_key, other_names_key, description_key, source_language, phone, website, logo_url, attribution, updated_at, closed_at, deleted_at) ON business.businesses TO pika_app;
GRANT SELECT ON business.businesses TO pika_public;
GRANT SELECT, UPDATE (status, possible_duplicate_of, updated_at, closed_at, deleted_at) ON business.businesses TO pika_support;
CREATE POLICY owner_all ON business.businesses TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON business.businesses FOR SELECT TO pika_app
  USING ((status = 'verified' AND deleted_at IS NULL) OR id = (SELECT security.current_business_id()) OR owner_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON business.businesses FOR INSERT TO pika_app
  WITH CHECK (owner_id = (SELECT security.current_user_id()) AND status = 'pending');
CREATE POLICY app_update ON business.businesses FOR UPDATE TO pika_app
  USING (id = (SELECT security.current_business_id()));
CREATE POLICY public_select ON business.businesses FOR SELECT TO pika_public
  USING (status = 'verified' AND deleted_at IS NULL);
CREATE POLICY support_select ON business.businesses FOR SELECT TO pika_support USING (true);
CREATE POLICY support_update ON business.businesses FOR UPDATE TO pika_support USING (true);

ALTER TABLE business.locations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON business.locations TO pika_app;
GRANT SELECT ON business.locations TO pika_public;
GRANT SELECT, UPDATE ON business.locations TO pika_support;
CREATE POLICY owner_all ON business.locations TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON business.locations FOR SELECT TO pika_app
  USING (business_id = (SELECT security.current_business_id()) OR (deleted_at IS NULL AND EXISTS (SELECT FROM business.businesses b WHERE b.id = business_id)));
CREATE POLICY app_insert ON business.locations FOR INSERT TO pika_app
  WITH CHECK (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_update ON business.locations FOR UPDATE TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY public_select ON business.locations FOR SELECT TO pika_public
  USING (deleted_at IS NULL AND EXISTS (SELECT FROM business.businesses b WHERE b.id = business_id));
CREATE POLICY support_select ON business.locations FOR SELECT TO pika_support USING (true);
CREATE POLICY support_update ON business.locations FOR UPDATE TO pika_support USING (true);

ALTER TABLE business.special_days ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON business.special_days TO pika_app;
GRANT SELECT ON business.special_days TO pika_public;
GRANT SELECT ON business.special_days TO pika_support;
CREATE POLICY owner_all ON business.special_days TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON business.special_days FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM business.locations l WHERE l.id = location_id));
CREATE POLICY app_insert ON business.special_days FOR INSERT TO pika_app
  WITH CHECK (EXISTS (SELECT FROM business.locations l WHERE l.id = location_id AND l.business_id = (SELECT security.current_business_id())));
CREATE POLICY app_update ON business.special_days FOR UPDATE TO pika_app
  USING (EXISTS (SELECT FROM business.locations l WHERE l.id = location_id AND l.business_id = (SELECT security.current_business_id())));
CREATE POLICY app_delete ON business.special_days FOR DELETE TO pika_app
  USING (EXISTS (SELECT FROM business.locations l WHERE l.id = location_id AND l.business_id = (SELECT security.current_business_id())));
CREATE POLICY public_select ON business.special_days FOR SELECT TO pika_public
  USING (EXISTS (SELECT FROM business.locations l WHERE l.id = location_id));
CREATE POLICY support_select ON business.special_days FOR SELECT TO pika_support USING (true);

ALTER TABLE business.members ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON business.members TO pika_app;
GRANT SELECT ON business.members TO pika_support;
CREATE POLICY owner_all ON business.members TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON business.members FOR SELECT TO pika_app
  USING (business_id = (SELECT security.current_business_id()) OR user_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON business.members FOR INSERT TO pika_app
  WITH CHECK (business_id = (SELECT security.current_business_id()) AND (SELECT security.business_role()) = 'owner');
CREATE POLICY app_update ON business.members FOR UPDATE TO pika_app
  USING (business_id = (SELECT security.current_business_id()) AND (SELECT security.business_role()) = 'owner');
CREATE POLICY app_delete ON business.members FOR DELETE TO pika_app
  USING (business_id = (SELECT security.current_business_id())
    AND ((SELECT security.business_role()) = 'owner' OR user_id = (SELECT security.current_user_id())));
CREATE POLICY support_select ON business.members FOR SELECT TO pika_support USING (true);

ALTER TABLE business.invitations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON business.invitations TO pika_app;
GRANT SELECT (id, business_id, email, role, invited_by, created_at, expires_at, accepted_at, revoked_at) ON business.invitations TO pika_support;
CREATE POLICY owner_all ON business.invitations TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON business.invitations FOR SELECT TO pika_app
  USING (business_id = (SELECT security.current_business_id()) AND (SELECT security.business_role()) IN ('owner', 'manager'));
CREATE POLICY app_insert ON business.invitations FOR INSERT TO pika_app
  WITH CHECK (business_id = (SELECT security.current_business_id()) AND ((SELECT security.business_role()) = 'owner'
    OR ((SELECT security.business_role()) = 'manager' AND role = 'redeemer')));
CREATE POLICY app_update ON business.invitations FOR UPDATE TO pika_app
  USING (business_id = (SELECT security.current_business_id()) AND (SELECT security.business_role()) IN ('owner', 'manager'));
CREATE POLICY support_select ON business.invitations FOR SELECT TO pika_support USING (true);

GRANT SELECT ON business.public_locations TO pika_app, pika_public, pika_support;
