-- drop: DROP FUNCTION marketplace.merge_scans(jsonb, timestamptz);
-- after: marketplace/fold_scans
-- after: marketplace/lock_counters
-- after: marketplace/resolve_requests
-- marketplace.merge_scans: takes in what tills without network have scanned; a scan that is there already is not taken twice.
-- Then all scans of the vouchers, and of the campaigns they share limits in, are folded anew.
-- `verdict`: within, overUse (`violations` says of which limits), withdrawn (rolled back by hand), notFound (nothing of the
-- caller's business; nothing is kept), nonceReused (the nonce stands for another scan).
CREATE OR REPLACE FUNCTION marketplace.merge_scans(p_requests jsonb, p_at timestamptz)
RETURNS TABLE (ordinal integer, verdict text, violations text[], redemption_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_voucher_ids uuid[];
BEGIN
  v_voucher_ids := ARRAY(
    SELECT sister.id
    FROM marketplace.resolve_requests(p_requests) AS target
    JOIN marketplace.vouchers sister ON sister.id = target.voucher_id OR sister.campaign_id = target.campaign_id
    WHERE target.is_known AND (target.staff_id IS NOT NULL OR target.api_key_id IS NOT NULL)
    GROUP BY sister.id
  );
  PERFORM marketplace.lock_counters(v_voucher_ids);
  INSERT INTO marketplace.scans (nonce, voucher_id, business_id, location_id, claim_id, code_id, user_id, staff_id, api_key_id,
    amount_minor, currency, device, scanned_at, received_at)
  SELECT request.nonce, target.voucher_id, target.business_id, location.id, target.claim_id, target.code_id, target.user_id,
    CASE WHEN target.api_key_id IS NULL THEN target.staff_id END, target.api_key_id, request."amountMinor", request.currency,
    request.device, request."scannedAt", p_at
  FROM marketplace.resolve_requests(p_requests) AS target
  JOIN jsonb_to_recordset(p_requests) AS request (
    ordinal integer, nonce uuid, "locationId" uuid, "amountMinor" bigint, currency text, device text, "scannedAt" timestamptz
  ) ON request.ordinal = target.ordinal
  JOIN business.locations location ON location.id = request."locationId" AND location.business_id = target.business_id
  WHERE target.is_known AND (target.staff_id IS NOT NULL OR target.api_key_id IS NOT NULL)
  ORDER BY request.nonce
  ON CONFLICT (nonce) DO NOTHING;
  PERFORM marketplace.fold_scans(v_voucher_ids, p_at);

  RETURN QUERY
  SELECT target.ordinal,
    CASE
      WHEN scan.nonce IS NULL THEN 'notFound'
      WHEN scan.voucher_id <> target.voucher_id OR scan.claim_id IS DISTINCT FROM target.claim_id
        OR scan.code_id IS DISTINCT FROM target.code_id OR scan.location_id <> request."locationId"
        OR scan.scanned_at <> request."scannedAt" THEN 'nonceReused'
      WHEN live.is_withdrawn THEN 'withdrawn'
      WHEN folded.violations = '{}' THEN 'within'
      ELSE 'overUse' END,
    folded.violations, live.id
  FROM marketplace.resolve_requests(p_requests) AS target
  JOIN jsonb_to_recordset(p_requests) AS request (
    ordinal integer, nonce uuid, "locationId" uuid, "scannedAt" timestamptz
  ) ON request.ordinal = target.ordinal
  LEFT JOIN marketplace.scans scan ON scan.nonce = request.nonce AND scan.business_id = target.business_id
  LEFT JOIN marketplace.scan_verdicts folded ON folded.nonce = scan.nonce
  LEFT JOIN LATERAL (
    SELECT entry.id, reversal.id IS NOT NULL AS is_withdrawn
    FROM marketplace.redemptions entry
    LEFT JOIN marketplace.redemptions reversal ON reversal.reverses_id = entry.id
    WHERE entry.scan_nonce = scan.nonce AND entry.kind = 'redemption' AND (reversal.id IS NULL OR reversal.scan_nonce IS NULL)
    LIMIT 1
  ) AS live ON true
  ORDER BY target.ordinal;
END
$$;
REVOKE ALL ON FUNCTION marketplace.merge_scans(jsonb, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.merge_scans(jsonb, timestamptz) TO pika_app;
