SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

COMMENT ON TYPE "security"."login_outcome" IS NULL; COMMENT ON TABLE "security"."login_attempts" IS NULL; COMMENT ON COLUMN "security"."login_attempts"."email_hash" IS NULL; COMMENT ON TABLE "security"."subject_keys" IS NULL; COMMENT ON TABLE "security"."hash_keys" IS NULL; COMMENT ON TABLE "security"."idempotency_keys" IS NULL; COMMENT ON COLUMN "security"."idempotency_keys"."caller" IS NULL; COMMENT ON COLUMN "security"."idempotency_keys"."operation" IS NULL; COMMENT ON COLUMN "security"."idempotency_keys"."fingerprint" IS NULL; COMMENT ON COLUMN "security"."idempotency_keys"."body" IS NULL;

ALTER TYPE "security"."login_outcome" ADD VALUE 'incomplete' AFTER 'locked';
ALTER TYPE "security"."login_outcome" ADD VALUE 'password_reset' AFTER 'incomplete';

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

-- sql/identity/find_credential.sql
-- drop: DROP FUNCTION identity.find_credential(text);
-- identity.find_credential: who logs in with that e-mail address, in lower case, and what the password is checked against.
-- For nobody's transaction: a log-in, a registration or a forgotten password before the person is known.
CREATE OR REPLACE FUNCTION identity.find_credential(p_email text)
RETURNS TABLE (user_id uuid, password_hash text, is_active boolean, is_verified boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT person.id, credential.password_hash, person.state = 'active' AND person.deleted_at IS NULL,
    credential.email_verified_at IS NOT NULL
  FROM users.users person
  JOIN identity.credentials credential ON credential.user_id = person.id
  WHERE person.email = p_email
$$;
REVOKE ALL ON FUNCTION identity.find_credential(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.find_credential(text) TO pika_app;
-- end

-- sql/identity/find_email_link.sql
-- drop: DROP FUNCTION identity.find_email_link(bytea, identity.email_link_purpose, timestamptz);
-- identity.find_email_link: the link with that hash and whose it is, while it is good. It is spent in a transaction of
-- that person.
CREATE OR REPLACE FUNCTION identity.find_email_link(
  p_token_hash bytea, p_purpose identity.email_link_purpose, p_now timestamptz
) RETURNS TABLE (id uuid, user_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT link.id, link.user_id
  FROM identity.email_links link
  JOIN users.users person ON person.id = link.user_id
  WHERE link.token_hash = p_token_hash AND link.purpose = p_purpose AND link.used_at IS NULL AND link.expires_at > p_now
    AND person.state = 'active' AND person.deleted_at IS NULL
$$;
REVOKE ALL ON FUNCTION identity.find_email_link(bytea, identity.email_link_purpose, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.find_email_link(bytea, identity.email_link_purpose, timestamptz) TO pika_app;
-- end

-- sql/identity/prune_email_links.sql
-- drop: DROP FUNCTION identity.prune_email_links(timestamptz, integer);
-- identity.prune_email_links: deletes links that expired before then, at most p_limit, and says how many.
CREATE OR REPLACE FUNCTION identity.prune_email_links(p_before timestamptz, p_limit integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  WITH expired AS (
    SELECT link.id FROM identity.email_links link
    WHERE link.expires_at < p_before
    ORDER BY link.expires_at
    LIMIT p_limit
    FOR UPDATE SKIP LOCKED
  ), pruned AS (
    DELETE FROM identity.email_links link USING expired WHERE link.id = expired.id
    RETURNING link.id
  )
  SELECT count(*)::integer FROM pruned
$$;
REVOKE ALL ON FUNCTION identity.prune_email_links(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.prune_email_links(timestamptz, integer) TO pika_app;
-- end

-- sql/security/login_delay.sql
-- drop: DROP FUNCTION security.login_delay(bigint, integer, interval);
-- security.login_delay: how long nobody may try again after so many failures: not at all for the first p_free, then 30 s,
-- a minute, two … at most p_max.
CREATE OR REPLACE FUNCTION security.login_delay(p_failures bigint, p_free integer, p_max interval) RETURNS interval
LANGUAGE sql IMMUTABLE SET search_path = '' AS $$
  SELECT CASE
    WHEN p_failures < p_free THEN interval '0'
    ELSE least(p_max, interval '30 seconds' * 2 ^ least(p_failures - p_free, 20))
  END
$$;
REVOKE ALL ON FUNCTION security.login_delay(bigint, integer, interval) FROM PUBLIC;
-- end

-- sql/security/open_login_attempt.sql
-- drop: DROP FUNCTION security.open_login_attempt(uuid, bytea, inet, security.login_outcome, timestamptz);
-- after: security/login_delay
-- security.open_login_attempt: notes a try to log in before its password is looked at, and says how many seconds too early
-- it is: 0 where it may go on. It is noted as the failure that it will be unless security.settle_login_attempt says
-- otherwise, under locks of the account and of the address: of any number at once no more go on than failures are free,
-- and whoever ends a process in between has spent one. Those of an account count since its last success or new password,
-- for a day at most: 5 are free, then 30 s to an hour. Those of an address count for an hour, whatever succeeds between:
-- 50 are free, then 30 s to 15 minutes.
CREATE OR REPLACE FUNCTION security.open_login_attempt(
  p_id uuid, p_email_hash bytea, p_client_address inet, p_failure security.login_outcome, p_now timestamptz
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_wait integer;
BEGIN
  -- The account before the address, always: two tries cannot wait for each other.
  PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(encode(p_email_hash, 'hex'), 7266));
  PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(p_client_address::text, 7267));
  WITH cleared AS (
    SELECT max(attempt.attempted_at) AS since FROM security.login_attempts attempt
    WHERE attempt.email_hash = p_email_hash AND attempt.outcome::text IN ('success', 'password_reset')
      AND attempt.attempted_at > p_now - interval '1 day'
  ), account AS (
    SELECT max(attempt.attempted_at) + security.login_delay(count(*), 5, interval '1 hour') AS until
    FROM security.login_attempts attempt
    WHERE attempt.email_hash = p_email_hash
      AND attempt.outcome::text IN ('wrong_password', 'unknown_email', 'wrong_code')
      AND attempt.attempted_at >= greatest(p_now - interval '1 day', (SELECT since FROM cleared))
  ), address AS (
    SELECT max(attempt.attempted_at) + security.login_delay(count(*), 50, interval '15 minutes') AS until
    FROM security.login_attempts attempt
    WHERE attempt.client_address = p_client_address
      AND attempt.outcome::text IN ('wrong_password', 'unknown_email', 'wrong_code')
      AND attempt.attempted_at > p_now - interval '1 hour'
  )
  SELECT ceil(extract(epoch FROM greatest(account.until, address.until, p_now) - p_now)) INTO v_wait
  FROM account, address;
  INSERT INTO security.login_attempts (id, email_hash, client_address, outcome, attempted_at)
  VALUES (p_id, p_email_hash, p_client_address, CASE WHEN v_wait > 0 THEN 'locked' ELSE p_failure END, p_now);
  RETURN v_wait;
END
$$;
REVOKE ALL ON FUNCTION security.open_login_attempt(uuid, bytea, inet, security.login_outcome, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.open_login_attempt(uuid, bytea, inet, security.login_outcome, timestamptz) TO pika_app;
-- end

-- sql/security/prune_login_attempts.sql
-- drop: DROP FUNCTION security.prune_login_attempts(timestamptz, integer);
-- security.prune_login_attempts: deletes tries to log in from before then, at most p_limit, and says how many.
CREATE OR REPLACE FUNCTION security.prune_login_attempts(p_before timestamptz, p_limit integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  WITH old AS (
    SELECT attempt.id FROM security.login_attempts attempt
    WHERE attempt.attempted_at < p_before
    ORDER BY attempt.attempted_at
    LIMIT p_limit
    FOR UPDATE SKIP LOCKED
  ), pruned AS (
    DELETE FROM security.login_attempts attempt USING old WHERE attempt.id = old.id
    RETURNING attempt.id
  )
  SELECT count(*)::integer FROM pruned
$$;
REVOKE ALL ON FUNCTION security.prune_login_attempts(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.prune_login_attempts(timestamptz, integer) TO pika_app;
-- end

-- sql/security/settle_login_attempt.sql
-- drop: DROP FUNCTION security.settle_login_attempt(uuid, security.login_outcome);
-- security.settle_login_attempt: how a try to log in ended that security.open_login_attempt let go on.
CREATE OR REPLACE FUNCTION security.settle_login_attempt(p_id uuid, p_outcome security.login_outcome) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  UPDATE security.login_attempts attempt SET outcome = p_outcome WHERE attempt.id = p_id AND attempt.outcome = 'wrong_password'
$$;
REVOKE ALL ON FUNCTION security.settle_login_attempt(uuid, security.login_outcome) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.settle_login_attempt(uuid, security.login_outcome) TO pika_app;
-- end

-- comments of security
-- drop: COMMENT ON TYPE "security"."login_outcome" IS NULL; COMMENT ON TABLE "security"."login_attempts" IS NULL; COMMENT ON COLUMN "security"."login_attempts"."email_hash" IS NULL; COMMENT ON TABLE "security"."subject_keys" IS NULL; COMMENT ON TABLE "security"."hash_keys" IS NULL; COMMENT ON TABLE "security"."idempotency_keys" IS NULL; COMMENT ON COLUMN "security"."idempotency_keys"."caller" IS NULL; COMMENT ON COLUMN "security"."idempotency_keys"."operation" IS NULL; COMMENT ON COLUMN "security"."idempotency_keys"."fingerprint" IS NULL; COMMENT ON COLUMN "security"."idempotency_keys"."body" IS NULL;
COMMENT ON TYPE "security"."login_outcome" IS 'How a try to log in ended. `incomplete`: the password was right, the code or a verified e-mail address was missing; `password_reset`: no try, but a link was followed that clears the failures before it.';
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
