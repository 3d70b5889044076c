SET LOCAL lock_timeout = '5s';

-- Roles belong to the whole server: another database may have made them, and none is ever dropped.
DO $$
DECLARE
  v_role text;
BEGIN
  FOREACH v_role IN ARRAY '{pika_owner,pika_jobs,pika_app,pika_public,pika_support,pika_auditor}'::text[] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', v_role);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
    IF NOT pg_has_role(current_user, v_role, 'MEMBER') THEN
      EXECUTE format('GRANT %I TO %I', v_role, current_user);
    END IF;
  END LOOP;
  EXECUTE format('GRANT CREATE ON DATABASE %I TO pika_owner', current_database());
END
$$;
GRANT USAGE, CREATE ON SCHEMA public TO pika_owner;

CREATE SCHEMA "audit";
CREATE SCHEMA "support";
CREATE SCHEMA "payments";
CREATE SCHEMA "files";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "analytics";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "identity";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "security";

-- CreateEnum
CREATE TYPE "analytics"."event_type" AS ENUM ('seen', 'scanned', 'claimed', 'redeemed', 'rolled_back');

-- CreateEnum
CREATE TYPE "business"."member_role" AS ENUM ('owner', 'manager', 'redeemer');

-- CreateEnum
CREATE TYPE "identity"."email_link_purpose" AS ENUM ('verify_email', 'reset_password');

-- CreateEnum
CREATE TYPE "identity"."platform_role" AS ENUM ('support', 'admin');

-- CreateEnum
CREATE TYPE "marketplace"."code_kind" AS ENUM ('qr', 'short', 'static');

-- CreateEnum
CREATE TYPE "marketplace"."claim_state" AS ENUM ('active', 'redeemed', 'released', 'expired');

-- CreateEnum
CREATE TYPE "marketplace"."redemption_kind" AS ENUM ('redemption', 'rollback');

-- CreateEnum
CREATE TYPE "marketplace"."channel" AS ENUM ('web', 'app', 'counter', 'offline', 'api');

-- CreateEnum
CREATE TYPE "security"."login_outcome" AS ENUM ('success', 'wrong_password', 'unknown_email', 'wrong_code', 'locked');

-- CreateEnum
CREATE TYPE "users"."user_state" AS ENUM ('active', 'suspended', 'erased');

-- AlterTable
ALTER TABLE "business"."businesses" ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "business"."locations" ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "marketplace"."vouchers" ADD COLUMN     "budget_minor" BIGINT,
ADD COLUMN     "campaign_id" UUID,
ADD COLUMN     "geofence_meters" INTEGER,
ADD COLUMN     "limit_per_location_day" INTEGER,
ADD COLUMN     "limit_per_user" INTEGER,
ADD COLUMN     "limit_per_user_day" INTEGER,
ADD COLUMN     "limit_total" INTEGER,
ADD COLUMN     "redeemable_hours" int4multirange,
ADD COLUMN     "rollback_window_minutes" INTEGER NOT NULL DEFAULT 1440,
ADD COLUMN     "stacking_group" TEXT,
ADD COLUMN     "valid_days_after_claim" INTEGER,
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "users"."users" ADD COLUMN     "state" "users"."user_state" NOT NULL DEFAULT 'active',
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "analytics"."events" (
    "id" UUID NOT NULL,
    "type" "analytics"."event_type" NOT NULL,
    "business_id" UUID NOT NULL,
    "voucher_id" UUID NOT NULL,
    "location_id" UUID,
    "language_code" TEXT,
    "channel" TEXT,
    "weight" INTEGER NOT NULL DEFAULT 1,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "business"."members" (
    "business_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" "business"."member_role" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "members_pkey" PRIMARY KEY ("business_id","user_id")
);

-- CreateTable
CREATE TABLE "business"."invitations" (
    "id" UUID NOT NULL,
    "business_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "role" "business"."member_role" NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "invited_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "invitations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "catalog"."currencies" (
    "code" TEXT NOT NULL,
    "exponent" SMALLINT NOT NULL,

    CONSTRAINT "currencies_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "catalog"."markets" (
    "country_code" TEXT NOT NULL,
    "currency_code" TEXT NOT NULL,
    "default_language" TEXT NOT NULL,
    "required_languages" TEXT[],

    CONSTRAINT "markets_pkey" PRIMARY KEY ("country_code")
);

-- CreateTable
CREATE TABLE "identity"."credentials" (
    "user_id" UUID NOT NULL,
    "password_hash" TEXT NOT NULL,
    "password_changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "email_verified_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credentials_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "identity"."email_links" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "purpose" "identity"."email_link_purpose" NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "email_links_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identity"."totp_factors" (
    "user_id" UUID NOT NULL,
    "encrypted_secret" BYTEA NOT NULL,
    "last_used_step" BIGINT,
    "confirmed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "totp_factors_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "identity"."backup_codes" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "code_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "backup_codes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identity"."sessions" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "user_agent" TEXT,
    "client_address" INET,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "revoke_reason" TEXT,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identity"."refresh_tokens" (
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "rotated_at" TIMESTAMPTZ(3),
    "successor_id" UUID,

    CONSTRAINT "refresh_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identity"."role_grants" (
    "user_id" UUID NOT NULL,
    "role" "identity"."platform_role" NOT NULL,
    "granted_by" UUID,
    "granted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "role_grants_pkey" PRIMARY KEY ("user_id","role")
);

-- CreateTable
CREATE TABLE "identity"."api_keys" (
    "id" UUID NOT NULL,
    "business_id" UUID NOT NULL,
    "created_by" UUID,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "allowed_origins" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identity"."signing_keys" (
    "kid" TEXT NOT NULL,
    "algorithm" TEXT NOT NULL,
    "public_jwk" JSONB NOT NULL,
    "encrypted_private_key" BYTEA NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "active_from" TIMESTAMPTZ(3) NOT NULL,
    "retires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "signing_keys_pkey" PRIMARY KEY ("kid")
);

-- CreateTable
CREATE TABLE "marketplace"."campaigns" (
    "id" UUID NOT NULL,
    "business_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3),
    "ends_at" TIMESTAMPTZ(3),
    "limit_total" INTEGER,
    "limit_per_user" INTEGER,
    "budget_minor" BIGINT,
    "currency" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "campaigns_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "marketplace"."voucher_codes" (
    "id" UUID NOT NULL,
    "voucher_id" UUID NOT NULL,
    "kind" "marketplace"."code_kind" NOT NULL,
    "code" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "voucher_codes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "marketplace"."claims" (
    "id" UUID NOT NULL,
    "voucher_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "source_id" TEXT NOT NULL DEFAULT '',
    "state" "marketplace"."claim_state" NOT NULL DEFAULT 'active',
    "claimed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "claims_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "marketplace"."holds" (
    "id" UUID NOT NULL,
    "voucher_id" UUID NOT NULL,
    "claim_id" UUID,
    "user_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "released_at" TIMESTAMPTZ(3),

    CONSTRAINT "holds_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "marketplace"."redemptions" (
    "id" UUID NOT NULL,
    "kind" "marketplace"."redemption_kind" NOT NULL DEFAULT 'redemption',
    "reverses_id" UUID,
    "voucher_id" UUID NOT NULL,
    "business_id" UUID NOT NULL,
    "location_id" UUID,
    "claim_id" UUID,
    "code_id" UUID,
    "user_id" UUID,
    "staff_id" UUID,
    "channel" "marketplace"."channel" NOT NULL,
    "local_day" DATE NOT NULL,
    "discount_minor" BIGINT NOT NULL DEFAULT 0,
    "currency" TEXT,
    "request_id" TEXT,
    "redeemed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "redemptions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "marketplace"."attempts" (
    "id" UUID NOT NULL,
    "voucher_id" UUID,
    "business_id" UUID,
    "location_id" UUID,
    "user_id" UUID,
    "staff_id" UUID,
    "channel" "marketplace"."channel" NOT NULL,
    "violations" TEXT[],
    "latitude" DOUBLE PRECISION,
    "longitude" DOUBLE PRECISION,
    "device" TEXT,
    "request_id" TEXT,
    "attempted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "attempts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "marketplace"."voucher_counters" (
    "voucher_id" UUID NOT NULL,
    "limit_total" INTEGER,
    "budget_minor" BIGINT,
    "used_count" INTEGER NOT NULL DEFAULT 0,
    "discount_minor" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "voucher_counters_pkey" PRIMARY KEY ("voucher_id")
);

-- CreateTable
CREATE TABLE "marketplace"."campaign_counters" (
    "campaign_id" UUID NOT NULL,
    "limit_total" INTEGER,
    "budget_minor" BIGINT,
    "used_count" INTEGER NOT NULL DEFAULT 0,
    "discount_minor" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "campaign_counters_pkey" PRIMARY KEY ("campaign_id")
);

-- CreateTable
CREATE TABLE "marketplace"."user_counters" (
    "voucher_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "used_count" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "user_counters_pkey" PRIMARY KEY ("user_id","voucher_id")
);

-- CreateTable
CREATE TABLE "marketplace"."user_day_counters" (
    "voucher_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "used_count" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "user_day_counters_pkey" PRIMARY KEY ("user_id","voucher_id","day")
);

-- CreateTable
CREATE TABLE "marketplace"."location_day_counters" (
    "voucher_id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "used_count" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "location_day_counters_pkey" PRIMARY KEY ("voucher_id","location_id","day")
);

-- CreateTable
CREATE TABLE "security"."login_attempts" (
    "id" UUID NOT NULL,
    "email_hash" BYTEA NOT NULL,
    "client_address" INET NOT NULL,
    "outcome" "security"."login_outcome" NOT NULL,
    "attempted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "login_attempts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "users"."addresses" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "label" TEXT NOT NULL,
    "street" TEXT,
    "city" TEXT,
    "postal_code" TEXT,
    "country_code" TEXT NOT NULL,
    "latitude" DOUBLE PRECISION,
    "longitude" DOUBLE PRECISION,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "addresses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "users"."preferences" (
    "user_id" UUID NOT NULL,
    "email_activity" BOOLEAN NOT NULL DEFAULT true,
    "email_offers" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "preferences_pkey" PRIMARY KEY ("user_id")
);

-- CreateIndex
CREATE INDEX "events_business_id_occurred_at_idx" ON "analytics"."events"("business_id", "occurred_at");

-- CreateIndex
CREATE INDEX "events_voucher_id_type_occurred_at_idx" ON "analytics"."events"("voucher_id", "type", "occurred_at");

-- CreateIndex
CREATE INDEX "members_user_id_idx" ON "business"."members"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "invitations_token_hash_key" ON "business"."invitations"("token_hash");

-- CreateIndex
CREATE INDEX "invitations_business_id_idx" ON "business"."invitations"("business_id");

-- CreateIndex
CREATE INDEX "markets_currency_code_idx" ON "catalog"."markets"("currency_code");

-- CreateIndex
CREATE INDEX "markets_default_language_idx" ON "catalog"."markets"("default_language");

-- CreateIndex
CREATE UNIQUE INDEX "email_links_token_hash_key" ON "identity"."email_links"("token_hash");

-- CreateIndex
CREATE INDEX "email_links_user_id_idx" ON "identity"."email_links"("user_id");

-- CreateIndex
CREATE INDEX "email_links_expires_at_idx" ON "identity"."email_links"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "backup_codes_user_id_code_hash_key" ON "identity"."backup_codes"("user_id", "code_hash");

-- CreateIndex
CREATE INDEX "sessions_user_id_idx" ON "identity"."sessions"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "refresh_tokens_token_hash_key" ON "identity"."refresh_tokens"("token_hash");

-- CreateIndex
CREATE UNIQUE INDEX "refresh_tokens_successor_id_key" ON "identity"."refresh_tokens"("successor_id");

-- CreateIndex
CREATE INDEX "refresh_tokens_session_id_idx" ON "identity"."refresh_tokens"("session_id");

-- CreateIndex
CREATE INDEX "refresh_tokens_expires_at_idx" ON "identity"."refresh_tokens"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_prefix_key" ON "identity"."api_keys"("prefix");

-- CreateIndex
CREATE INDEX "api_keys_business_id_idx" ON "identity"."api_keys"("business_id");

-- CreateIndex
CREATE INDEX "campaigns_business_id_idx" ON "marketplace"."campaigns"("business_id");

-- CreateIndex
CREATE INDEX "campaigns_currency_idx" ON "marketplace"."campaigns"("currency");

-- CreateIndex
CREATE UNIQUE INDEX "voucher_codes_code_key" ON "marketplace"."voucher_codes"("code");

-- CreateIndex
CREATE INDEX "voucher_codes_voucher_id_idx" ON "marketplace"."voucher_codes"("voucher_id");

-- CreateIndex
CREATE INDEX "claims_voucher_id_idx" ON "marketplace"."claims"("voucher_id");

-- CreateIndex
CREATE UNIQUE INDEX "claims_user_id_voucher_id_source_id_key" ON "marketplace"."claims"("user_id", "voucher_id", "source_id");

-- CreateIndex
CREATE INDEX "holds_claim_id_idx" ON "marketplace"."holds"("claim_id");

-- CreateIndex
CREATE INDEX "holds_user_id_idx" ON "marketplace"."holds"("user_id");

-- CreateIndex
CREATE INDEX "holds_expires_at_idx" ON "marketplace"."holds"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "holds_voucher_id_key_key" ON "marketplace"."holds"("voucher_id", "key");

-- CreateIndex
CREATE UNIQUE INDEX "redemptions_reverses_id_key" ON "marketplace"."redemptions"("reverses_id");

-- CreateIndex
CREATE INDEX "redemptions_voucher_id_redeemed_at_idx" ON "marketplace"."redemptions"("voucher_id", "redeemed_at");

-- CreateIndex
CREATE INDEX "redemptions_business_id_redeemed_at_idx" ON "marketplace"."redemptions"("business_id", "redeemed_at");

-- CreateIndex
CREATE INDEX "redemptions_location_id_idx" ON "marketplace"."redemptions"("location_id");

-- CreateIndex
CREATE INDEX "redemptions_claim_id_idx" ON "marketplace"."redemptions"("claim_id");

-- CreateIndex
CREATE INDEX "redemptions_code_id_idx" ON "marketplace"."redemptions"("code_id");

-- CreateIndex
CREATE INDEX "redemptions_user_id_redeemed_at_idx" ON "marketplace"."redemptions"("user_id", "redeemed_at");

-- CreateIndex
CREATE INDEX "attempts_voucher_id_attempted_at_idx" ON "marketplace"."attempts"("voucher_id", "attempted_at");

-- CreateIndex
CREATE INDEX "attempts_business_id_attempted_at_idx" ON "marketplace"."attempts"("business_id", "attempted_at");

-- CreateIndex
CREATE INDEX "attempts_location_id_idx" ON "marketplace"."attempts"("location_id");

-- CreateIndex
CREATE INDEX "attempts_user_id_idx" ON "marketplace"."attempts"("user_id");

-- CreateIndex
CREATE INDEX "user_counters_voucher_id_idx" ON "marketplace"."user_counters"("voucher_id");

-- CreateIndex
CREATE INDEX "user_day_counters_voucher_id_idx" ON "marketplace"."user_day_counters"("voucher_id");

-- CreateIndex
CREATE INDEX "location_day_counters_location_id_idx" ON "marketplace"."location_day_counters"("location_id");

-- CreateIndex
CREATE INDEX "login_attempts_email_hash_attempted_at_idx" ON "security"."login_attempts"("email_hash", "attempted_at");

-- CreateIndex
CREATE INDEX "login_attempts_client_address_attempted_at_idx" ON "security"."login_attempts"("client_address", "attempted_at");

-- CreateIndex
CREATE INDEX "login_attempts_attempted_at_idx" ON "security"."login_attempts"("attempted_at");

-- CreateIndex
CREATE INDEX "addresses_user_id_idx" ON "users"."addresses"("user_id");

-- CreateIndex
CREATE INDEX "vouchers_currency_idx" ON "marketplace"."vouchers"("currency");

-- CreateIndex
CREATE INDEX "vouchers_campaign_id_idx" ON "marketplace"."vouchers"("campaign_id");

-- The currencies of ISO 4217 in use, by the number of decimals of their minor unit.
INSERT INTO "catalog"."currencies" (code, exponent)
SELECT unnest(codes), exponent
FROM (VALUES
  (0, '{BIF,CLP,DJF,GNF,ISK,JPY,KMF,KRW,PYG,RWF,UGX,VND,VUV,XAF,XOF,XPF}'::text[]),
  (2, '{AED,AFN,ALL,AMD,AOA,ARS,AUD,AWG,AZN,BAM,BBD,BDT,BMD,BND,BOB,BRL,BSD,BTN,BWP,BYN,BZD,CAD,CDF,CHF,CNY,COP,CRC,CUP,CVE,CZK,DKK,DOP,DZD,EGP,ERN,ETB,EUR,FJD,FKP,GBP,GEL,GHS,GIP,GMD,GTQ,GYD,HKD,HNL,HTG,HUF,IDR,ILS,INR,IRR,JMD,KES,KGS,KHR,KPW,KYD,KZT,LAK,LBP,LKR,LRD,LSL,MAD,MDL,MGA,MKD,MMK,MNT,MOP,MRU,MUR,MVR,MWK,MXN,MYR,MZN,NAD,NGN,NIO,NOK,NPR,NZD,PAB,PEN,PGK,PHP,PKR,PLN,QAR,RON,RSD,RUB,SAR,SBD,SCR,SDG,SEK,SGD,SHP,SLE,SOS,SRD,SSP,STN,SVC,SYP,SZL,THB,TJS,TMT,TOP,TRY,TTD,TWD,TZS,UAH,USD,UYU,UZS,VED,VES,WST,XCD,XCG,YER,ZAR,ZMW,ZWG}'::text[]),
  (3, '{BHD,IQD,JOD,KWD,LYD,OMR,TND}'::text[])
) AS by_exponent (exponent, codes);

-- AddForeignKey
ALTER TABLE "business"."members" ADD CONSTRAINT "members_business_id_fkey" FOREIGN KEY ("business_id") REFERENCES "business"."businesses"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "business"."members" ADD CONSTRAINT "members_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "business"."invitations" ADD CONSTRAINT "invitations_business_id_fkey" FOREIGN KEY ("business_id") REFERENCES "business"."businesses"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "catalog"."markets" ADD CONSTRAINT "markets_currency_code_fkey" FOREIGN KEY ("currency_code") REFERENCES "catalog"."currencies"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "catalog"."markets" ADD CONSTRAINT "markets_default_language_fkey" FOREIGN KEY ("default_language") REFERENCES "i18n"."languages"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "identity"."credentials" ADD CONSTRAINT "credentials_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "identity"."email_links" ADD CONSTRAINT "email_links_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "identity"."totp_factors" ADD CONSTRAINT "totp_factors_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "identity"."backup_codes" ADD CONSTRAINT "backup_codes_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "identity"."sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "identity"."refresh_tokens" ADD CONSTRAINT "refresh_tokens_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "identity"."sessions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "identity"."refresh_tokens" ADD CONSTRAINT "refresh_tokens_successor_id_fkey" FOREIGN KEY ("successor_id") REFERENCES "identity"."refresh_tokens"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "identity"."role_grants" ADD CONSTRAINT "role_grants_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "identity"."api_keys" ADD CONSTRAINT "api_keys_business_id_fkey" FOREIGN KEY ("business_id") REFERENCES "business"."businesses"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."vouchers" ADD CONSTRAINT "vouchers_currency_fkey" FOREIGN KEY ("currency") REFERENCES "catalog"."currencies"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."vouchers" ADD CONSTRAINT "vouchers_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "marketplace"."campaigns"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."campaigns" ADD CONSTRAINT "campaigns_business_id_fkey" FOREIGN KEY ("business_id") REFERENCES "business"."businesses"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."campaigns" ADD CONSTRAINT "campaigns_currency_fkey" FOREIGN KEY ("currency") REFERENCES "catalog"."currencies"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."voucher_codes" ADD CONSTRAINT "voucher_codes_voucher_id_fkey" FOREIGN KEY ("voucher_id") REFERENCES "marketplace"."vouchers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."claims" ADD CONSTRAINT "claims_voucher_id_fkey" FOREIGN KEY ("voucher_id") REFERENCES "marketplace"."vouchers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."claims" ADD CONSTRAINT "claims_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"."users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."holds" ADD CONSTRAINT "holds_voucher_id_fkey" FOREIGN KEY ("voucher_id") REFERENCES "marketplace"."vouchers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."holds" ADD CONSTRAINT "holds_claim_id_fkey" FOREIGN KEY ("claim_id") REFERENCES "marketplace"."claims"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."redemptions" ADD CONSTRAINT "redemptions_voucher_id_fkey" FOREIGN KEY ("voucher_id") REFERENCES "marketplace"."vouchers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."redemptions" ADD CONSTRAINT "redemptions_location_id_fkey" FOREIGN KEY ("location_id") REFERENCES "business"."locations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."redemptions" ADD CONSTRAINT "redemptions_claim_id_fkey" FOREIGN KEY ("claim_id") REFERENCES "marketplace"."claims"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."redemptions" ADD CONSTRAINT "redemptions_code_id_fkey" FOREIGN KEY ("code_id") REFERENCES "marketplace"."voucher_codes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."redemptions" ADD CONSTRAINT "redemptions_reverses_id_fkey" FOREIGN KEY ("reverses_id") REFERENCES "marketplace"."redemptions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."attempts" ADD CONSTRAINT "attempts_voucher_id_fkey" FOREIGN KEY ("voucher_id") REFERENCES "marketplace"."vouchers"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."attempts" ADD CONSTRAINT "attempts_location_id_fkey" FOREIGN KEY ("location_id") REFERENCES "business"."locations"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."voucher_counters" ADD CONSTRAINT "voucher_counters_voucher_id_fkey" FOREIGN KEY ("voucher_id") REFERENCES "marketplace"."vouchers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."campaign_counters" ADD CONSTRAINT "campaign_counters_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "marketplace"."campaigns"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."user_counters" ADD CONSTRAINT "user_counters_voucher_id_fkey" FOREIGN KEY ("voucher_id") REFERENCES "marketplace"."vouchers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."user_day_counters" ADD CONSTRAINT "user_day_counters_voucher_id_fkey" FOREIGN KEY ("voucher_id") REFERENCES "marketplace"."vouchers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."location_day_counters" ADD CONSTRAINT "location_day_counters_voucher_id_fkey" FOREIGN KEY ("voucher_id") REFERENCES "marketplace"."vouchers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."location_day_counters" ADD CONSTRAINT "location_day_counters_location_id_fkey" FOREIGN KEY ("location_id") REFERENCES "business"."locations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "users"."addresses" ADD CONSTRAINT "addresses_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "users"."preferences" ADD CONSTRAINT "preferences_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What a row can break alone, and what Prisma cannot say.
ALTER TABLE "users"."addresses"
  ADD CONSTRAINT "addresses_country_code_form" CHECK (country_code ~ '^[A-Z]{2}$'),
  ADD CONSTRAINT "addresses_latitude_in_range" CHECK (latitude BETWEEN -90 AND 90),
  ADD CONSTRAINT "addresses_longitude_in_range" CHECK (longitude BETWEEN -180 AND 180),
  ADD CONSTRAINT "addresses_position_whole" CHECK ((latitude IS NULL) = (longitude IS NULL)),
  ADD CONSTRAINT "addresses_label_not_empty" CHECK (label <> '');
ALTER TABLE "identity"."credentials"
  ADD CONSTRAINT "credentials_password_hash_form" CHECK (password_hash LIKE '$argon2id$%');
ALTER TABLE "identity"."email_links"
  ADD CONSTRAINT "email_links_token_hash_length" CHECK (octet_length(token_hash) = 32),
  ADD CONSTRAINT "email_links_expire_later" CHECK (expires_at > created_at);
ALTER TABLE "identity"."backup_codes"
  ADD CONSTRAINT "backup_codes_code_hash_length" CHECK (octet_length(code_hash) = 32);
ALTER TABLE "identity"."sessions"
  ADD CONSTRAINT "sessions_expire_later" CHECK (expires_at > created_at),
  ADD CONSTRAINT "sessions_revoked_with_reason" CHECK ((revoked_at IS NULL) = (revoke_reason IS NULL));
ALTER TABLE "identity"."refresh_tokens"
  ADD CONSTRAINT "refresh_tokens_token_hash_length" CHECK (octet_length(token_hash) = 32),
  ADD CONSTRAINT "refresh_tokens_expire_later" CHECK (expires_at > issued_at),
  ADD CONSTRAINT "refresh_tokens_successor_of_rotated" CHECK (successor_id IS NULL OR rotated_at IS NOT NULL),
  ADD CONSTRAINT "refresh_tokens_not_own_successor" CHECK (successor_id <> id);
ALTER TABLE "identity"."api_keys"
  ADD CONSTRAINT "api_keys_name_not_empty" CHECK (name <> ''),
  ADD CONSTRAINT "api_keys_prefix_form" CHECK (prefix ~ '^pika_[a-z0-9]{8,16}$'),
  ADD CONSTRAINT "api_keys_secret_hash_length" CHECK (octet_length(secret_hash) = 32),
  ADD CONSTRAINT "api_keys_scopes_not_empty" CHECK (cardinality(scopes) > 0),
  ADD CONSTRAINT "api_keys_expire_later" CHECK (expires_at > created_at);
ALTER TABLE "identity"."signing_keys"
  ADD CONSTRAINT "signing_keys_algorithm_known" CHECK (algorithm = 'EdDSA'),
  ADD CONSTRAINT "signing_keys_public_jwk_is_public" CHECK (jsonb_typeof(public_jwk) = 'object' AND NOT public_jwk ? 'd'),
  ADD CONSTRAINT "signing_keys_times_in_order" CHECK (published_at <= active_from AND active_from < retires_at);
ALTER TABLE "security"."login_attempts"
  ADD CONSTRAINT "login_attempts_email_hash_length" CHECK (octet_length(email_hash) = 32);
ALTER TABLE "catalog"."currencies"
  ADD CONSTRAINT "currencies_code_form" CHECK (code ~ '^[A-Z]{3}$'),
  ADD CONSTRAINT "currencies_exponent_in_range" CHECK (exponent BETWEEN 0 AND 4);
ALTER TABLE "catalog"."markets"
  ADD CONSTRAINT "markets_country_code_form" CHECK (country_code ~ '^[A-Z]{2}$'),
  ADD CONSTRAINT "markets_required_languages_not_empty" CHECK (cardinality(required_languages) > 0);
ALTER TABLE "business"."invitations"
  ADD CONSTRAINT "invitations_email_lower_case" CHECK (email = lower(email)),
  ADD CONSTRAINT "invitations_token_hash_length" CHECK (octet_length(token_hash) = 32),
  ADD CONSTRAINT "invitations_expire_later" CHECK (expires_at > created_at),
  ADD CONSTRAINT "invitations_accepted_or_revoked" CHECK (num_nonnulls(accepted_at, revoked_at) < 2);
ALTER TABLE "marketplace"."vouchers"
  DROP CONSTRAINT "vouchers_currency_with_amount",
  ADD CONSTRAINT "vouchers_currency_with_amount" CHECK (
    (currency IS NOT NULL)
      = (num_nonnulls(percent_cap_minor, amount_off_minor, fixed_price_minor, gift_balance_minor, budget_minor) > 0)
  ),
  ADD CONSTRAINT "vouchers_limits_positive" CHECK (
    limit_total > 0 IS NOT FALSE AND limit_per_user > 0 IS NOT FALSE AND limit_per_user_day > 0 IS NOT FALSE
    AND limit_per_location_day > 0 IS NOT FALSE
  ),
  ADD CONSTRAINT "vouchers_budget_positive" CHECK (budget_minor > 0),
  ADD CONSTRAINT "vouchers_redeemable_hours_in_week" CHECK (redeemable_hours <@ '{[0,10080)}'::int4multirange),
  ADD CONSTRAINT "vouchers_valid_days_after_claim_positive" CHECK (valid_days_after_claim > 0),
  ADD CONSTRAINT "vouchers_geofence_meters_positive" CHECK (geofence_meters > 0),
  ADD CONSTRAINT "vouchers_rollback_window_not_negative" CHECK (rollback_window_minutes >= 0),
  ADD CONSTRAINT "vouchers_stacking_group_not_empty" CHECK (stacking_group <> '');
ALTER TABLE "marketplace"."campaigns"
  ADD CONSTRAINT "campaigns_name_not_empty" CHECK (name <> ''),
  ADD CONSTRAINT "campaigns_times_in_order" CHECK (ends_at > starts_at),
  ADD CONSTRAINT "campaigns_limits_positive" CHECK (limit_total > 0 IS NOT FALSE AND limit_per_user > 0 IS NOT FALSE),
  ADD CONSTRAINT "campaigns_budget_positive" CHECK (budget_minor > 0),
  ADD CONSTRAINT "campaigns_currency_with_budget" CHECK ((currency IS NULL) = (budget_minor IS NULL));
ALTER TABLE "marketplace"."voucher_codes"
  ADD CONSTRAINT "voucher_codes_code_form" CHECK (code ~ '^[A-Za-z0-9-]{6,64}$');
ALTER TABLE "marketplace"."claims"
  ADD CONSTRAINT "claims_expire_later" CHECK (expires_at > claimed_at);
ALTER TABLE "marketplace"."holds"
  ADD CONSTRAINT "holds_key_not_empty" CHECK (key <> ''),
  ADD CONSTRAINT "holds_expire_later" CHECK (expires_at > created_at);
ALTER TABLE "marketplace"."redemptions"
  ADD CONSTRAINT "redemptions_rollback_reverses" CHECK ((kind = 'rollback') = (reverses_id IS NOT NULL)),
  ADD CONSTRAINT "redemptions_discount_sign" CHECK (CASE kind WHEN 'rollback' THEN discount_minor <= 0 ELSE discount_minor >= 0 END),
  ADD CONSTRAINT "redemptions_currency_with_discount" CHECK (discount_minor = 0 OR currency IS NOT NULL);
ALTER TABLE "marketplace"."attempts"
  ADD CONSTRAINT "attempts_latitude_in_range" CHECK (latitude BETWEEN -90 AND 90),
  ADD CONSTRAINT "attempts_longitude_in_range" CHECK (longitude BETWEEN -180 AND 180),
  ADD CONSTRAINT "attempts_position_whole" CHECK ((latitude IS NULL) = (longitude IS NULL));
ALTER TABLE "marketplace"."voucher_counters"
  ADD CONSTRAINT "voucher_counters_used_count_within_limit" CHECK (used_count >= 0 AND used_count <= limit_total IS NOT FALSE),
  ADD CONSTRAINT "voucher_counters_discount_within_budget" CHECK (discount_minor >= 0 AND discount_minor <= budget_minor IS NOT FALSE);
ALTER TABLE "marketplace"."campaign_counters"
  ADD CONSTRAINT "campaign_counters_used_count_within_limit" CHECK (used_count >= 0 AND used_count <= limit_total IS NOT FALSE),
  ADD CONSTRAINT "campaign_counters_discount_within_budget" CHECK (discount_minor >= 0 AND discount_minor <= budget_minor IS NOT FALSE);
ALTER TABLE "marketplace"."user_counters"
  ADD CONSTRAINT "user_counters_used_count_not_negative" CHECK (used_count >= 0);
ALTER TABLE "marketplace"."user_day_counters"
  ADD CONSTRAINT "user_day_counters_used_count_not_negative" CHECK (used_count >= 0);
ALTER TABLE "marketplace"."location_day_counters"
  ADD CONSTRAINT "location_day_counters_used_count_not_negative" CHECK (used_count >= 0);
ALTER TABLE "analytics"."events"
  ADD CONSTRAINT "events_weight_positive" CHECK (weight > 0);

-- The living, as their owners list them.
CREATE INDEX "addresses_living_idx" ON "users"."addresses" (user_id, id) WHERE deleted_at IS NULL;
CREATE INDEX "sessions_living_idx" ON "identity"."sessions" (user_id, last_used_at) WHERE revoked_at IS NULL;
CREATE INDEX "api_keys_living_idx" ON "identity"."api_keys" (business_id, id) WHERE revoked_at IS NULL;
CREATE INDEX "businesses_living_idx" ON "business"."businesses" (owner_id, id) WHERE deleted_at IS NULL;
CREATE INDEX "locations_living_idx" ON "business"."locations" (business_id, id) WHERE deleted_at IS NULL;
CREATE INDEX "campaigns_living_idx" ON "marketplace"."campaigns" (business_id, id) WHERE deleted_at IS NULL;
CREATE INDEX "vouchers_living_idx" ON "marketplace"."vouchers" (business_id, id) WHERE deleted_at IS NULL;
CREATE INDEX "claims_active_idx" ON "marketplace"."claims" (user_id, id) WHERE state = 'active';
CREATE INDEX "holds_counting_idx" ON "marketplace"."holds" (voucher_id, expires_at) WHERE released_at IS NULL;

-- sql/audit/check_transition.sql
-- drop: DROP FUNCTION audit.check_transition();
-- audit.check_transition: a state moves only along the arrows that its trigger lists: the column, then 'from>to' each.
-- A refused one is a check_violation of a constraint with the trigger's name.
CREATE OR REPLACE FUNCTION audit.check_transition() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_from constant text := to_jsonb(OLD) ->> TG_ARGV[0];
  v_to constant text := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
  IF v_from || '>' || v_to = ANY (TG_ARGV[1:]) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'there is no way from % to %', v_from, v_to
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
END
$$;
-- end

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

-- sql/security/current_business_id.sql
-- drop: DROP FUNCTION security.current_business_id();
-- security.current_business_id: the business the transaction acts for; NULL for none. The application sets it only for
-- members and keys of that business.
CREATE OR REPLACE FUNCTION security.current_business_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('app.business_id', true), '')::uuid
$$;
-- end

-- sql/security/current_user_id.sql
-- drop: DROP FUNCTION security.current_user_id();
-- security.current_user_id: who the transaction acts for; NULL for nobody. On a reused connection the setting is ''
-- rather than absent. Policies write (SELECT security.current_user_id()), so that it is read once per statement.
CREATE OR REPLACE FUNCTION security.current_user_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('app.user_id', true), '')::uuid
$$;
-- end

-- sql/security/has_role.sql
-- drop: DROP FUNCTION security.has_role(text);
-- security.has_role: whether the transaction's person holds a role of the platform (support, admin).
CREATE OR REPLACE FUNCTION security.has_role(p_role text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(p_role = ANY (string_to_array(current_setting('app.roles', true), ',')), false)
$$;
-- end

-- sql/audit/state_machines.sql
-- drop: DROP TRIGGER businesses_status_transition ON business.businesses; DROP TRIGGER vouchers_state_transition ON marketplace.vouchers; DROP TRIGGER claims_state_transition ON marketplace.claims; DROP TRIGGER users_state_transition ON users.users;
-- after: audit/check_transition
-- audit.state_machines: every state that moves, and where it may go.
CREATE OR REPLACE TRIGGER businesses_status_transition BEFORE UPDATE OF status ON business.businesses
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
  EXECUTE FUNCTION audit.check_transition('status', 'pending>verified', 'pending>suspended', 'verified>pending', 'verified>suspended', 'suspended>verified');
CREATE OR REPLACE TRIGGER vouchers_state_transition BEFORE UPDATE OF state ON marketplace.vouchers
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION audit.check_transition('state', 'draft>published', 'draft>archived', 'published>suspended', 'published>expired', 'published>archived', 'suspended>published', 'suspended>expired', 'suspended>archived', 'expired>archived');
CREATE OR REPLACE TRIGGER claims_state_transition BEFORE UPDATE OF state ON marketplace.claims
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION audit.check_transition('state', 'active>redeemed', 'active>released', 'active>expired', 'redeemed>active');
CREATE OR REPLACE TRIGGER users_state_transition BEFORE UPDATE OF state ON users.users
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION audit.check_transition('state', 'active>suspended', 'suspended>active', 'active>erased', 'suspended>erased');
-- end

-- sql/audit/touched_tables.sql
-- drop: DROP TRIGGER touch_row ON business.businesses; DROP TRIGGER touch_row ON business.locations; DROP TRIGGER touch_row ON business.members; DROP TRIGGER touch_row ON catalog.categories; DROP TRIGGER touch_row ON i18n.translations; DROP TRIGGER touch_row ON identity.credentials; DROP TRIGGER touch_row ON marketplace.campaigns; DROP TRIGGER touch_row ON marketplace.claims; DROP TRIGGER touch_row ON marketplace.vouchers; DROP TRIGGER touch_row ON users.addresses; DROP TRIGGER touch_row ON users.preferences; DROP TRIGGER touch_row ON users.users;
-- after: audit/touch_row
-- audit.touched_tables: every table with updated_at, and those that are locked optimistically by their version.
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON business.businesses
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row('version');
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON business.locations
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row('version');
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON business.members
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row();
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON catalog.categories
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row();
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON i18n.translations
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row();
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON identity.credentials
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row();
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON marketplace.campaigns
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row('version');
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON marketplace.claims
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row('version');
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON marketplace.vouchers
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row('version');
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON users.addresses
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row('version');
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON users.preferences
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row('version');
CREATE OR REPLACE TRIGGER touch_row BEFORE UPDATE ON users.users
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.touch_row('version');
-- end

-- comments of analytics
-- drop: COMMENT ON TABLE "analytics"."events" IS NULL;
COMMENT ON TABLE "analytics"."events" IS 'What happened to vouchers, counted by the funnel. Without foreign keys: it outlives what it counts. `weight` is how many events a sampled row stands for.';
-- end

-- comments of business
-- drop: COMMENT ON TYPE "business"."business_status" IS NULL; COMMENT ON TABLE "business"."businesses" IS NULL; COMMENT ON TABLE "business"."locations" IS NULL; COMMENT ON TABLE "business"."special_days" IS NULL; COMMENT ON TABLE "business"."members" IS NULL; COMMENT ON TABLE "business"."invitations" IS NULL;
COMMENT ON TYPE "business"."business_status" IS 'Only verified businesses are seen by the public.';
COMMENT ON TABLE "business"."businesses" IS 'A merchant. `sourceId` is the identity at the place the row was imported from, such as `osm:node/442030367`. `otherNamesKey` leads to names that are searched and not shown. `closedAt`: gone for good, kept for who remembers it.';
COMMENT ON TABLE "business"."locations" IS 'A branch. `weeklyHours` holds minutes of the local week, Monday 00:00 = 0, Sunday 24:00 = 10080; NULL where unknown. `hoursText` is how the source wrote them.';
COMMENT ON TABLE "business"."special_days" IS 'What replaces the weekly hours on one local date: minutes of that day, 0 to 1440; empty means closed all day.';
COMMENT ON TABLE "business"."members" IS 'Who works for a business. A redeemer may redeem at the counter, a manager may change offers, an owner everything.';
COMMENT ON TABLE "business"."invitations" IS 'An offer of membership to an e-mail address. Only the SHA-256 of its token is kept.';
-- end

-- comments of catalog
-- drop: COMMENT ON TABLE "catalog"."categories" IS NULL; COMMENT ON TABLE "catalog"."currencies" IS NULL; COMMENT ON TABLE "catalog"."markets" IS NULL;
COMMENT ON TABLE "catalog"."categories" IS 'A node of the category tree. `path` holds the ids from the top to the node itself and is kept by a trigger.';
COMMENT ON TABLE "catalog"."currencies" IS 'An ISO 4217 currency. `exponent` is the number of decimals of its minor unit: an amount of 1050 minor units is 10.50 where it is 2, and 1050 where it is 0.';
COMMENT ON TABLE "catalog"."markets" IS 'A country that offers are published in, and the languages that they must have there.';
-- end

-- comments of i18n
-- drop: COMMENT ON TABLE "i18n"."languages" IS NULL; COMMENT ON TABLE "i18n"."translations" IS NULL; COMMENT ON COLUMN "i18n"."translations"."source_hash" IS NULL;
COMMENT ON TABLE "i18n"."languages" IS 'A language content can be written in. `chain` is what a reader of this language alone is shown, in order; it is computed by `languageChainOf` of @pika/shared and stored so that SQL can apply it.';
COMMENT ON TABLE "i18n"."translations" IS 'One text in one language. Entities hold keys, never texts.';
COMMENT ON COLUMN "i18n"."translations"."source_hash" IS 'SHA-256 of the source text that was translated: another one there now means that this is stale.';
-- end

-- comments of identity
-- drop: COMMENT ON TYPE "identity"."platform_role" IS NULL; COMMENT ON TABLE "identity"."credentials" IS NULL; COMMENT ON COLUMN "identity"."credentials"."password_hash" IS NULL; COMMENT ON TABLE "identity"."email_links" IS NULL; COMMENT ON TABLE "identity"."totp_factors" IS NULL; COMMENT ON COLUMN "identity"."totp_factors"."encrypted_secret" IS NULL; COMMENT ON TABLE "identity"."backup_codes" IS NULL; COMMENT ON TABLE "identity"."sessions" IS NULL; COMMENT ON TABLE "identity"."refresh_tokens" IS NULL; COMMENT ON TABLE "identity"."role_grants" IS NULL; COMMENT ON TABLE "identity"."api_keys" IS NULL; COMMENT ON COLUMN "identity"."api_keys"."secret_hash" IS NULL; COMMENT ON TABLE "identity"."signing_keys" IS NULL; COMMENT ON COLUMN "identity"."signing_keys"."encrypted_private_key" IS NULL;
COMMENT ON TYPE "identity"."platform_role" IS 'Operators; everybody is a consumer, and businesses have members.';
COMMENT ON TABLE "identity"."credentials" IS 'How a person logs in. `emailVerifiedAt` is NULL until the link was followed.';
COMMENT ON COLUMN "identity"."credentials"."password_hash" IS 'argon2id in PHC string format.';
COMMENT ON TABLE "identity"."email_links" IS 'A link that was sent by e-mail and works once. Only the SHA-256 of its token is kept.';
COMMENT ON TABLE "identity"."totp_factors" IS 'The second factor of a person (RFC 6238). `lastUsedStep` refuses a code that was used already.';
COMMENT ON COLUMN "identity"."totp_factors"."encrypted_secret" IS 'AES-256-GCM under a key from the environment.';
COMMENT ON TABLE "identity"."backup_codes" IS 'Ten codes for who lost the second factor, each good once.';
COMMENT ON TABLE "identity"."sessions" IS 'One device that is logged in: the family of its refresh tokens.';
COMMENT ON TABLE "identity"."refresh_tokens" IS '`successorId` is the token it was exchanged for; a second exchange later than the grace revokes the session.';
COMMENT ON TABLE "identity"."role_grants" IS 'What a person may do beyond being a consumer; membership of businesses is `business.members`.';
COMMENT ON TABLE "identity"."api_keys" IS 'A secret of a business''s own programs, shown once. `prefix` is its public beginning, by which it is found.';
COMMENT ON COLUMN "identity"."api_keys"."secret_hash" IS 'SHA-256; the secret has 256 bits of its own.';
COMMENT ON TABLE "identity"."signing_keys" IS 'Keys that sign access tokens. Verifiers accept a key from `publishedAt` on, tokens are signed with it from `activeFrom` on, and it is forgotten after `retiresAt`.';
COMMENT ON COLUMN "identity"."signing_keys"."encrypted_private_key" IS 'AES-256-GCM under a key from the environment.';
-- end

-- comments of marketplace
-- drop: COMMENT ON TYPE "marketplace"."discount_type" IS NULL; COMMENT ON TYPE "marketplace"."code_kind" IS NULL; COMMENT ON TYPE "marketplace"."claim_state" IS NULL; COMMENT ON TYPE "marketplace"."redemption_kind" IS NULL; COMMENT ON TYPE "marketplace"."channel" IS NULL; COMMENT ON TABLE "marketplace"."vouchers" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_until" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."redeemable_hours" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_days_after_claim" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."budget_minor" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."stacking_group" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."version" IS NULL; COMMENT ON TABLE "marketplace"."voucher_locations" IS NULL; COMMENT ON TABLE "marketplace"."cards" IS NULL; COMMENT ON TABLE "marketplace"."location_facets" IS NULL; COMMENT ON TABLE "marketplace"."search_words" IS NULL; COMMENT ON TABLE "marketplace"."stale_vouchers" IS NULL; COMMENT ON TABLE "marketplace"."campaigns" IS NULL; COMMENT ON TABLE "marketplace"."voucher_codes" IS NULL; COMMENT ON TABLE "marketplace"."claims" IS NULL; COMMENT ON TABLE "marketplace"."holds" IS NULL; COMMENT ON TABLE "marketplace"."redemptions" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."discount_minor" IS NULL; COMMENT ON TABLE "marketplace"."attempts" IS NULL; COMMENT ON TABLE "marketplace"."voucher_counters" IS NULL; COMMENT ON COLUMN "marketplace"."voucher_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."campaign_counters" IS NULL; COMMENT ON COLUMN "marketplace"."campaign_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."user_counters" IS NULL; COMMENT ON TABLE "marketplace"."user_day_counters" IS NULL; COMMENT ON TABLE "marketplace"."location_day_counters" IS NULL;
COMMENT ON TYPE "marketplace"."discount_type" IS 'What is given; each type has one value column.';
COMMENT ON TYPE "marketplace"."code_kind" IS 'How a code is read: scanned, typed, or printed once for everybody.';
COMMENT ON TYPE "marketplace"."claim_state" IS 'What became of a voucher in a wallet.';
COMMENT ON TYPE "marketplace"."redemption_kind" IS 'A rollback is an entry of its own.';
COMMENT ON TYPE "marketplace"."channel" IS 'Through what somebody tried to redeem.';
COMMENT ON TABLE "marketplace"."vouchers" IS 'An offer. Exactly one value column is set, the one of its discount type. Amounts are minor units of `currency`. `validFrom` and `validUntil` are local dates at the redeeming location; `validUntil` is inclusive.';
COMMENT ON COLUMN "marketplace"."vouchers"."valid_until" IS 'Inclusive.';
COMMENT ON COLUMN "marketplace"."vouchers"."redeemable_hours" IS 'Minutes of the local week, as business.locations.weekly_hours; NULL: always.';
COMMENT ON COLUMN "marketplace"."vouchers"."valid_days_after_claim" IS 'Days a claim lives from the moment it was made; NULL: as long as the voucher.';
COMMENT ON COLUMN "marketplace"."vouchers"."budget_minor" IS 'Sum of discounts at most, in minor units of the currency.';
COMMENT ON COLUMN "marketplace"."vouchers"."stacking_group" IS 'Vouchers of one group may be combined; NULL: this one stands alone.';
COMMENT ON COLUMN "marketplace"."vouchers"."version" IS 'Moves by one at each update: the ETag.';
COMMENT ON TABLE "marketplace"."voucher_locations" IS 'Where a voucher can be redeemed.';
COMMENT ON TABLE "marketplace"."cards" IS 'Read model, kept by triggers: one published voucher at one of its locations, with its texts ready to show. `texts` maps an active language to [inside of a JSON object, deepest place of its chain used, languages used]; `facts` continues that object with what the location''s time zone decides. `cards_walk_idx` holds all that the search decides by, so that it reads no card that it does not show. `search` holds words as `<language>:<lexeme>` and grid cells as `@<level>:<x>,<y>,<z>`.';
COMMENT ON TABLE "marketplace"."location_facets" IS 'Read model, kept by triggers: a location with cards stands here once under the root facet (the nil UUID), once under its business, and once under each category of its cards and the ancestors of these.';
COMMENT ON TABLE "marketplace"."search_words" IS 'The words that cards contain, for spelling correction; `frequency` is the part of all cards that hold the word, 0 for all but the commonest.';
COMMENT ON TABLE "marketplace"."stale_vouchers" IS 'Vouchers whose cards wait to be recomputed, because one change touched too many of them for one request.';
COMMENT ON TABLE "marketplace"."campaigns" IS 'Vouchers that share limits. `startsAt` is inclusive, `endsAt` is not.';
COMMENT ON TABLE "marketplace"."voucher_codes" IS 'What is shown or typed at the counter to redeem a voucher that nobody has claimed.';
COMMENT ON TABLE "marketplace"."claims" IS 'A voucher in somebody''s wallet. `sourceId` tells apart claims of the same voucher by the same person; `expiresAt` was fixed when it was claimed.';
COMMENT ON TABLE "marketplace"."holds" IS 'A short reservation. It counts until `expiresAt`, whether or not anybody has swept it away.';
COMMENT ON TABLE "marketplace"."redemptions" IS 'The ledger: one row for each redemption, and one more that reverses it where it was rolled back. Rows are never changed. `userId` is whose limits it counted against, `staffId` who scanned; `localDay` is the date at the location.';
COMMENT ON COLUMN "marketplace"."redemptions"."discount_minor" IS 'Negative in a rollback.';
COMMENT ON TABLE "marketplace"."attempts" IS 'Every try to redeem, refused ones too. `violations` lists the codes of the rules that refused it.';
COMMENT ON TABLE "marketplace"."voucher_counters" IS 'How much of a voucher''s limits is used. `usedCount` can never pass `limitTotal`, whoever asks.';
COMMENT ON COLUMN "marketplace"."voucher_counters"."limit_total" IS 'Copied from the voucher, so that the row alone can refuse.';
COMMENT ON TABLE "marketplace"."campaign_counters" IS 'How much of a campaign''s limits its vouchers have used together.';
COMMENT ON COLUMN "marketplace"."campaign_counters"."limit_total" IS 'Copied from the campaign, so that the row alone can refuse.';
COMMENT ON TABLE "marketplace"."user_counters" IS 'How often a person has redeemed a voucher.';
COMMENT ON TABLE "marketplace"."user_day_counters" IS 'How often a person has redeemed a voucher on a local day.';
COMMENT ON TABLE "marketplace"."location_day_counters" IS 'How often a voucher was redeemed at a location on its local day.';
-- end

-- comments of security
-- drop: COMMENT ON TABLE "security"."login_attempts" IS NULL; COMMENT ON COLUMN "security"."login_attempts"."email_hash" IS NULL;
COMMENT ON TABLE "security"."login_attempts" IS 'Every try to log in, by the hash of the e-mail address that was given: the ground of lockouts.';
COMMENT ON COLUMN "security"."login_attempts"."email_hash" IS 'HMAC-SHA-256 under a key from the environment.';
-- end

-- comments of users
-- drop: COMMENT ON TABLE "users"."users" IS NULL; COMMENT ON COLUMN "users"."users"."email" IS NULL; COMMENT ON COLUMN "users"."users"."version" IS NULL; COMMENT ON TABLE "users"."addresses" IS NULL; COMMENT ON TABLE "users"."preferences" IS NULL;
COMMENT ON TABLE "users"."users" IS 'A person who can own a business or hold vouchers. Credentials belong to `identity`.';
COMMENT ON COLUMN "users"."users"."email" IS 'In lower case.';
COMMENT ON COLUMN "users"."users"."version" IS 'Moves by one at each update: the ETag.';
COMMENT ON TABLE "users"."addresses" IS 'Where a person lives or works, in their own words; the position is theirs to give.';
COMMENT ON TABLE "users"."preferences" IS 'What a person wants to be told of by e-mail. The language is that of `users.users`.';
-- end

-- Everything of ours belongs to a role that nobody logs in as and row-level security binds.
DO $$
DECLARE
  v_schemas constant text[] := '{users,identity,security,audit,support,payments,files,i18n,catalog,business,marketplace,analytics}';
  v_statement text;
BEGIN
  FOR v_statement IN
    SELECT format('ALTER SCHEMA %I OWNER TO pika_owner', n.nspname)
    FROM pg_namespace n WHERE n.nspname = ANY (v_schemas)
    UNION ALL
    SELECT format('ALTER %s %s OWNER TO pika_owner', CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, c.oid::regclass)
    FROM pg_class c WHERE c.relnamespace::regnamespace::text = ANY (v_schemas) AND c.relkind IN ('r', 'v')
    UNION ALL
    SELECT format('ALTER FUNCTION %s OWNER TO pika_owner', p.oid::regprocedure)
    FROM pg_proc p WHERE p.pronamespace::regnamespace::text = ANY (v_schemas)
    UNION ALL
    SELECT format('ALTER TYPE %s OWNER TO pika_owner', t.oid::regtype)
    FROM pg_type t WHERE t.typnamespace::regnamespace::text = ANY (v_schemas) AND t.typtype = 'e'
  LOOP
    EXECUTE v_statement;
  END LOOP;
END
$$;
