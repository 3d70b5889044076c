SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

DROP INDEX marketplace.claims_ended_idx;
UPDATE marketplace.voucher_counters SET claimed_count = 0 WHERE claimed_count <> 0;
DROP TRIGGER businesses_status_transition ON business.businesses; DROP TRIGGER vouchers_state_transition ON marketplace.vouchers; DROP TRIGGER claims_state_transition ON marketplace.claims; DROP TRIGGER users_state_transition ON users.users;
DROP FUNCTION marketplace.own_claims(uuid, timestamptz, double precision, double precision);
DROP FUNCTION marketplace.lock_own_claim(uuid);
DROP FUNCTION marketplace.list_token_keys();
DROP FUNCTION marketplace.list_revoked_tokens(integer);
DROP FUNCTION marketplace.insert_token_key(text, jsonb, bytea, timestamptz, timestamptz, timestamptz, interval, text);
DROP FUNCTION marketplace.hold_voucher(uuid, uuid, text, integer, timestamptz);
DROP FUNCTION marketplace.claimed_text(uuid, text[], integer);
DROP FUNCTION marketplace.claim_voucher(uuid, text, uuid, text[], text, timestamptz);
DROP TRIGGER claims_are_counted ON marketplace.claims; DROP FUNCTION marketplace.count_claim();
DROP FUNCTION marketplace.claim_violations(marketplace.vouchers, uuid, timestamptz);
DROP FUNCTION marketplace.voucher_ends_at(uuid);

-- sql/audit/state_machines.sql
-- drop: DROP TRIGGER businesses_status_transition ON business.businesses; DROP TRIGGER vouchers_state_transition ON marketplace.vouchers; DROP TRIGGER claims_state_transition ON marketplace.claims; DROP TRIGGER users_state_transition ON users.users;
-- after: audit/check_transition
-- audit.state_machines: every state that moves, and where it may go.
CREATE OR REPLACE TRIGGER businesses_status_transition BEFORE UPDATE OF status ON business.businesses
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
  EXECUTE FUNCTION audit.check_transition('status', 'pending>verified', 'pending>suspended', 'verified>pending', 'verified>suspended', 'suspended>verified');
CREATE OR REPLACE TRIGGER vouchers_state_transition BEFORE UPDATE OF state ON marketplace.vouchers
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION audit.check_transition('state', 'draft>published', 'draft>archived', 'published>suspended', 'published>expired', 'published>archived', 'suspended>published', 'suspended>expired', 'suspended>archived', 'expired>archived');
CREATE OR REPLACE TRIGGER claims_state_transition BEFORE UPDATE OF state ON marketplace.claims
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION audit.check_transition('state', 'active>redeemed', 'active>released', 'active>expired', 'redeemed>active');
CREATE OR REPLACE TRIGGER users_state_transition BEFORE UPDATE OF state ON users.users
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION audit.check_transition('state', 'active>suspended', 'suspended>active', 'active>erased', 'suspended>erased');
-- end
