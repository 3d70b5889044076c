SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

ALTER TABLE "i18n"."translations" VALIDATE CONSTRAINT "translations_business_id_fkey";
ALTER TABLE "i18n"."translations" VALIDATE CONSTRAINT "translations_category_unowned";

DROP TRIGGER businesses_adopt_texts ON business.businesses; DROP TRIGGER vouchers_adopt_texts ON marketplace.vouchers; DROP FUNCTION i18n.adopt_translations();
-- removed sql/i18n/adopt_translations.sql
