-- drop: DROP FUNCTION marketplace.discount_json(marketplace.vouchers);
-- marketplace.discount_json: the `discount` member of a voucher's public JSON (the inside of an object).
CREATE OR REPLACE FUNCTION marketplace.discount_json(p_voucher marketplace.vouchers) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT '"discount":' || json_build_object(
    'type', p_voucher.discount_type,
    'value', coalesce(
      p_voucher.percent_off, p_voucher.amount_off_minor, p_voucher.free_item_quantity,
      p_voucher.fixed_price_minor, p_voucher.gift_balance_minor
    ),
    'capMinor', p_voucher.percent_cap_minor,
    'currency', p_voucher.currency
  )::text
$$;
