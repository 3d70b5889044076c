-- lock_timeout: 10min
CREATE UNIQUE INDEX CONCURRENTLY "invitations_open_key" ON "business"."invitations" ("business_id", "email")
  WHERE accepted_at IS NULL AND revoked_at IS NULL;
