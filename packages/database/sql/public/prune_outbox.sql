-- drop: DROP FUNCTION public.prune_outbox(timestamptz, timestamptz, integer);
-- public.prune_outbox: removes up to p_limit events delivered before p_delivered_before, and up to p_limit memories of
-- consumers from before p_consumed_before whose event is gone; says how many rows. An event that still stands may come again.
CREATE OR REPLACE FUNCTION public.prune_outbox(
  p_delivered_before timestamptz, p_consumed_before timestamptz, p_limit integer
) RETURNS integer
LANGUAGE sql SET search_path = '' AS $$
  WITH old_events AS (
    SELECT event.id FROM public.outbox_events event
    WHERE event.delivered_at < p_delivered_before ORDER BY event.delivered_at LIMIT p_limit FOR UPDATE SKIP LOCKED
  ), pruned_events AS (
    DELETE FROM public.outbox_events event USING old_events WHERE event.id = old_events.id RETURNING 1
  ), old_memories AS (
    SELECT memory.consumer, memory.event_id FROM public.consumed_events memory
    WHERE memory.consumed_at < p_consumed_before
      AND NOT EXISTS (SELECT FROM public.outbox_events event WHERE event.id = memory.event_id)
    ORDER BY memory.consumed_at LIMIT p_limit FOR UPDATE SKIP LOCKED
  ), pruned_memories AS (
    DELETE FROM public.consumed_events memory USING old_memories
    WHERE memory.consumer = old_memories.consumer AND memory.event_id = old_memories.event_id
    RETURNING 1
  )
  SELECT ((SELECT count(*) FROM pruned_events) + (SELECT count(*) FROM pruned_memories))::integer
$$;
