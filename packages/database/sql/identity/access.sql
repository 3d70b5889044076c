-- drop: SELECT security.withdraw_access('identity');
-- after: security/withdraw_access
-- access to identity: Credentials are for nobody but their person: support sees sessions and keys without their secrets, and ends them. Looking somebody up by a secret is for functions of their own.
GRANT USAGE ON SCHEMA identity TO pika_app, pika_support;

ALTER TABLE identity.credentials ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON identity.credentials TO pika_app;
GRANT SELECT (user_id, password_changed_at, email_verified_at) ON identity.credentials TO pika_support;
CREATE POLICY owner_all ON identity.credentials TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON identity.credentials FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON identity.credentials FOR INSERT TO pika_app
  WITH CHECK (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_update ON identity.credentials FOR UPDATE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON identity.credentials FOR SELECT TO pika_support USING (true);

ALTER TABLE identity.email_links ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON identity.email_links TO pika_app;
CREATE POLICY owner_all ON identity.email_links TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON identity.email_links FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON identity.email_links FOR INSERT TO pika_app
  WITH CHECK (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_update ON identity.email_links FOR UPDATE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));

ALTER TABLE identity.totp_factors ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.totp_factors TO pika_app;
CREATE POLICY owner_all ON identity.totp_factors TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON identity.totp_factors FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON identity.totp_factors FOR INSERT TO pika_app
  WITH CHECK (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_update ON identity.totp_factors FOR UPDATE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_delete ON identity.totp_factors FOR DELETE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));

ALTER TABLE identity.backup_codes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.backup_codes TO pika_app;
CREATE POLICY owner_all ON identity.backup_codes TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON identity.backup_codes FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON identity.backup_codes FOR INSERT TO pika_app
  WITH CHECK (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_update ON identity.backup_codes FOR UPDATE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_delete ON identity.backup_codes FOR DELETE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));

ALTER TABLE identity.sessions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON identity.sessions TO pika_app;
GRANT SELECT, UPDATE (revoked_at, revoke_reason) ON identity.sessions TO pika_support;
CREATE POLICY owner_all ON identity.sessions TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON identity.sessions FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON identity.sessions FOR INSERT TO pika_app
  WITH CHECK (user_id = (SELECT security.current_user_id()) AND impersonated_by IS NULL);
CREATE POLICY app_update ON identity.sessions FOR UPDATE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON identity.sessions FOR SELECT TO pika_support USING (true);
CREATE POLICY support_update ON identity.sessions FOR UPDATE TO pika_support USING (true);

ALTER TABLE identity.refresh_tokens ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON identity.refresh_tokens TO pika_app;
CREATE POLICY owner_all ON identity.refresh_tokens TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON identity.refresh_tokens FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM identity.sessions s WHERE s.id = session_id AND s.user_id = (SELECT security.current_user_id())));
CREATE POLICY app_insert ON identity.refresh_tokens FOR INSERT TO pika_app
  WITH CHECK (EXISTS (SELECT FROM identity.sessions s WHERE s.id = session_id AND s.user_id = (SELECT security.current_user_id())));
CREATE POLICY app_update ON identity.refresh_tokens FOR UPDATE TO pika_app
  USING (EXISTS (SELECT FROM identity.sessions s WHERE s.id = session_id AND s.user_id = (SELECT security.current_user_id())));

ALTER TABLE identity.role_grants ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON identity.role_grants TO pika_app;
GRANT SELECT, INSERT, DELETE ON identity.role_grants TO pika_support;
CREATE POLICY owner_all ON identity.role_grants TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON identity.role_grants FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON identity.role_grants FOR SELECT TO pika_support USING (true);
CREATE POLICY support_insert ON identity.role_grants FOR INSERT TO pika_support
  WITH CHECK ((SELECT security.has_role('admin')) AND user_id <> (SELECT security.current_user_id()));
CREATE POLICY support_delete ON identity.role_grants FOR DELETE TO pika_support
  USING ((SELECT security.has_role('admin')) AND user_id <> (SELECT security.current_user_id()));

ALTER TABLE identity.api_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON identity.api_keys TO pika_app;
GRANT SELECT (id, business_id, created_by, name, prefix, scopes, allowed_origins, created_at, expires_at, last_used_at, revoked_at), UPDATE (revoked_at) ON identity.api_keys TO pika_support;
CREATE POLICY owner_all ON identity.api_keys TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON identity.api_keys FOR SELECT TO pika_app
  USING (business_id = (SELECT security.current_business_id()) AND (SELECT security.business_role()) IN ('owner', 'manager'));
CREATE POLICY app_insert ON identity.api_keys FOR INSERT TO pika_app
  WITH CHECK (business_id = (SELECT security.current_business_id()) AND (SELECT security.business_role()) IN ('owner', 'manager'));
CREATE POLICY app_update ON identity.api_keys FOR UPDATE TO pika_app
  USING (business_id = (SELECT security.current_business_id()) AND (SELECT security.business_role()) IN ('owner', 'manager'));
CREATE POLICY support_select ON identity.api_keys FOR SELECT TO pika_support USING (true);
CREATE POLICY support_update ON identity.api_keys FOR UPDATE TO pika_support USING (true);

ALTER TABLE identity.api_key_uses ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON identity.api_key_uses TO pika_app, pika_support;
CREATE POLICY owner_all ON identity.api_key_uses TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON identity.api_key_uses FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM identity.api_keys k WHERE k.id = api_key_id));
CREATE POLICY support_select ON identity.api_key_uses FOR SELECT TO pika_support USING (true);
