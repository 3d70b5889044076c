-- drop: DROP FUNCTION marketplace.discount_of(marketplace.vouchers, bigint, bigint);
-- marketplace.discount_of: what a voucher takes off an amount, in minor units of its currency; NULL where that cannot be said
-- without the amount. A percentage is rounded to the nearest minor unit, halves up; nothing takes off more than the amount.
-- Of a free item the amount is the item's price. `p_balance_minor` is what a gift balance has left.
CREATE OR REPLACE FUNCTION marketplace.discount_of(p_voucher marketplace.vouchers, p_amount_minor bigint, p_balance_minor bigint)
RETURNS bigint LANGUAGE plpgsql IMMUTABLE SET search_path = '' AS $$
BEGIN
  RETURN CASE p_voucher.discount_type
    WHEN 'percentage' THEN least(round(p_amount_minor * p_voucher.percent_off / 100)::bigint,
      CASE WHEN p_amount_minor IS NOT NULL THEN p_voucher.percent_cap_minor END)
    WHEN 'fixed_amount' THEN least(p_voucher.amount_off_minor, p_amount_minor)
    WHEN 'free_item' THEN p_amount_minor
    WHEN 'fixed_price' THEN greatest(p_amount_minor - p_voucher.fixed_price_minor, CASE WHEN p_amount_minor IS NOT NULL THEN 0 END)
    ELSE CASE WHEN p_amount_minor IS NOT NULL THEN least(p_amount_minor, p_balance_minor) END
  END;
END
$$;
REVOKE ALL ON FUNCTION marketplace.discount_of(marketplace.vouchers, bigint, bigint) FROM PUBLIC;
