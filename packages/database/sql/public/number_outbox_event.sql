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
