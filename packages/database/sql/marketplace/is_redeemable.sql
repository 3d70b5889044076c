-- drop: DROP FUNCTION marketplace.is_redeemable(uuid, uuid, uuid, timestamptz);
-- after: business/is_open
-- after: marketplace/reasons_not_now
-- marketplace.is_redeemable: whether marketplace.reasons_not_now has none for a card.
CREATE OR REPLACE FUNCTION marketplace.is_redeemable(p_voucher_id uuid, p_location_id uuid, p_user_id uuid, p_at timestamptz)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM marketplace.cards card
    JOIN business.locations location ON location.id = card.location_id
    CROSS JOIN LATERAL marketplace.reasons_not_now(
      card.voucher_id, location.id, location.time_zone,
      business.is_open(location.id, location.time_zone, location.weekly_hours, p_at), card.valid_from, p_user_id, p_at
    ) AS refusal
    WHERE card.location_id = p_location_id AND card.voucher_id = p_voucher_id AND refusal.reasons = ''
  );
END
$$;
