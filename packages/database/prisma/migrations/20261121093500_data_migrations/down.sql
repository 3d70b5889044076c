SET LOCAL lock_timeout = '5s';

-- DropTable
DROP TABLE "public"."data_migrations";
