SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

-- What a row could still break alone.
ALTER TABLE "users"."users"
  ADD CONSTRAINT "users_email_form" CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
  ADD CONSTRAINT "users_display_name_not_empty" CHECK (display_name <> ''),
  ADD CONSTRAINT "users_version_positive" CHECK (version > 0),
  ADD CONSTRAINT "users_times_finite" CHECK (isfinite(created_at) AND isfinite(updated_at) AND isfinite(deleted_at) IS NOT FALSE);
ALTER TABLE "business"."invitations"
  ADD CONSTRAINT "invitations_email_form" CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
  ADD CONSTRAINT "invitations_times_finite" CHECK (isfinite(created_at) AND isfinite(expires_at) AND isfinite(accepted_at) IS NOT FALSE AND isfinite(revoked_at) IS NOT FALSE);
ALTER TABLE "identity"."credentials"
  DROP CONSTRAINT "credentials_password_hash_form",
  ADD CONSTRAINT "credentials_password_hash_form" CHECK (password_hash ~ '^\$argon2id\$v=19\$m=[0-9]+,t=[0-9]+,p=[0-9]+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$'),
  ADD CONSTRAINT "credentials_times_finite" CHECK (isfinite(password_changed_at) AND isfinite(email_verified_at) IS NOT FALSE AND isfinite(updated_at));
ALTER TABLE "identity"."totp_factors"
  ADD CONSTRAINT "totp_factors_encrypted_secret_length" CHECK (octet_length(encrypted_secret) > 28),
  ADD CONSTRAINT "totp_factors_last_used_step_not_negative" CHECK (last_used_step >= 0),
  ADD CONSTRAINT "totp_factors_times_finite" CHECK (isfinite(confirmed_at) IS NOT FALSE AND isfinite(created_at));
ALTER TABLE "identity"."sessions"
  ADD CONSTRAINT "sessions_revoke_reason_not_empty" CHECK (revoke_reason <> ''),
  ADD CONSTRAINT "sessions_times_finite" CHECK (isfinite(created_at) AND isfinite(last_used_at) AND isfinite(expires_at) AND isfinite(revoked_at) IS NOT FALSE);
ALTER TABLE "identity"."api_keys"
  DROP CONSTRAINT "api_keys_scopes_not_empty",
  ADD CONSTRAINT "api_keys_scopes_not_empty" CHECK (coalesce(cardinality(scopes), 0) > 0 AND array_position(scopes, NULL) IS NULL AND '' <> ALL (scopes)),
  ADD CONSTRAINT "api_keys_allowed_origins_whole" CHECK (allowed_origins IS NOT NULL AND array_position(allowed_origins, NULL) IS NULL),
  ADD CONSTRAINT "api_keys_times_finite" CHECK (isfinite(created_at) AND isfinite(expires_at) IS NOT FALSE AND isfinite(last_used_at) IS NOT FALSE AND isfinite(revoked_at) IS NOT FALSE);
ALTER TABLE "identity"."signing_keys"
  ADD CONSTRAINT "signing_keys_kid_not_empty" CHECK (kid <> ''),
  ADD CONSTRAINT "signing_keys_encrypted_private_key_length" CHECK (octet_length(encrypted_private_key) > 28),
  DROP CONSTRAINT "signing_keys_public_jwk_is_public",
  ADD CONSTRAINT "signing_keys_public_jwk_is_public" CHECK (jsonb_typeof(public_jwk) = 'object' AND public_jwk ?& '{kty,crv,x}' AND NOT public_jwk ?| '{d,k,p,q,dp,dq,qi,oth}'),
  ADD CONSTRAINT "signing_keys_times_finite" CHECK (isfinite(published_at) AND isfinite(active_from) AND isfinite(retires_at));
ALTER TABLE "catalog"."categories"
  ADD CONSTRAINT "categories_slug_not_empty" CHECK (slug <> ''),
  ADD CONSTRAINT "categories_times_finite" CHECK (isfinite(created_at) AND isfinite(updated_at) AND isfinite(deleted_at) IS NOT FALSE);
ALTER TABLE "catalog"."markets"
  DROP CONSTRAINT "markets_required_languages_not_empty",
  ADD CONSTRAINT "markets_required_languages_not_empty" CHECK (coalesce(cardinality(required_languages), 0) > 0 AND array_position(required_languages, NULL) IS NULL);
ALTER TABLE "i18n"."languages"
  ADD CONSTRAINT "languages_code_form" CHECK (code ~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$'),
  DROP CONSTRAINT "languages_chain_begins_with_code",
  ADD CONSTRAINT "languages_chain_begins_with_code" CHECK ((chain[1] = code) IS TRUE AND array_position(chain, NULL) IS NULL),
  ADD CONSTRAINT "languages_not_own_fallback" CHECK (fallback_code <> code);
ALTER TABLE "i18n"."translations"
  ADD CONSTRAINT "translations_key_not_empty" CHECK (key <> ''),
  ADD CONSTRAINT "translations_times_finite" CHECK (isfinite(updated_at));
ALTER TABLE "business"."businesses"
  ADD CONSTRAINT "businesses_website_form" CHECK (website ~* '^https?://'),
  ADD CONSTRAINT "businesses_logo_url_form" CHECK (logo_url ~* '^https?://'),
  ADD CONSTRAINT "businesses_source_id_not_empty" CHECK (source_id <> ''),
  ADD CONSTRAINT "businesses_version_positive" CHECK (version > 0),
  ADD CONSTRAINT "businesses_times_finite" CHECK (isfinite(created_at) AND isfinite(updated_at) AND isfinite(closed_at) IS NOT FALSE AND isfinite(deleted_at) IS NOT FALSE);
ALTER TABLE "marketplace"."vouchers"
  ADD CONSTRAINT "vouchers_redeemable_hours_not_empty" CHECK (NOT isempty(redeemable_hours)),
  ADD CONSTRAINT "vouchers_version_positive" CHECK (version > 0),
  ADD CONSTRAINT "vouchers_times_finite" CHECK (isfinite(valid_from) AND isfinite(valid_until) IS NOT FALSE AND isfinite(created_at) AND isfinite(updated_at) AND isfinite(deleted_at) IS NOT FALSE);
ALTER TABLE "marketplace"."redemptions"
  ADD CONSTRAINT "redemptions_not_own_rollback" CHECK (reverses_id <> id),
  ADD CONSTRAINT "redemptions_currency_form" CHECK (currency ~ '^[A-Z]{3}$'),
  ADD CONSTRAINT "redemptions_times_finite" CHECK (isfinite(local_day) AND isfinite(redeemed_at));
ALTER TABLE "marketplace"."attempts"
  ADD CONSTRAINT "attempts_violations_whole" CHECK (violations IS NOT NULL AND array_position(violations, NULL) IS NULL),
  ADD CONSTRAINT "attempts_times_finite" CHECK (isfinite(attempted_at));
ALTER TABLE "marketplace"."voucher_counters"
  ADD CONSTRAINT "voucher_counters_limits_positive" CHECK (limit_total > 0 IS NOT FALSE AND budget_minor > 0 IS NOT FALSE);
ALTER TABLE "marketplace"."campaign_counters"
  ADD CONSTRAINT "campaign_counters_limits_positive" CHECK (limit_total > 0 IS NOT FALSE AND budget_minor > 0 IS NOT FALSE);
ALTER TABLE "marketplace"."search_words"
  ADD CONSTRAINT "search_words_frequency_in_range" CHECK (frequency BETWEEN 0 AND 1);
ALTER TABLE "analytics"."events"
  ADD CONSTRAINT "events_channel_not_empty" CHECK (channel <> ''),
  ADD CONSTRAINT "events_times_finite" CHECK (isfinite(occurred_at));
ALTER TABLE "users"."addresses"
  ADD CONSTRAINT "addresses_version_positive" CHECK (version > 0),
  ADD CONSTRAINT "addresses_times_finite" CHECK (isfinite(created_at) AND isfinite(updated_at) AND isfinite(deleted_at) IS NOT FALSE);
ALTER TABLE "users"."preferences"
  ADD CONSTRAINT "preferences_version_positive" CHECK (version > 0),
  ADD CONSTRAINT "preferences_times_finite" CHECK (isfinite(updated_at));
ALTER TABLE "business"."locations"
  ADD CONSTRAINT "locations_version_positive" CHECK (version > 0),
  ADD CONSTRAINT "locations_times_finite" CHECK (isfinite(created_at) AND isfinite(updated_at) AND isfinite(deleted_at) IS NOT FALSE);
ALTER TABLE "marketplace"."campaigns"
  ADD CONSTRAINT "campaigns_version_positive" CHECK (version > 0),
  ADD CONSTRAINT "campaigns_times_finite" CHECK (isfinite(starts_at) IS NOT FALSE AND isfinite(ends_at) IS NOT FALSE AND isfinite(created_at) AND isfinite(updated_at) AND isfinite(deleted_at) IS NOT FALSE);
ALTER TABLE "marketplace"."claims"
  ADD CONSTRAINT "claims_version_positive" CHECK (version > 0),
  ADD CONSTRAINT "claims_times_finite" CHECK (isfinite(claimed_at) AND isfinite(expires_at) IS NOT FALSE AND isfinite(updated_at));
ALTER TABLE "identity"."email_links"
  ADD CONSTRAINT "email_links_times_finite" CHECK (isfinite(created_at) AND isfinite(expires_at) AND isfinite(used_at) IS NOT FALSE);
ALTER TABLE "identity"."backup_codes"
  ADD CONSTRAINT "backup_codes_times_finite" CHECK (isfinite(created_at) AND isfinite(used_at) IS NOT FALSE);
ALTER TABLE "identity"."refresh_tokens"
  ADD CONSTRAINT "refresh_tokens_times_finite" CHECK (isfinite(issued_at) AND isfinite(expires_at) AND isfinite(rotated_at) IS NOT FALSE);
ALTER TABLE "identity"."role_grants"
  ADD CONSTRAINT "role_grants_times_finite" CHECK (isfinite(granted_at));
ALTER TABLE "security"."login_attempts"
  ADD CONSTRAINT "login_attempts_times_finite" CHECK (isfinite(attempted_at));
ALTER TABLE "business"."special_days"
  ADD CONSTRAINT "special_days_times_finite" CHECK (isfinite(day));
ALTER TABLE "business"."members"
  ADD CONSTRAINT "members_times_finite" CHECK (isfinite(created_at) AND isfinite(updated_at));
ALTER TABLE "marketplace"."voucher_codes"
  ADD CONSTRAINT "voucher_codes_times_finite" CHECK (isfinite(created_at) AND isfinite(revoked_at) IS NOT FALSE);
ALTER TABLE "marketplace"."holds"
  ADD CONSTRAINT "holds_times_finite" CHECK (isfinite(created_at) AND isfinite(expires_at) AND isfinite(released_at) IS NOT FALSE);
ALTER TABLE "marketplace"."user_day_counters"
  ADD CONSTRAINT "user_day_counters_times_finite" CHECK (isfinite(day));
ALTER TABLE "marketplace"."location_day_counters"
  ADD CONSTRAINT "location_day_counters_times_finite" CHECK (isfinite(day));

-- sql/audit/touch_row.sql
-- drop: DROP FUNCTION audit.touch_row();
-- audit.touch_row: an update of a row moves its updated_at and, with the argument 'version', its version by one,
-- whatever the statement says of these. An update that changes nothing else moves nothing: an ORM sends its own stamp.
CREATE OR REPLACE FUNCTION audit.touch_row() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  NEW.updated_at := OLD.updated_at;
  IF TG_NARGS = 1 THEN
    NEW.version := OLD.version;
  END IF;
  IF NEW IS DISTINCT FROM OLD THEN
    NEW.updated_at := now();
    IF TG_NARGS = 1 THEN
      NEW.version := OLD.version + 1;
    END IF;
  END IF;
  RETURN NEW;
END
$$;
-- end
