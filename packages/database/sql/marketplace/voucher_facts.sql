-- drop: DROP FUNCTION marketplace.voucher_facts(marketplace.vouchers, timestamptz, timestamptz);
-- after: marketplace/discount_json
-- after: marketplace/instant_text
-- marketplace.voucher_facts: the part of a card's public JSON that no language changes (the inside of an object).
CREATE OR REPLACE FUNCTION marketplace.voucher_facts(
  p_voucher marketplace.vouchers, p_valid_from timestamptz, p_expires_at timestamptz
) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT marketplace.discount_json(p_voucher)
    || ',"validFrom":' || to_json(marketplace.instant_text(p_valid_from))::text
    || ',"expiresAt":' || coalesce(to_json(marketplace.instant_text(p_expires_at))::text, 'null')
$$;
