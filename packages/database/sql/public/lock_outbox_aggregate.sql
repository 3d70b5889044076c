-- drop: DROP FUNCTION public.lock_outbox_aggregate(text, text);
-- public.lock_outbox_aggregate: whoever numbers or hands on events of one aggregate does so alone until the transaction ends.
-- The number in the middle keeps these locks apart from those of others.
CREATE OR REPLACE FUNCTION public.lock_outbox_aggregate(p_aggregate_type text, p_aggregate_id text) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(jsonb_build_array(p_aggregate_type, p_aggregate_id)::text, 7265));
END
$$;
