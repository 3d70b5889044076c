SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

COMMENT ON TYPE "marketplace"."voucher_state" IS NULL; COMMENT ON TYPE "marketplace"."discount_type" IS NULL; COMMENT ON TYPE "marketplace"."code_kind" IS NULL; COMMENT ON TYPE "marketplace"."claim_state" IS NULL; COMMENT ON TYPE "marketplace"."redemption_kind" IS NULL; COMMENT ON TYPE "marketplace"."channel" IS NULL; COMMENT ON TABLE "marketplace"."vouchers" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_until" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."redeemable_hours" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_days_after_claim" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."claim_limit_total" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."budget_minor" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."stacking_group" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."version" IS NULL; COMMENT ON TABLE "marketplace"."voucher_locations" IS NULL; COMMENT ON TABLE "marketplace"."cards" IS NULL; COMMENT ON TABLE "marketplace"."location_facets" IS NULL; COMMENT ON TABLE "marketplace"."search_words" IS NULL; COMMENT ON TABLE "marketplace"."stale_vouchers" IS NULL; COMMENT ON TABLE "marketplace"."campaigns" IS NULL; COMMENT ON TABLE "marketplace"."voucher_codes" IS NULL; COMMENT ON TYPE "marketplace"."code_batch_state" IS NULL; COMMENT ON TABLE "marketplace"."code_batches" IS NULL; COMMENT ON COLUMN "marketplace"."code_batches"."length" IS NULL; COMMENT ON TABLE "marketplace"."code_uses" IS NULL; COMMENT ON TABLE "marketplace"."token_keys" IS NULL; COMMENT ON TABLE "marketplace"."claims" IS NULL; COMMENT ON COLUMN "marketplace"."claims"."short_code" IS NULL; COMMENT ON TABLE "marketplace"."holds" IS NULL; COMMENT ON TABLE "marketplace"."redemptions" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."campaign_id" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."api_key_id" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."discount_minor" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."amount_minor" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."scan_nonce" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."reason" IS NULL; COMMENT ON TABLE "marketplace"."scans" IS NULL; COMMENT ON COLUMN "marketplace"."scans"."nonce" IS NULL; COMMENT ON COLUMN "marketplace"."scans"."scanned_at" IS NULL; COMMENT ON TABLE "marketplace"."scan_verdicts" IS NULL; COMMENT ON TABLE "marketplace"."attempts" IS NULL; COMMENT ON COLUMN "marketplace"."attempts"."redemption_id" IS NULL; COMMENT ON COLUMN "marketplace"."attempts"."accuracy_meters" IS NULL; COMMENT ON TABLE "marketplace"."voucher_counters" IS NULL; COMMENT ON COLUMN "marketplace"."voucher_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."campaign_counters" IS NULL; COMMENT ON COLUMN "marketplace"."campaign_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."campaign_user_counters" IS NULL; COMMENT ON TABLE "marketplace"."user_counters" IS NULL; COMMENT ON TABLE "marketplace"."user_day_counters" IS NULL; COMMENT ON TABLE "marketplace"."location_day_counters" IS NULL;
DROP FUNCTION marketplace.validate(jsonb, text[], integer);
DROP FUNCTION marketplace.rollback_redemption(uuid, uuid, text, text, uuid, uuid, timestamptz, uuid);
DROP FUNCTION marketplace.redeem(jsonb);
DROP FUNCTION marketplace.merge_scans(jsonb, timestamptz);
DROP FUNCTION marketplace.resolve_requests(jsonb);
DROP FUNCTION marketplace.lock_counters(uuid[]);
DROP FUNCTION marketplace.fold_scans(uuid[], timestamptz);
DROP FUNCTION public.new_id(timestamptz);
DROP FUNCTION marketplace.redemption_event(marketplace.redemptions);
DROP FUNCTION marketplace.decide(uuid, uuid, uuid, uuid, uuid, double precision, double precision, bigint, text, uuid[], text, timestamptz, timestamptz);
DROP FUNCTION marketplace.limit_violations(marketplace.vouchers, marketplace.campaigns, bigint[], bigint[], boolean, bigint, date, text);
DROP FUNCTION marketplace.discount_of(marketplace.vouchers, bigint, bigint);
DROP FUNCTION marketplace.count_redemption(marketplace.redemptions, integer);
DROP FUNCTION marketplace.count_names(marketplace.redemptions);

DROP INDEX "marketplace"."user_counters_voucher_id_user_id_idx";
DROP INDEX "marketplace"."user_day_counters_voucher_id_user_id_idx";
CREATE INDEX "user_counters_voucher_id_idx" ON "marketplace"."user_counters"("voucher_id");
CREATE INDEX "user_day_counters_voucher_id_idx" ON "marketplace"."user_day_counters"("voucher_id");

-- DropForeignKey
ALTER TABLE "marketplace"."redemptions" DROP CONSTRAINT "redemptions_campaign_id_fkey";

-- DropIndex
DROP INDEX "marketplace"."redemptions_campaign_id_idx";

-- AlterTable
ALTER TABLE "marketplace"."redemptions" DROP COLUMN "campaign_id";

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
