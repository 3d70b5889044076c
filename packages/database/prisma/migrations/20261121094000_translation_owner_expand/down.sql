SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

DROP TRIGGER translations_owner ON i18n.translations; DROP FUNCTION i18n.set_translation_owner();
DROP TRIGGER businesses_adopt_texts ON business.businesses; DROP TRIGGER vouchers_adopt_texts ON marketplace.vouchers; DROP FUNCTION i18n.adopt_translations();

ALTER TABLE "i18n"."translations" DROP CONSTRAINT "translations_category_unowned";

-- DropForeignKey
ALTER TABLE "i18n"."translations" DROP CONSTRAINT "translations_business_id_fkey";

-- AlterTable
ALTER TABLE "i18n"."translations" DROP COLUMN "business_id";
