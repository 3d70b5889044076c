-- drop: DROP FUNCTION marketplace.count_names(marketplace.redemptions);
-- marketplace.count_names: what an entry of the ledger counts in, in the places of marketplace.limit_violations, then its
-- claim, its code and what it spends of the claim's balance; NULL where it counts in no such thing.
CREATE OR REPLACE FUNCTION marketplace.count_names(p_entry marketplace.redemptions) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = '' AS $$
  SELECT ARRAY[
    'used ' || p_entry.voucher_id,
    'spent ' || p_entry.voucher_id,
    'user ' || p_entry.voucher_id || p_entry.user_id,
    'user day ' || p_entry.voucher_id || p_entry.user_id || (p_entry.local_day - '2000-01-01'::date),
    'place day ' || p_entry.voucher_id || p_entry.location_id || (p_entry.local_day - '2000-01-01'::date),
    'campaign used ' || p_entry.campaign_id,
    'campaign spent ' || p_entry.campaign_id,
    'campaign user ' || p_entry.campaign_id || p_entry.user_id,
    'claim ' || p_entry.claim_id,
    'code ' || p_entry.code_id,
    'balance spent ' || p_entry.claim_id
  ]
$$;
REVOKE ALL ON FUNCTION marketplace.count_names(marketplace.redemptions) FROM PUBLIC;
