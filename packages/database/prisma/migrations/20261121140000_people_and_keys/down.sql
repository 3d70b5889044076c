SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

COMMENT ON TYPE "users"."user_state" IS NULL; COMMENT ON TABLE "users"."users" IS NULL; COMMENT ON COLUMN "users"."users"."email" IS NULL; COMMENT ON COLUMN "users"."users"."state_reason" IS NULL; COMMENT ON COLUMN "users"."users"."version" IS NULL; COMMENT ON TABLE "users"."addresses" IS NULL; COMMENT ON TABLE "users"."preferences" IS NULL;
COMMENT ON TYPE "identity"."email_link_purpose" IS NULL; COMMENT ON TYPE "identity"."platform_role" IS NULL; COMMENT ON TABLE "identity"."credentials" IS NULL; COMMENT ON COLUMN "identity"."credentials"."password_hash" IS NULL; COMMENT ON TABLE "identity"."email_links" IS NULL; COMMENT ON TABLE "identity"."totp_factors" IS NULL; COMMENT ON COLUMN "identity"."totp_factors"."encrypted_secret" IS NULL; COMMENT ON TABLE "identity"."backup_codes" IS NULL; COMMENT ON TABLE "identity"."sessions" IS NULL; COMMENT ON COLUMN "identity"."sessions"."impersonated_by" IS NULL; COMMENT ON TABLE "identity"."refresh_tokens" IS NULL; COMMENT ON TABLE "identity"."role_grants" IS NULL; COMMENT ON TABLE "identity"."api_keys" IS NULL; COMMENT ON COLUMN "identity"."api_keys"."secret_hash" IS NULL; COMMENT ON COLUMN "identity"."api_keys"."last_used_at" IS NULL; COMMENT ON TABLE "identity"."api_key_uses" IS NULL; COMMENT ON TABLE "identity"."signing_keys" IS NULL; COMMENT ON COLUMN "identity"."signing_keys"."encrypted_private_key" IS NULL;
COMMENT ON TYPE "business"."member_role" IS NULL; COMMENT ON TYPE "business"."business_status" IS NULL; COMMENT ON TABLE "business"."businesses" IS NULL; COMMENT ON TABLE "business"."locations" IS NULL; COMMENT ON TABLE "business"."special_days" IS NULL; COMMENT ON TABLE "business"."members" IS NULL; COMMENT ON TABLE "business"."invitations" IS NULL;
SELECT security.withdraw_access('users');
SELECT security.withdraw_access('identity');
SELECT security.withdraw_access('business');
DROP TRIGGER keep_last_admin ON identity.role_grants; DROP TRIGGER users_keep_last_admin ON users.users; DROP FUNCTION identity.keep_last_admin();
DROP TRIGGER keep_last_owner ON business.members; DROP TRIGGER keep_last_owner_in_office ON business.members; DROP FUNCTION business.keep_last_owner();
DROP TRIGGER locations_keep_business ON business.locations; DROP TRIGGER api_keys_keep_business ON identity.api_keys; DROP TRIGGER campaigns_keep_business ON marketplace.campaigns; DROP TRIGGER vouchers_keep_business ON marketplace.vouchers; DROP FUNCTION audit.keep_business();
DROP FUNCTION users.colleagues();
DROP FUNCTION security.login_attempts_of(bytea, integer);
DROP FUNCTION security.business_role();
DROP FUNCTION security.acting_business_id(uuid);
DROP FUNCTION identity.start_impersonation(uuid, uuid, text, timestamptz, timestamptz);
DROP FUNCTION identity.revoke_api_key(uuid, timestamptz);
DROP FUNCTION identity.note_api_key_use(uuid, timestamptz);
DROP FUNCTION identity.find_api_key(text);
DROP FUNCTION identity.erase_person(timestamptz, bytea);
DROP FUNCTION users.forget_person(uuid, timestamptz);
DROP FUNCTION marketplace.forget_person(uuid);
DROP FUNCTION business.invitation_to_send(uuid, timestamptz);
DROP FUNCTION business.forget_person(uuid, text, timestamptz);
DROP FUNCTION business.accept_invitation(bytea, timestamptz);
DROP FUNCTION audit.own_history(integer);
DROP FUNCTION users.own_rows(integer);
DROP FUNCTION marketplace.own_rows(integer);
DROP FUNCTION identity.own_rows(integer);
DROP FUNCTION business.own_rows(integer);

-- DropForeignKey
ALTER TABLE "identity"."api_key_uses" DROP CONSTRAINT "api_key_uses_api_key_id_fkey";

-- AlterTable
ALTER TABLE "identity"."sessions" DROP COLUMN "impersonated_by",
DROP COLUMN "impersonation_reason";

-- AlterTable
ALTER TABLE "users"."users" DROP COLUMN "state_reason";

-- DropTable
DROP TABLE "identity"."api_key_uses";

-- sql/audit/audited_tables.sql
-- drop: SELECT audit.release_others('{}'); DROP FUNCTION audit.audited_tables();
-- after: audit/follow_list
-- audit.audited_tables: every audited table, in one line: its secret, hashed and personal columns, and the column that
-- names the person whose key seals the personal ones (see audit.audit_table).
CREATE OR REPLACE FUNCTION audit.audited_tables() RETURNS TABLE (
  table_name text, secret text[], hashed text[], personal text[], subject_column text
)
LANGUAGE sql IMMUTABLE AS $$
  SELECT listed.table_name, listed.secret::text[], listed.hashed::text[], listed.personal::text[], listed.subject_column
  FROM (VALUES
    ('business.businesses', '{}', '{}', '{}', NULL),
    ('business.invitations', '{token_hash}', '{email}', '{}', NULL),
    ('business.locations', '{}', '{}', '{}', NULL),
    ('business.members', '{}', '{}', '{}', NULL),
    ('business.special_days', '{}', '{}', '{}', NULL),
    ('catalog.categories', '{}', '{}', '{}', NULL),
    ('catalog.currencies', '{}', '{}', '{}', NULL),
    ('catalog.markets', '{}', '{}', '{}', NULL),
    ('i18n.languages', '{}', '{}', '{}', NULL),
    ('i18n.translations', '{}', '{}', '{}', NULL),
    ('identity.api_keys', '{secret_hash}', '{}', '{}', NULL),
    ('identity.backup_codes', '{code_hash}', '{}', '{}', NULL),
    ('identity.credentials', '{password_hash}', '{}', '{}', NULL),
    ('identity.email_links', '{token_hash}', '{}', '{}', NULL),
    ('identity.role_grants', '{}', '{}', '{}', NULL),
    ('identity.sessions', '{}', '{}', '{user_agent,client_address}', 'user_id'),
    ('identity.signing_keys', '{encrypted_private_key}', '{}', '{}', NULL),
    ('identity.totp_factors', '{encrypted_secret,last_used_step}', '{}', '{}', NULL),
    ('marketplace.campaigns', '{}', '{}', '{}', NULL),
    ('marketplace.claims', '{}', '{}', '{}', NULL),
    ('marketplace.voucher_codes', '{code}', '{}', '{}', NULL),
    ('marketplace.voucher_locations', '{}', '{}', '{}', NULL),
    ('marketplace.vouchers', '{}', '{}', '{}', NULL),
    ('security.hash_keys', '{key}', '{}', '{}', NULL),
    ('security.subject_keys', '{key}', '{}', '{}', NULL),
    ('users.addresses', '{}', '{}', '{label,street,city,postal_code,latitude,longitude}', 'user_id'),
    ('users.preferences', '{}', '{}', '{}', NULL),
    ('users.users', '{}', '{}', '{email,display_name}', 'id')
  ) AS listed (table_name, secret, hashed, personal, subject_column)
$$;
REVOKE ALL ON FUNCTION audit.audited_tables() FROM PUBLIC;
SELECT audit.follow_list();
-- end

-- sql/audit/exemptions.sql
-- drop: DROP FUNCTION audit.exemptions();
-- audit.exemptions: every table that is not audited, and why.
CREATE OR REPLACE FUNCTION audit.exemptions() RETURNS TABLE (table_name text, reason text)
LANGUAGE sql IMMUTABLE AS $$
  VALUES
    ('analytics.events', 'evidence of its own: high-rate, only added to'),
    ('audit.archives', 'the log itself: append-only'),
    ('audit.entries', 'the log itself: append-only, sealed'),
    ('audit.sealed_entries', 'the log itself: append-only'),
    ('audit.seals', 'the log itself: append-only'),
    ('identity.refresh_tokens', 'high-rate; their session is audited'),
    ('marketplace.attempts', 'evidence of its own: high-rate, only added to'),
    ('marketplace.campaign_counters', 'the sum of a ledger'),
    ('marketplace.cards', 'derived from audited tables by triggers'),
    ('marketplace.holds', 'short reservations, ignored once expired'),
    ('marketplace.location_day_counters', 'the sum of a ledger'),
    ('marketplace.location_facets', 'derived from marketplace.cards by triggers'),
    ('marketplace.redemptions', 'a ledger is evidence of its own'),
    ('marketplace.search_words', 'derived from marketplace.cards by triggers'),
    ('marketplace.stale_vouchers', 'a queue of derived work'),
    ('marketplace.user_counters', 'the sum of a ledger'),
    ('marketplace.user_day_counters', 'the sum of a ledger'),
    ('marketplace.voucher_counters', 'the sum of a ledger'),
    ('public._prisma_migrations', 'the books of the migrations, written before there is a log'),
    ('public.consumed_events', 'high-rate memories of consumers'),
    ('public.data_migrations', 'the books of the migrations'),
    ('public.outbox_events', 'high-rate; each tells of an audited write or a ledger'),
    ('security.idempotency_keys', 'high-rate; each stands beside an audited write or a ledger'),
    ('security.login_attempts', 'evidence of its own: high-rate, each settled once')
$$;
REVOKE ALL ON FUNCTION audit.exemptions() FROM PUBLIC;
-- end

-- sql/security/current_business_id.sql
-- drop: DROP FUNCTION security.current_business_id();
-- security.current_business_id: the business the transaction acts for; NULL for none. The application sets it only for
-- members and keys of that business.
CREATE OR REPLACE FUNCTION security.current_business_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('app.business_id', true), '')::uuid
$$;
-- end

-- sql/audit/keep_business.sql
-- drop: DROP TRIGGER locations_keep_business ON business.locations; DROP TRIGGER campaigns_keep_business ON marketplace.campaigns; DROP TRIGGER vouchers_keep_business ON marketplace.vouchers; DROP FUNCTION audit.keep_business();
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
-- end

-- sql/identity/revoke_sessions_of_user.sql
-- drop: DROP TRIGGER revoke_sessions ON users.users; DROP FUNCTION identity.revoke_sessions_of_user();
-- identity.revoke_sessions_of_user: who is suspended or erased is logged out everywhere, whoever does it.
CREATE OR REPLACE FUNCTION identity.revoke_sessions_of_user() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  UPDATE identity.sessions SET revoked_at = clock_timestamp(), revoke_reason = 'user_' || NEW.state::text
  WHERE user_id = NEW.id AND revoked_at IS NULL;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION identity.revoke_sessions_of_user() FROM PUBLIC;
CREATE OR REPLACE TRIGGER revoke_sessions AFTER UPDATE OF state ON users.users
  FOR EACH ROW WHEN (OLD.state = 'active' AND NEW.state <> 'active') EXECUTE FUNCTION identity.revoke_sessions_of_user();
-- end

-- sql/business/access.sql
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
  WITH CHECK (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_update ON business.members FOR UPDATE TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_delete ON business.members FOR DELETE TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY support_select ON business.members FOR SELECT TO pika_support USING (true);

ALTER TABLE business.invitations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON business.invitations TO pika_app;
GRANT SELECT (id, business_id, email, role, invited_by, created_at, expires_at, accepted_at, revoked_at) ON business.invitations TO pika_support;
CREATE POLICY owner_all ON business.invitations TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON business.invitations FOR SELECT TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_insert ON business.invitations FOR INSERT TO pika_app
  WITH CHECK (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_update ON business.invitations FOR UPDATE TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY support_select ON business.invitations FOR SELECT TO pika_support USING (true);

GRANT SELECT ON business.public_locations TO pika_app, pika_public, pika_support;
-- end

-- sql/identity/access.sql
-- drop: SELECT security.withdraw_access('identity');
-- after: security/withdraw_access
-- access to identity: Credentials are for nobody but their person: support sees sessions and keys without their secrets, and ends them. Looking somebody up by a secret is for functions of their own.
GRANT USAGE ON SCHEMA identity TO pika_app, pika_support;

ALTER TABLE identity.credentials ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON identity.credentials TO pika_app;
CREATE POLICY owner_all ON identity.credentials TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON identity.credentials FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON identity.credentials FOR INSERT TO pika_app
  WITH CHECK (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_update ON identity.credentials FOR UPDATE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));

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
  WITH CHECK (user_id = (SELECT security.current_user_id()));
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
  WITH CHECK ((SELECT security.has_role('admin')));
CREATE POLICY support_delete ON identity.role_grants FOR DELETE TO pika_support
  USING ((SELECT security.has_role('admin')));

ALTER TABLE identity.api_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON identity.api_keys TO pika_app;
GRANT SELECT (id, business_id, created_by, name, prefix, scopes, allowed_origins, created_at, expires_at, last_used_at, revoked_at), UPDATE (revoked_at) ON identity.api_keys TO pika_support;
CREATE POLICY owner_all ON identity.api_keys TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON identity.api_keys FOR SELECT TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_insert ON identity.api_keys FOR INSERT TO pika_app
  WITH CHECK (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_update ON identity.api_keys FOR UPDATE TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY support_select ON identity.api_keys FOR SELECT TO pika_support USING (true);
CREATE POLICY support_update ON identity.api_keys FOR UPDATE TO pika_support USING (true);
-- end

-- sql/users/access.sql
-- drop: SELECT security.withdraw_access('users');
-- after: security/withdraw_access
-- access to users: A person sees and changes what is theirs; support sees all and may suspend.
GRANT USAGE ON SCHEMA users TO pika_app, pika_support;

ALTER TABLE users.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (email, display_name, language_code, updated_at, deleted_at) ON users.users TO pika_app;
GRANT SELECT, UPDATE (state, updated_at, deleted_at) ON users.users TO pika_support;
CREATE POLICY owner_all ON users.users TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON users.users FOR SELECT TO pika_app USING (id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON users.users FOR INSERT TO pika_app
  WITH CHECK (id = (SELECT security.current_user_id()) AND state = 'active');
CREATE POLICY app_update ON users.users FOR UPDATE TO pika_app USING (id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON users.users FOR SELECT TO pika_support USING (true);
CREATE POLICY support_update ON users.users FOR UPDATE TO pika_support USING (true);

ALTER TABLE users.addresses ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON users.addresses TO pika_app;
GRANT SELECT ON users.addresses TO pika_support;
CREATE POLICY owner_all ON users.addresses TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON users.addresses FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON users.addresses FOR INSERT TO pika_app
  WITH CHECK (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_update ON users.addresses FOR UPDATE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_delete ON users.addresses FOR DELETE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON users.addresses FOR SELECT TO pika_support USING (true);

ALTER TABLE users.preferences ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON users.preferences TO pika_app;
GRANT SELECT ON users.preferences TO pika_support;
CREATE POLICY owner_all ON users.preferences TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON users.preferences FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON users.preferences FOR INSERT TO pika_app
  WITH CHECK (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_update ON users.preferences FOR UPDATE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON users.preferences FOR SELECT TO pika_support USING (true);
-- end

-- comments of business
-- drop: COMMENT ON TYPE "business"."member_role" IS NULL; COMMENT ON TYPE "business"."business_status" IS NULL; COMMENT ON TABLE "business"."businesses" IS NULL; COMMENT ON TABLE "business"."locations" IS NULL; COMMENT ON TABLE "business"."special_days" IS NULL; COMMENT ON TABLE "business"."members" IS NULL; COMMENT ON TABLE "business"."invitations" IS NULL;
COMMENT ON TYPE "business"."member_role" IS 'From the most to the least that a member may do.';
COMMENT ON TYPE "business"."business_status" IS 'Only verified businesses are seen by the public.';
COMMENT ON TABLE "business"."businesses" IS 'A merchant. `sourceId` is the identity at the place the row was imported from, such as `osm:node/442030367`. `otherNamesKey` leads to names that are searched and not shown. `closedAt`: gone for good, kept for who remembers it.';
COMMENT ON TABLE "business"."locations" IS 'A branch. `weeklyHours` holds minutes of the local week, Monday 00:00 = 0, Sunday 24:00 = 10080; NULL where unknown. `hoursText` is how the source wrote them.';
COMMENT ON TABLE "business"."special_days" IS 'What replaces the weekly hours on one local date: minutes of that day, 0 to 1440; empty means closed all day.';
COMMENT ON TABLE "business"."members" IS 'Who works for a business. A redeemer may redeem at the counter, a manager may change offers, an owner everything.';
COMMENT ON TABLE "business"."invitations" IS 'An offer of membership to an e-mail address. Only the SHA-256 of its token is kept.';
-- end

-- comments of identity
-- drop: COMMENT ON TYPE "identity"."email_link_purpose" IS NULL; COMMENT ON TYPE "identity"."platform_role" IS NULL; COMMENT ON TABLE "identity"."credentials" IS NULL; COMMENT ON COLUMN "identity"."credentials"."password_hash" IS NULL; COMMENT ON TABLE "identity"."email_links" IS NULL; COMMENT ON TABLE "identity"."totp_factors" IS NULL; COMMENT ON COLUMN "identity"."totp_factors"."encrypted_secret" IS NULL; COMMENT ON TABLE "identity"."backup_codes" IS NULL; COMMENT ON TABLE "identity"."sessions" IS NULL; COMMENT ON TABLE "identity"."refresh_tokens" IS NULL; COMMENT ON TABLE "identity"."role_grants" IS NULL; COMMENT ON TABLE "identity"."api_keys" IS NULL; COMMENT ON COLUMN "identity"."api_keys"."secret_hash" IS NULL; COMMENT ON TABLE "identity"."signing_keys" IS NULL; COMMENT ON COLUMN "identity"."signing_keys"."encrypted_private_key" IS NULL;
COMMENT ON TYPE "identity"."email_link_purpose" IS 'What following a link proves or allows.';
COMMENT ON TYPE "identity"."platform_role" IS 'Operators; everybody is a consumer, and businesses have members.';
COMMENT ON TABLE "identity"."credentials" IS 'How a person logs in. `emailVerifiedAt` is NULL until the link was followed.';
COMMENT ON COLUMN "identity"."credentials"."password_hash" IS 'argon2id in PHC string format.';
COMMENT ON TABLE "identity"."email_links" IS 'A link that was sent by e-mail and works once. Only the SHA-256 of its token is kept.';
COMMENT ON TABLE "identity"."totp_factors" IS 'The second factor of a person (RFC 6238). `lastUsedStep` refuses a code that was used already.';
COMMENT ON COLUMN "identity"."totp_factors"."encrypted_secret" IS 'AES-256-GCM under a key from the environment.';
COMMENT ON TABLE "identity"."backup_codes" IS 'Ten codes for who lost the second factor, each good once.';
COMMENT ON TABLE "identity"."sessions" IS 'One device that is logged in: the family of its refresh tokens.';
COMMENT ON TABLE "identity"."refresh_tokens" IS '`successorId` is the token it was exchanged for; a second exchange later than the grace revokes the session.';
COMMENT ON TABLE "identity"."role_grants" IS 'What a person may do beyond being a consumer; membership of businesses is `business.members`.';
COMMENT ON TABLE "identity"."api_keys" IS 'A secret of a business''s own programs, shown once. `prefix` is its public beginning, by which it is found.';
COMMENT ON COLUMN "identity"."api_keys"."secret_hash" IS 'SHA-256; the secret has 256 bits of its own.';
COMMENT ON TABLE "identity"."signing_keys" IS 'Keys that sign access tokens. Verifiers accept a key from `publishedAt` on, tokens are signed with it from `activeFrom` on, and it is forgotten after `retiresAt`.';
COMMENT ON COLUMN "identity"."signing_keys"."encrypted_private_key" IS 'AES-256-GCM under a key from the environment.';
-- end

-- comments of users
-- drop: COMMENT ON TYPE "users"."user_state" IS NULL; COMMENT ON TABLE "users"."users" IS NULL; COMMENT ON COLUMN "users"."users"."email" IS NULL; COMMENT ON COLUMN "users"."users"."version" IS NULL; COMMENT ON TABLE "users"."addresses" IS NULL; COMMENT ON TABLE "users"."preferences" IS NULL;
COMMENT ON TYPE "users"."user_state" IS '`erased` is the end: what told who it was is gone.';
COMMENT ON TABLE "users"."users" IS 'A person who can own a business or hold vouchers. Credentials belong to `identity`.';
COMMENT ON COLUMN "users"."users"."email" IS 'In lower case.';
COMMENT ON COLUMN "users"."users"."version" IS 'Moves by one at each update: the ETag.';
COMMENT ON TABLE "users"."addresses" IS 'Where a person lives or works, in their own words; the position is theirs to give.';
COMMENT ON TABLE "users"."preferences" IS 'What a person wants to be told of by e-mail. The language is that of `users.users`.';
-- end
