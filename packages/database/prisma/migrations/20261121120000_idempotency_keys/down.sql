SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

COMMENT ON TYPE "security"."login_outcome" IS NULL; COMMENT ON TABLE "security"."login_attempts" IS NULL; COMMENT ON COLUMN "security"."login_attempts"."email_hash" IS NULL; COMMENT ON TABLE "security"."subject_keys" IS NULL; COMMENT ON TABLE "security"."hash_keys" IS NULL; COMMENT ON TABLE "security"."idempotency_keys" IS NULL; COMMENT ON COLUMN "security"."idempotency_keys"."caller" IS NULL; COMMENT ON COLUMN "security"."idempotency_keys"."operation" IS NULL; COMMENT ON COLUMN "security"."idempotency_keys"."fingerprint" IS NULL; COMMENT ON COLUMN "security"."idempotency_keys"."body" IS NULL;
SELECT security.withdraw_access('security');
DROP FUNCTION security.make_idempotency_partitions(integer);
DROP FUNCTION security.drop_idempotency_partitions();
DROP FUNCTION security.keep_idempotent_answer(text, text, bytea, integer, jsonb, bytea);
DROP FUNCTION security.claim_idempotency_key(text, text, bytea);
DROP FUNCTION security.lock_idempotency_key(text, text, text);

-- DropTable
DROP TABLE "security"."idempotency_keys";

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
    ('security.login_attempts', 'evidence of its own: high-rate, only added to')
$$;
REVOKE ALL ON FUNCTION audit.exemptions() FROM PUBLIC;
-- end

-- sql/security/access.sql
-- drop: SELECT security.withdraw_access('security');
-- after: security/withdraw_access
-- access to security: What protects everybody is written by the apps and read by functions.
GRANT USAGE ON SCHEMA security TO pika_app;

GRANT INSERT ON security.login_attempts TO pika_app;
-- end

-- comments of security
-- drop: COMMENT ON TYPE "security"."login_outcome" IS NULL; COMMENT ON TABLE "security"."login_attempts" IS NULL; COMMENT ON COLUMN "security"."login_attempts"."email_hash" IS NULL; COMMENT ON TABLE "security"."subject_keys" IS NULL; COMMENT ON TABLE "security"."hash_keys" IS NULL;
COMMENT ON TYPE "security"."login_outcome" IS 'How a try to log in ended.';
COMMENT ON TABLE "security"."login_attempts" IS 'Every try to log in, by the hash of the e-mail address that was given: the ground of lockouts.';
COMMENT ON COLUMN "security"."login_attempts"."email_hash" IS 'HMAC-SHA-256 under a key from the environment.';
COMMENT ON TABLE "security"."subject_keys" IS 'The key that a person''s values are sealed with in the audit log. Erasing a person destroys it: `key` is then NULL.';
COMMENT ON TABLE "security"."hash_keys" IS 'Keys of keyed hashes, by purpose; whoever has one can guess at the values that were hashed with it.';
-- end
