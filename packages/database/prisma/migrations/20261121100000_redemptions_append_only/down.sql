SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

DROP TRIGGER redemptions_append_only ON marketplace.redemptions; DROP TRIGGER redemptions_not_emptied ON marketplace.redemptions;
DROP TRIGGER locations_keep_business ON business.locations; DROP TRIGGER campaigns_keep_business ON marketplace.campaigns; DROP TRIGGER vouchers_keep_business ON marketplace.vouchers; DROP FUNCTION audit.keep_business();
