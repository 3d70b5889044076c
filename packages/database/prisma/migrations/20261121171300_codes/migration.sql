SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

-- AlterTable
ALTER TABLE "marketplace"."voucher_codes" ADD COLUMN     "revoked_by" TEXT;

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
    ('marketplace.claims', '{short_code}', '{}', '{}', NULL),
    ('marketplace.code_batches', '{}', '{}', '{}', NULL),
    ('marketplace.token_keys', '{encrypted_private_key}', '{}', '{}', NULL),
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
    ('marketplace.campaign_user_counters', 'the sum of a ledger'),
    ('marketplace.cards', 'derived from audited tables by triggers'),
    ('marketplace.code_uses', 'high-rate; each names its entry of the ledger'),
    ('marketplace.holds', 'short reservations, ignored once expired'),
    ('marketplace.location_day_counters', 'the sum of a ledger'),
    ('marketplace.location_facets', 'derived from marketplace.cards by triggers'),
    ('marketplace.redemptions', 'a ledger is evidence of its own'),
    ('marketplace.scan_verdicts', 'derived from marketplace.scans'),
    ('marketplace.scans', 'evidence of its own: never changed'),
    ('marketplace.search_words', 'derived from marketplace.cards by triggers'),
    ('marketplace.stale_vouchers', 'a queue of derived work'),
    ('marketplace.user_counters', 'the sum of a ledger'),
    ('marketplace.user_day_counters', 'the sum of a ledger'),
    ('marketplace.voucher_codes', 'made by the million: their batches are audited, and a revoked one names who'),
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

-- sql/marketplace/make_codes.sql
-- drop: DROP FUNCTION marketplace.make_codes(integer);
-- marketplace.make_codes: up to p_limit more codes of the oldest batch that is not done, and how many. They and the count of
-- what is made commit together, so a batch goes on after a crash as if nothing had been. What another transaction works at
-- is left to it.
-- A code is its prefix, so many characters from a cryptographic source without those that look alike, and one that checks
-- them as the short code of a claim is checked. Twelve characters are the digits of one number below 17 * 30^12: of 63
-- random bits those beyond are thrown away, so that every character is equally likely. Of a code that is there already, by
-- whomever, another is drawn the next time.
CREATE OR REPLACE FUNCTION marketplace.make_codes(p_limit integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  c_alphabet constant text := '23456789ABCDEFGHJKMNPQRSTVWXYZ';
  c_numbers constant bigint := 9034497000000000000;
  v_digits text[];
  v_batch marketplace.code_batches;
  v_wanted integer;
  v_made integer;
BEGIN
  SELECT * INTO v_batch FROM marketplace.code_batches batch
  WHERE batch.state IN ('waiting', 'running')
  ORDER BY batch.id LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  IF NOT EXISTS (
    SELECT FROM marketplace.vouchers v
    WHERE v.id = v_batch.voucher_id AND v.deleted_at IS NULL AND v.state NOT IN ('expired', 'archived')
  ) THEN
    UPDATE marketplace.code_batches SET state = 'failed', finished_at = now() WHERE id = v_batch.id;
    RETURN p_limit;
  END IF;

  v_wanted := least(p_limit, v_batch.requested_count - v_batch.made_count);
  -- Spelt out for this length: an aggregate for each code takes four times as long. Nothing of it was typed by anybody.
  v_digits := ARRAY(
    SELECT format('(number%s / %s %% 30)::integer', place / 12, (30::numeric ^ (place % 12))::bigint)
    FROM generate_series(0, v_batch.length - 1) AS place
  );
  EXECUTE format(
    $query$
      INSERT INTO marketplace.voucher_codes (id, voucher_id, batch_id, kind, code)
      SELECT
        -- A UUID of version 7.
        encode(set_bit(set_bit(overlay(
          uuid_send(gen_random_uuid())
          PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6
        ), 52, 1), 53, 1), 'hex')::uuid,
        $1, $2, $3, $4 || drawn.body || substr($5, 1 + drawn.checked, 1)
      FROM (
        SELECT %s AS body, (31 - (%s) %% 31) %% 31 AS checked
        FROM (
          SELECT
            ('x' || encode(substring(bytes FROM 1 FOR 8), 'hex'))::bit(64)::bigint & 9223372036854775807 AS number0,
            ('x' || encode(substring(bytes FROM 9 FOR 8), 'hex'))::bit(64)::bigint & 9223372036854775807 AS number1,
            ('x' || encode(substring(bytes FROM 17 FOR 8), 'hex'))::bit(64)::bigint & 9223372036854775807 AS number2
          FROM (SELECT public.gen_random_bytes(24) AS bytes FROM generate_series(1, $6) OFFSET 0) AS source
          OFFSET 0
        ) AS numbers
        WHERE greatest(number0, number1, number2) < $7
        OFFSET 0
      ) AS drawn
      WHERE drawn.checked < 30
      LIMIT $8
      ON CONFLICT (code) DO NOTHING
    $query$,
    (SELECT string_agg(format('substr($5, 1 + %s, 1)', digit), ' || ' ORDER BY place)
     FROM unnest(v_digits) WITH ORDINALITY AS spelt (digit, place)),
    (SELECT string_agg(format('%s * %s', digit, v_batch.length + 2 - place), ' + ' ORDER BY place)
     FROM unnest(v_digits) WITH ORDINALITY AS spelt (digit, place))
  ) USING v_batch.voucher_id, v_batch.id, v_batch.kind, v_batch.prefix, c_alphabet, v_wanted + v_wanted / 8 + 64, c_numbers,
    v_wanted;
  GET DIAGNOSTICS v_made = ROW_COUNT;

  UPDATE marketplace.code_batches batch
  SET made_count = batch.made_count + v_made,
    state = CASE WHEN batch.made_count + v_made = batch.requested_count THEN 'done' ELSE 'running' END::marketplace.code_batch_state,
    finished_at = CASE WHEN batch.made_count + v_made = batch.requested_count THEN now() END
  WHERE batch.id = v_batch.id;
  RETURN p_limit;
END
$$;
REVOKE ALL ON FUNCTION marketplace.make_codes(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.make_codes(integer) TO pika_app;
-- end

-- sql/marketplace/note_revocation.sql
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
-- end
