SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

-- CreateTable
CREATE TABLE "outbox_events" (
    "id" BIGINT NOT NULL,
    "aggregate_type" TEXT NOT NULL,
    "aggregate_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "request_id" TEXT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "available_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "parked_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "consumed_events" (
    "consumer" TEXT NOT NULL,
    "event_id" BIGINT NOT NULL,
    "consumed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "consumed_events_pkey" PRIMARY KEY ("consumer","event_id")
);

-- CreateIndex
CREATE INDEX "consumed_events_consumed_at_idx" ON "consumed_events"("consumed_at");

-- What Prisma cannot say: the sequence of ids, which the trigger draws from, rules of a row, and partial indexes.
CREATE SEQUENCE public.outbox_events_id_seq AS bigint OWNED BY public.outbox_events.id;

ALTER TABLE public.outbox_events
  ADD CONSTRAINT outbox_events_aggregate_type_check CHECK (aggregate_type <> ''),
  ADD CONSTRAINT outbox_events_aggregate_id_check CHECK (aggregate_id <> ''),
  ADD CONSTRAINT outbox_events_type_check CHECK (type <> ''),
  ADD CONSTRAINT outbox_events_attempts_check CHECK (attempts >= 0),
  ADD CONSTRAINT outbox_events_delivered_at_check CHECK (delivered_at IS NULL OR available_at IS NULL),
  ADD CONSTRAINT outbox_events_parked_at_check CHECK (parked_at IS NULL OR available_at IS NULL);
ALTER TABLE public.consumed_events ADD CONSTRAINT consumed_events_consumer_check CHECK (consumer <> '');

CREATE INDEX outbox_events_available_at_idx ON public.outbox_events (available_at) WHERE available_at IS NOT NULL;
CREATE INDEX outbox_events_waiting_idx ON public.outbox_events (aggregate_type, aggregate_id, id) WHERE delivered_at IS NULL;
CREATE INDEX outbox_events_delivered_at_idx ON public.outbox_events (delivered_at) WHERE delivered_at IS NOT NULL;
CREATE INDEX outbox_events_parked_at_idx ON public.outbox_events (parked_at)
  WHERE parked_at IS NOT NULL AND delivered_at IS NULL;

-- sql/public/claim_outbox_events.sql
-- drop: DROP FUNCTION public.claim_outbox_events(integer, interval, integer);
-- public.claim_outbox_events: up to p_limit events to deliver now, each the first waiting one of its aggregate. They are the
-- caller's for p_lease; then, where nothing was heard of them, anybody's. One that was given out p_attempts_max times
-- already took its dispatchers with it: it is parked. What has an earlier one before it is looked at again in 5 s.
CREATE OR REPLACE FUNCTION public.claim_outbox_events(p_limit integer, p_lease interval, p_attempts_max integer)
RETURNS SETOF public.outbox_events
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  WITH due AS MATERIALIZED (
    SELECT event.id, event.aggregate_type, event.aggregate_id, event.attempts
    FROM public.outbox_events event
    WHERE event.available_at <= pg_catalog.now()
    ORDER BY event.available_at
    LIMIT p_limit
    FOR UPDATE SKIP LOCKED
  ), judged AS MATERIALIZED (
    SELECT due.id, CASE
      WHEN EXISTS (
        SELECT FROM public.outbox_events earlier
        WHERE earlier.aggregate_type = due.aggregate_type AND earlier.aggregate_id = due.aggregate_id
          AND earlier.delivered_at IS NULL AND earlier.id < due.id
      ) THEN 'behind'
      WHEN due.attempts >= p_attempts_max THEN 'parked'
      ELSE 'claimed'
    END AS verdict
    FROM due
  ), updated AS (
    UPDATE public.outbox_events event SET
      available_at = CASE judged.verdict
        WHEN 'claimed' THEN pg_catalog.now() + p_lease
        WHEN 'behind' THEN pg_catalog.now() + interval '5 seconds'
      END,
      attempts = event.attempts + (judged.verdict = 'claimed')::integer,
      parked_at = CASE judged.verdict WHEN 'parked' THEN pg_catalog.now() END,
      last_error = CASE judged.verdict
        WHEN 'parked' THEN coalesce(event.last_error, 'no dispatcher that took it was heard of again')
        ELSE event.last_error
      END
    FROM judged WHERE event.id = judged.id
    RETURNING event.*
  )
  SELECT updated.* FROM updated JOIN judged ON judged.id = updated.id WHERE judged.verdict = 'claimed'
$$;
REVOKE ALL ON FUNCTION public.claim_outbox_events(integer, interval, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.claim_outbox_events(integer, interval, integer) TO pika_app;
-- end

-- sql/public/fail_outbox_event.sql
-- drop: DROP FUNCTION public.fail_outbox_event(bigint, integer, text, interval, integer);
-- public.fail_outbox_event: notes that the p_attempt-th attempt to deliver an event failed. It is tried again after p_backoff,
-- twice that, four times that …, at most 10 minutes, less up to half by chance; after p_attempts_max attempts it is
-- parked until public.release_outbox_event. The later events of its aggregate wait for it. True when it was parked.
CREATE OR REPLACE FUNCTION public.fail_outbox_event(
  p_id bigint, p_attempt integer, p_error text, p_backoff interval, p_attempts_max integer
) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  UPDATE public.outbox_events event SET
    last_error = left(p_error, 1000),
    available_at = CASE WHEN p_attempt < p_attempts_max THEN
      pg_catalog.now() + least(p_backoff * 2 ^ least(p_attempt - 1, 30), interval '10 minutes') * (1 - pg_catalog.random() / 2)
    END,
    parked_at = CASE WHEN p_attempt >= p_attempts_max THEN pg_catalog.now() END
  WHERE event.id = p_id AND event.attempts = p_attempt AND event.delivered_at IS NULL AND event.parked_at IS NULL
  RETURNING event.parked_at IS NOT NULL
$$;
REVOKE ALL ON FUNCTION public.fail_outbox_event(bigint, integer, text, interval, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.fail_outbox_event(bigint, integer, text, interval, integer) TO pika_app;
-- end

-- sql/public/lock_outbox_aggregate.sql
-- drop: DROP FUNCTION public.lock_outbox_aggregate(text, text);
-- public.lock_outbox_aggregate: whoever numbers or hands on events of one aggregate does so alone until the transaction ends.
-- The number in the middle keeps these locks apart from those of others.
CREATE OR REPLACE FUNCTION public.lock_outbox_aggregate(p_aggregate_type text, p_aggregate_id text) RETURNS void
LANGUAGE sql SET search_path = '' AS $$
  SELECT pg_catalog.pg_advisory_xact_lock(
    pg_catalog.hashtextextended(pg_catalog.jsonb_build_array(p_aggregate_type, p_aggregate_id)::text, 7265)
  )
$$;
-- end

-- sql/public/prune_outbox.sql
-- drop: DROP FUNCTION public.prune_outbox(timestamptz, timestamptz, integer);
-- public.prune_outbox: removes up to p_limit events delivered before p_delivered_before, and up to p_limit memories of
-- consumers from before p_consumed_before whose event is gone; says how many rows. An event that still stands may come again.
CREATE OR REPLACE FUNCTION public.prune_outbox(
  p_delivered_before timestamptz, p_consumed_before timestamptz, p_limit integer
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_events integer;
  v_memories integer;
BEGIN
  DELETE FROM public.outbox_events event WHERE event.id = ANY (ARRAY(
    SELECT old.id FROM public.outbox_events old
    WHERE old.delivered_at < p_delivered_before ORDER BY old.delivered_at LIMIT p_limit FOR UPDATE SKIP LOCKED
  ));
  GET DIAGNOSTICS v_events = ROW_COUNT;
  -- OFFSET 0: one look into an index for each memory, never a join with all events.
  DELETE FROM public.consumed_events memory USING (
    SELECT old.consumer, old.event_id FROM public.consumed_events old
    WHERE old.consumed_at < p_consumed_before
      AND NOT EXISTS (SELECT FROM public.outbox_events event WHERE event.id = old.event_id OFFSET 0)
    ORDER BY old.consumed_at LIMIT p_limit FOR UPDATE SKIP LOCKED
  ) AS old
  WHERE memory.consumer = old.consumer AND memory.event_id = old.event_id;
  GET DIAGNOSTICS v_memories = ROW_COUNT;
  RETURN v_events + v_memories;
END
$$;
REVOKE ALL ON FUNCTION public.prune_outbox(timestamptz, timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.prune_outbox(timestamptz, timestamptz, integer) TO pika_app;
-- end

-- sql/public/release_outbox_event.sql
-- drop: DROP FUNCTION public.release_outbox_event(bigint, boolean);
-- public.release_outbox_event: lets an aggregate go on that a parked event holds back: the event is tried anew, or with
-- p_skip counts as delivered (its `parked_at` and `last_error` stay). False when no such event is parked.
CREATE OR REPLACE FUNCTION public.release_outbox_event(p_id bigint, p_skip boolean DEFAULT false) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_event public.outbox_events;
BEGIN
  SELECT event.* INTO v_event FROM public.outbox_events event WHERE event.id = p_id;
  PERFORM public.lock_outbox_aggregate(v_event.aggregate_type, v_event.aggregate_id);
  UPDATE public.outbox_events event SET
    delivered_at = CASE WHEN p_skip THEN clock_timestamp() END,
    available_at = CASE WHEN p_skip THEN NULL ELSE clock_timestamp() END,
    parked_at = CASE WHEN p_skip THEN event.parked_at END,
    attempts = CASE WHEN p_skip THEN event.attempts ELSE 0 END
  WHERE event.id = p_id AND event.parked_at IS NOT NULL AND event.delivered_at IS NULL;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE public.outbox_events event SET available_at = clock_timestamp()
  WHERE p_skip AND event.id = (
    SELECT waiting.id FROM public.outbox_events waiting
    WHERE waiting.aggregate_type = v_event.aggregate_type AND waiting.aggregate_id = v_event.aggregate_id
      AND waiting.delivered_at IS NULL
    ORDER BY waiting.id LIMIT 1
  );
  RETURN true;
END
$$;
REVOKE ALL ON FUNCTION public.release_outbox_event(bigint, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.release_outbox_event(bigint, boolean) TO pika_support;
-- end

-- sql/public/settle_outbox_event.sql
-- drop: DROP FUNCTION public.settle_outbox_event(bigint, integer, interval);
-- public.settle_outbox_event: notes that the p_attempt-th attempt delivered an event, and gives the caller the aggregate's
-- next one for p_lease; without p_lease it is anybody's. Nothing happens where the lease ran out and another took the event.
CREATE OR REPLACE FUNCTION public.settle_outbox_event(p_id bigint, p_attempt integer, p_lease interval)
RETURNS SETOF public.outbox_events
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_type text;
  v_aggregate text;
BEGIN
  SELECT event.aggregate_type, event.aggregate_id INTO v_type, v_aggregate
  FROM public.outbox_events event WHERE event.id = p_id;
  PERFORM public.lock_outbox_aggregate(v_type, v_aggregate);
  UPDATE public.outbox_events event SET delivered_at = clock_timestamp(), available_at = NULL
  WHERE event.id = p_id AND event.attempts = p_attempt AND event.delivered_at IS NULL AND event.parked_at IS NULL;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  RETURN QUERY WITH following AS (
    UPDATE public.outbox_events event SET
      available_at = clock_timestamp() + coalesce(p_lease, interval '0'),
      attempts = event.attempts + (p_lease IS NOT NULL)::integer
    WHERE event.id = (
      SELECT waiting.id FROM public.outbox_events waiting
      WHERE waiting.aggregate_type = v_type AND waiting.aggregate_id = v_aggregate AND waiting.delivered_at IS NULL
      ORDER BY waiting.id LIMIT 1
    )
    RETURNING event.*
  )
  SELECT * FROM following WHERE p_lease IS NOT NULL;
END
$$;
REVOKE ALL ON FUNCTION public.settle_outbox_event(bigint, integer, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.settle_outbox_event(bigint, integer, interval) TO pika_app;
-- end

-- sql/public/number_outbox_event.sql
-- drop: DROP TRIGGER outbox_events_numbered ON public.outbox_events; DROP FUNCTION public.number_outbox_event();
-- public.number_outbox_event: gives an event its id and says whether it is the first of its aggregate that waits.
-- The aggregate is locked before the id is drawn and until the writer commits: per aggregate, ids are in the order of
-- commits, and no smaller id appears after a greater one. Only the first waiting event is available; the others follow
-- one by one. A transaction whose snapshot may be old cannot know the first: its event is available, and
-- public.claim_outbox_events looks again. SECURITY DEFINER, for pika_app may insert and nothing else.
CREATE OR REPLACE FUNCTION public.number_outbox_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  PERFORM public.lock_outbox_aggregate(NEW.aggregate_type, NEW.aggregate_id);
  NEW.id := nextval('public.outbox_events_id_seq');
  NEW.available_at := CASE
    WHEN current_setting('transaction_isolation') = 'read committed' AND EXISTS (
      SELECT FROM public.outbox_events earlier
      WHERE earlier.aggregate_type = NEW.aggregate_type AND earlier.aggregate_id = NEW.aggregate_id
        AND earlier.delivered_at IS NULL
    ) THEN NULL
    ELSE clock_timestamp()
  END;
  RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER outbox_events_numbered BEFORE INSERT ON public.outbox_events
  FOR EACH ROW EXECUTE FUNCTION public.number_outbox_event();
-- end

-- An app writes events and remembers what it consumed; it reads, changes and hands out none.
GRANT INSERT (aggregate_type, aggregate_id, type, payload, request_id) ON public.outbox_events TO pika_app;
GRANT INSERT (consumer, event_id) ON public.consumed_events TO pika_app;

-- pg-boss 10.4.2, schema version 24: what PgBoss.getConstructionPlans('pgboss') answers, without its BEGIN, lock and COMMIT.
RESET ROLE;
CREATE SCHEMA pgboss AUTHORIZATION pika_jobs;
SET LOCAL ROLE pika_jobs;

    CREATE TYPE pgboss.job_state AS ENUM (
      'created',
      'retry',
      'active',
      'completed',
      'cancelled',
      'failed'
    )
  ;

    CREATE TABLE pgboss.version (
      version int primary key,
      maintained_on timestamp with time zone,
      cron_on timestamp with time zone,
      monitored_on timestamp with time zone
    )
  ;

    CREATE TABLE pgboss.queue (
      name text,
      policy text,
      retry_limit int,
      retry_delay int,
      retry_backoff bool,
      expire_seconds int,
      retention_minutes int,
      dead_letter text REFERENCES pgboss.queue (name),
      partition_name text,
      created_on timestamp with time zone not null default now(),
      updated_on timestamp with time zone not null default now(),
      PRIMARY KEY (name)
    )
  ;

    CREATE TABLE pgboss.schedule (
      name text REFERENCES pgboss.queue ON DELETE CASCADE,
      cron text not null,
      timezone text,
      data jsonb,
      options jsonb,
      created_on timestamp with time zone not null default now(),
      updated_on timestamp with time zone not null default now(),
      PRIMARY KEY (name)
    )
  ;

    CREATE TABLE pgboss.subscription (
      event text not null,
      name text not null REFERENCES pgboss.queue ON DELETE CASCADE,
      created_on timestamp with time zone not null default now(),
      updated_on timestamp with time zone not null default now(),
      PRIMARY KEY(event, name)
    )
  ;

    CREATE TABLE pgboss.job (
      id uuid not null default gen_random_uuid(),
      name text not null,
      priority integer not null default(0),
      data jsonb,
      state pgboss.job_state not null default('created'),
      retry_limit integer not null default(2),
      retry_count integer not null default(0),
      retry_delay integer not null default(0),
      retry_backoff boolean not null default false,
      start_after timestamp with time zone not null default now(),
      started_on timestamp with time zone,
      singleton_key text,
      singleton_on timestamp without time zone,
      expire_in interval not null default interval '15 minutes',
      created_on timestamp with time zone not null default now(),
      completed_on timestamp with time zone,
      keep_until timestamp with time zone NOT NULL default now() + interval '14 days',
      output jsonb,
      dead_letter text,
      policy text
    ) PARTITION BY LIST (name)
  ;
ALTER TABLE pgboss.job ADD PRIMARY KEY (name, id);
CREATE TABLE pgboss.archive (LIKE pgboss.job);
ALTER TABLE pgboss.archive ADD PRIMARY KEY (name, id);
ALTER TABLE pgboss.archive ADD archived_on timestamptz NOT NULL DEFAULT now();
CREATE INDEX archive_i1 ON pgboss.archive(archived_on);

    CREATE FUNCTION pgboss.create_queue(queue_name text, options json)
    RETURNS VOID AS
    $$
    DECLARE
      table_name varchar := 'j' || encode(sha224(queue_name::bytea), 'hex');
      queue_created_on timestamptz;
    BEGIN

      WITH q as (
      INSERT INTO pgboss.queue (
        name,
        policy,
        retry_limit,
        retry_delay,
        retry_backoff,
        expire_seconds,
        retention_minutes,
        dead_letter,
        partition_name
      )
      VALUES (
        queue_name,
        options->>'policy',
        (options->>'retryLimit')::int,
        (options->>'retryDelay')::int,
        (options->>'retryBackoff')::bool,
        (options->>'expireInSeconds')::int,
        (options->>'retentionMinutes')::int,
        options->>'deadLetter',
        table_name
      )
      ON CONFLICT DO NOTHING
      RETURNING created_on
      )
      SELECT created_on into queue_created_on from q;

      IF queue_created_on IS NULL THEN
        RETURN;
      END IF;

      EXECUTE format('CREATE TABLE pgboss.%I (LIKE pgboss.job INCLUDING DEFAULTS)', table_name);

      EXECUTE format('ALTER TABLE pgboss.%1$I ADD PRIMARY KEY (name, id)', table_name);
      EXECUTE format('ALTER TABLE pgboss.%1$I ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES pgboss.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED', table_name);
      EXECUTE format('ALTER TABLE pgboss.%1$I ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES pgboss.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED', table_name);
      EXECUTE format('CREATE UNIQUE INDEX %1$s_i1 ON pgboss.%1$I (name, COALESCE(singleton_key, '''')) WHERE state = ''created'' AND policy = ''short''', table_name);
      EXECUTE format('CREATE UNIQUE INDEX %1$s_i2 ON pgboss.%1$I (name, COALESCE(singleton_key, '''')) WHERE state = ''active'' AND policy = ''singleton''', table_name);
      EXECUTE format('CREATE UNIQUE INDEX %1$s_i3 ON pgboss.%1$I (name, state, COALESCE(singleton_key, '''')) WHERE state <= ''active'' AND policy = ''stately''', table_name);
      EXECUTE format('CREATE UNIQUE INDEX %1$s_i4 ON pgboss.%1$I (name, singleton_on, COALESCE(singleton_key, '''')) WHERE state <> ''cancelled'' AND singleton_on IS NOT NULL', table_name);
      EXECUTE format('CREATE INDEX %1$s_i5 ON pgboss.%1$I (name, start_after) INCLUDE (priority, created_on, id) WHERE state < ''active''', table_name);

      EXECUTE format('ALTER TABLE pgboss.%I ADD CONSTRAINT cjc CHECK (name=%L)', table_name, queue_name);
      EXECUTE format('ALTER TABLE pgboss.job ATTACH PARTITION pgboss.%I FOR VALUES IN (%L)', table_name, queue_name);
    END;
    $$
    LANGUAGE plpgsql;
  ;

    CREATE FUNCTION pgboss.delete_queue(queue_name text)
    RETURNS VOID AS
    $$
    DECLARE
      table_name varchar;
    BEGIN
      WITH deleted as (
        DELETE FROM pgboss.queue
        WHERE name = queue_name
        RETURNING partition_name
      )
      SELECT partition_name from deleted INTO table_name;

      EXECUTE format('DROP TABLE IF EXISTS pgboss.%I', table_name);
    END;
    $$
    LANGUAGE plpgsql;
  ;
INSERT INTO pgboss.version(version) VALUES ('24');
COMMENT ON SCHEMA pgboss IS 'Scheduled jobs; tables of the library pg-boss, see docs/decisions/0008-jobs.md';
