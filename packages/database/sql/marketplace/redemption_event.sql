-- drop: DROP FUNCTION marketplace.redemption_event(marketplace.redemptions);
-- after: marketplace/instant_text
-- marketplace.redemption_event: what the outbox tells of an entry of the ledger.
CREATE OR REPLACE FUNCTION marketplace.redemption_event(p_entry marketplace.redemptions) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT jsonb_build_object(
    'id', p_entry.id, 'reversesId', p_entry.reverses_id, 'voucherId', p_entry.voucher_id, 'businessId', p_entry.business_id,
    'campaignId', p_entry.campaign_id, 'locationId', p_entry.location_id, 'claimId', p_entry.claim_id,
    'channel', p_entry.channel, 'discountMinor', p_entry.discount_minor, 'currency', p_entry.currency,
    'localDay', p_entry.local_day, 'redeemedAt', marketplace.instant_text(p_entry.redeemed_at)
  )
$$;
REVOKE ALL ON FUNCTION marketplace.redemption_event(marketplace.redemptions) FROM PUBLIC;
