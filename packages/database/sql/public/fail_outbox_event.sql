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
