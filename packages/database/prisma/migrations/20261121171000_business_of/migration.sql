SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

-- sql/marketplace/business_of.sql
-- drop: DROP FUNCTION marketplace.business_of(text, uuid);
-- marketplace.business_of: the business that a living voucher or campaign, or a redemption, belongs to; NULL where there
-- is none. It tells whom to ask for leave, for rows that who asks cannot see.
CREATE OR REPLACE FUNCTION marketplace.business_of(p_kind text, p_id uuid) RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' AS $$
  SELECT CASE p_kind
    WHEN 'voucher' THEN (SELECT v.business_id FROM marketplace.vouchers v WHERE v.id = p_id AND v.deleted_at IS NULL)
    WHEN 'campaign' THEN (SELECT c.business_id FROM marketplace.campaigns c WHERE c.id = p_id AND c.deleted_at IS NULL)
    WHEN 'redemption' THEN (SELECT r.business_id FROM marketplace.redemptions r WHERE r.id = p_id)
  END
$$;
REVOKE ALL ON FUNCTION marketplace.business_of(text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.business_of(text, uuid) TO pika_app;
-- end
