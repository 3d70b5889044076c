-- drop: DROP FUNCTION marketplace.enter_redemptions(marketplace.redemptions[], text[]);
-- after: marketplace/redemption_event
-- after: public/number_outbox_event
-- marketplace.enter_redemptions: writes redemptions into the ledger, and beside it what counts for each consumer and place, the
-- codes that they used up, and their events, each with the language in its place of p_languages. What counts for all is counted before
-- (marketplace.count_in_all).
CREATE OR REPLACE FUNCTION marketplace.enter_redemptions(p_entries marketplace.redemptions[], p_languages text[])
RETURNS void LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  INSERT INTO marketplace.redemptions SELECT entry.* FROM unnest(p_entries) AS entry;
  INSERT INTO marketplace.location_day_counters AS counter (voucher_id, location_id, day, used_count)
  SELECT entry.voucher_id, entry.location_id, entry.local_day, count(*)
  FROM unnest(p_entries) AS entry WHERE entry.location_id IS NOT NULL
  GROUP BY entry.voucher_id, entry.location_id, entry.local_day
  ON CONFLICT (voucher_id, location_id, day) DO UPDATE SET used_count = counter.used_count + excluded.used_count;
  INSERT INTO marketplace.user_counters AS counter (voucher_id, user_id, used_count)
  SELECT entry.voucher_id, entry.user_id, count(*)
  FROM unnest(p_entries) AS entry WHERE entry.user_id IS NOT NULL
  GROUP BY entry.voucher_id, entry.user_id
  ON CONFLICT (user_id, voucher_id) DO UPDATE SET used_count = counter.used_count + excluded.used_count;
  INSERT INTO marketplace.user_day_counters AS counter (voucher_id, user_id, day, used_count)
  SELECT entry.voucher_id, entry.user_id, entry.local_day, count(*)
  FROM unnest(p_entries) AS entry WHERE entry.user_id IS NOT NULL
  GROUP BY entry.voucher_id, entry.user_id, entry.local_day
  ON CONFLICT (user_id, voucher_id, day) DO UPDATE SET used_count = counter.used_count + excluded.used_count;
  INSERT INTO marketplace.campaign_user_counters AS counter (campaign_id, user_id, used_count)
  SELECT entry.campaign_id, entry.user_id, count(*)
  FROM unnest(p_entries) AS entry WHERE entry.campaign_id IS NOT NULL AND entry.user_id IS NOT NULL
  GROUP BY entry.campaign_id, entry.user_id
  ON CONFLICT (user_id, campaign_id) DO UPDATE SET used_count = counter.used_count + excluded.used_count;
  INSERT INTO marketplace.code_uses (code_id, redemption_id, used_at)
  SELECT entry.code_id, entry.id, entry.redeemed_at
  FROM unnest(p_entries) AS entry
  WHERE (SELECT code.kind FROM marketplace.voucher_codes code WHERE code.id = entry.code_id) <> 'static';
  INSERT INTO public.outbox_events (aggregate_type, aggregate_id, type, payload, request_id)
  SELECT 'redemption', (told.entry).id::text, 'redemption.redeemed',
    marketplace.redemption_event(told.entry) || jsonb_build_object('language', p_languages[place]), (told.entry).request_id
  FROM generate_subscripts(p_entries, 1) AS place
  CROSS JOIN LATERAL (SELECT p_entries[place] AS entry OFFSET 0) AS told;
END
$$;
REVOKE ALL ON FUNCTION marketplace.enter_redemptions(marketplace.redemptions[], text[]) FROM PUBLIC;
