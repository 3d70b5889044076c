-- lock_timeout: 10min
CREATE INDEX CONCURRENTLY "voucher_codes_voucher_id_idx" ON "marketplace"."voucher_codes" ("voucher_id");
