-- drop: DROP FUNCTION marketplace.own_rows(integer);
-- marketplace.own_rows: what this schema holds of the transaction's person as a consumer, as users.own_rows. What they
-- scanned for others as staff is told to those.
CREATE OR REPLACE FUNCTION marketplace.own_rows(p_limit integer)
RETURNS TABLE (table_name text, row_key jsonb, content jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET "TimeZone" = 'UTC' AS $$
  (SELECT 'marketplace.claims', jsonb_build_object('id', own.id), to_jsonb(own) - 'short_code'
   FROM marketplace.claims own WHERE own.user_id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.holds', jsonb_build_object('id', own.id), to_jsonb(own) - 'key'
   FROM marketplace.holds own WHERE own.user_id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.redemptions', jsonb_build_object('id', own.id), to_jsonb(own) - '{staff_id,api_key_id}'::text[]
   FROM marketplace.redemptions own WHERE own.user_id = security.current_user_id() ORDER BY own.redeemed_at DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.attempts', jsonb_build_object('id', own.id), to_jsonb(own) - '{staff_id,api_key_id}'::text[]
   FROM marketplace.attempts own WHERE own.user_id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.user_counters', jsonb_build_object('user_id', own.user_id, 'voucher_id', own.voucher_id), to_jsonb(own)
   FROM marketplace.user_counters own WHERE own.user_id = security.current_user_id() LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.user_day_counters',
     jsonb_build_object('user_id', own.user_id, 'voucher_id', own.voucher_id, 'day', own.day), to_jsonb(own)
   FROM marketplace.user_day_counters own WHERE own.user_id = security.current_user_id() ORDER BY own.day DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.campaign_user_counters',
     jsonb_build_object('user_id', own.user_id, 'campaign_id', own.campaign_id), to_jsonb(own)
   FROM marketplace.campaign_user_counters own WHERE own.user_id = security.current_user_id() LIMIT p_limit)
  UNION ALL
  (SELECT 'marketplace.scans', jsonb_build_object('nonce', own.nonce),
     to_jsonb(own) - '{staff_id,api_key_id,device}'::text[] || jsonb_build_object('violations', verdict.violations)
   FROM marketplace.scans own LEFT JOIN marketplace.scan_verdicts verdict ON verdict.nonce = own.nonce
   WHERE own.user_id = security.current_user_id() ORDER BY own.scanned_at DESC LIMIT p_limit)
$$;
REVOKE ALL ON FUNCTION marketplace.own_rows(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.own_rows(integer) TO pika_app;
