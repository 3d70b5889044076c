SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

COMMENT ON TYPE "users"."user_state" IS NULL; COMMENT ON TABLE "users"."users" IS NULL; COMMENT ON COLUMN "users"."users"."email" IS NULL; COMMENT ON COLUMN "users"."users"."version" IS NULL; COMMENT ON TABLE "users"."addresses" IS NULL; COMMENT ON TABLE "users"."preferences" IS NULL;
COMMENT ON TYPE "identity"."email_link_purpose" IS NULL; COMMENT ON TYPE "identity"."platform_role" IS NULL; COMMENT ON TABLE "identity"."credentials" IS NULL; COMMENT ON COLUMN "identity"."credentials"."password_hash" IS NULL; COMMENT ON TABLE "identity"."email_links" IS NULL; COMMENT ON TABLE "identity"."totp_factors" IS NULL; COMMENT ON COLUMN "identity"."totp_factors"."encrypted_secret" IS NULL; COMMENT ON TABLE "identity"."backup_codes" IS NULL; COMMENT ON TABLE "identity"."sessions" IS NULL; COMMENT ON TABLE "identity"."refresh_tokens" IS NULL; COMMENT ON TABLE "identity"."role_grants" IS NULL; COMMENT ON TABLE "identity"."api_keys" IS NULL; COMMENT ON COLUMN "identity"."api_keys"."secret_hash" IS NULL; COMMENT ON TABLE "identity"."signing_keys" IS NULL; COMMENT ON COLUMN "identity"."signing_keys"."encrypted_private_key" IS NULL;
COMMENT ON TYPE "business"."member_role" IS NULL; COMMENT ON TYPE "business"."business_status" IS NULL; COMMENT ON TABLE "business"."businesses" IS NULL; COMMENT ON TABLE "business"."locations" IS NULL; COMMENT ON TABLE "business"."special_days" IS NULL; COMMENT ON TABLE "business"."members" IS NULL; COMMENT ON TABLE "business"."invitations" IS NULL;
SELECT security.withdraw_access('users');
SELECT security.withdraw_access('identity');
SELECT security.withdraw_access('business');
DROP TRIGGER locations_keep_business ON business.locations; DROP TRIGGER campaigns_keep_business ON marketplace.campaigns; DROP TRIGGER vouchers_keep_business ON marketplace.vouchers; DROP FUNCTION audit.keep_business();

-- AlterTable
ALTER TABLE "identity"."sessions" ADD COLUMN     "impersonated_by" UUID,
ADD COLUMN     "impersonation_reason" TEXT,
ADD CONSTRAINT "sessions_impersonated_with_reason" CHECK ((impersonated_by IS NULL) = (impersonation_reason IS NULL)),
ADD CONSTRAINT "sessions_impersonation_reason_not_empty" CHECK (impersonation_reason <> '');

-- AlterTable
ALTER TABLE "users"."users" ADD COLUMN     "state_reason" TEXT,
ADD CONSTRAINT "users_state_reason_not_empty" CHECK (state_reason <> '');

-- CreateTable
CREATE TABLE "identity"."api_key_uses" (
    "api_key_id" UUID NOT NULL,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "api_key_uses_pkey" PRIMARY KEY ("api_key_id"),
    CONSTRAINT "api_key_uses_times_finite" CHECK (isfinite(last_used_at))
);

-- AddForeignKey
ALTER TABLE "identity"."api_key_uses" ADD CONSTRAINT "api_key_uses_api_key_id_fkey" FOREIGN KEY ("api_key_id") REFERENCES "identity"."api_keys"("id") ON DELETE CASCADE ON UPDATE CASCADE;

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
    ('identity.sessions', '{}', '{}', '{user_agent,client_address,impersonation_reason}', 'user_id'),
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
    ('users.users', '{}', '{}', '{email,display_name,state_reason}', 'id')
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
    ('identity.api_key_uses', 'a time stamp that moves all day; the keys are audited'),
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

-- sql/business/own_rows.sql
-- drop: DROP FUNCTION business.own_rows(integer);
-- business.own_rows: what this schema holds of the transaction's person, as users.own_rows: what they own, belong to and
-- are invited to.
CREATE OR REPLACE FUNCTION business.own_rows(p_limit integer) RETURNS TABLE (table_name text, row_key jsonb, content jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET "TimeZone" = 'UTC' AS $$
  (SELECT 'business.businesses', jsonb_build_object('id', own.id),
     jsonb_build_object('id', own.id, 'owner_id', own.owner_id, 'status', own.status, 'phone', own.phone,
       'website', own.website, 'created_at', own.created_at, 'deleted_at', own.deleted_at)
   FROM business.businesses own WHERE own.owner_id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'business.members', jsonb_build_object('business_id', own.business_id, 'user_id', own.user_id), to_jsonb(own)
   FROM business.members own WHERE own.user_id = security.current_user_id() LIMIT p_limit)
  UNION ALL
  (SELECT 'business.invitations', jsonb_build_object('id', own.id), to_jsonb(own) - 'token_hash'
   FROM business.invitations own JOIN users.users person ON person.email = own.email
   WHERE person.id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
$$;
REVOKE ALL ON FUNCTION business.own_rows(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION business.own_rows(integer) TO pika_app;
-- end

-- sql/identity/own_rows.sql
-- drop: DROP FUNCTION identity.own_rows(integer);
-- identity.own_rows: what this schema holds of the transaction's person, as users.own_rows. Hashes and encrypted secrets
-- are left out: they open doors and say nothing.
CREATE OR REPLACE FUNCTION identity.own_rows(p_limit integer) RETURNS TABLE (table_name text, row_key jsonb, content jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET "TimeZone" = 'UTC' AS $$
  (SELECT 'identity.credentials', jsonb_build_object('user_id', own.user_id), to_jsonb(own) - 'password_hash'
   FROM identity.credentials own WHERE own.user_id = security.current_user_id())
  UNION ALL
  (SELECT 'identity.email_links', jsonb_build_object('id', own.id), to_jsonb(own) - 'token_hash'
   FROM identity.email_links own WHERE own.user_id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'identity.totp_factors', jsonb_build_object('user_id', own.user_id),
     to_jsonb(own) - '{encrypted_secret,last_used_step}'::text[]
   FROM identity.totp_factors own WHERE own.user_id = security.current_user_id())
  UNION ALL
  (SELECT 'identity.backup_codes', jsonb_build_object('id', own.id), to_jsonb(own) - 'code_hash'
   FROM identity.backup_codes own WHERE own.user_id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'identity.sessions', jsonb_build_object('id', own.id), to_jsonb(own)
   FROM identity.sessions own WHERE own.user_id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'identity.refresh_tokens', jsonb_build_object('id', token.id), to_jsonb(token) - 'token_hash'
   FROM identity.refresh_tokens token JOIN identity.sessions own ON own.id = token.session_id
   WHERE own.user_id = security.current_user_id() ORDER BY token.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'identity.role_grants', jsonb_build_object('user_id', own.user_id, 'role', own.role), to_jsonb(own)
   FROM identity.role_grants own WHERE own.user_id = security.current_user_id())
$$;
REVOKE ALL ON FUNCTION identity.own_rows(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.own_rows(integer) TO pika_app;
-- end

-- sql/marketplace/own_rows.sql
-- drop: DROP FUNCTION marketplace.own_rows(integer);
-- marketplace.own_rows: what this schema holds of the transaction's person as a consumer, as users.own_rows. What they
-- scanned for others as staff is told to those.
CREATE OR REPLACE FUNCTION marketplace.own_rows(p_limit integer)
RETURNS TABLE (table_name text, row_key jsonb, content jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET "TimeZone" = 'UTC' AS $$
  (SELECT 'marketplace.claims', jsonb_build_object('id', own.id), to_jsonb(own)
   FROM marketplace.claims own WHERE own.user_id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.holds', jsonb_build_object('id', own.id), to_jsonb(own) - 'key'
   FROM marketplace.holds own WHERE own.user_id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.redemptions', jsonb_build_object('id', own.id), to_jsonb(own) - 'staff_id'
   FROM marketplace.redemptions own WHERE own.user_id = security.current_user_id() ORDER BY own.redeemed_at DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.attempts', jsonb_build_object('id', own.id), to_jsonb(own) - 'staff_id'
   FROM marketplace.attempts own WHERE own.user_id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.user_counters', jsonb_build_object('user_id', own.user_id, 'voucher_id', own.voucher_id), to_jsonb(own)
   FROM marketplace.user_counters own WHERE own.user_id = security.current_user_id() LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.user_day_counters',
     jsonb_build_object('user_id', own.user_id, 'voucher_id', own.voucher_id, 'day', own.day), to_jsonb(own)
   FROM marketplace.user_day_counters own WHERE own.user_id = security.current_user_id() ORDER BY own.day DESC LIMIT p_limit)
$$;
REVOKE ALL ON FUNCTION marketplace.own_rows(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.own_rows(integer) TO pika_app;
-- end

-- sql/users/own_rows.sql
-- drop: DROP FUNCTION users.own_rows(integer);
-- users.own_rows: what this schema holds of the transaction's person, at most p_limit rows of each table: name of the
-- table, key of the row, and the row without secrets.
CREATE OR REPLACE FUNCTION users.own_rows(p_limit integer) RETURNS TABLE (table_name text, row_key jsonb, content jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET "TimeZone" = 'UTC' AS $$
  (SELECT 'users.users', jsonb_build_object('id', person.id), to_jsonb(person)
   FROM users.users person WHERE person.id = security.current_user_id())
  UNION ALL
  (SELECT 'users.addresses', jsonb_build_object('id', address.id), to_jsonb(address)
   FROM users.addresses address WHERE address.user_id = security.current_user_id() ORDER BY address.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'users.preferences', jsonb_build_object('user_id', wish.user_id), to_jsonb(wish)
   FROM users.preferences wish WHERE wish.user_id = security.current_user_id())
$$;
REVOKE ALL ON FUNCTION users.own_rows(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION users.own_rows(integer) TO pika_app;
-- end

-- sql/audit/own_history.sql
-- drop: DROP FUNCTION audit.own_history(integer);
-- after: audit/audited_tables
-- after: audit/history
-- after: users/own_rows
-- after: identity/own_rows
-- after: business/own_rows
-- after: marketplace/own_rows
-- audit.own_history: what was done to the records of the transaction's person, the latest first, at most p_limit entries.
-- Other people who did it are told apart from them and not named.
CREATE OR REPLACE FUNCTION audit.own_history(p_limit integer) RETURNS TABLE (content jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET "TimeZone" = 'UTC' SET jit = off AS $$
  SELECT jsonb_build_object(
    'recorded_at', entry.recorded_at, 'table', own.table_name, 'key', own.row_key, 'operation', entry.operation,
    'by_you', entry.actor = 'user:' || security.current_user_id()::text,
    'client_address', CASE WHEN entry.actor = 'user:' || security.current_user_id()::text THEN entry.client_address END,
    'old', entry.old_values, 'new', entry.new_values, 'withheld', entry.withheld
  )
  FROM (
    SELECT table_name, row_key FROM users.own_rows(p_limit)
    UNION ALL SELECT table_name, row_key FROM identity.own_rows(p_limit)
    UNION ALL SELECT table_name, row_key FROM business.own_rows(p_limit)
    UNION ALL SELECT table_name, row_key FROM marketplace.own_rows(p_limit)
  ) AS own
  JOIN audit.audited_tables() AS audited ON audited.table_name = own.table_name
  CROSS JOIN LATERAL audit.history(own.table_name, own.row_key) AS entry
  WHERE own.table_name <> 'business.businesses' AND entry.operation IN ('insert', 'update', 'delete')
  ORDER BY entry.id DESC
  LIMIT p_limit
$$;
REVOKE ALL ON FUNCTION audit.own_history(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.own_history(integer) TO pika_app;
-- end

-- sql/business/accept_invitation.sql
-- drop: DROP FUNCTION business.accept_invitation(bytea, timestamptz);
-- business.accept_invitation: makes the transaction's person a member by an invitation to their verified e-mail address,
-- once; who accepted it before is told so again. An invitation never takes away what a member is already. It returns a
-- refusal instead of raising it: `expired`, `emailNotVerified`, and `unknown` for all that is not this person's business.
CREATE OR REPLACE FUNCTION business.accept_invitation(p_token_hash bytea, p_now timestamptz)
RETURNS TABLE (verdict text, business_id uuid, role business.member_role)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
#variable_conflict use_column
DECLARE
  v_user_id uuid := security.current_user_id();
  v_invitation business.invitations;
  v_role business.member_role;
BEGIN
  SELECT invitation.* INTO v_invitation FROM business.invitations invitation
  JOIN business.businesses business ON business.id = invitation.business_id AND business.deleted_at IS NULL
  JOIN users.users person ON person.id = v_user_id AND person.email = invitation.email AND person.state = 'active'
  WHERE invitation.token_hash = p_token_hash AND invitation.revoked_at IS NULL
  FOR NO KEY UPDATE OF invitation;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'unknown', NULL::uuid, NULL::business.member_role;
    RETURN;
  END IF;
  SELECT member.role INTO v_role FROM business.members member
  WHERE member.business_id = v_invitation.business_id AND member.user_id = v_user_id;
  IF v_invitation.accepted_at IS NOT NULL THEN
    RETURN QUERY SELECT CASE WHEN v_role IS NULL THEN 'unknown' ELSE 'accepted' END, v_invitation.business_id, v_role;
    RETURN;
  ELSIF v_invitation.expires_at <= p_now THEN
    RETURN QUERY SELECT 'expired', NULL::uuid, NULL::business.member_role;
    RETURN;
  ELSIF NOT EXISTS (
    SELECT FROM identity.credentials credential
    WHERE credential.user_id = v_user_id AND credential.email_verified_at IS NOT NULL
  ) THEN
    RETURN QUERY SELECT 'emailNotVerified', NULL::uuid, NULL::business.member_role;
    RETURN;
  END IF;

  UPDATE business.invitations SET accepted_at = p_now WHERE id = v_invitation.id;
  INSERT INTO business.members AS member (business_id, user_id, role)
  VALUES (v_invitation.business_id, v_user_id, v_invitation.role)
  ON CONFLICT (business_id, user_id) DO UPDATE SET role = excluded.role WHERE member.role > excluded.role;
  RETURN QUERY SELECT 'accepted', v_invitation.business_id, least(v_role, v_invitation.role);
END
$$;
REVOKE ALL ON FUNCTION business.accept_invitation(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION business.accept_invitation(bytea, timestamptz) TO pika_app;
-- end

-- sql/business/forget_person.sql
-- drop: DROP FUNCTION business.forget_person(uuid, text, timestamptz);
-- business.forget_person: for identity.erase_person: takes a person out of all businesses. Answers, and changes nothing
-- then, the businesses that would be left without an owner; the lock makes them wait who would leave at once.
CREATE OR REPLACE FUNCTION business.forget_person(p_user_id uuid, p_email text, p_now timestamptz) RETURNS uuid[]
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_owned uuid[];
  v_sole uuid[];
BEGIN
  v_owned := ARRAY(
    SELECT business.id FROM business.businesses business
    WHERE business.deleted_at IS NULL AND (business.owner_id = p_user_id OR business.id IN (
      SELECT member.business_id FROM business.members member WHERE member.user_id = p_user_id AND member.role = 'owner'))
    ORDER BY business.id FOR NO KEY UPDATE OF business
  );
  v_sole := ARRAY(
    SELECT owned.id FROM unnest(v_owned) AS owned (id)
    WHERE NOT EXISTS (
      SELECT FROM business.members other
      WHERE other.business_id = owned.id AND other.role = 'owner' AND other.user_id <> p_user_id)
  );
  IF cardinality(v_sole) > 0 THEN
    RETURN v_sole;
  END IF;
  UPDATE business.businesses business SET owner_id = (
    SELECT other.user_id FROM business.members other
    WHERE other.business_id = business.id AND other.role = 'owner' AND other.user_id <> p_user_id
    ORDER BY other.created_at, other.user_id LIMIT 1)
  WHERE business.owner_id = p_user_id;
  DELETE FROM business.members WHERE user_id = p_user_id;
  UPDATE business.invitations
  SET email = id::text || '@erased.invalid',
    revoked_at = CASE WHEN accepted_at IS NULL THEN coalesce(revoked_at, p_now) END
  WHERE email = p_email;
  RETURN '{}';
END
$$;
REVOKE ALL ON FUNCTION business.forget_person(uuid, text, timestamptz) FROM PUBLIC;
-- end

-- sql/business/invitation_to_send.sql
-- drop: DROP FUNCTION business.invitation_to_send(uuid, timestamptz);
-- business.invitation_to_send: to whom an invitation that is open goes, in which language if they are known and have
-- chosen one, and the name of the business in its own language; for who sends the mail.
CREATE OR REPLACE FUNCTION business.invitation_to_send(p_id uuid, p_now timestamptz)
RETURNS TABLE (email text, language_code text, business_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT invitation.email, person.language_code, name.value
  FROM business.invitations invitation
  JOIN business.businesses business ON business.id = invitation.business_id AND business.deleted_at IS NULL
  LEFT JOIN users.users person ON person.email = invitation.email AND person.state = 'active'
  LEFT JOIN i18n.translations name ON name.key = business.name_key AND name.language_code = business.source_language
  WHERE invitation.id = p_id AND invitation.accepted_at IS NULL AND invitation.revoked_at IS NULL
    AND invitation.expires_at > p_now
$$;
REVOKE ALL ON FUNCTION business.invitation_to_send(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION business.invitation_to_send(uuid, timestamptz) TO pika_app;
-- end

-- sql/marketplace/forget_person.sql
-- drop: DROP FUNCTION marketplace.forget_person(uuid);
-- marketplace.forget_person: for identity.erase_person: what was in the wallet and never redeemed goes, and attempts are
-- nobody's, without place and device. Claims that the ledger points to stay with it and with the counters of its sums:
-- their person is an id that leads to nobody then.
CREATE OR REPLACE FUNCTION marketplace.forget_person(p_user_id uuid) RETURNS void
LANGUAGE sql SET search_path = '' AS $$
  DELETE FROM marketplace.holds WHERE user_id = p_user_id;
  DELETE FROM marketplace.claims claim WHERE claim.user_id = p_user_id
    AND NOT EXISTS (SELECT FROM marketplace.redemptions entry WHERE entry.claim_id = claim.id);
  UPDATE marketplace.claims SET state = 'released' WHERE user_id = p_user_id AND state = 'active';
  UPDATE marketplace.attempts SET user_id = NULL, latitude = NULL, longitude = NULL, device = NULL
  WHERE user_id = p_user_id
$$;
REVOKE ALL ON FUNCTION marketplace.forget_person(uuid) FROM PUBLIC;
-- end

-- sql/users/forget_person.sql
-- drop: DROP FUNCTION users.forget_person(uuid, timestamptz);
-- users.forget_person: for identity.erase_person: leaves an id, and when it came and went.
CREATE OR REPLACE FUNCTION users.forget_person(p_user_id uuid, p_now timestamptz) RETURNS void
LANGUAGE sql SET search_path = '' AS $$
  DELETE FROM users.addresses WHERE user_id = p_user_id;
  DELETE FROM users.preferences WHERE user_id = p_user_id;
  UPDATE users.users
  SET state = 'erased', email = p_user_id::text || '@erased.invalid', display_name = '-', language_code = NULL,
    state_reason = NULL, deleted_at = p_now
  WHERE id = p_user_id
$$;
REVOKE ALL ON FUNCTION users.forget_person(uuid, timestamptz) FROM PUBLIC;
-- end

-- sql/identity/erase_person.sql
-- drop: DROP FUNCTION identity.erase_person(timestamptz, bytea);
-- after: audit/erase_subject
-- after: business/forget_person
-- after: marketplace/forget_person
-- after: users/forget_person
-- identity.erase_person: erases the transaction's person: `erased`, with the sessions that ended; `soleOwner`, with the
-- businesses that need another owner first; `unknown`. Their key of the audit log is destroyed before anything else is
-- written, so that nothing that is removed here can be read there. p_email_hash is what their tries to log in are counted
-- by. The last admin is refused by identity.keep_last_admin.
CREATE OR REPLACE FUNCTION identity.erase_person(p_now timestamptz, p_email_hash bytea)
RETURNS TABLE (verdict text, session_ids uuid[], business_ids uuid[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_user_id uuid := security.current_user_id();
  v_email text;
BEGIN
  SELECT person.email INTO v_email FROM users.users person
  WHERE person.id = v_user_id AND person.state <> 'erased' FOR UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'unknown', '{}'::uuid[], '{}'::uuid[];
    RETURN;
  END IF;
  business_ids := business.forget_person(v_user_id, v_email, p_now);
  IF cardinality(business_ids) > 0 THEN
    RETURN QUERY SELECT 'soleOwner', '{}'::uuid[], business_ids;
    RETURN;
  END IF;
  PERFORM audit.erase_subject(v_user_id);
  session_ids := ARRAY(
    SELECT session.id FROM identity.sessions session WHERE session.user_id = v_user_id AND session.revoked_at IS NULL);
  PERFORM marketplace.forget_person(v_user_id);
  PERFORM users.forget_person(v_user_id, p_now);
  DELETE FROM identity.role_grants WHERE user_id = v_user_id;
  DELETE FROM identity.credentials WHERE user_id = v_user_id;
  DELETE FROM identity.email_links WHERE user_id = v_user_id;
  DELETE FROM identity.totp_factors WHERE user_id = v_user_id;
  DELETE FROM identity.backup_codes WHERE user_id = v_user_id;
  DELETE FROM identity.refresh_tokens token USING identity.sessions session
  WHERE session.id = token.session_id AND session.user_id = v_user_id;
  -- The rows stay: other processes learn from them that these sessions are over.
  UPDATE identity.sessions SET user_agent = NULL, client_address = NULL WHERE user_id = v_user_id;
  DELETE FROM security.login_attempts attempt WHERE attempt.email_hash = p_email_hash;
  DELETE FROM security.idempotency_keys kept WHERE kept.caller = 'user:' || v_user_id::text;
  RETURN QUERY SELECT 'erased', session_ids, '{}'::uuid[];
END
$$;
REVOKE ALL ON FUNCTION identity.erase_person(timestamptz, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.erase_person(timestamptz, bytea) TO pika_app;
-- end

-- sql/identity/find_api_key.sql
-- drop: DROP FUNCTION identity.find_api_key(text);
-- identity.find_api_key: the key with that prefix, for who has to find out whether its secret was given. `is_open`: the
-- key was not revoked, and its business is neither suspended nor deleted.
CREATE OR REPLACE FUNCTION identity.find_api_key(p_prefix text)
RETURNS TABLE (
  id uuid, business_id uuid, secret_hash bytea, scopes text[], allowed_origins text[], expires_at timestamptz,
  last_used_at timestamptz, is_open boolean
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT key.id, key.business_id, key.secret_hash, key.scopes, key.allowed_origins, key.expires_at, used.last_used_at,
    key.revoked_at IS NULL AND business.status <> 'suspended' AND business.deleted_at IS NULL
  FROM identity.api_keys key
  JOIN business.businesses business ON business.id = key.business_id
  LEFT JOIN identity.api_key_uses used ON used.api_key_id = key.id
  WHERE key.prefix = p_prefix
$$;
REVOKE ALL ON FUNCTION identity.find_api_key(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.find_api_key(text) TO pika_app;
-- end

-- sql/identity/note_api_key_use.sql
-- drop: DROP FUNCTION identity.note_api_key_use(uuid, timestamptz);
-- identity.note_api_key_use: when a key was last used, written at most once a minute however many processes say so.
CREATE OR REPLACE FUNCTION identity.note_api_key_use(p_id uuid, p_now timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  INSERT INTO identity.api_key_uses AS used (api_key_id, last_used_at)
  SELECT key.id, p_now FROM identity.api_keys key WHERE key.id = p_id
  ON CONFLICT (api_key_id) DO UPDATE SET last_used_at = excluded.last_used_at
  WHERE used.last_used_at <= excluded.last_used_at - interval '1 minute'
$$;
REVOKE ALL ON FUNCTION identity.note_api_key_use(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.note_api_key_use(uuid, timestamptz) TO pika_app;
-- end

-- sql/identity/revoke_api_key.sql
-- drop: DROP FUNCTION identity.revoke_api_key(uuid, timestamptz);
-- identity.revoke_api_key: ends a key of a business whose owner or manager the transaction's person is: `revoked`, again
-- too; `denied` to its other members; `unknown` to everybody else.
CREATE OR REPLACE FUNCTION identity.revoke_api_key(p_id uuid, p_now timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_role text;
BEGIN
  SELECT CASE WHEN business.owner_id = security.current_user_id() THEN 'owner' ELSE member.role::text END INTO v_role
  FROM identity.api_keys key
  JOIN business.businesses business ON business.id = key.business_id
  LEFT JOIN business.members member
    ON member.business_id = business.id AND member.user_id = security.current_user_id()
  WHERE key.id = p_id;
  IF v_role IS NULL THEN
    RETURN 'unknown';
  ELSIF v_role NOT IN ('owner', 'manager') THEN
    RETURN 'denied';
  END IF;
  UPDATE identity.api_keys SET revoked_at = p_now WHERE id = p_id AND revoked_at IS NULL;
  RETURN 'revoked';
END
$$;
REVOKE ALL ON FUNCTION identity.revoke_api_key(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.revoke_api_key(uuid, timestamptz) TO pika_app;
-- end

-- sql/identity/start_impersonation.sql
-- drop: DROP FUNCTION identity.start_impersonation(uuid, uuid, text, timestamptz, timestamptz);
-- after: identity/claims_of
-- identity.start_impersonation: a session in which the transaction's operator acts as somebody, with what an access token
-- says of that person. No row for who may not log in; for operators `is_operator`, without a session.
CREATE OR REPLACE FUNCTION identity.start_impersonation(
  p_session_id uuid, p_user_id uuid, p_reason text, p_now timestamptz, p_expires_at timestamptz
) RETURNS TABLE (is_operator boolean, businesses jsonb, language_code text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_roles text[];
BEGIN
  IF NOT (security.has_role('support') OR security.has_role('admin')) THEN
    RAISE EXCEPTION 'operators alone act as others' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT own.roles, own.businesses, own.language_code INTO v_roles, businesses, language_code
  FROM identity.claims_of(p_user_id) own;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  is_operator := cardinality(v_roles) > 0;
  IF NOT is_operator THEN
    INSERT INTO identity.sessions (id, user_id, impersonated_by, impersonation_reason, created_at, last_used_at, expires_at)
    VALUES (p_session_id, p_user_id, security.current_user_id(), p_reason, p_now, p_now, p_expires_at);
  END IF;
  RETURN NEXT;
END
$$;
REVOKE ALL ON FUNCTION identity.start_impersonation(uuid, uuid, text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.start_impersonation(uuid, uuid, text, timestamptz, timestamptz) TO pika_support;
-- end

-- sql/security/acting_business_id.sql
-- drop: DROP FUNCTION security.acting_business_id(uuid);
-- security.acting_business_id: that business, if whom the transaction acts for belongs to it at this moment: a member, the
-- owner it was founded by, a key that is good still, or a job of ours; else NULL. So who was removed is out at once,
-- whatever their access token says.
CREATE OR REPLACE FUNCTION security.acting_business_id(p_business_id uuid) RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_actor text := coalesce(current_setting('app.actor', true), '');
  v_user_id uuid := security.current_user_id();
BEGIN
  IF v_user_id IS NOT NULL THEN
    RETURN (
      SELECT member.business_id FROM business.members member
      WHERE member.business_id = p_business_id AND member.user_id = v_user_id
      UNION
      SELECT business.id FROM business.businesses business
      WHERE business.id = p_business_id AND business.owner_id = v_user_id
    );
  ELSIF v_actor LIKE 'api-key:%' THEN
    RETURN (
      SELECT key.business_id FROM identity.api_keys key
      WHERE key.id = substr(v_actor, 9)::uuid AND key.business_id = p_business_id
        AND key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > now())
    );
  ELSIF v_actor = 'anonymous' THEN
    RETURN NULL;
  END IF;
  RETURN p_business_id;
END
$$;
REVOKE ALL ON FUNCTION security.acting_business_id(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.acting_business_id(uuid) TO pika_app;
-- end

-- sql/security/business_role.sql
-- drop: DROP FUNCTION security.business_role();
-- security.business_role: what the transaction's person is, at this moment, in the business it acts for; NULL for a
-- stranger, and for keys.
CREATE OR REPLACE FUNCTION security.business_role() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' AS $$
  SELECT CASE WHEN business.owner_id = security.current_user_id() THEN 'owner' ELSE member.role::text END
  FROM business.businesses business
  LEFT JOIN business.members member
    ON member.business_id = business.id AND member.user_id = security.current_user_id()
  WHERE business.id = nullif(current_setting('app.business_id', true), '')::uuid
$$;
REVOKE ALL ON FUNCTION security.business_role() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.business_role() TO pika_app;
-- end

-- sql/security/current_business_id.sql
-- drop: DROP FUNCTION security.current_business_id();
-- security.current_business_id: the business the transaction acts for; NULL for none, and for one that its person or key
-- does not belong to now. Policies write (SELECT security.current_business_id()), so that it is asked once per statement.
CREATE OR REPLACE FUNCTION security.current_business_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN current_setting('app.business_id', true) <> ''
    THEN security.acting_business_id(current_setting('app.business_id', true)::uuid) END
$$;
-- end

-- sql/security/login_attempts_of.sql
-- drop: DROP FUNCTION security.login_attempts_of(bytea, integer);
-- security.login_attempts_of: the tries to log in with an e-mail address, by its hash, the latest first, at most p_limit:
-- as users.own_rows, for who knows the key of the hash and that the address is the transaction's person's.
CREATE OR REPLACE FUNCTION security.login_attempts_of(p_email_hash bytea, p_limit integer)
RETURNS TABLE (table_name text, content jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET "TimeZone" = 'UTC' AS $$
  SELECT 'security.login_attempts', to_jsonb(attempt) - 'email_hash' FROM security.login_attempts attempt
  WHERE attempt.email_hash = p_email_hash
  ORDER BY attempt.attempted_at DESC LIMIT p_limit
$$;
REVOKE ALL ON FUNCTION security.login_attempts_of(bytea, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.login_attempts_of(bytea, integer) TO pika_app;
-- end

-- sql/users/colleagues.sql
-- drop: DROP FUNCTION users.colleagues();
-- after: security/business_role
-- users.colleagues: who the members of the business are that the transaction acts for, told to its owners and managers.
CREATE OR REPLACE FUNCTION users.colleagues() RETURNS TABLE (id uuid, email text, display_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT person.id, person.email, person.display_name
  FROM business.members member
  JOIN users.users person ON person.id = member.user_id
  WHERE member.business_id = security.current_business_id() AND security.business_role() IN ('owner', 'manager')
$$;
REVOKE ALL ON FUNCTION users.colleagues() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION users.colleagues() TO pika_app;
-- end

-- sql/audit/keep_business.sql
-- drop: DROP TRIGGER locations_keep_business ON business.locations; DROP TRIGGER api_keys_keep_business ON identity.api_keys; DROP TRIGGER campaigns_keep_business ON marketplace.campaigns; DROP TRIGGER vouchers_keep_business ON marketplace.vouchers; DROP FUNCTION audit.keep_business();
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
-- end

-- sql/business/keep_last_owner.sql
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
-- end

-- sql/identity/keep_last_admin.sql
-- drop: DROP TRIGGER keep_last_admin ON identity.role_grants; DROP TRIGGER users_keep_last_admin ON users.users; DROP FUNCTION identity.keep_last_admin();
-- identity.keep_last_admin: where there are admins, one stays who can log in: the last can neither lose the role nor be
-- suspended or erased. The lock puts those who go at once in a line. A refused change is a check_violation of the
-- constraint role_grants_last_admin.
CREATE OR REPLACE FUNCTION identity.keep_last_admin() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF TG_TABLE_SCHEMA = 'users' THEN
    IF NOT EXISTS (SELECT FROM identity.role_grants held WHERE held.user_id = NEW.id AND held.role = 'admin') THEN
      RETURN NULL;
    END IF;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('identity.keep_last_admin', 0));
  IF NOT EXISTS (
    SELECT FROM identity.role_grants held
    JOIN users.users person ON person.id = held.user_id AND person.state = 'active' AND person.deleted_at IS NULL
    WHERE held.role = 'admin'
  ) THEN
    RAISE EXCEPTION 'one admin stays' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'role_grants_last_admin', SCHEMA = 'identity', TABLE = 'role_grants';
  END IF;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION identity.keep_last_admin() FROM PUBLIC;
CREATE OR REPLACE TRIGGER keep_last_admin AFTER DELETE ON identity.role_grants
  FOR EACH ROW WHEN (OLD.role = 'admin') EXECUTE FUNCTION identity.keep_last_admin();
CREATE OR REPLACE TRIGGER users_keep_last_admin AFTER UPDATE OF state ON users.users
  FOR EACH ROW WHEN (OLD.state = 'active' AND NEW.state <> 'active') EXECUTE FUNCTION identity.keep_last_admin();
-- end

-- sql/identity/revoke_sessions_of_user.sql
-- drop: DROP TRIGGER revoke_sessions ON users.users; DROP FUNCTION identity.revoke_sessions_of_user();
-- identity.revoke_sessions_of_user: who is suspended or erased is logged out everywhere, whoever does it; of an operator,
-- also where they act as others.
CREATE OR REPLACE FUNCTION identity.revoke_sessions_of_user() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  UPDATE identity.sessions SET revoked_at = clock_timestamp(), revoke_reason = 'user_' || NEW.state::text
  WHERE (user_id = NEW.id OR impersonated_by = NEW.id) AND revoked_at IS NULL;
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
-- end

-- sql/identity/access.sql
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
-- end

-- sql/users/access.sql
-- drop: SELECT security.withdraw_access('users');
-- after: security/withdraw_access
-- access to users: A person sees and changes what is theirs; support sees all and may suspend.
GRANT USAGE ON SCHEMA users TO pika_app, pika_support;

ALTER TABLE users.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (email, display_name, language_code, updated_at, deleted_at) ON users.users TO pika_app;
GRANT SELECT, UPDATE (state, state_reason, updated_at, deleted_at) ON users.users TO pika_support;
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
COMMENT ON TABLE "business"."invitations" IS 'An offer of membership to an e-mail address; of a business one at most is open. Only the SHA-256 of its token is kept.';
-- end

-- comments of identity
-- drop: COMMENT ON TYPE "identity"."email_link_purpose" IS NULL; COMMENT ON TYPE "identity"."platform_role" IS NULL; COMMENT ON TABLE "identity"."credentials" IS NULL; COMMENT ON COLUMN "identity"."credentials"."password_hash" IS NULL; COMMENT ON TABLE "identity"."email_links" IS NULL; COMMENT ON TABLE "identity"."totp_factors" IS NULL; COMMENT ON COLUMN "identity"."totp_factors"."encrypted_secret" IS NULL; COMMENT ON TABLE "identity"."backup_codes" IS NULL; COMMENT ON TABLE "identity"."sessions" IS NULL; COMMENT ON COLUMN "identity"."sessions"."impersonated_by" IS NULL; COMMENT ON TABLE "identity"."refresh_tokens" IS NULL; COMMENT ON TABLE "identity"."role_grants" IS NULL; COMMENT ON TABLE "identity"."api_keys" IS NULL; COMMENT ON COLUMN "identity"."api_keys"."secret_hash" IS NULL; COMMENT ON COLUMN "identity"."api_keys"."last_used_at" IS NULL; COMMENT ON TABLE "identity"."api_key_uses" IS NULL; COMMENT ON TABLE "identity"."signing_keys" IS NULL; COMMENT ON COLUMN "identity"."signing_keys"."encrypted_private_key" IS NULL;
COMMENT ON TYPE "identity"."email_link_purpose" IS 'What following a link proves or allows.';
COMMENT ON TYPE "identity"."platform_role" IS 'Operators; everybody is a consumer, and businesses have members.';
COMMENT ON TABLE "identity"."credentials" IS 'How a person logs in. `emailVerifiedAt` is NULL until the link was followed.';
COMMENT ON COLUMN "identity"."credentials"."password_hash" IS 'argon2id in PHC string format.';
COMMENT ON TABLE "identity"."email_links" IS 'A link that was sent by e-mail and works once. Only the SHA-256 of its token is kept.';
COMMENT ON TABLE "identity"."totp_factors" IS 'The second factor of a person (RFC 6238). `lastUsedStep` refuses a code that was used already.';
COMMENT ON COLUMN "identity"."totp_factors"."encrypted_secret" IS 'AES-256-GCM under a key from the environment.';
COMMENT ON TABLE "identity"."backup_codes" IS 'Ten codes for who lost the second factor, each good once.';
COMMENT ON TABLE "identity"."sessions" IS 'One device that is logged in: the family of its refresh tokens. One that an operator acts in has none, and says why.';
COMMENT ON COLUMN "identity"."sessions"."impersonated_by" IS 'The operator who acts as this person.';
COMMENT ON TABLE "identity"."refresh_tokens" IS '`successorId` is the token it was exchanged for; a second exchange later than the grace revokes the session.';
COMMENT ON TABLE "identity"."role_grants" IS 'What a person may do beyond being a consumer; membership of businesses is `business.members`.';
COMMENT ON TABLE "identity"."api_keys" IS 'A secret of a business''s own programs, shown once. `prefix` is its public beginning, by which it is found.';
COMMENT ON COLUMN "identity"."api_keys"."secret_hash" IS 'SHA-256; the secret has 256 bits of its own.';
COMMENT ON COLUMN "identity"."api_keys"."last_used_at" IS 'Not written any more: `api_key_uses` has it.';
COMMENT ON TABLE "identity"."api_key_uses" IS 'When a key was last used, to the minute. Apart from the keys, whose every change is audited.';
COMMENT ON TABLE "identity"."signing_keys" IS 'Keys that sign access tokens. Verifiers accept a key from `publishedAt` on, tokens are signed with it from `activeFrom` on, and it is forgotten after `retiresAt`.';
COMMENT ON COLUMN "identity"."signing_keys"."encrypted_private_key" IS 'AES-256-GCM under a key from the environment.';
-- end

-- comments of users
-- drop: COMMENT ON TYPE "users"."user_state" IS NULL; COMMENT ON TABLE "users"."users" IS NULL; COMMENT ON COLUMN "users"."users"."email" IS NULL; COMMENT ON COLUMN "users"."users"."state_reason" IS NULL; COMMENT ON COLUMN "users"."users"."version" IS NULL; COMMENT ON TABLE "users"."addresses" IS NULL; COMMENT ON TABLE "users"."preferences" IS NULL;
COMMENT ON TYPE "users"."user_state" IS '`erased` is the end: what told who it was is gone.';
COMMENT ON TABLE "users"."users" IS 'A person who can own a business or hold vouchers. Credentials belong to `identity`.';
COMMENT ON COLUMN "users"."users"."email" IS 'In lower case.';
COMMENT ON COLUMN "users"."users"."state_reason" IS 'Why an operator suspended or reactivated them.';
COMMENT ON COLUMN "users"."users"."version" IS 'Moves by one at each update: the ETag.';
COMMENT ON TABLE "users"."addresses" IS 'Where a person lives or works, in their own words; the position is theirs to give.';
COMMENT ON TABLE "users"."preferences" IS 'What a person wants to be told of by e-mail. The language is that of `users.users`.';
-- end
