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

