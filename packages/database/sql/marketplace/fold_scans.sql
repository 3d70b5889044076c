-- drop: DROP FUNCTION marketplace.fold_scans(uuid[], timestamptz);
-- after: business/start_of_day
-- after: marketplace/count_names
-- after: marketplace/count_in_all
-- after: marketplace/discount_of
-- after: marketplace/enter_redemptions
-- after: marketplace/limit_violations
-- after: marketplace/take_back
-- after: public/new_id
-- marketplace.fold_scans: which offline scans of these vouchers were within the limits: all of them anew, in the order of
-- (scanned at, nonce), beside what was redeemed online. The same scans give the same verdicts whatever the order in which
-- they came. What changes by it is written as entries of the ledger: taken back first, then counted.
-- A scan whose entry somebody rolled back is out of it for good. The counters of the vouchers are locked by the caller.
-- `v_moved` holds, by name, how far each count is from what stands in the tables: live entries of scans are taken off before
-- the walk, and each scan that is within adds its own.
CREATE OR REPLACE FUNCTION marketplace.fold_scans(p_voucher_ids uuid[], p_at timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_moved jsonb := '{}';
  v_names text[];
  v_steps bigint[];
  v_amounts bigint[];
  v_voucher marketplace.vouchers;
  v_campaign marketplace.campaigns;
  v_scan marketplace.scans;
  v_claim marketplace.claims;
  v_live marketplace.redemptions;
  v_entry marketplace.redemptions;
  v_entries marketplace.redemptions[] := '{}';
  v_displaced marketplace.redemptions[] := '{}';
  v_claims uuid[] := '{}';
  v_zone text;
  v_day date;
  v_discount bigint;
  v_balance bigint;
  v_violations jsonb;
BEGIN
  FOR v_live IN
    SELECT entry.* FROM marketplace.redemptions entry
    WHERE entry.voucher_id = ANY (p_voucher_ids) AND entry.scan_nonce IS NOT NULL AND entry.kind = 'redemption'
      AND NOT EXISTS (SELECT FROM marketplace.redemptions reversal WHERE reversal.reverses_id = entry.id)
  LOOP
    v_names := marketplace.count_names(v_live);
    v_moved := v_moved || (
      SELECT jsonb_object_agg(name, coalesce((v_moved ->> name)::bigint, 0) - CASE WHEN name LIKE '%spent %' THEN v_live.discount_minor ELSE 1 END)
      FROM unnest(v_names) AS name WHERE name IS NOT NULL
    );
  END LOOP;

  FOR v_scan IN
    SELECT scan.* FROM marketplace.scans scan
    WHERE scan.voucher_id = ANY (p_voucher_ids) AND NOT EXISTS (
      SELECT FROM marketplace.redemptions entry
      JOIN marketplace.redemptions reversal ON reversal.reverses_id = entry.id AND reversal.scan_nonce IS NULL
      WHERE entry.scan_nonce = scan.nonce
    )
    ORDER BY scan.scanned_at, scan.nonce
  LOOP
    SELECT voucher.* INTO STRICT v_voucher FROM marketplace.vouchers voucher WHERE voucher.id = v_scan.voucher_id;
    SELECT campaign.* INTO v_campaign FROM marketplace.campaigns campaign WHERE campaign.id = v_voucher.campaign_id;
    SELECT claim.* INTO v_claim FROM marketplace.claims claim WHERE claim.id = v_scan.claim_id;
    SELECT location.time_zone INTO STRICT v_zone FROM business.locations location WHERE location.id = v_scan.location_id;
    v_day := (v_scan.scanned_at AT TIME ZONE v_zone)::date;
    v_violations := '[]';

    v_entry := NULL;
    v_entry.id := public.new_id(p_at);
    v_entry.kind := 'redemption';
    v_entry.voucher_id := v_scan.voucher_id;
    v_entry.business_id := v_scan.business_id;
    v_entry.campaign_id := v_voucher.campaign_id;
    v_entry.location_id := v_scan.location_id;
    v_entry.claim_id := v_scan.claim_id;
    v_entry.code_id := v_scan.code_id;
    v_entry.user_id := v_scan.user_id;
    v_entry.staff_id := v_scan.staff_id;
    v_entry.api_key_id := v_scan.api_key_id;
    v_entry.channel := 'offline';
    v_entry.local_day := v_day;
    v_entry.currency := coalesce(v_voucher.currency, v_scan.currency);
    v_entry.amount_minor := v_scan.amount_minor;
    v_entry.scan_nonce := v_scan.nonce;
    v_entry.redeemed_at := v_scan.scanned_at;
    v_names := marketplace.count_names(v_entry);
    v_steps := ARRAY(SELECT coalesce((v_moved ->> name)::bigint, 0) FROM unnest(v_names) WITH ORDINALITY AS listed (name, place) ORDER BY place);

    IF v_scan.scanned_at < business.start_of_day(v_voucher.valid_from, v_zone) THEN
      v_violations := v_violations || '{"code": "voucher.notYetValid"}'::jsonb;
    END IF;
    IF v_scan.scanned_at >= business.start_of_day(v_voucher.valid_until + 1, v_zone) THEN
      v_violations := v_violations || '{"code": "voucher.expired"}'::jsonb;
    END IF;
    IF v_claim.expires_at <= v_scan.scanned_at THEN
      v_violations := v_violations || '{"code": "claim.expired"}'::jsonb;
    END IF;
    v_balance := v_claim.balance_minor - v_steps[11];
    v_discount := marketplace.discount_of(v_voucher, v_scan.amount_minor, v_balance);
    v_entry.discount_minor := coalesce(v_discount, 0);
    IF v_claim.balance_minor IS NOT NULL THEN
      IF v_balance <= 0 THEN
        v_violations := v_violations || '{"code": "balance.exhausted"}'::jsonb;
      END IF;
    ELSIF v_claim.id IS NOT NULL AND v_steps[9] + (
      SELECT count(*) FROM marketplace.redemptions entry
      WHERE entry.claim_id = v_claim.id AND entry.kind = 'redemption'
        AND NOT EXISTS (SELECT FROM marketplace.redemptions reversal WHERE reversal.reverses_id = entry.id)
    ) > 0 THEN
      v_violations := v_violations || '{"code": "claim.redeemed"}'::jsonb;
    END IF;
    IF EXISTS (SELECT FROM marketplace.voucher_codes code WHERE code.id = v_scan.code_id AND code.kind <> 'static')
      AND v_steps[10] + (SELECT count(*) FROM marketplace.code_uses used WHERE used.code_id = v_scan.code_id) > 0
    THEN
      v_violations := v_violations || '{"code": "code.used"}'::jsonb;
    END IF;
    v_violations := v_violations || marketplace.limit_violations(
      v_voucher, v_campaign,
      ARRAY[
        v_steps[1] + (SELECT counter.used_count FROM marketplace.voucher_counters counter WHERE counter.voucher_id = v_scan.voucher_id),
        v_steps[2] + (SELECT counter.discount_minor FROM marketplace.voucher_counters counter WHERE counter.voucher_id = v_scan.voucher_id),
        v_steps[3] + coalesce((SELECT counter.used_count FROM marketplace.user_counters counter
          WHERE counter.user_id = v_scan.user_id AND counter.voucher_id = v_scan.voucher_id), 0),
        v_steps[4] + coalesce((SELECT counter.used_count FROM marketplace.user_day_counters counter
          WHERE counter.user_id = v_scan.user_id AND counter.voucher_id = v_scan.voucher_id AND counter.day = v_day), 0),
        v_steps[5] + coalesce((SELECT counter.used_count FROM marketplace.location_day_counters counter
          WHERE counter.voucher_id = v_scan.voucher_id AND counter.location_id = v_scan.location_id AND counter.day = v_day), 0),
        v_steps[6] + (SELECT counter.used_count FROM marketplace.campaign_counters counter WHERE counter.campaign_id = v_campaign.id),
        v_steps[7] + (SELECT counter.discount_minor FROM marketplace.campaign_counters counter WHERE counter.campaign_id = v_campaign.id),
        v_steps[8] + coalesce((SELECT counter.used_count FROM marketplace.campaign_user_counters counter
          WHERE counter.user_id = v_scan.user_id AND counter.campaign_id = v_campaign.id), 0)
      ],
      '{0,0,0,0,0,0,0,0}', v_scan.user_id IS NOT NULL, v_entry.discount_minor, v_day, v_zone);

    SELECT entry.* INTO v_live FROM marketplace.redemptions entry
    WHERE entry.scan_nonce = v_scan.nonce AND entry.kind = 'redemption'
      AND NOT EXISTS (SELECT FROM marketplace.redemptions reversal WHERE reversal.reverses_id = entry.id);
    IF jsonb_array_length(v_violations) = 0 THEN
      v_moved := v_moved || (
        SELECT jsonb_object_agg(name, coalesce((v_moved ->> name)::bigint, 0) + CASE WHEN name LIKE '%spent %' THEN v_entry.discount_minor ELSE 1 END)
        FROM unnest(v_names) AS name WHERE name IS NOT NULL
      );
      IF v_live.id IS NULL OR v_live.discount_minor <> v_entry.discount_minor THEN
        v_entries := v_entries || v_entry;
        v_claims := v_claims || v_scan.claim_id;
      END IF;
    END IF;
    IF v_live.id IS NOT NULL AND (jsonb_array_length(v_violations) > 0 OR v_live.discount_minor <> v_entry.discount_minor) THEN
      v_displaced := v_displaced || v_live;
      v_claims := v_claims || v_scan.claim_id;
    END IF;
    INSERT INTO marketplace.scan_verdicts AS verdict (nonce, violations, folded_at)
    VALUES (v_scan.nonce, ARRAY(SELECT violation.value ->> 'code' FROM jsonb_array_elements(v_violations) AS violation), p_at)
    ON CONFLICT (nonce) DO UPDATE SET violations = excluded.violations, folded_at = excluded.folded_at
    WHERE verdict.violations <> excluded.violations;
  END LOOP;

  FOREACH v_live IN ARRAY v_displaced LOOP
    v_entry := v_live;
    v_entry.id := public.new_id(p_at);
    v_entry.kind := 'rollback';
    v_entry.reverses_id := v_live.id;
    v_entry.discount_minor := -v_live.discount_minor;
    v_entry.redeemed_at := p_at;
    PERFORM marketplace.take_back(v_entry);
    UPDATE marketplace.claims claim SET balance_minor = claim.balance_minor + v_live.discount_minor
    WHERE claim.id = v_live.claim_id AND claim.balance_minor IS NOT NULL;
  END LOOP;
  FOREACH v_entry IN ARRAY v_entries LOOP
    PERFORM marketplace.count_in_all(v_entry, 1);
    UPDATE marketplace.claims claim SET balance_minor = claim.balance_minor - v_entry.discount_minor
    WHERE claim.id = v_entry.claim_id AND claim.balance_minor IS NOT NULL;
  END LOOP;
  PERFORM marketplace.enter_redemptions(v_entries, '{}');
  UPDATE marketplace.claims claim SET state = due.state
  FROM (
    SELECT touched.id, CASE
      WHEN touched.balance_minor > 0 THEN 'active'
      WHEN touched.balance_minor = 0 THEN 'redeemed'
      WHEN EXISTS (
        SELECT FROM marketplace.redemptions entry WHERE entry.claim_id = touched.id AND entry.kind = 'redemption'
          AND NOT EXISTS (SELECT FROM marketplace.redemptions reversal WHERE reversal.reverses_id = entry.id)
      ) THEN 'redeemed'
      ELSE 'active' END::marketplace.claim_state AS state
    FROM marketplace.claims touched WHERE touched.id = ANY (v_claims)
  ) AS due
  WHERE claim.id = due.id AND claim.state IN ('active', 'redeemed') AND claim.state <> due.state;
END
$$;
REVOKE ALL ON FUNCTION marketplace.fold_scans(uuid[], timestamptz) FROM PUBLIC;
