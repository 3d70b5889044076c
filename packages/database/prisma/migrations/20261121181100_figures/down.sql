SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

DROP FUNCTION marketplace.why_not(uuid, double precision, double precision, double precision, text, boolean, boolean, uuid, timestamptz);
DROP FUNCTION analytics.insert_events(jsonb);
