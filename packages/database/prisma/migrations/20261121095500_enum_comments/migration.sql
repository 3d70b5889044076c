SET LOCAL lock_timeout = '5s';

COMMENT ON TABLE "users"."users" IS NULL; COMMENT ON COLUMN "users"."users"."email" IS NULL; COMMENT ON COLUMN "users"."users"."version" IS NULL; COMMENT ON TABLE "users"."addresses" IS NULL; COMMENT ON TABLE "users"."preferences" IS NULL;
COMMENT ON TABLE "security"."login_attempts" IS NULL; COMMENT ON COLUMN "security"."login_attempts"."email_hash" IS NULL;
COMMENT ON TYPE "marketplace"."discount_type" IS NULL; COMMENT ON TYPE "marketplace"."code_kind" IS NULL; COMMENT ON TYPE "marketplace"."claim_state" IS NULL; COMMENT ON TYPE "marketplace"."redemption_kind" IS NULL; COMMENT ON TYPE "marketplace"."channel" IS NULL; COMMENT ON TABLE "marketplace"."vouchers" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_until" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."redeemable_hours" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_days_after_claim" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."budget_minor" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."stacking_group" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."version" IS NULL; COMMENT ON TABLE "marketplace"."voucher_locations" IS NULL; COMMENT ON TABLE "marketplace"."cards" IS NULL; COMMENT ON TABLE "marketplace"."location_facets" IS NULL; COMMENT ON TABLE "marketplace"."search_words" IS NULL; COMMENT ON TABLE "marketplace"."stale_vouchers" IS NULL; COMMENT ON TABLE "marketplace"."campaigns" IS NULL; COMMENT ON TABLE "marketplace"."voucher_codes" IS NULL; COMMENT ON TABLE "marketplace"."claims" IS NULL; COMMENT ON TABLE "marketplace"."holds" IS NULL; COMMENT ON TABLE "marketplace"."redemptions" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."discount_minor" IS NULL; COMMENT ON TABLE "marketplace"."attempts" IS NULL; COMMENT ON TABLE "marketplace"."voucher_counters" IS NULL; COMMENT ON COLUMN "marketplace"."voucher_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."campaign_counters" IS NULL; COMMENT ON COLUMN "marketplace"."campaign_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."user_counters" IS NULL; COMMENT ON TABLE "marketplace"."user_day_counters" IS NULL; COMMENT ON TABLE "marketplace"."location_day_counters" IS NULL;
COMMENT ON TYPE "identity"."platform_role" IS NULL; COMMENT ON TABLE "identity"."credentials" IS NULL; COMMENT ON COLUMN "identity"."credentials"."password_hash" IS NULL; COMMENT ON TABLE "identity"."email_links" IS NULL; COMMENT ON TABLE "identity"."totp_factors" IS NULL; COMMENT ON COLUMN "identity"."totp_factors"."encrypted_secret" IS NULL; COMMENT ON TABLE "identity"."backup_codes" IS NULL; COMMENT ON TABLE "identity"."sessions" IS NULL; COMMENT ON TABLE "identity"."refresh_tokens" IS NULL; COMMENT ON TABLE "identity"."role_grants" IS NULL; COMMENT ON TABLE "identity"."api_keys" IS NULL; COMMENT ON COLUMN "identity"."api_keys"."secret_hash" IS NULL; COMMENT ON TABLE "identity"."signing_keys" IS NULL; COMMENT ON COLUMN "identity"."signing_keys"."encrypted_private_key" IS NULL;
COMMENT ON TABLE "i18n"."languages" IS NULL; COMMENT ON TABLE "i18n"."translations" IS NULL; COMMENT ON COLUMN "i18n"."translations"."source_hash" IS NULL;
COMMENT ON TYPE "business"."business_status" IS NULL; COMMENT ON TABLE "business"."businesses" IS NULL; COMMENT ON TABLE "business"."locations" IS NULL; COMMENT ON TABLE "business"."special_days" IS NULL; COMMENT ON TABLE "business"."members" IS NULL; COMMENT ON TABLE "business"."invitations" IS NULL;
COMMENT ON TABLE "analytics"."events" IS NULL;

-- comments of analytics
-- drop: COMMENT ON TYPE "analytics"."event_type" IS NULL; COMMENT ON TABLE "analytics"."events" IS NULL;
COMMENT ON TYPE "analytics"."event_type" IS 'The steps of the funnel, in order; `rolled_back` takes a redemption back.';
COMMENT ON TABLE "analytics"."events" IS 'What happened to vouchers, counted by the funnel. Without foreign keys: it outlives what it counts. `weight` is how many events a sampled row stands for.';
-- end

-- comments of business
-- drop: COMMENT ON TYPE "business"."member_role" IS NULL; COMMENT ON TYPE "business"."business_status" IS NULL; COMMENT ON TABLE "business"."businesses" IS NULL; COMMENT ON TABLE "business"."locations" IS NULL; COMMENT ON TABLE "business"."special_days" IS NULL; COMMENT ON TABLE "business"."members" IS NULL; COMMENT ON TABLE "business"."invitations" IS NULL;
COMMENT ON TYPE "business"."member_role" IS 'From all rights to the counter alone.';
COMMENT ON TYPE "business"."business_status" IS 'Only verified businesses are seen by the public.';
COMMENT ON TABLE "business"."businesses" IS 'A merchant. `sourceId` is the identity at the place the row was imported from, such as `osm:node/442030367`. `otherNamesKey` leads to names that are searched and not shown. `closedAt`: gone for good, kept for who remembers it.';
COMMENT ON TABLE "business"."locations" IS 'A branch. `weeklyHours` holds minutes of the local week, Monday 00:00 = 0, Sunday 24:00 = 10080; NULL where unknown. `hoursText` is how the source wrote them.';
COMMENT ON TABLE "business"."special_days" IS 'What replaces the weekly hours on one local date: minutes of that day, 0 to 1440; empty means closed all day.';
COMMENT ON TABLE "business"."members" IS 'Who works for a business. A redeemer may redeem at the counter, a manager may change offers, an owner everything.';
COMMENT ON TABLE "business"."invitations" IS 'An offer of membership to an e-mail address. Only the SHA-256 of its token is kept.';
-- end

-- comments of i18n
-- drop: COMMENT ON TYPE "i18n"."text_direction" IS NULL; COMMENT ON TABLE "i18n"."languages" IS NULL; COMMENT ON TABLE "i18n"."translations" IS NULL; COMMENT ON COLUMN "i18n"."translations"."source_hash" IS NULL;
COMMENT ON TYPE "i18n"."text_direction" IS 'In which direction a language is written.';
COMMENT ON TABLE "i18n"."languages" IS 'A language content can be written in. `chain` is what a reader of this language alone is shown, in order; it is computed by `languageChainOf` of @pika/shared and stored so that SQL can apply it.';
COMMENT ON TABLE "i18n"."translations" IS 'One text in one language. Entities hold keys, never texts.';
COMMENT ON COLUMN "i18n"."translations"."source_hash" IS 'SHA-256 of the source text that was translated: another one there now means that this is stale.';
-- end

-- comments of identity
-- drop: COMMENT ON TYPE "identity"."email_link_purpose" IS NULL; COMMENT ON TYPE "identity"."platform_role" IS NULL; COMMENT ON TABLE "identity"."credentials" IS NULL; COMMENT ON COLUMN "identity"."credentials"."password_hash" IS NULL; COMMENT ON TABLE "identity"."email_links" IS NULL; COMMENT ON TABLE "identity"."totp_factors" IS NULL; COMMENT ON COLUMN "identity"."totp_factors"."encrypted_secret" IS NULL; COMMENT ON TABLE "identity"."backup_codes" IS NULL; COMMENT ON TABLE "identity"."sessions" IS NULL; COMMENT ON TABLE "identity"."refresh_tokens" IS NULL; COMMENT ON TABLE "identity"."role_grants" IS NULL; COMMENT ON TABLE "identity"."api_keys" IS NULL; COMMENT ON COLUMN "identity"."api_keys"."secret_hash" IS NULL; COMMENT ON TABLE "identity"."signing_keys" IS NULL; COMMENT ON COLUMN "identity"."signing_keys"."encrypted_private_key" IS NULL;
COMMENT ON TYPE "identity"."email_link_purpose" IS 'What following a link proves or allows.';
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
-- drop: COMMENT ON TYPE "marketplace"."voucher_state" IS NULL; COMMENT ON TYPE "marketplace"."discount_type" IS NULL; COMMENT ON TYPE "marketplace"."code_kind" IS NULL; COMMENT ON TYPE "marketplace"."claim_state" IS NULL; COMMENT ON TYPE "marketplace"."redemption_kind" IS NULL; COMMENT ON TYPE "marketplace"."channel" IS NULL; COMMENT ON TABLE "marketplace"."vouchers" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_until" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."redeemable_hours" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."valid_days_after_claim" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."budget_minor" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."stacking_group" IS NULL; COMMENT ON COLUMN "marketplace"."vouchers"."version" IS NULL; COMMENT ON TABLE "marketplace"."voucher_locations" IS NULL; COMMENT ON TABLE "marketplace"."cards" IS NULL; COMMENT ON TABLE "marketplace"."location_facets" IS NULL; COMMENT ON TABLE "marketplace"."search_words" IS NULL; COMMENT ON TABLE "marketplace"."stale_vouchers" IS NULL; COMMENT ON TABLE "marketplace"."campaigns" IS NULL; COMMENT ON TABLE "marketplace"."voucher_codes" IS NULL; COMMENT ON TABLE "marketplace"."claims" IS NULL; COMMENT ON TABLE "marketplace"."holds" IS NULL; COMMENT ON TABLE "marketplace"."redemptions" IS NULL; COMMENT ON COLUMN "marketplace"."redemptions"."discount_minor" IS NULL; COMMENT ON TABLE "marketplace"."attempts" IS NULL; COMMENT ON TABLE "marketplace"."voucher_counters" IS NULL; COMMENT ON COLUMN "marketplace"."voucher_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."campaign_counters" IS NULL; COMMENT ON COLUMN "marketplace"."campaign_counters"."limit_total" IS NULL; COMMENT ON TABLE "marketplace"."user_counters" IS NULL; COMMENT ON TABLE "marketplace"."user_day_counters" IS NULL; COMMENT ON TABLE "marketplace"."location_day_counters" IS NULL;
COMMENT ON TYPE "marketplace"."voucher_state" IS 'Where an offer stands; the transitions are listed in the trigger vouchers_state_transition.';
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
-- drop: COMMENT ON TYPE "security"."login_outcome" IS NULL; COMMENT ON TABLE "security"."login_attempts" IS NULL; COMMENT ON COLUMN "security"."login_attempts"."email_hash" IS NULL;
COMMENT ON TYPE "security"."login_outcome" IS 'How a try to log in ended; the client is never told which failure it was.';
COMMENT ON TABLE "security"."login_attempts" IS 'Every try to log in, by the hash of the e-mail address that was given: the ground of lockouts.';
COMMENT ON COLUMN "security"."login_attempts"."email_hash" IS 'HMAC-SHA-256 under a key from the environment.';
-- end

-- comments of users
-- drop: COMMENT ON TYPE "users"."user_state" IS NULL; COMMENT ON TABLE "users"."users" IS NULL; COMMENT ON COLUMN "users"."users"."email" IS NULL; COMMENT ON COLUMN "users"."users"."version" IS NULL; COMMENT ON TABLE "users"."addresses" IS NULL; COMMENT ON TABLE "users"."preferences" IS NULL;
COMMENT ON TYPE "users"."user_state" IS 'An erased person stays as a row without anything personal, for what refers to it.';
COMMENT ON TABLE "users"."users" IS 'A person who can own a business or hold vouchers. Credentials belong to `identity`.';
COMMENT ON COLUMN "users"."users"."email" IS 'In lower case.';
COMMENT ON COLUMN "users"."users"."version" IS 'Moves by one at each update: the ETag.';
COMMENT ON TABLE "users"."addresses" IS 'Where a person lives or works, in their own words; the position is theirs to give.';
COMMENT ON TABLE "users"."preferences" IS 'What a person wants to be told of by e-mail. The language is that of `users.users`.';
-- end
