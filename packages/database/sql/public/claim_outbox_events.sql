-- drop: DROP FUNCTION public.claim_outbox_events(text[], integer, interval, integer);
-- public.claim_outbox_events: up to p_limit events to deliver now, about aggregates of these types, each the first waiting one
-- of its aggregate. They are the caller's for p_lease; then, where nothing was heard of them, anybody's. One that was given out
-- p_attempts_max times already took its dispatchers with it: it is parked. What has an earlier one before it is looked at
-- again in 5 s.
CREATE OR REPLACE FUNCTION public.claim_outbox_events(
  p_aggregate_types text[], p_limit integer, p_lease interval, p_attempts_max integer
)
RETURNS SETOF public.outbox_events
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  WITH due AS MATERIALIZED (
    SELECT event.id, event.aggregate_type, event.aggregate_id, event.attempts
    FROM (SELECT DISTINCT pg_catalog.unnest(p_aggregate_types) AS name) AS wanted
    CROSS JOIN LATERAL (
      SELECT * FROM public.outbox_events
      WHERE aggregate_type = wanted.name AND available_at <= pg_catalog.now()
      ORDER BY available_at
      LIMIT p_limit
      FOR UPDATE SKIP LOCKED
    ) AS event
    ORDER BY event.available_at
    LIMIT p_limit
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
REVOKE ALL ON FUNCTION public.claim_outbox_events(text[], integer, interval, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.claim_outbox_events(text[], integer, interval, integer) TO pika_app;
