SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

COMMENT ON TYPE "security"."login_outcome" IS NULL; COMMENT ON TABLE "security"."login_attempts" IS NULL; COMMENT ON COLUMN "security"."login_attempts"."email_hash" IS NULL; COMMENT ON TABLE "security"."subject_keys" IS NULL; COMMENT ON TABLE "security"."hash_keys" IS NULL; COMMENT ON TABLE "security"."idempotency_keys" IS NULL; COMMENT ON COLUMN "security"."idempotency_keys"."caller" IS NULL; COMMENT ON COLUMN "security"."idempotency_keys"."operation" IS NULL; COMMENT ON COLUMN "security"."idempotency_keys"."fingerprint" IS NULL; COMMENT ON COLUMN "security"."idempotency_keys"."body" IS NULL;
DROP FUNCTION security.settle_login_attempt(uuid, security.login_outcome);
DROP FUNCTION security.prune_login_attempts(timestamptz, integer);
DROP FUNCTION security.open_login_attempt(uuid, bytea, inet, security.login_outcome, timestamptz);
DROP FUNCTION security.login_delay(bigint, integer, interval);
DROP FUNCTION identity.prune_email_links(timestamptz, integer);
DROP FUNCTION identity.find_email_link(bytea, identity.email_link_purpose, timestamptz);
DROP FUNCTION identity.find_credential(text);

DELETE FROM "security"."login_attempts" WHERE "outcome" = 'password_reset';
ALTER TYPE "security"."login_outcome" RENAME TO "login_outcome_old";
CREATE TYPE "security"."login_outcome" AS ENUM ('success', 'wrong_password', 'unknown_email', 'wrong_code', 'locked');
-- A try that was neither right nor wrong becomes one that was not looked at.
ALTER TABLE "security"."login_attempts" ALTER COLUMN "outcome" TYPE "security"."login_outcome"
  USING (CASE "outcome"::text WHEN 'incomplete' THEN 'locked' ELSE "outcome"::text END::"security"."login_outcome");
DROP TYPE "security"."login_outcome_old";

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
    ('security.login_attempts', 'evidence of its own: high-rate, only added to')
$$;
REVOKE ALL ON FUNCTION audit.exemptions() FROM PUBLIC;
-- end

-- comments of security
-- drop: COMMENT ON TYPE "security"."login_outcome" IS NULL; COMMENT ON TABLE "security"."login_attempts" IS NULL; COMMENT ON COLUMN "security"."login_attempts"."email_hash" IS NULL; COMMENT ON TABLE "security"."subject_keys" IS NULL; COMMENT ON TABLE "security"."hash_keys" IS NULL; COMMENT ON TABLE "security"."idempotency_keys" IS NULL; COMMENT ON COLUMN "security"."idempotency_keys"."caller" IS NULL; COMMENT ON COLUMN "security"."idempotency_keys"."operation" IS NULL; COMMENT ON COLUMN "security"."idempotency_keys"."fingerprint" IS NULL; COMMENT ON COLUMN "security"."idempotency_keys"."body" IS NULL;
COMMENT ON TYPE "security"."login_outcome" IS 'How a try to log in ended.';
COMMENT ON TABLE "security"."login_attempts" IS 'Every try to log in, by the hash of the e-mail address that was given: the ground of lockouts.';
COMMENT ON COLUMN "security"."login_attempts"."email_hash" IS 'HMAC-SHA-256 under a key from the environment.';
COMMENT ON TABLE "security"."subject_keys" IS 'The key that a person''s values are sealed with in the audit log. Erasing a person destroys it: `key` is then NULL.';
COMMENT ON TABLE "security"."hash_keys" IS 'Keys of keyed hashes, by purpose; whoever has one can guess at the values that were hashed with it.';
COMMENT ON TABLE "security"."idempotency_keys" IS 'What a request with an Idempotency-Key was answered, written in the transaction of its effect; partitioned by day (UTC). Security: `body` may hold what is personal; it is kept for one to two days after the request and goes with its partition.';
COMMENT ON COLUMN "security"."idempotency_keys"."caller" IS 'Who asked, as `app.actor` names the transaction''s actor: nobody is answered what another was.';
COMMENT ON COLUMN "security"."idempotency_keys"."operation" IS 'The operationId of the route.';
COMMENT ON COLUMN "security"."idempotency_keys"."fingerprint" IS 'SHA-256 of the method, the address and the body: the same key with another is refused.';
COMMENT ON COLUMN "security"."idempotency_keys"."body" IS 'As it was sent; empty where the answer has none.';
-- end
