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
