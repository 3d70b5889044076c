-- lock_timeout: 10min
CREATE INDEX CONCURRENTLY "translations_business_id_idx" ON "i18n"."translations" ("business_id")
  WHERE business_id IS NOT NULL;
