SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

-- sql/audit/touch_row.sql
-- drop: DROP FUNCTION audit.touch_row();
-- audit.touch_row: an update of a row moves its updated_at and, with the argument 'version', its version by one,
-- whatever the statement says. An update that changes nothing moves nothing.
CREATE OR REPLACE FUNCTION audit.touch_row() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  NEW.updated_at := now();
  IF TG_NARGS = 1 THEN
    NEW.version := OLD.version + 1;
  END IF;
  RETURN NEW;
END
$$;
-- end

ALTER TABLE "users"."users"
  DROP CONSTRAINT "users_email_form",
  DROP CONSTRAINT "users_display_name_not_empty",
  DROP CONSTRAINT "users_version_positive",
  DROP CONSTRAINT "users_times_finite";
ALTER TABLE "business"."invitations"
  DROP CONSTRAINT "invitations_email_form",
  DROP CONSTRAINT "invitations_times_finite";
ALTER TABLE "identity"."credentials"
  DROP CONSTRAINT "credentials_password_hash_form",
  ADD CONSTRAINT "credentials_password_hash_form" CHECK (password_hash LIKE '$argon2id$%'),
  DROP CONSTRAINT "credentials_times_finite";
ALTER TABLE "identity"."totp_factors"
  DROP CONSTRAINT "totp_factors_encrypted_secret_length",
  DROP CONSTRAINT "totp_factors_last_used_step_not_negative",
  DROP CONSTRAINT "totp_factors_times_finite";
ALTER TABLE "identity"."sessions"
  DROP CONSTRAINT "sessions_revoke_reason_not_empty",
  DROP CONSTRAINT "sessions_times_finite";
ALTER TABLE "identity"."api_keys"
  DROP CONSTRAINT "api_keys_scopes_not_empty",
  ADD CONSTRAINT "api_keys_scopes_not_empty" CHECK (cardinality(scopes) > 0),
  DROP CONSTRAINT "api_keys_allowed_origins_whole",
  DROP CONSTRAINT "api_keys_times_finite";
ALTER TABLE "identity"."signing_keys"
  DROP CONSTRAINT "signing_keys_kid_not_empty",
  DROP CONSTRAINT "signing_keys_encrypted_private_key_length",
  DROP CONSTRAINT "signing_keys_public_jwk_is_public",
  ADD CONSTRAINT "signing_keys_public_jwk_is_public" CHECK (jsonb_typeof(public_jwk) = 'object' AND NOT public_jwk ? 'd'),
  DROP CONSTRAINT "signing_keys_times_finite";
ALTER TABLE "catalog"."categories"
  DROP CONSTRAINT "categories_slug_not_empty",
  DROP CONSTRAINT "categories_times_finite";
ALTER TABLE "catalog"."markets"
  DROP CONSTRAINT "markets_required_languages_not_empty",
  ADD CONSTRAINT "markets_required_languages_not_empty" CHECK (cardinality(required_languages) > 0);
ALTER TABLE "i18n"."languages"
  DROP CONSTRAINT "languages_code_form",
  DROP CONSTRAINT "languages_chain_begins_with_code",
  ADD CONSTRAINT "languages_chain_begins_with_code" CHECK (chain[1] = code),
  DROP CONSTRAINT "languages_not_own_fallback";
ALTER TABLE "i18n"."translations"
  DROP CONSTRAINT "translations_key_not_empty",
  DROP CONSTRAINT "translations_times_finite";
ALTER TABLE "business"."businesses"
  DROP CONSTRAINT "businesses_website_form",
  DROP CONSTRAINT "businesses_logo_url_form",
  DROP CONSTRAINT "businesses_source_id_not_empty",
  DROP CONSTRAINT "businesses_version_positive",
  DROP CONSTRAINT "businesses_times_finite";
ALTER TABLE "marketplace"."vouchers"
  DROP CONSTRAINT "vouchers_redeemable_hours_not_empty",
  DROP CONSTRAINT "vouchers_version_positive",
  DROP CONSTRAINT "vouchers_times_finite";
ALTER TABLE "marketplace"."redemptions"
  DROP CONSTRAINT "redemptions_not_own_rollback",
  DROP CONSTRAINT "redemptions_currency_form",
  DROP CONSTRAINT "redemptions_times_finite";
ALTER TABLE "marketplace"."attempts"
  DROP CONSTRAINT "attempts_violations_whole",
  DROP CONSTRAINT "attempts_times_finite";
ALTER TABLE "marketplace"."voucher_counters"
  DROP CONSTRAINT "voucher_counters_limits_positive";
ALTER TABLE "marketplace"."campaign_counters"
  DROP CONSTRAINT "campaign_counters_limits_positive";
ALTER TABLE "marketplace"."search_words"
  DROP CONSTRAINT "search_words_frequency_in_range";
ALTER TABLE "analytics"."events"
  DROP CONSTRAINT "events_channel_not_empty",
  DROP CONSTRAINT "events_times_finite";
ALTER TABLE "users"."addresses"
  DROP CONSTRAINT "addresses_version_positive",
  DROP CONSTRAINT "addresses_times_finite";
ALTER TABLE "users"."preferences"
  DROP CONSTRAINT "preferences_version_positive",
  DROP CONSTRAINT "preferences_times_finite";
ALTER TABLE "business"."locations"
  DROP CONSTRAINT "locations_version_positive",
  DROP CONSTRAINT "locations_times_finite";
ALTER TABLE "marketplace"."campaigns"
  DROP CONSTRAINT "campaigns_version_positive",
  DROP CONSTRAINT "campaigns_times_finite";
ALTER TABLE "marketplace"."claims"
  DROP CONSTRAINT "claims_version_positive",
  DROP CONSTRAINT "claims_times_finite";
ALTER TABLE "identity"."email_links"
  DROP CONSTRAINT "email_links_times_finite";
ALTER TABLE "identity"."backup_codes"
  DROP CONSTRAINT "backup_codes_times_finite";
ALTER TABLE "identity"."refresh_tokens"
  DROP CONSTRAINT "refresh_tokens_times_finite";
ALTER TABLE "identity"."role_grants"
  DROP CONSTRAINT "role_grants_times_finite";
ALTER TABLE "security"."login_attempts"
  DROP CONSTRAINT "login_attempts_times_finite";
ALTER TABLE "business"."special_days"
  DROP CONSTRAINT "special_days_times_finite";
ALTER TABLE "business"."members"
  DROP CONSTRAINT "members_times_finite";
ALTER TABLE "marketplace"."voucher_codes"
  DROP CONSTRAINT "voucher_codes_times_finite";
ALTER TABLE "marketplace"."holds"
  DROP CONSTRAINT "holds_times_finite";
ALTER TABLE "marketplace"."user_day_counters"
  DROP CONSTRAINT "user_day_counters_times_finite";
ALTER TABLE "marketplace"."location_day_counters"
  DROP CONSTRAINT "location_day_counters_times_finite";
