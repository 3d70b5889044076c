SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

COMMENT ON TYPE "security"."login_outcome" IS NULL; COMMENT ON TABLE "security"."login_attempts" IS NULL; COMMENT ON COLUMN "security"."login_attempts"."email_hash" IS NULL; COMMENT ON TABLE "security"."subject_keys" IS NULL; COMMENT ON TABLE "security"."hash_keys" IS NULL;
SELECT security.withdraw_access('security');

-- CreateTable
CREATE TABLE "security"."idempotency_keys" (
    "caller" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" BYTEA NOT NULL,
    "status" INTEGER NOT NULL,
    "headers" JSONB NOT NULL,
    "body" BYTEA NOT NULL,
    "created_on" DATE NOT NULL DEFAULT ((now() AT TIME ZONE 'UTC'::text))::date,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("caller","operation","key","created_on")
) PARTITION BY RANGE ("created_on");

CREATE TABLE security.idempotency_keys_default PARTITION OF security.idempotency_keys DEFAULT;

ALTER TABLE security.idempotency_keys
  ADD CONSTRAINT idempotency_keys_caller_named CHECK (caller <> '' AND caller <> 'anonymous'),
  ADD CONSTRAINT idempotency_keys_operation_not_empty CHECK (operation <> ''),
  ADD CONSTRAINT idempotency_keys_key_form CHECK (key ~ '^[!-~]{1,255}$'),
  ADD CONSTRAINT idempotency_keys_fingerprint_length CHECK (octet_length(fingerprint) = 32),
  ADD CONSTRAINT idempotency_keys_status_told CHECK (status BETWEEN 200 AND 499),
  ADD CONSTRAINT idempotency_keys_headers_object CHECK (jsonb_typeof(headers) = 'object'),
  ADD CONSTRAINT idempotency_keys_times_finite CHECK (isfinite(created_on) AND isfinite(created_at));

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

-- sql/security/lock_idempotency_key.sql
-- drop: DROP FUNCTION security.lock_idempotency_key(text, text, text);
-- security.lock_idempotency_key: until the transaction ends, a caller's key is this transaction's alone; false, at once,
-- where it is another's. The number in the middle keeps these locks apart from those of others.
CREATE OR REPLACE FUNCTION security.lock_idempotency_key(p_caller text, p_operation text, p_key text) RETURNS boolean
LANGUAGE sql SET search_path = '' AS $$
  SELECT pg_catalog.pg_try_advisory_xact_lock(
    pg_catalog.hashtextextended(pg_catalog.jsonb_build_array(p_caller, p_operation, p_key)::text, 1337)
  )
$$;
REVOKE ALL ON FUNCTION security.lock_idempotency_key(text, text, text) FROM PUBLIC;
-- end

-- sql/security/claim_idempotency_key.sql
-- drop: DROP FUNCTION security.claim_idempotency_key(text, text, bytea);
-- after: security/lock_idempotency_key
-- security.claim_idempotency_key: what to do with a request of the transaction's actor. `new`: do it, the key is locked
-- until the transaction ends; `kept`: give the answer beside it; `reused`: the key came with another request before;
-- `inFlight`: another transaction is at it, or was a moment ago.
-- The unique index holds for one day only. It is the lock, taken before the look-up, that holds across midnight: who had
-- it before has committed when we get it, and the look-up's snapshot is newer. So it must run in READ COMMITTED.
CREATE OR REPLACE FUNCTION security.claim_idempotency_key(p_operation text, p_key text, p_fingerprint bytea)
RETURNS TABLE (verdict text, status integer, headers jsonb, body bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_caller text := nullif(nullif(current_setting('app.actor', true), ''), 'anonymous');
  v_is_locked boolean;
  v_fingerprint bytea;
BEGIN
  IF v_caller IS NULL THEN
    RAISE EXCEPTION 'an idempotency key is somebody''s, and this transaction acts for nobody';
  END IF;
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'idempotency keys need READ COMMITTED, not %', current_setting('transaction_isolation');
  END IF;
  v_is_locked := security.lock_idempotency_key(v_caller, p_operation, p_key);
  SELECT 'kept', kept.status, kept.headers, kept.body, kept.fingerprint
  INTO verdict, status, headers, body, v_fingerprint
  FROM security.idempotency_keys kept
  WHERE kept.caller = v_caller AND kept.operation = p_operation AND kept.key = p_key;
  IF NOT FOUND THEN
    RETURN QUERY SELECT CASE WHEN v_is_locked THEN 'new' ELSE 'inFlight' END, NULL::integer, NULL::jsonb, NULL::bytea;
  ELSIF v_fingerprint <> p_fingerprint THEN
    RETURN QUERY SELECT 'reused', NULL::integer, NULL::jsonb, NULL::bytea;
  ELSE
    RETURN NEXT;
  END IF;
END
$$;
REVOKE ALL ON FUNCTION security.claim_idempotency_key(text, text, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.claim_idempotency_key(text, text, bytea) TO pika_app, pika_support;
-- end

-- sql/security/keep_idempotent_answer.sql
-- drop: DROP FUNCTION security.keep_idempotent_answer(text, text, bytea, integer, jsonb, bytea);
-- after: security/lock_idempotency_key
-- security.keep_idempotent_answer: keeps the answer of a request whose key this transaction has claimed, to be committed
-- with what the request did.
CREATE OR REPLACE FUNCTION security.keep_idempotent_answer(
  p_operation text, p_key text, p_fingerprint bytea, p_status integer, p_headers jsonb, p_body bytea
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_caller text := current_setting('app.actor', true);
BEGIN
  IF NOT security.lock_idempotency_key(v_caller, p_operation, p_key) THEN
    RAISE EXCEPTION 'this transaction has not claimed the idempotency key';
  END IF;
  INSERT INTO security.idempotency_keys (caller, operation, key, fingerprint, status, headers, body)
  VALUES (v_caller, p_operation, p_key, p_fingerprint, p_status, p_headers, p_body);
END
$$;
REVOKE ALL ON FUNCTION security.keep_idempotent_answer(text, text, bytea, integer, jsonb, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.keep_idempotent_answer(text, text, bytea, integer, jsonb, bytea)
  TO pika_app, pika_support;
-- end

-- sql/security/drop_idempotency_partitions.sql
-- drop: DROP FUNCTION security.drop_idempotency_partitions();
-- security.drop_idempotency_partitions: removes the answers of all days before yesterday (UTC), so that each was kept for
-- 24 hours at least; answers how many partitions went. A transaction of its own: it locks the table before its partitions,
-- as requests do, and gives up after a second rather than let them queue up behind it.
CREATE OR REPLACE FUNCTION security.drop_idempotency_partitions() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET lock_timeout = '1s' AS $$
DECLARE
  v_yesterday date := (now() AT TIME ZONE 'UTC')::date - 1;
  v_name text;
  v_dropped integer := 0;
BEGIN
  FOR v_name IN
    SELECT part.relname FROM pg_catalog.pg_inherits JOIN pg_catalog.pg_class part ON part.oid = inhrelid
    WHERE inhparent = 'security.idempotency_keys'::regclass AND part.relname <> 'idempotency_keys_default'
      AND to_date(right(part.relname, 10), 'YYYY_MM_DD') < v_yesterday
  LOOP
    EXECUTE format('DROP TABLE security.%I', v_name);
    v_dropped := v_dropped + 1;
  END LOOP;
  DELETE FROM security.idempotency_keys_default late WHERE late.created_on < v_yesterday;
  RETURN v_dropped;
END
$$;
REVOKE ALL ON FUNCTION security.drop_idempotency_partitions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.drop_idempotency_partitions() TO pika_app;
-- end

-- sql/security/make_idempotency_partitions.sql
-- drop: DROP FUNCTION security.make_idempotency_partitions(integer);
-- security.make_idempotency_partitions: a partition for today (UTC) and for the days ahead; answers how many it made. A day
-- that the default partition has begun to take stays there, so that the unique index holds for the whole of it.
-- Requests wait while it looks into the default partition; it gives up after a second rather than let them queue up.
CREATE OR REPLACE FUNCTION security.make_idempotency_partitions(p_days_ahead integer DEFAULT 2) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET "DateStyle" = 'ISO' SET lock_timeout = '1s' AS $$
DECLARE
  v_today date := (now() AT TIME ZONE 'UTC')::date;
  v_day date;
  v_name text;
  v_made integer := 0;
BEGIN
  LOCK TABLE security.idempotency_keys IN SHARE UPDATE EXCLUSIVE MODE;
  FOR v_day IN SELECT day::date FROM generate_series(v_today, v_today + p_days_ahead, '1 day') AS day LOOP
    v_name := 'idempotency_keys_' || to_char(v_day, 'YYYY_MM_DD');
    CONTINUE WHEN to_regclass('security.' || v_name) IS NOT NULL;
    LOCK TABLE security.idempotency_keys_default IN ACCESS EXCLUSIVE MODE;
    CONTINUE WHEN EXISTS (SELECT FROM security.idempotency_keys_default late WHERE late.created_on = v_day);
    EXECUTE format('CREATE TABLE security.%I (LIKE security.idempotency_keys INCLUDING ALL)', v_name);
    EXECUTE format('ALTER TABLE security.idempotency_keys ATTACH PARTITION security.%I FOR VALUES FROM (%L) TO (%L)',
      v_name, v_day, v_day + 1);
    v_made := v_made + 1;
  END LOOP;
  RETURN v_made;
END
$$;
REVOKE ALL ON FUNCTION security.make_idempotency_partitions(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.make_idempotency_partitions(integer) TO pika_app;
-- end

-- sql/security/access.sql
-- drop: SELECT security.withdraw_access('security');
-- after: security/withdraw_access
-- access to security: What protects everybody is written by the apps and read by functions; the answers kept under idempotency keys are reached through functions alone.
GRANT USAGE ON SCHEMA security TO pika_app, pika_support;

GRANT INSERT ON security.login_attempts TO pika_app;

ALTER TABLE security.idempotency_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON security.idempotency_keys TO pika_owner USING (true) WITH CHECK (true);
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
