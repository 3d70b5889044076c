SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

-- CreateTable
CREATE TABLE "public"."data_migrations" (
    "name" TEXT NOT NULL,
    "cursor" JSONB,
    "rows_done" BIGINT NOT NULL DEFAULT 0,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "data_migrations_pkey" PRIMARY KEY ("name"),
    CONSTRAINT "data_migrations_rows_done_not_negative" CHECK (rows_done >= 0),
    CONSTRAINT "data_migrations_finished_without_cursor" CHECK (finished_at IS NULL OR cursor IS NULL)
);

COMMENT ON TABLE "public"."data_migrations" IS 'How far the data.sql of each migration has come; a batch and its line here are one transaction.';
COMMENT ON COLUMN "public"."data_migrations"."name" IS 'The folder of the migration.';
COMMENT ON COLUMN "public"."data_migrations"."cursor" IS 'What the last batch answered and the next one is given; NULL before the first and after the last.';
COMMENT ON COLUMN "public"."data_migrations"."rows_done" IS 'Rows of all batches so far, as data.sql counts them.';
COMMENT ON COLUMN "public"."data_migrations"."finished_at" IS 'When a batch answered no cursor; later migrations wait for that.';
