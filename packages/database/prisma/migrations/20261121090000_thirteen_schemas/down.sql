SET LOCAL lock_timeout = '5s';
-- As before: everything belongs to whom the migrations log in as.
DO $$
DECLARE
  v_schemas constant text[] := '{users,identity,security,audit,support,payments,files,i18n,catalog,business,marketplace,analytics}';
  v_statement text;
BEGIN
  FOR v_statement IN
    SELECT format('ALTER SCHEMA %I OWNER TO %I', n.nspname, current_user)
    FROM pg_namespace n WHERE n.nspname = ANY (v_schemas)
    UNION ALL
    SELECT format('ALTER %s %s OWNER TO %I', CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, c.oid::regclass, current_user)
    FROM pg_class c WHERE c.relnamespace::regnamespace::text = ANY (v_schemas) AND c.relkind IN ('r', 'v')
    UNION ALL
    SELECT format('ALTER FUNCTION %s OWNER TO %I', p.oid::regprocedure, current_user)
    FROM pg_proc p WHERE p.pronamespace::regnamespace::text = ANY (v_schemas)
    UNION ALL
    SELECT format('ALTER TYPE %s OWNER TO %I', t.oid::regtype, current_user)
    FROM pg_type t WHERE t.typnamespace::regnamespace::text = ANY (v_schemas) AND t.typtype = 'e'
  LOOP
    EXECUTE v_statement;
  END LOOP;
  EXECUTE format('REVOKE CREATE ON DATABASE %I FROM pika_owner', current_database());
END
$$;
REVOKE ALL ON SCHEMA public FROM pika_owner;

COMMENT ON TABLE "users"."users" IS NULL; COMMENT ON COLUMN "users"."users"."email" IS NULL; COMMENT ON COLUMN "users"."users"."version" IS NULL; COMMENT ON TABLE "users"."addresses" IS NULL; COMMENT ON TABLE "users"."preferences" IS NULL;
COMMENT ON TABLE "security"."login_attempts" IS NULL; COMMENT ON COLUMN "security"."login_attempts"."email_hash" IS NULL;
COMMENT ON TYPE "marketplace"."discount_type" IS NULL; COMMENT ON TYPE "marketplace"."code_kind" IS NULL; COMMENT ON TYPE "marketplace"."claim_state" IS NULL; COMMENT ON TYPE "marketplace"."redemption_kind" IS NULL; COMMENT ON TYPE "marketplace"."channel" IS NULL; COMMENT ON TABLE "marketplace"."vouchers" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_until" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."redeemable_hours" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_days_after_claim" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."budget_minor" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."stacking_group" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."version" IS NULL; COMMENT ON TABLE "marketplace"."voucher_locations" IS NULL; COMMENT ON TABLE "marketplace"."cards" IS NULL; COMMENT ON TABLE "marketplace"."location_facets" IS NULL; COMMENT ON TABLE "marketplace"."search_words" IS NULL; COMMENT ON TABLE "marketplace"."stale_vouchers" IS NULL; COMMENT ON TABLE "marketplace"."campaigns" IS NULL; COMMENT ON TABLE "marketplace"."voucher_codes" IS NULL; COMMENT ON TABLE "marketplace"."claims" IS NULL; COMMENT ON TABLE "marketplace"."holds" IS NULL; COMMENT ON TABLE "marketplace"."redemptions" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."discount_minor" IS NULL; COMMENT ON TABLE "marketplace"."attempts" IS NULL; COMMENT ON TABLE "marketplace"."voucher_counters" IS NULL; COMMENT ON COLUMN "marketplace"."voucher_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."campaign_counters" IS NULL; COMMENT ON COLUMN "marketplace"."campaign_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."user_counters" IS NULL; COMMENT ON TABLE "marketplace"."user_day_counters" IS NULL; COMMENT ON TABLE "marketplace"."location_day_counters" IS NULL;
COMMENT ON TYPE "identity"."platform_role" IS NULL; COMMENT ON TABLE "identity"."credentials" IS NULL; COMMENT ON COLUMN "identity"."credentials"."password_hash" IS NULL; COMMENT ON TABLE "identity"."email_links" IS NULL; COMMENT ON TABLE "identity"."totp_factors" IS NULL; COMMENT ON COLUMN "identity"."totp_factors"."encrypted_secret" IS NULL; COMMENT ON TABLE "identity"."backup_codes" IS NULL; COMMENT ON TABLE "identity"."sessions" IS NULL; COMMENT ON TABLE "identity"."refresh_tokens" IS NULL; COMMENT ON TABLE "identity"."role_grants" IS NULL; COMMENT ON TABLE "identity"."api_keys" IS NULL; COMMENT ON COLUMN "identity"."api_keys"."secret_hash" IS NULL; COMMENT ON TABLE "identity"."signing_keys" IS NULL; COMMENT ON COLUMN "identity"."signing_keys"."encrypted_private_key" IS NULL;
COMMENT ON TABLE "i18n"."languages" IS NULL; COMMENT ON TABLE "i18n"."translations" IS NULL; COMMENT ON COLUMN "i18n"."translations"."source_hash" IS NULL;
COMMENT ON TABLE "catalog"."categories" IS NULL; COMMENT ON TABLE "catalog"."currencies" IS NULL; COMMENT ON TABLE "catalog"."markets" IS NULL;
COMMENT ON TYPE "business"."business_status" IS NULL; COMMENT ON TABLE "business"."businesses" IS NULL; COMMENT ON TABLE "business"."locations" IS NULL; COMMENT ON TABLE "business"."special_days" IS NULL; COMMENT ON TABLE "business"."members" IS NULL; COMMENT ON TABLE "business"."invitations" IS NULL;
COMMENT ON TABLE "analytics"."events" IS NULL;
DROP TRIGGER touch_row ON business.businesses; DROP TRIGGER touch_row ON business.locations; DROP TRIGGER touch_row ON business.members; DROP TRIGGER touch_row ON catalog.categories; DROP TRIGGER touch_row ON i18n.translations; DROP TRIGGER touch_row ON identity.credentials; DROP TRIGGER touch_row ON marketplace.campaigns; DROP TRIGGER touch_row ON marketplace.claims; DROP TRIGGER touch_row ON marketplace.vouchers; DROP TRIGGER touch_row ON users.addresses; DROP TRIGGER touch_row ON users.preferences; DROP TRIGGER touch_row ON users.users;
DROP TRIGGER businesses_status_transition ON business.businesses; DROP TRIGGER vouchers_state_transition ON marketplace.vouchers; DROP TRIGGER claims_state_transition ON marketplace.claims; DROP TRIGGER users_state_transition ON users.users;
DROP FUNCTION security.has_role(text);
DROP FUNCTION security.current_user_id();
DROP FUNCTION security.current_business_id();
DROP FUNCTION audit.touch_row();
DROP FUNCTION audit.check_transition();

DROP INDEX "business"."businesses_living_idx";
DROP INDEX "business"."locations_living_idx";
DROP INDEX "marketplace"."vouchers_living_idx";
-- DropForeignKey
ALTER TABLE "business"."members" DROP CONSTRAINT "members_business_id_fkey";

-- DropForeignKey
ALTER TABLE "business"."members" DROP CONSTRAINT "members_user_id_fkey";

-- DropForeignKey
ALTER TABLE "business"."invitations" DROP CONSTRAINT "invitations_business_id_fkey";

-- DropForeignKey
ALTER TABLE "catalog"."markets" DROP CONSTRAINT "markets_currency_code_fkey";

-- DropForeignKey
ALTER TABLE "catalog"."markets" DROP CONSTRAINT "markets_default_language_fkey";

-- DropForeignKey
ALTER TABLE "identity"."credentials" DROP CONSTRAINT "credentials_user_id_fkey";

-- DropForeignKey
ALTER TABLE "identity"."email_links" DROP CONSTRAINT "email_links_user_id_fkey";

-- DropForeignKey
ALTER TABLE "identity"."totp_factors" DROP CONSTRAINT "totp_factors_user_id_fkey";

-- DropForeignKey
ALTER TABLE "identity"."backup_codes" DROP CONSTRAINT "backup_codes_user_id_fkey";

-- DropForeignKey
ALTER TABLE "identity"."sessions" DROP CONSTRAINT "sessions_user_id_fkey";

-- DropForeignKey
ALTER TABLE "identity"."refresh_tokens" DROP CONSTRAINT "refresh_tokens_session_id_fkey";

-- DropForeignKey
ALTER TABLE "identity"."refresh_tokens" DROP CONSTRAINT "refresh_tokens_successor_id_fkey";

-- DropForeignKey
ALTER TABLE "identity"."role_grants" DROP CONSTRAINT "role_grants_user_id_fkey";

-- DropForeignKey
ALTER TABLE "identity"."api_keys" DROP CONSTRAINT "api_keys_business_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."vouchers" DROP CONSTRAINT "vouchers_currency_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."vouchers" DROP CONSTRAINT "vouchers_campaign_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."campaigns" DROP CONSTRAINT "campaigns_business_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."campaigns" DROP CONSTRAINT "campaigns_currency_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."voucher_codes" DROP CONSTRAINT "voucher_codes_voucher_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."claims" DROP CONSTRAINT "claims_voucher_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."claims" DROP CONSTRAINT "claims_user_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."holds" DROP CONSTRAINT "holds_voucher_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."holds" DROP CONSTRAINT "holds_claim_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."redemptions" DROP CONSTRAINT "redemptions_voucher_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."redemptions" DROP CONSTRAINT "redemptions_location_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."redemptions" DROP CONSTRAINT "redemptions_claim_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."redemptions" DROP CONSTRAINT "redemptions_code_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."redemptions" DROP CONSTRAINT "redemptions_reverses_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."attempts" DROP CONSTRAINT "attempts_voucher_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."attempts" DROP CONSTRAINT "attempts_location_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."voucher_counters" DROP CONSTRAINT "voucher_counters_voucher_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."campaign_counters" DROP CONSTRAINT "campaign_counters_campaign_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."user_counters" DROP CONSTRAINT "user_counters_voucher_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."user_day_counters" DROP CONSTRAINT "user_day_counters_voucher_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."location_day_counters" DROP CONSTRAINT "location_day_counters_voucher_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."location_day_counters" DROP CONSTRAINT "location_day_counters_location_id_fkey";

-- DropForeignKey
ALTER TABLE "users"."addresses" DROP CONSTRAINT "addresses_user_id_fkey";

-- DropForeignKey
ALTER TABLE "users"."preferences" DROP CONSTRAINT "preferences_user_id_fkey";

-- DropIndex
DROP INDEX "marketplace"."vouchers_currency_idx";

-- DropIndex
DROP INDEX "marketplace"."vouchers_campaign_id_idx";

-- AlterTable
ALTER TABLE "business"."businesses" DROP COLUMN "version";

-- AlterTable
ALTER TABLE "business"."locations" DROP COLUMN "version";

-- AlterTable
ALTER TABLE "marketplace"."vouchers" DROP COLUMN "budget_minor",
DROP COLUMN "campaign_id",
DROP COLUMN "geofence_meters",
DROP COLUMN "limit_per_location_day",
DROP COLUMN "limit_per_user",
DROP COLUMN "limit_per_user_day",
DROP COLUMN "limit_total",
DROP COLUMN "redeemable_hours",
DROP COLUMN "rollback_window_minutes",
DROP COLUMN "stacking_group",
DROP COLUMN "valid_days_after_claim",
DROP COLUMN "version";

-- AlterTable
ALTER TABLE "users"."users" DROP COLUMN "state",
DROP COLUMN "version";

-- DropTable
DROP TABLE "analytics"."events";

-- DropTable
DROP TABLE "business"."members";

-- DropTable
DROP TABLE "business"."invitations";

-- DropTable
DROP TABLE "catalog"."currencies";

-- DropTable
DROP TABLE "catalog"."markets";

-- DropTable
DROP TABLE "identity"."credentials";

-- DropTable
DROP TABLE "identity"."email_links";

-- DropTable
DROP TABLE "identity"."totp_factors";

-- DropTable
DROP TABLE "identity"."backup_codes";

-- DropTable
DROP TABLE "identity"."sessions";

-- DropTable
DROP TABLE "identity"."refresh_tokens";

-- DropTable
DROP TABLE "identity"."role_grants";

-- DropTable
DROP TABLE "identity"."api_keys";

-- DropTable
DROP TABLE "identity"."signing_keys";

-- DropTable
DROP TABLE "marketplace"."campaigns";

-- DropTable
DROP TABLE "marketplace"."voucher_codes";

-- DropTable
DROP TABLE "marketplace"."claims";

-- DropTable
DROP TABLE "marketplace"."holds";

-- DropTable
DROP TABLE "marketplace"."redemptions";

-- DropTable
DROP TABLE "marketplace"."attempts";

-- DropTable
DROP TABLE "marketplace"."voucher_counters";

-- DropTable
DROP TABLE "marketplace"."campaign_counters";

-- DropTable
DROP TABLE "marketplace"."user_counters";

-- DropTable
DROP TABLE "marketplace"."user_day_counters";

-- DropTable
DROP TABLE "marketplace"."location_day_counters";

-- DropTable
DROP TABLE "security"."login_attempts";

-- DropTable
DROP TABLE "users"."addresses";

-- DropTable
DROP TABLE "users"."preferences";

-- DropEnum
DROP TYPE "analytics"."event_type";

-- DropEnum
DROP TYPE "business"."member_role";

-- DropEnum
DROP TYPE "identity"."email_link_purpose";

-- DropEnum
DROP TYPE "identity"."platform_role";

-- DropEnum
DROP TYPE "marketplace"."code_kind";

-- DropEnum
DROP TYPE "marketplace"."claim_state";

-- DropEnum
DROP TYPE "marketplace"."redemption_kind";

-- DropEnum
DROP TYPE "marketplace"."channel";

-- DropEnum
DROP TYPE "security"."login_outcome";

-- DropEnum
DROP TYPE "users"."user_state";

ALTER TABLE "marketplace"."vouchers"
  ADD CONSTRAINT "vouchers_currency_with_amount" CHECK (
    (currency IS NOT NULL) = (num_nonnulls(percent_cap_minor, amount_off_minor, fixed_price_minor, gift_balance_minor) > 0)
  );
DROP SCHEMA "audit", "support", "payments", "files", "analytics", "identity", "security";
