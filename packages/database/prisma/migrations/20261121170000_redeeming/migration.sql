SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

COMMENT ON TYPE "marketplace"."voucher_state" IS NULL; COMMENT ON TYPE "marketplace"."discount_type" IS NULL; COMMENT ON TYPE "marketplace"."code_kind" IS NULL; COMMENT ON TYPE "marketplace"."claim_state" IS NULL; COMMENT ON TYPE "marketplace"."redemption_kind" IS NULL; COMMENT ON TYPE "marketplace"."channel" IS NULL; COMMENT ON TABLE "marketplace"."vouchers" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_until" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."redeemable_hours" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_days_after_claim" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."budget_minor" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."stacking_group" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."version" IS NULL; COMMENT ON TABLE "marketplace"."voucher_locations" IS NULL; COMMENT ON TABLE "marketplace"."cards" IS NULL; COMMENT ON TABLE "marketplace"."location_facets" IS NULL; COMMENT ON TABLE "marketplace"."search_words" IS NULL; COMMENT ON TABLE "marketplace"."stale_vouchers" IS NULL; COMMENT ON TABLE "marketplace"."campaigns" IS NULL; COMMENT ON TABLE "marketplace"."voucher_codes" IS NULL; COMMENT ON TABLE "marketplace"."claims" IS NULL; COMMENT ON TABLE "marketplace"."holds" IS NULL; COMMENT ON TABLE "marketplace"."redemptions" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."discount_minor" IS NULL; COMMENT ON TABLE "marketplace"."attempts" IS NULL; COMMENT ON TABLE "marketplace"."voucher_counters" IS NULL; COMMENT ON COLUMN "marketplace"."voucher_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."campaign_counters" IS NULL; COMMENT ON COLUMN "marketplace"."campaign_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."user_counters" IS NULL; COMMENT ON TABLE "marketplace"."user_day_counters" IS NULL; COMMENT ON TABLE "marketplace"."location_day_counters" IS NULL;
SELECT security.withdraw_access('marketplace');
DROP TRIGGER redemptions_append_only ON marketplace.redemptions; DROP TRIGGER redemptions_not_emptied ON marketplace.redemptions;

-- CreateEnum
CREATE TYPE "marketplace"."code_batch_state" AS ENUM ('waiting', 'running', 'done', 'failed');

-- AlterTable
ALTER TABLE "marketplace"."attempts" ADD COLUMN     "accuracy_meters" DOUBLE PRECISION,
ADD COLUMN     "api_key_id" UUID,
ADD COLUMN     "claim_id" UUID,
ADD COLUMN     "code_id" UUID,
ADD COLUMN     "redemption_id" UUID;

-- AlterTable
ALTER TABLE "marketplace"."claims" ADD COLUMN     "balance_minor" BIGINT,
ADD COLUMN     "short_code" TEXT;

-- AlterTable
ALTER TABLE "marketplace"."redemptions" ADD COLUMN     "amount_minor" BIGINT,
ADD COLUMN     "api_key_id" UUID,
ADD COLUMN     "reason" TEXT,
ADD COLUMN     "scan_nonce" UUID;

-- AlterTable
ALTER TABLE "marketplace"."voucher_codes" ADD COLUMN     "batch_id" UUID;

-- AlterTable
ALTER TABLE "marketplace"."voucher_counters" ADD COLUMN     "claim_limit_total" INTEGER,
ADD COLUMN     "claimed_count" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "marketplace"."vouchers" ADD COLUMN     "claim_limit_per_user" INTEGER,
ADD COLUMN     "claim_limit_total" INTEGER;

-- CreateTable
CREATE TABLE "marketplace"."code_batches" (
    "id" UUID NOT NULL,
    "voucher_id" UUID NOT NULL,
    "business_id" UUID NOT NULL,
    "kind" "marketplace"."code_kind" NOT NULL,
    "requested_count" INTEGER NOT NULL,
    "made_count" INTEGER NOT NULL DEFAULT 0,
    "length" INTEGER NOT NULL,
    "prefix" TEXT NOT NULL DEFAULT '',
    "state" "marketplace"."code_batch_state" NOT NULL DEFAULT 'waiting',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "code_batches_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "marketplace"."code_uses" (
    "code_id" UUID NOT NULL,
    "redemption_id" UUID NOT NULL,
    "used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "code_uses_pkey" PRIMARY KEY ("code_id")
);

-- CreateTable
CREATE TABLE "marketplace"."token_keys" (
    "kid" TEXT NOT NULL,
    "public_jwk" JSONB NOT NULL,
    "encrypted_private_key" BYTEA NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "active_from" TIMESTAMPTZ(3) NOT NULL,
    "retires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "token_keys_pkey" PRIMARY KEY ("kid")
);

-- CreateTable
CREATE TABLE "marketplace"."scans" (
    "nonce" UUID NOT NULL,
    "voucher_id" UUID NOT NULL,
    "business_id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "claim_id" UUID,
    "code_id" UUID,
    "user_id" UUID,
    "staff_id" UUID,
    "api_key_id" UUID,
    "amount_minor" BIGINT,
    "currency" TEXT,
    "device" TEXT,
    "scanned_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "scans_pkey" PRIMARY KEY ("nonce")
);

-- CreateTable
CREATE TABLE "marketplace"."scan_verdicts" (
    "nonce" UUID NOT NULL,
    "violations" TEXT[],
    "folded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "scan_verdicts_pkey" PRIMARY KEY ("nonce")
);

-- CreateTable
CREATE TABLE "marketplace"."campaign_user_counters" (
    "campaign_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "used_count" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "campaign_user_counters_pkey" PRIMARY KEY ("user_id","campaign_id")
);

-- CreateIndex
CREATE INDEX "code_batches_voucher_id_id_idx" ON "marketplace"."code_batches"("voucher_id", "id");

-- CreateIndex
CREATE INDEX "code_batches_business_id_idx" ON "marketplace"."code_batches"("business_id");

-- CreateIndex
CREATE INDEX "code_uses_redemption_id_idx" ON "marketplace"."code_uses"("redemption_id");

-- CreateIndex
CREATE INDEX "scans_voucher_id_scanned_at_nonce_idx" ON "marketplace"."scans"("voucher_id", "scanned_at", "nonce");

-- CreateIndex
CREATE INDEX "scans_business_id_scanned_at_idx" ON "marketplace"."scans"("business_id", "scanned_at");

-- CreateIndex
CREATE INDEX "scans_location_id_idx" ON "marketplace"."scans"("location_id");

-- CreateIndex
CREATE INDEX "scans_claim_id_idx" ON "marketplace"."scans"("claim_id");

-- CreateIndex
CREATE INDEX "scans_code_id_idx" ON "marketplace"."scans"("code_id");

-- CreateIndex
CREATE INDEX "campaign_user_counters_campaign_id_user_id_idx" ON "marketplace"."campaign_user_counters"("campaign_id", "user_id");

-- CreateIndex
CREATE UNIQUE INDEX "claims_short_code_key" ON "marketplace"."claims"("short_code");

-- CreateIndex
CREATE INDEX "redemptions_scan_nonce_idx" ON "marketplace"."redemptions"("scan_nonce");

-- CreateIndex
CREATE INDEX "voucher_codes_batch_id_id_idx" ON "marketplace"."voucher_codes"("batch_id", "id");

-- AddForeignKey
ALTER TABLE "marketplace"."voucher_codes" ADD CONSTRAINT "voucher_codes_batch_id_fkey" FOREIGN KEY ("batch_id") REFERENCES "marketplace"."code_batches"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."code_batches" ADD CONSTRAINT "code_batches_voucher_id_fkey" FOREIGN KEY ("voucher_id") REFERENCES "marketplace"."vouchers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."code_batches" ADD CONSTRAINT "code_batches_business_id_fkey" FOREIGN KEY ("business_id") REFERENCES "business"."businesses"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."code_uses" ADD CONSTRAINT "code_uses_code_id_fkey" FOREIGN KEY ("code_id") REFERENCES "marketplace"."voucher_codes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."code_uses" ADD CONSTRAINT "code_uses_redemption_id_fkey" FOREIGN KEY ("redemption_id") REFERENCES "marketplace"."redemptions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."redemptions" ADD CONSTRAINT "redemptions_scan_nonce_fkey" FOREIGN KEY ("scan_nonce") REFERENCES "marketplace"."scans"("nonce") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."scans" ADD CONSTRAINT "scans_voucher_id_fkey" FOREIGN KEY ("voucher_id") REFERENCES "marketplace"."vouchers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."scans" ADD CONSTRAINT "scans_location_id_fkey" FOREIGN KEY ("location_id") REFERENCES "business"."locations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."scans" ADD CONSTRAINT "scans_claim_id_fkey" FOREIGN KEY ("claim_id") REFERENCES "marketplace"."claims"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."scans" ADD CONSTRAINT "scans_code_id_fkey" FOREIGN KEY ("code_id") REFERENCES "marketplace"."voucher_codes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."scan_verdicts" ADD CONSTRAINT "scan_verdicts_nonce_fkey" FOREIGN KEY ("nonce") REFERENCES "marketplace"."scans"("nonce") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "marketplace"."campaign_user_counters" ADD CONSTRAINT "campaign_user_counters_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "marketplace"."campaigns"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "marketplace"."vouchers"
  ADD CONSTRAINT "vouchers_claim_limits_positive" CHECK (claim_limit_total > 0 IS NOT FALSE AND claim_limit_per_user > 0 IS NOT FALSE);
ALTER TABLE "marketplace"."voucher_counters"
  ADD CONSTRAINT "voucher_counters_claim_limit_positive" CHECK (claim_limit_total > 0),
  ADD CONSTRAINT "voucher_counters_claimed_count_within_limit" CHECK (claimed_count >= 0 AND claimed_count <= claim_limit_total IS NOT FALSE);
ALTER TABLE "marketplace"."campaign_user_counters"
  ADD CONSTRAINT "campaign_user_counters_used_count_not_negative" CHECK (used_count >= 0);
ALTER TABLE "marketplace"."claims"
  ADD CONSTRAINT "claims_short_code_form" CHECK (short_code ~ '^[2-9A-HJKMNP-TV-Z]{10}$'),
  ADD CONSTRAINT "claims_balance_not_negative" CHECK (balance_minor >= 0);
ALTER TABLE "marketplace"."code_batches"
  ADD CONSTRAINT "code_batches_counts_in_order" CHECK (requested_count BETWEEN 1 AND 1000000 AND made_count BETWEEN 0 AND requested_count),
  ADD CONSTRAINT "code_batches_length_in_range" CHECK (length BETWEEN 1 AND 40),
  ADD CONSTRAINT "code_batches_prefix_form" CHECK (prefix ~ '^[A-Z0-9-]{0,16}$'),
  ADD CONSTRAINT "code_batches_finished_when_over" CHECK ((finished_at IS NOT NULL) = (state IN ('done', 'failed'))),
  ADD CONSTRAINT "code_batches_times_finite" CHECK (isfinite(created_at) AND isfinite(finished_at) IS NOT FALSE);
ALTER TABLE "marketplace"."code_uses"
  ADD CONSTRAINT "code_uses_times_finite" CHECK (isfinite(used_at));
ALTER TABLE "marketplace"."token_keys"
  ADD CONSTRAINT "token_keys_times_in_order" CHECK (isfinite(published_at) AND published_at <= active_from AND active_from < retires_at AND isfinite(retires_at));
ALTER TABLE "marketplace"."redemptions"
  ADD CONSTRAINT "redemptions_amount_not_negative" CHECK (amount_minor >= 0),
  ADD CONSTRAINT "redemptions_reason_of_rollback" CHECK (kind = 'rollback' OR reason IS NULL),
  ADD CONSTRAINT "redemptions_one_scanner" CHECK (num_nonnulls(staff_id, api_key_id) < 2);
ALTER TABLE "marketplace"."attempts"
  ADD CONSTRAINT "attempts_accuracy_not_negative" CHECK (accuracy_meters >= 0 AND accuracy_meters < 'infinity'),
  ADD CONSTRAINT "attempts_redeemed_or_refused" CHECK (redemption_id IS NULL OR violations = '{}');
ALTER TABLE "marketplace"."scans"
  ADD CONSTRAINT "scans_amount_not_negative" CHECK (amount_minor >= 0),
  ADD CONSTRAINT "scans_amount_with_currency" CHECK ((amount_minor IS NULL) = (currency IS NULL)),
  ADD CONSTRAINT "scans_times_finite" CHECK (isfinite(scanned_at) AND isfinite(received_at));
ALTER TABLE "marketplace"."scan_verdicts"
  ADD CONSTRAINT "scan_verdicts_violations_listed" CHECK (violations IS NOT NULL),
  ADD CONSTRAINT "scan_verdicts_times_finite" CHECK (isfinite(folded_at));

-- What still reserves, as the deciding function counts it.
CREATE INDEX "holds_open_idx" ON "marketplace"."holds" (voucher_id, expires_at) WHERE released_at IS NULL;

-- Those that stand already; the trigger below counts for the others.
INSERT INTO marketplace.voucher_counters (voucher_id, limit_total, budget_minor)
SELECT id, limit_total, budget_minor FROM marketplace.vouchers ON CONFLICT (voucher_id) DO NOTHING;
INSERT INTO marketplace.campaign_counters (campaign_id, limit_total, budget_minor)
SELECT id, limit_total, budget_minor FROM marketplace.campaigns ON CONFLICT (campaign_id) DO NOTHING;

-- sql/audit/audited_tables.sql
-- drop: SELECT audit.release_others('{}'); DROP FUNCTION audit.audited_tables();
-- after: audit/follow_list
-- audit.audited_tables: every audited table, in one line: its secret, hashed and personal columns, and the column that
-- names the person whose key seals the personal ones (see audit.audit_table).
CREATE OR REPLACE FUNCTION audit.audited_tables() RETURNS TABLE (
  table_name text, secret text[], hashed text[], personal text[], subject_column text
)
LANGUAGE sql IMMUTABLE AS $$
  SELECT listed.table_name, listed.secret::text[], listed.hashed::text[], listed.personal::text[], listed.subject_column
  FROM (VALUES
    ('business.businesses', '{}', '{}', '{}', NULL),
    ('business.invitations', '{token_hash}', '{email}', '{}', NULL),
    ('business.locations', '{}', '{}', '{}', NULL),
    ('business.members', '{}', '{}', '{}', NULL),
    ('business.special_days', '{}', '{}', '{}', NULL),
    ('catalog.categories', '{}', '{}', '{}', NULL),
    ('catalog.currencies', '{}', '{}', '{}', NULL),
    ('catalog.markets', '{}', '{}', '{}', NULL),
    ('i18n.languages', '{}', '{}', '{}', NULL),
    ('i18n.translations', '{}', '{}', '{}', NULL),
    ('identity.api_keys', '{secret_hash}', '{}', '{}', NULL),
    ('identity.backup_codes', '{code_hash}', '{}', '{}', NULL),
    ('identity.credentials', '{password_hash}', '{}', '{}', NULL),
    ('identity.email_links', '{token_hash}', '{}', '{}', NULL),
    ('identity.role_grants', '{}', '{}', '{}', NULL),
    ('identity.sessions', '{}', '{}', '{user_agent,client_address,impersonation_reason}', 'user_id'),
    ('identity.signing_keys', '{encrypted_private_key}', '{}', '{}', NULL),
    ('identity.totp_factors', '{encrypted_secret,last_used_step}', '{}', '{}', NULL),
    ('marketplace.campaigns', '{}', '{}', '{}', NULL),
    ('marketplace.claims', '{short_code}', '{}', '{}', NULL),
    ('marketplace.code_batches', '{}', '{}', '{}', NULL),
    ('marketplace.token_keys', '{encrypted_private_key}', '{}', '{}', NULL),
    ('marketplace.voucher_codes', '{code}', '{}', '{}', NULL),
    ('marketplace.voucher_locations', '{}', '{}', '{}', NULL),
    ('marketplace.vouchers', '{}', '{}', '{}', NULL),
    ('security.hash_keys', '{key}', '{}', '{}', NULL),
    ('security.subject_keys', '{key}', '{}', '{}', NULL),
    ('users.addresses', '{}', '{}', '{label,street,city,postal_code,latitude,longitude}', 'user_id'),
    ('users.preferences', '{}', '{}', '{}', NULL),
    ('users.users', '{}', '{}', '{email,display_name,state_reason}', 'id')
  ) AS listed (table_name, secret, hashed, personal, subject_column)
$$;
REVOKE ALL ON FUNCTION audit.audited_tables() FROM PUBLIC;
SELECT audit.follow_list();
-- end

-- sql/audit/exemptions.sql
-- drop: DROP FUNCTION audit.exemptions();
-- audit.exemptions: every table that is not audited, and why.
CREATE OR REPLACE FUNCTION audit.exemptions() RETURNS TABLE (table_name text, reason text)
LANGUAGE sql IMMUTABLE AS $$
  VALUES
    ('analytics.events', 'evidence of its own: high-rate, only added to'),
    ('audit.archives', 'the log itself: append-only'),
    ('audit.entries', 'the log itself: append-only, sealed'),
    ('audit.sealed_entries', 'the log itself: append-only'),
    ('audit.seals', 'the log itself: append-only'),
    ('identity.api_key_uses', 'a time stamp that moves all day; the keys are audited'),
    ('identity.refresh_tokens', 'high-rate; their session is audited'),
    ('marketplace.attempts', 'evidence of its own: high-rate, only added to'),
    ('marketplace.campaign_counters', 'the sum of a ledger'),
    ('marketplace.campaign_user_counters', 'the sum of a ledger'),
    ('marketplace.cards', 'derived from audited tables by triggers'),
    ('marketplace.code_uses', 'high-rate; each names its entry of the ledger'),
    ('marketplace.holds', 'short reservations, ignored once expired'),
    ('marketplace.location_day_counters', 'the sum of a ledger'),
    ('marketplace.location_facets', 'derived from marketplace.cards by triggers'),
    ('marketplace.redemptions', 'a ledger is evidence of its own'),
    ('marketplace.scan_verdicts', 'derived from marketplace.scans'),
    ('marketplace.scans', 'evidence of its own: never changed'),
    ('marketplace.search_words', 'derived from marketplace.cards by triggers'),
    ('marketplace.stale_vouchers', 'a queue of derived work'),
    ('marketplace.user_counters', 'the sum of a ledger'),
    ('marketplace.user_day_counters', 'the sum of a ledger'),
    ('marketplace.voucher_counters', 'the sum of a ledger'),
    ('public._prisma_migrations', 'the books of the migrations, written before there is a log'),
    ('public.consumed_events', 'high-rate memories of consumers'),
    ('public.data_migrations', 'the books of the migrations'),
    ('public.outbox_events', 'high-rate; each tells of an audited write or a ledger'),
    ('security.idempotency_keys', 'high-rate; each stands beside an audited write or a ledger'),
    ('security.login_attempts', 'evidence of its own: high-rate, each settled once')
$$;
REVOKE ALL ON FUNCTION audit.exemptions() FROM PUBLIC;
-- end

-- sql/marketplace/follow_limits.sql
-- drop: DROP TRIGGER vouchers_have_limits ON marketplace.vouchers; DROP TRIGGER campaigns_have_limits ON marketplace.campaigns; DROP FUNCTION marketplace.follow_limits();
-- marketplace.follow_limits: the row that counts stands beside its voucher or campaign from the first moment, with a copy of
-- the limits, so that its CHECKs alone refuse what would be too much. A limit below what is used is refused by them too.
-- Who moves a voucher to another campaign takes its row as well: nobody redeems it meanwhile, by the limits of the old one.
CREATE OR REPLACE FUNCTION marketplace.follow_limits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF TG_TABLE_NAME = 'vouchers' THEN
    INSERT INTO marketplace.voucher_counters AS counter (voucher_id, limit_total, budget_minor, claim_limit_total)
    VALUES (NEW.id, NEW.limit_total, NEW.budget_minor, NEW.claim_limit_total)
    ON CONFLICT (voucher_id) DO UPDATE SET limit_total = NEW.limit_total, budget_minor = NEW.budget_minor,
      claim_limit_total = NEW.claim_limit_total;
  ELSE
    INSERT INTO marketplace.campaign_counters AS counter (campaign_id, limit_total, budget_minor)
    VALUES (NEW.id, NEW.limit_total, NEW.budget_minor)
    ON CONFLICT (campaign_id) DO UPDATE SET limit_total = NEW.limit_total, budget_minor = NEW.budget_minor;
  END IF;
  RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER vouchers_have_limits
  AFTER INSERT OR UPDATE OF limit_total, budget_minor, claim_limit_total, campaign_id ON marketplace.vouchers
  FOR EACH ROW EXECUTE FUNCTION marketplace.follow_limits();
CREATE OR REPLACE TRIGGER campaigns_have_limits
  AFTER INSERT OR UPDATE OF limit_total, budget_minor ON marketplace.campaigns
  FOR EACH ROW EXECUTE FUNCTION marketplace.follow_limits();
-- end

-- sql/marketplace/keep_redemptions.sql
-- drop: DROP TRIGGER redemptions_append_only ON marketplace.redemptions; DROP TRIGGER redemptions_not_emptied ON marketplace.redemptions; DROP TRIGGER scans_append_only ON marketplace.scans; DROP TRIGGER scans_not_emptied ON marketplace.scans;
-- after: audit/refuse_change
-- marketplace.keep_redemptions: the ledger and the offline scans are only added to, by their owner too; what was wrong is reversed by one more row.
-- What it points to cannot be deleted (its foreign keys restrict) nor get another id (their cascade is an update here).
-- Whom it counted against stands there as an id without a foreign key: erasing the person empties users.users and
-- destroys the key of the log, after which the id leads to nobody, and nothing is changed here.
CREATE OR REPLACE TRIGGER redemptions_append_only BEFORE UPDATE OR DELETE ON marketplace.redemptions
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE OR REPLACE TRIGGER redemptions_not_emptied BEFORE TRUNCATE ON marketplace.redemptions
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
ALTER TABLE marketplace.redemptions ENABLE ALWAYS TRIGGER redemptions_append_only, ENABLE ALWAYS TRIGGER redemptions_not_emptied;
CREATE OR REPLACE TRIGGER scans_append_only BEFORE UPDATE OR DELETE ON marketplace.scans
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE OR REPLACE TRIGGER scans_not_emptied BEFORE TRUNCATE ON marketplace.scans
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
ALTER TABLE marketplace.scans ENABLE ALWAYS TRIGGER scans_append_only, ENABLE ALWAYS TRIGGER scans_not_emptied;
-- end

-- sql/marketplace/access.sql
-- drop: SELECT security.withdraw_access('marketplace');
-- after: security/withdraw_access
-- access to marketplace: The public sees published vouchers; a business its own; a consumer what they claimed. Ledgers and counters are written by functions alone.
GRANT USAGE ON SCHEMA marketplace TO pika_app, pika_public, pika_support;

GRANT SELECT ON marketplace.cards TO pika_app;
GRANT SELECT ON marketplace.cards TO pika_public;
GRANT SELECT ON marketplace.cards TO pika_support;

GRANT SELECT ON marketplace.location_facets TO pika_app;
GRANT SELECT ON marketplace.location_facets TO pika_public;
GRANT SELECT ON marketplace.location_facets TO pika_support;

GRANT SELECT ON marketplace.search_words TO pika_app;
GRANT SELECT ON marketplace.search_words TO pika_public;

ALTER TABLE marketplace.vouchers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON marketplace.vouchers TO pika_app;
GRANT SELECT ON marketplace.vouchers TO pika_public;
GRANT SELECT, UPDATE (state, updated_at) ON marketplace.vouchers TO pika_support;
CREATE POLICY owner_all ON marketplace.vouchers TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.vouchers FOR SELECT TO pika_app
  USING ((state = 'published' AND deleted_at IS NULL) OR business_id = (SELECT security.current_business_id()));
CREATE POLICY app_insert ON marketplace.vouchers FOR INSERT TO pika_app
  WITH CHECK (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_update ON marketplace.vouchers FOR UPDATE TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY public_select ON marketplace.vouchers FOR SELECT TO pika_public
  USING (state = 'published' AND deleted_at IS NULL);
CREATE POLICY support_select ON marketplace.vouchers FOR SELECT TO pika_support USING (true);
CREATE POLICY support_update ON marketplace.vouchers FOR UPDATE TO pika_support USING (true);

ALTER TABLE marketplace.voucher_locations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, DELETE ON marketplace.voucher_locations TO pika_app;
GRANT SELECT ON marketplace.voucher_locations TO pika_public;
GRANT SELECT ON marketplace.voucher_locations TO pika_support;
CREATE POLICY owner_all ON marketplace.voucher_locations TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.voucher_locations FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id));
CREATE POLICY app_insert ON marketplace.voucher_locations FOR INSERT TO pika_app
  WITH CHECK (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id()))
    AND EXISTS (SELECT FROM business.locations l WHERE l.id = location_id AND l.business_id = (SELECT security.current_business_id())));
CREATE POLICY app_delete ON marketplace.voucher_locations FOR DELETE TO pika_app
  USING (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id())));
CREATE POLICY public_select ON marketplace.voucher_locations FOR SELECT TO pika_public
  USING (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id));
CREATE POLICY support_select ON marketplace.voucher_locations FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.campaigns ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON marketplace.campaigns TO pika_app;
GRANT SELECT ON marketplace.campaigns TO pika_support;
CREATE POLICY owner_all ON marketplace.campaigns TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.campaigns FOR SELECT TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_insert ON marketplace.campaigns FOR INSERT TO pika_app
  WITH CHECK (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_update ON marketplace.campaigns FOR UPDATE TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY support_select ON marketplace.campaigns FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.voucher_codes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (revoked_at) ON marketplace.voucher_codes TO pika_app;
CREATE POLICY owner_all ON marketplace.voucher_codes TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.voucher_codes FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id())));
CREATE POLICY app_insert ON marketplace.voucher_codes FOR INSERT TO pika_app
  WITH CHECK (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id())));
CREATE POLICY app_update ON marketplace.voucher_codes FOR UPDATE TO pika_app
  USING (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id())));

ALTER TABLE marketplace.claims ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (state, updated_at) ON marketplace.claims TO pika_app;
GRANT SELECT ON marketplace.claims TO pika_support;
CREATE POLICY owner_all ON marketplace.claims TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.claims FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()) OR EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id())));
CREATE POLICY app_insert ON marketplace.claims FOR INSERT TO pika_app
  WITH CHECK (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_update ON marketplace.claims FOR UPDATE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON marketplace.claims FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.holds ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (released_at) ON marketplace.holds TO pika_app;
GRANT SELECT ON marketplace.holds TO pika_support;
CREATE POLICY owner_all ON marketplace.holds TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.holds FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_insert ON marketplace.holds FOR INSERT TO pika_app
  WITH CHECK (user_id = (SELECT security.current_user_id()));
CREATE POLICY app_update ON marketplace.holds FOR UPDATE TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON marketplace.holds FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.redemptions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.redemptions TO pika_app;
GRANT SELECT ON marketplace.redemptions TO pika_support;
CREATE POLICY owner_all ON marketplace.redemptions TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.redemptions FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()) OR business_id = (SELECT security.current_business_id()));
CREATE POLICY support_select ON marketplace.redemptions FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.attempts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.attempts TO pika_app;
GRANT SELECT ON marketplace.attempts TO pika_support;
CREATE POLICY owner_all ON marketplace.attempts TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.attempts FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()) OR business_id = (SELECT security.current_business_id()));
CREATE POLICY support_select ON marketplace.attempts FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.voucher_counters ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.voucher_counters TO pika_app;
GRANT SELECT ON marketplace.voucher_counters TO pika_support;
CREATE POLICY owner_all ON marketplace.voucher_counters TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.voucher_counters FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id())));
CREATE POLICY support_select ON marketplace.voucher_counters FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.location_day_counters ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.location_day_counters TO pika_app;
GRANT SELECT ON marketplace.location_day_counters TO pika_support;
CREATE POLICY owner_all ON marketplace.location_day_counters TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.location_day_counters FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id())));
CREATE POLICY support_select ON marketplace.location_day_counters FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.campaign_counters ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.campaign_counters TO pika_app;
GRANT SELECT ON marketplace.campaign_counters TO pika_support;
CREATE POLICY owner_all ON marketplace.campaign_counters TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.campaign_counters FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM marketplace.campaigns c WHERE c.id = campaign_id AND c.business_id = (SELECT security.current_business_id())));
CREATE POLICY support_select ON marketplace.campaign_counters FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.user_counters ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.user_counters TO pika_app;
GRANT SELECT ON marketplace.user_counters TO pika_support;
CREATE POLICY owner_all ON marketplace.user_counters TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.user_counters FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON marketplace.user_counters FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.user_day_counters ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.user_day_counters TO pika_app;
GRANT SELECT ON marketplace.user_day_counters TO pika_support;
CREATE POLICY owner_all ON marketplace.user_day_counters TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.user_day_counters FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON marketplace.user_day_counters FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.campaign_user_counters ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.campaign_user_counters TO pika_app;
GRANT SELECT ON marketplace.campaign_user_counters TO pika_support;
CREATE POLICY owner_all ON marketplace.campaign_user_counters TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.campaign_user_counters FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()));
CREATE POLICY support_select ON marketplace.campaign_user_counters FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.code_batches ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON marketplace.code_batches TO pika_app;
GRANT SELECT ON marketplace.code_batches TO pika_support;
CREATE POLICY owner_all ON marketplace.code_batches TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.code_batches FOR SELECT TO pika_app
  USING (business_id = (SELECT security.current_business_id()));
CREATE POLICY app_insert ON marketplace.code_batches FOR INSERT TO pika_app
  WITH CHECK (business_id = (SELECT security.current_business_id())
    AND EXISTS (SELECT FROM marketplace.vouchers v WHERE v.id = voucher_id AND v.business_id = (SELECT security.current_business_id())));
CREATE POLICY support_select ON marketplace.code_batches FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.code_uses ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.code_uses TO pika_app;
CREATE POLICY owner_all ON marketplace.code_uses TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.code_uses FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM marketplace.voucher_codes code WHERE code.id = code_id));

ALTER TABLE marketplace.token_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON marketplace.token_keys TO pika_owner USING (true) WITH CHECK (true);

ALTER TABLE marketplace.scans ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.scans TO pika_app;
GRANT SELECT ON marketplace.scans TO pika_support;
CREATE POLICY owner_all ON marketplace.scans TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.scans FOR SELECT TO pika_app
  USING (user_id = (SELECT security.current_user_id()) OR business_id = (SELECT security.current_business_id()));
CREATE POLICY support_select ON marketplace.scans FOR SELECT TO pika_support USING (true);

ALTER TABLE marketplace.scan_verdicts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON marketplace.scan_verdicts TO pika_app;
GRANT SELECT ON marketplace.scan_verdicts TO pika_support;
CREATE POLICY owner_all ON marketplace.scan_verdicts TO pika_owner USING (true) WITH CHECK (true);
CREATE POLICY app_select ON marketplace.scan_verdicts FOR SELECT TO pika_app
  USING (EXISTS (SELECT FROM marketplace.scans scan WHERE scan.nonce = scan_verdicts.nonce));
CREATE POLICY support_select ON marketplace.scan_verdicts FOR SELECT TO pika_support USING (true);
-- end

-- comments of marketplace
-- drop: COMMENT ON TYPE "marketplace"."voucher_state" IS NULL; COMMENT ON TYPE "marketplace"."discount_type" IS NULL; COMMENT ON TYPE "marketplace"."code_kind" IS NULL; COMMENT ON TYPE "marketplace"."claim_state" IS NULL; COMMENT ON TYPE "marketplace"."redemption_kind" IS NULL; COMMENT ON TYPE "marketplace"."channel" IS NULL; COMMENT ON TABLE "marketplace"."vouchers" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_until" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."redeemable_hours" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_days_after_claim" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."claim_limit_total" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."budget_minor" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."stacking_group" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."version" IS NULL; COMMENT ON TABLE "marketplace"."voucher_locations" IS NULL; COMMENT ON TABLE "marketplace"."cards" IS NULL; COMMENT ON TABLE "marketplace"."location_facets" IS NULL; COMMENT ON TABLE "marketplace"."search_words" IS NULL; COMMENT ON TABLE "marketplace"."stale_vouchers" IS NULL; COMMENT ON TABLE "marketplace"."campaigns" IS NULL; COMMENT ON TABLE "marketplace"."voucher_codes" IS NULL; COMMENT ON TYPE "marketplace"."code_batch_state" IS NULL; COMMENT ON TABLE "marketplace"."code_batches" IS NULL; COMMENT ON COLUMN "marketplace"."code_batches"."length" IS NULL; COMMENT ON TABLE "marketplace"."code_uses" IS NULL; COMMENT ON TABLE "marketplace"."token_keys" IS NULL; COMMENT ON TABLE "marketplace"."claims" IS NULL; COMMENT ON COLUMN "marketplace"."claims"."short_code" IS NULL; COMMENT ON TABLE "marketplace"."holds" IS NULL; COMMENT ON TABLE "marketplace"."redemptions" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."api_key_id" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."discount_minor" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."amount_minor" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."scan_nonce" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."reason" IS NULL; COMMENT ON TABLE "marketplace"."scans" IS NULL; COMMENT ON COLUMN "marketplace"."scans"."nonce" IS NULL; COMMENT ON COLUMN "marketplace"."scans"."scanned_at" IS NULL; COMMENT ON TABLE "marketplace"."scan_verdicts" IS NULL; COMMENT ON TABLE "marketplace"."attempts" IS NULL; COMMENT ON COLUMN "marketplace"."attempts"."redemption_id" IS NULL; COMMENT ON COLUMN "marketplace"."attempts"."accuracy_meters" IS NULL; COMMENT ON TABLE "marketplace"."voucher_counters" IS NULL; COMMENT ON COLUMN "marketplace"."voucher_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."campaign_counters" IS NULL; COMMENT ON COLUMN "marketplace"."campaign_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."campaign_user_counters" IS NULL; COMMENT ON TABLE "marketplace"."user_counters" IS NULL; COMMENT ON TABLE "marketplace"."user_day_counters" IS NULL; COMMENT ON TABLE "marketplace"."location_day_counters" IS NULL;
COMMENT ON TYPE "marketplace"."voucher_state" IS 'Where an offer is in its life; the trigger `vouchers_state_transition` lists the ways.';
COMMENT ON TYPE "marketplace"."discount_type" IS 'What is given; each type has one value column.';
COMMENT ON TYPE "marketplace"."code_kind" IS 'How a code is read: scanned, typed, or printed once for everybody.';
COMMENT ON TYPE "marketplace"."claim_state" IS 'What became of a voucher in a wallet.';
COMMENT ON TYPE "marketplace"."redemption_kind" IS 'A rollback is an entry of its own.';
COMMENT ON TYPE "marketplace"."channel" IS 'Through what somebody tried to redeem.';
COMMENT ON TABLE "marketplace"."vouchers" IS 'An offer. Exactly one value column is set, the one of its discount type. Amounts are minor units of `currency`. `validFrom` and `validUntil` are local dates at the redeeming location; `validUntil` is inclusive.';
COMMENT ON COLUMN "marketplace"."vouchers"."valid_until" IS 'Inclusive.';
COMMENT ON COLUMN "marketplace"."vouchers"."redeemable_hours" IS 'Minutes of the local week, as business.locations.weekly_hours; NULL: always.';
COMMENT ON COLUMN "marketplace"."vouchers"."valid_days_after_claim" IS 'Days a claim lives from the moment it was made; NULL: as long as the voucher.';
COMMENT ON COLUMN "marketplace"."vouchers"."claim_limit_total" IS 'How many claims there may be at once, released ones not counted.';
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
COMMENT ON TYPE "marketplace"."code_batch_state" IS 'Where the making of codes is.';
COMMENT ON TABLE "marketplace"."code_batches" IS 'An order for codes, made by a job.';
COMMENT ON COLUMN "marketplace"."code_batches"."length" IS 'Of one code, without prefix and check character.';
COMMENT ON TABLE "marketplace"."code_uses" IS 'That a unique code is used up; gone again when its redemption is rolled back.';
COMMENT ON TABLE "marketplace"."token_keys" IS 'A key that signs the tokens of QR codes. The private half is sealed under a secret that the database does not have.';
COMMENT ON TABLE "marketplace"."claims" IS 'A voucher in somebody''s wallet. `sourceId` tells apart claims of the same voucher by the same person; `expiresAt` was fixed when it was claimed. `balanceMinor` is what a gift balance has left.';
COMMENT ON COLUMN "marketplace"."claims"."short_code" IS 'To be typed at the counter: nine characters and one that checks them. NULL where there were none yet.';
COMMENT ON TABLE "marketplace"."holds" IS 'A short reservation. It counts until `expiresAt`, whether or not anybody has swept it away.';
COMMENT ON TABLE "marketplace"."redemptions" IS 'The ledger: one row for each redemption, and one more that reverses it where it was rolled back. Rows are never changed. `userId` is whose limits it counted against, `staffId` who scanned; `localDay` is the date at the location.';
COMMENT ON COLUMN "marketplace"."redemptions"."api_key_id" IS 'The key of the business that redeemed, where no person did.';
COMMENT ON COLUMN "marketplace"."redemptions"."discount_minor" IS 'Negative in a rollback.';
COMMENT ON COLUMN "marketplace"."redemptions"."amount_minor" IS 'What was to be paid, as far as it was told.';
COMMENT ON COLUMN "marketplace"."redemptions"."scan_nonce" IS 'The offline scan that this entry counts, or takes back.';
COMMENT ON COLUMN "marketplace"."redemptions"."reason" IS 'Why it was rolled back.';
COMMENT ON TABLE "marketplace"."scans" IS 'What a till without network took: never changed. What became of it, see `ScanVerdict`.';
COMMENT ON COLUMN "marketplace"."scans"."nonce" IS 'Drawn by the till.';
COMMENT ON COLUMN "marketplace"."scans"."scanned_at" IS 'By the clock of the till.';
COMMENT ON TABLE "marketplace"."scan_verdicts" IS 'The fold of all scans of a voucher, or of its campaign, over (scanned at, nonce): `violations` is empty where the scan was within the limits; else it is over-use, kept with who and where. Another order of merging gives the same verdicts.';
COMMENT ON TABLE "marketplace"."attempts" IS 'Every try to redeem, refused ones too. `violations` lists the codes of the rules that refused it.';
COMMENT ON COLUMN "marketplace"."attempts"."redemption_id" IS 'NULL where it was refused.';
COMMENT ON COLUMN "marketplace"."attempts"."accuracy_meters" IS 'What the device said of its own position.';
COMMENT ON TABLE "marketplace"."voucher_counters" IS 'How much of a voucher''s limits is used. `usedCount` can never pass `limitTotal`, whoever asks.';
COMMENT ON COLUMN "marketplace"."voucher_counters"."limit_total" IS 'Copied from the voucher, so that the row alone can refuse.';
COMMENT ON TABLE "marketplace"."campaign_counters" IS 'How much of a campaign''s limits its vouchers have used together.';
COMMENT ON COLUMN "marketplace"."campaign_counters"."limit_total" IS 'Copied from the campaign, so that the row alone can refuse.';
COMMENT ON TABLE "marketplace"."campaign_user_counters" IS 'How often a person has redeemed vouchers of a campaign.';
COMMENT ON TABLE "marketplace"."user_counters" IS 'How often a person has redeemed a voucher.';
COMMENT ON TABLE "marketplace"."user_day_counters" IS 'How often a person has redeemed a voucher on a local day.';
COMMENT ON TABLE "marketplace"."location_day_counters" IS 'How often a voucher was redeemed at a location on its local day.';
-- end
