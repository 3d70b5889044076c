-- drop: DROP FUNCTION marketplace.resolve_requests(jsonb);
-- marketplace.resolve_requests: what each request to redeem is about and who stands behind it. `is_known` is false where
-- there is no such thing, or none that the caller may know of: then nothing else is told.
-- user_id is whose limits count: the owner of the claim, or the consumer who asks. Members of the voucher's business and its
-- keys are staff; they never count against limits of their own.
CREATE OR REPLACE FUNCTION marketplace.resolve_requests(p_requests jsonb) RETURNS TABLE (
  ordinal integer, is_known boolean, voucher_id uuid, business_id uuid, campaign_id uuid, claim_id uuid, code_id uuid,
  user_id uuid, staff_id uuid, api_key_id uuid
) LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT asked.ordinal, known.is_known,
    CASE WHEN known.is_known THEN voucher.id END,
    CASE WHEN known.is_known THEN voucher.business_id END,
    CASE WHEN known.is_known THEN voucher.campaign_id END,
    CASE WHEN known.is_known THEN claim.id END,
    CASE WHEN known.is_known THEN code.id END,
    CASE WHEN claim.id IS NOT NULL THEN claim.user_id WHEN NOT staff.is_staff THEN asked."userId" END,
    CASE WHEN staff.is_staff THEN asked."userId" END,
    asked."apiKeyId"
  FROM jsonb_to_recordset(p_requests) AS asked (
    ordinal integer, "voucherId" uuid, "claimId" uuid, code text, "userId" uuid, "apiKeyId" uuid, "keyBusinessId" uuid
  )
  LEFT JOIN LATERAL (
    SELECT found.id, found.voucher_id, found.user_id FROM marketplace.claims found WHERE found.id = asked."claimId"
    UNION ALL
    SELECT found.id, found.voucher_id, found.user_id FROM marketplace.claims found WHERE found.short_code = asked.code
    LIMIT 1
  ) AS claim ON true
  LEFT JOIN marketplace.voucher_codes code ON code.code = asked.code
  LEFT JOIN marketplace.vouchers voucher
    ON voucher.id = coalesce(claim.voucher_id, code.voucher_id, asked."voucherId") AND voucher.deleted_at IS NULL
  LEFT JOIN business.businesses business ON business.id = voucher.business_id
  CROSS JOIN LATERAL (
    SELECT coalesce(
      asked."keyBusinessId" = voucher.business_id
        OR business.owner_id = asked."userId"
        OR EXISTS (
          SELECT FROM business.members member
          WHERE member.business_id = voucher.business_id AND member.user_id = asked."userId"
        ),
      false
    ) AS is_staff
  ) AS staff
  CROSS JOIN LATERAL (
    SELECT voucher.id IS NOT NULL AND (asked."claimId" IS NULL OR claim.id IS NOT NULL) AND (
      staff.is_staff
      OR coalesce(claim.user_id = asked."userId", false)
      OR (claim.id IS NULL AND asked."userId" IS NOT NULL AND voucher.state <> 'draft')
    ) AS is_known
  ) AS known
$$;
REVOKE ALL ON FUNCTION marketplace.resolve_requests(jsonb) FROM PUBLIC;
