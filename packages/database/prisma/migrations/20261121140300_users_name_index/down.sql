-- lock_timeout: 10min
DROP INDEX CONCURRENTLY IF EXISTS "users"."users_display_name_words_idx";
