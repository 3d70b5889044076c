SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

-- DropTable
DROP TABLE "public"."data_migrations";
