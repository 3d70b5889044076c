SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

-- With every queue that was made since, and its jobs.
RESET ROLE;
DROP SCHEMA pgboss CASCADE;
SET LOCAL ROLE pika_owner;

DROP TRIGGER outbox_events_numbered ON public.outbox_events; DROP FUNCTION public.number_outbox_event();
DROP FUNCTION public.settle_outbox_event(bigint, integer, interval);
DROP FUNCTION public.release_outbox_event(bigint, boolean);
DROP FUNCTION public.prune_outbox(timestamptz, timestamptz, integer);
DROP FUNCTION public.lock_outbox_aggregate(text, text);
DROP FUNCTION public.fail_outbox_event(bigint, integer, text, interval, integer);
DROP FUNCTION public.claim_outbox_events(integer, interval, integer);

-- DropTable
DROP TABLE "public"."outbox_events";

-- DropTable
DROP TABLE "public"."consumed_events";
