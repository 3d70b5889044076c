SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

-- AlterTable
ALTER TABLE "marketplace"."vouchers" ADD COLUMN     "content_version" INTEGER NOT NULL DEFAULT 1;

-- sql/business/start_of_day.sql
-- drop: DROP FUNCTION business.start_of_day(date, text);
-- business.start_of_day: the first instant of a local date. Where the clock is put back over midnight, that is the
-- earlier of the two midnights; where there is no midnight, the first moment after the gap; where there is no such day at
-- all (Samoa left out 30 December 2011), the moment at which it would have begun, which is the beginning of the next.
CREATE OR REPLACE FUNCTION business.start_of_day(p_day date, p_time_zone text) RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  v_midnight constant timestamptz := p_day::timestamp AT TIME ZONE p_time_zone;
BEGIN
  RETURN coalesce((
    SELECT min(v_midnight - step)
    FROM unnest('{00:00,00:30,01:00,02:00}'::interval[]) AS step
    WHERE ((v_midnight - step) AT TIME ZONE p_time_zone)::date = p_day
  ), v_midnight);
END
$$;
-- end

-- sql/marketplace/expire_vouchers.sql
-- drop: DROP FUNCTION marketplace.expire_vouchers(timestamptz, integer);
-- after: business/start_of_day
-- marketplace.expire_vouchers: what was published or suspended and whose last day is over at all of its living locations,
-- by their own clocks, is expired; at most p_limit, and how many. One without locations waits for the last place on earth.
-- What another transaction holds is left for the next time.
CREATE OR REPLACE FUNCTION marketplace.expire_vouchers(p_now timestamptz, p_limit integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_count integer;
BEGIN
  WITH over AS MATERIALIZED (
    SELECT v.id
    FROM marketplace.vouchers v
    WHERE v.state IN ('published', 'suspended') AND v.deleted_at IS NULL
      -- Nowhere is it a later day than at UTC+14.
      AND v.valid_until < (p_now AT TIME ZONE 'Etc/GMT-14')::date
      AND CASE
        WHEN EXISTS (
          SELECT FROM marketplace.voucher_locations link
          JOIN business.locations l ON l.id = link.location_id AND l.deleted_at IS NULL
          WHERE link.voucher_id = v.id
        ) THEN NOT EXISTS (
          SELECT FROM marketplace.voucher_locations link
          JOIN business.locations l ON l.id = link.location_id AND l.deleted_at IS NULL
          WHERE link.voucher_id = v.id AND business.start_of_day(v.valid_until + 1, l.time_zone) > p_now
        )
        ELSE business.start_of_day(v.valid_until + 1, 'Etc/GMT+12') <= p_now
      END
    ORDER BY v.id
    LIMIT p_limit
    FOR NO KEY UPDATE OF v SKIP LOCKED
  )
  UPDATE marketplace.vouchers v SET state = 'expired' FROM over WHERE v.id = over.id;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END
$$;
REVOKE ALL ON FUNCTION marketplace.expire_vouchers(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.expire_vouchers(timestamptz, integer) TO pika_app;
-- end

-- sql/marketplace/keep_discount.sql
-- drop: DROP TRIGGER vouchers_keep_discount ON marketplace.vouchers; DROP FUNCTION marketplace.keep_discount();
-- marketplace.keep_discount: once a voucher was claimed or redeemed its kind of discount and its currency stay: what is
-- counted is counted in them, and somebody holds them in the wallet. Its counters are locked, so that nobody claims or
-- redeems meanwhile. A refused change is a check_violation of a constraint with the trigger's name.
CREATE OR REPLACE FUNCTION marketplace.keep_discount() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_is_used boolean;
BEGIN
  SELECT counter.used_count > 0 OR counter.claimed_count > 0 OR counter.discount_minor > 0 INTO v_is_used
  FROM marketplace.voucher_counters counter WHERE counter.voucher_id = NEW.id
  FOR UPDATE;
  IF v_is_used OR EXISTS (SELECT FROM marketplace.redemptions entry WHERE entry.voucher_id = NEW.id)
    OR EXISTS (SELECT FROM marketplace.claims claim WHERE claim.voucher_id = NEW.id) THEN
    RAISE EXCEPTION 'marketplace.vouchers % is in use', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION marketplace.keep_discount() FROM PUBLIC;
CREATE OR REPLACE TRIGGER vouchers_keep_discount BEFORE UPDATE OF discount_type, currency ON marketplace.vouchers
  FOR EACH ROW
  WHEN (OLD.discount_type IS DISTINCT FROM NEW.discount_type OR (OLD.currency IS NOT NULL AND OLD.currency IS DISTINCT FROM NEW.currency))
  EXECUTE FUNCTION marketplace.keep_discount();
-- end
