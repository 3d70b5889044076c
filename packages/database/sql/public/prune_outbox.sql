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
