-- drop: DROP FUNCTION marketplace.list_revoked_tokens(timestamptz);
-- marketplace.list_revoked_tokens: the ids of the claims and vouchers that stopped to be good since then, and of the claims of
-- such vouchers: what a token that was signed since then may be for though it is worth nothing.
CREATE OR REPLACE FUNCTION marketplace.list_revoked_tokens(p_since timestamptz) RETURNS SETOF uuid
LANGUAGE sql STABLE ROWS 100 SECURITY DEFINER SET search_path = '' AS $$
  SELECT claim.id FROM marketplace.claims claim WHERE claim.state <> 'active' AND claim.updated_at >= p_since
  UNION
  SELECT named.id
  FROM marketplace.vouchers voucher
  CROSS JOIN LATERAL (
    SELECT voucher.id
    UNION ALL
    SELECT claim.id FROM marketplace.claims claim WHERE claim.voucher_id = voucher.id AND claim.state = 'active'
  ) AS named
  WHERE (voucher.state <> 'published' OR voucher.deleted_at IS NOT NULL) AND voucher.updated_at >= p_since
  UNION
  SELECT claim.id
  FROM business.businesses business
  JOIN marketplace.vouchers voucher ON voucher.business_id = business.id
  JOIN marketplace.claims claim ON claim.voucher_id = voucher.id AND claim.state = 'active'
  WHERE (business.status <> 'verified' OR business.deleted_at IS NOT NULL) AND business.updated_at >= p_since
$$;
REVOKE ALL ON FUNCTION marketplace.list_revoked_tokens(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.list_revoked_tokens(timestamptz) TO pika_app;
