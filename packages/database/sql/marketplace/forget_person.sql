-- drop: DROP FUNCTION marketplace.forget_person(uuid);
-- after: marketplace/lock_counters
-- marketplace.forget_person: for identity.erase_person: what was in the wallet and never used goes, and attempts are
-- nobody's, without claim, place and device. Claims that the ledger or an offline scan points to stay with it and with the
-- counters of its sums: their person is an id that leads to nobody then. The counters are locked first, as everywhere.
CREATE OR REPLACE FUNCTION marketplace.forget_person(p_user_id uuid) RETURNS void
LANGUAGE sql SET search_path = '' AS $$
  SELECT marketplace.lock_counters(ARRAY(
    SELECT claim.voucher_id FROM marketplace.claims claim WHERE claim.user_id = p_user_id));
  DELETE FROM marketplace.holds WHERE user_id = p_user_id;
  DELETE FROM marketplace.claims claim WHERE claim.user_id = p_user_id
    AND NOT EXISTS (SELECT FROM marketplace.redemptions entry WHERE entry.claim_id = claim.id)
    AND NOT EXISTS (SELECT FROM marketplace.scans scan WHERE scan.claim_id = claim.id);
  UPDATE marketplace.claims SET state = 'released' WHERE user_id = p_user_id AND state = 'active';
  UPDATE marketplace.attempts SET user_id = NULL, claim_id = NULL, latitude = NULL, longitude = NULL,
    accuracy_meters = NULL, device = NULL
  WHERE user_id = p_user_id
$$;
REVOKE ALL ON FUNCTION marketplace.forget_person(uuid) FROM PUBLIC;
