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
