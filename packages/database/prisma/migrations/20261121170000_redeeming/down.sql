SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

COMMENT ON TYPE "marketplace"."voucher_state" IS NULL; COMMENT ON TYPE "marketplace"."discount_type" IS NULL; COMMENT ON TYPE "marketplace"."code_kind" IS NULL; COMMENT ON TYPE "marketplace"."claim_state" IS NULL; COMMENT ON TYPE "marketplace"."redemption_kind" IS NULL; COMMENT ON TYPE "marketplace"."channel" IS NULL; COMMENT ON TABLE "marketplace"."vouchers" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_until" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."redeemable_hours" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_days_after_claim" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."claim_limit_total" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."budget_minor" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."stacking_group" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."version" IS NULL; COMMENT ON TABLE "marketplace"."voucher_locations" IS NULL; COMMENT ON TABLE "marketplace"."cards" IS NULL; COMMENT ON TABLE "marketplace"."location_facets" IS NULL; COMMENT ON TABLE "marketplace"."search_words" IS NULL; COMMENT ON TABLE "marketplace"."stale_vouchers" IS NULL; COMMENT ON TABLE "marketplace"."campaigns" IS NULL; COMMENT ON TABLE "marketplace"."voucher_codes" IS NULL; COMMENT ON TYPE "marketplace"."code_batch_state" IS NULL; COMMENT ON TABLE "marketplace"."code_batches" IS NULL; COMMENT ON COLUMN "marketplace"."code_batches"."length" IS NULL; COMMENT ON TABLE "marketplace"."code_uses" IS NULL; COMMENT ON TABLE "marketplace"."token_keys" IS NULL; COMMENT ON TABLE "marketplace"."claims" IS NULL; COMMENT ON COLUMN "marketplace"."claims"."short_code" IS NULL; COMMENT ON TABLE "marketplace"."holds" IS NULL; COMMENT ON TABLE "marketplace"."redemptions" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."api_key_id" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."discount_minor" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."amount_minor" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."scan_nonce" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."reason" IS NULL; COMMENT ON TABLE "marketplace"."scans" IS NULL; COMMENT ON COLUMN "marketplace"."scans"."nonce" IS NULL; COMMENT ON COLUMN "marketplace"."scans"."scanned_at" IS NULL; COMMENT ON TABLE "marketplace"."scan_verdicts" IS NULL; COMMENT ON TABLE "marketplace"."attempts" IS NULL; COMMENT ON COLUMN "marketplace"."attempts"."redemption_id" IS NULL; COMMENT ON COLUMN "marketplace"."attempts"."accuracy_meters" IS NULL; COMMENT ON TABLE "marketplace"."voucher_counters" IS NULL; COMMENT ON COLUMN "marketplace"."voucher_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."campaign_counters" IS NULL; COMMENT ON COLUMN "marketplace"."campaign_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."campaign_user_counters" IS NULL; COMMENT ON TABLE "marketplace"."user_counters" IS NULL; COMMENT ON TABLE "marketplace"."user_day_counters" IS NULL; COMMENT ON TABLE "marketplace"."location_day_counters" IS NULL;
SELECT security.withdraw_access('marketplace');
DROP TRIGGER redemptions_append_only ON marketplace.redemptions; DROP TRIGGER redemptions_not_emptied ON marketplace.redemptions; DROP TRIGGER scans_append_only ON marketplace.scans; DROP TRIGGER scans_not_emptied ON marketplace.scans;
DROP TRIGGER vouchers_have_limits ON marketplace.vouchers; DROP TRIGGER campaigns_have_limits ON marketplace.campaigns; DROP FUNCTION marketplace.follow_limits();

DROP INDEX "marketplace"."holds_open_idx";

-- DropForeignKey
ALTER TABLE "marketplace"."voucher_codes" DROP CONSTRAINT "voucher_codes_batch_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."code_batches" DROP CONSTRAINT "code_batches_voucher_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."code_batches" DROP CONSTRAINT "code_batches_business_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."code_uses" DROP CONSTRAINT "code_uses_code_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."code_uses" DROP CONSTRAINT "code_uses_redemption_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."redemptions" DROP CONSTRAINT "redemptions_scan_nonce_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."scans" DROP CONSTRAINT "scans_voucher_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."scans" DROP CONSTRAINT "scans_location_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."scans" DROP CONSTRAINT "scans_claim_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."scans" DROP CONSTRAINT "scans_code_id_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."scan_verdicts" DROP CONSTRAINT "scan_verdicts_nonce_fkey";

-- DropForeignKey
ALTER TABLE "marketplace"."campaign_user_counters" DROP CONSTRAINT "campaign_user_counters_campaign_id_fkey";

-- DropIndex
DROP INDEX "marketplace"."voucher_codes_batch_id_id_idx";

-- DropIndex
DROP INDEX "marketplace"."claims_short_code_key";

-- DropIndex
DROP INDEX "marketplace"."redemptions_scan_nonce_idx";

-- AlterTable
ALTER TABLE "marketplace"."vouchers" DROP COLUMN "claim_limit_per_user",
DROP COLUMN "claim_limit_total";

-- AlterTable
ALTER TABLE "marketplace"."voucher_codes" DROP COLUMN "batch_id";

-- AlterTable
ALTER TABLE "marketplace"."claims" DROP COLUMN "balance_minor",
DROP COLUMN "short_code";

-- AlterTable
ALTER TABLE "marketplace"."redemptions" DROP COLUMN "amount_minor",
DROP COLUMN "api_key_id",
DROP COLUMN "reason",
DROP COLUMN "scan_nonce";

-- AlterTable
ALTER TABLE "marketplace"."attempts" DROP COLUMN "accuracy_meters",
DROP COLUMN "api_key_id",
DROP COLUMN "claim_id",
DROP COLUMN "code_id",
DROP COLUMN "redemption_id";

-- AlterTable
ALTER TABLE "marketplace"."voucher_counters" DROP COLUMN "claim_limit_total",
DROP COLUMN "claimed_count";

-- DropTable
DROP TABLE "marketplace"."code_batches";

-- DropTable
DROP TABLE "marketplace"."code_uses";

-- DropTable
DROP TABLE "marketplace"."token_keys";

-- DropTable
DROP TABLE "marketplace"."scans";

-- DropTable
DROP TABLE "marketplace"."scan_verdicts";

-- DropTable
DROP TABLE "marketplace"."campaign_user_counters";

-- DropEnum
DROP TYPE "marketplace"."code_batch_state";

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
    ('marketplace.claims', '{}', '{}', '{}', NULL),
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
    ('marketplace.cards', 'derived from audited tables by triggers'),
    ('marketplace.holds', 'short reservations, ignored once expired'),
    ('marketplace.location_day_counters', 'the sum of a ledger'),
    ('marketplace.location_facets', 'derived from marketplace.cards by triggers'),
    ('marketplace.redemptions', 'a ledger is evidence of its own'),
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

-- sql/marketplace/keep_redemptions.sql
-- drop: DROP TRIGGER redemptions_append_only ON marketplace.redemptions; DROP TRIGGER redemptions_not_emptied ON marketplace.redemptions;
-- after: audit/refuse_change
-- marketplace.keep_redemptions: the ledger is only added to, by its owner too; what was wrong is reversed by one more row.
-- What it points to cannot be deleted (its foreign keys restrict) nor get another id (their cascade is an update here).
-- Whom it counted against stands there as an id without a foreign key: erasing the person empties users.users and
-- destroys the key of the log, after which the id leads to nobody, and nothing is changed here.
CREATE OR REPLACE TRIGGER redemptions_append_only BEFORE UPDATE OR DELETE ON marketplace.redemptions
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE OR REPLACE TRIGGER redemptions_not_emptied BEFORE TRUNCATE ON marketplace.redemptions
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
ALTER TABLE marketplace.redemptions ENABLE ALWAYS TRIGGER redemptions_append_only, ENABLE ALWAYS TRIGGER redemptions_not_emptied;
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
-- end

-- comments of marketplace
-- drop: COMMENT ON TYPE "marketplace"."voucher_state" IS NULL; COMMENT ON TYPE "marketplace"."discount_type" IS NULL; COMMENT ON TYPE "marketplace"."code_kind" IS NULL; COMMENT ON TYPE "marketplace"."claim_state" IS NULL; COMMENT ON TYPE "marketplace"."redemption_kind" IS NULL; COMMENT ON TYPE "marketplace"."channel" IS NULL; COMMENT ON TABLE "marketplace"."vouchers" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_until" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."redeemable_hours" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_days_after_claim" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."budget_minor" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."stacking_group" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."version" IS NULL; COMMENT ON TABLE "marketplace"."voucher_locations" IS NULL; COMMENT ON TABLE "marketplace"."cards" IS NULL; COMMENT ON TABLE "marketplace"."location_facets" IS NULL; COMMENT ON TABLE "marketplace"."search_words" IS NULL; COMMENT ON TABLE "marketplace"."stale_vouchers" IS NULL; COMMENT ON TABLE "marketplace"."campaigns" IS NULL; COMMENT ON TABLE "marketplace"."voucher_codes" IS NULL; COMMENT ON TABLE "marketplace"."claims" IS NULL; COMMENT ON TABLE "marketplace"."holds" IS NULL; COMMENT ON TABLE "marketplace"."redemptions" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."discount_minor" IS NULL; COMMENT ON TABLE "marketplace"."attempts" IS NULL; COMMENT ON TABLE "marketplace"."voucher_counters" IS NULL; COMMENT ON COLUMN "marketplace"."voucher_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."campaign_counters" IS NULL; COMMENT ON COLUMN "marketplace"."campaign_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."user_counters" IS NULL; COMMENT ON TABLE "marketplace"."user_day_counters" IS NULL; COMMENT ON TABLE "marketplace"."location_day_counters" IS NULL;
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
