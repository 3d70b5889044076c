-- drop: DROP FUNCTION analytics.insert_events(jsonb);
-- after: public/new_id
-- analytics.insert_events: notes what happened to vouchers; whose they are is looked up, and what is about none is left out.
CREATE OR REPLACE FUNCTION analytics.insert_events(p_events jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  INSERT INTO analytics.events (id, type, business_id, voucher_id, location_id, language_code, channel, weight, occurred_at)
  SELECT public.new_id(event."occurredAt"), event.type, voucher.business_id, voucher.id, event."locationId", event.language,
    event.channel, coalesce(event.weight, 1), event."occurredAt"
  FROM jsonb_to_recordset(p_events) AS event (
    type analytics.event_type, "voucherId" uuid, "locationId" uuid, language text, channel text, weight integer,
    "occurredAt" timestamptz
  )
  JOIN marketplace.vouchers voucher ON voucher.id = event."voucherId"
$$;
REVOKE ALL ON FUNCTION analytics.insert_events(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION analytics.insert_events(jsonb) TO pika_app;
