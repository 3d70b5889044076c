SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

DROP TRIGGER vouchers_keep_discount ON marketplace.vouchers; DROP FUNCTION marketplace.keep_discount();
DROP FUNCTION marketplace.expire_vouchers(timestamptz, integer);

-- AlterTable
ALTER TABLE "marketplace"."vouchers" DROP COLUMN "content_version";

-- sql/business/start_of_day.sql
-- drop: DROP FUNCTION business.start_of_day(date, text);
-- business.start_of_day: the first instant of a local date. Where the clock is put back over midnight, that is the
-- earlier of the two midnights; where there is no midnight, the first moment after the gap.
CREATE OR REPLACE FUNCTION business.start_of_day(p_day date, p_time_zone text) RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  v_midnight constant timestamptz := p_day::timestamp AT TIME ZONE p_time_zone;
BEGIN
  RETURN (
    SELECT min(v_midnight - step)
    FROM unnest('{00:00,00:30,01:00,02:00}'::interval[]) AS step
    WHERE ((v_midnight - step) AT TIME ZONE p_time_zone)::date = p_day
  );
END
$$;
-- end
