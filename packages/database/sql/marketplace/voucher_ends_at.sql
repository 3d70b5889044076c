-- drop: DROP FUNCTION marketplace.voucher_ends_at(uuid);
-- after: business/start_of_day
-- marketplace.voucher_ends_at: the instant from which a voucher is valid nowhere any more: its last day ends by the clock of the
-- westernmost of its locations. NULL where it never ends.
CREATE OR REPLACE FUNCTION marketplace.voucher_ends_at(p_voucher_id uuid) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT coalesce(
    max(business.start_of_day(voucher.valid_until + 1, location.time_zone)),
    -- Without a place no clock tells the day: the last on earth on which it is that day.
    max(business.start_of_day(voucher.valid_until + 1, 'Etc/GMT+12'))
  )
  FROM marketplace.vouchers voucher
  LEFT JOIN marketplace.voucher_locations link ON link.voucher_id = voucher.id
  LEFT JOIN business.locations location ON location.id = link.location_id AND location.deleted_at IS NULL
  WHERE voucher.id = p_voucher_id
$$;
REVOKE ALL ON FUNCTION marketplace.voucher_ends_at(uuid) FROM PUBLIC;
