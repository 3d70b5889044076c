-- drop: DROP FUNCTION marketplace.list_revoked_tokens(integer);
-- after: business/is_active
-- marketplace.list_revoked_tokens: the ids of the claims and vouchers that stopped to be good in so many seconds until now, and of
-- the claims of such vouchers: what a token that was signed in that time may be for though it is worth nothing.
CREATE OR REPLACE FUNCTION marketplace.list_revoked_tokens(p_seconds integer) RETURNS SETOF uuid
LANGUAGE sql STABLE ROWS 100 SECURITY DEFINER SET search_path = '' AS $$
  SELECT claim.id FROM marketplace.claims claim WHERE claim.state <> 'active' AND claim.updated_at >= now() - make_interval(secs => p_seconds)
  UNION
  SELECT named.id
  FROM marketplace.vouchers voucher
  CROSS JOIN LATERAL (
    SELECT voucher.id
    UNION ALL
    SELECT claim.id FROM marketplace.claims claim WHERE claim.voucher_id = voucher.id AND claim.state = 'active'
  ) AS named
  WHERE (voucher.state <> 'published' OR voucher.deleted_at IS NOT NULL) AND voucher.updated_at >= now() - make_interval(secs => p_seconds)
  UNION
  SELECT named.id
  FROM business.businesses business
  JOIN marketplace.vouchers voucher ON voucher.business_id = business.id
  CROSS JOIN LATERAL (
    SELECT voucher.id
    UNION ALL
    SELECT claim.id FROM marketplace.claims claim WHERE claim.voucher_id = voucher.id AND claim.state = 'active'
  ) AS named
  WHERE NOT business.is_active(business) AND business.updated_at >= now() - make_interval(secs => p_seconds)
$$;
REVOKE ALL ON FUNCTION marketplace.list_revoked_tokens(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.list_revoked_tokens(integer) TO pika_app;
