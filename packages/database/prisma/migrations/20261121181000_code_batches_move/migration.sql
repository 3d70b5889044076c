SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

DROP TRIGGER businesses_status_transition ON business.businesses; DROP TRIGGER vouchers_state_transition ON marketplace.vouchers; DROP TRIGGER claims_state_transition ON marketplace.claims; DROP TRIGGER users_state_transition ON users.users;

-- sql/audit/state_machines.sql
-- drop: DROP TRIGGER businesses_status_transition ON business.businesses; DROP TRIGGER vouchers_state_transition ON marketplace.vouchers; DROP TRIGGER claims_state_transition ON marketplace.claims; DROP TRIGGER code_batches_state_transition ON marketplace.code_batches; DROP TRIGGER users_state_transition ON users.users;
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
  EXECUTE FUNCTION audit.check_transition('state', 'active>redeemed', 'active>released', 'active>expired', 'redeemed>active', 'released>active');
CREATE OR REPLACE TRIGGER code_batches_state_transition BEFORE UPDATE OF state ON marketplace.code_batches
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION audit.check_transition('state', 'waiting>running', 'waiting>done', 'waiting>failed', 'running>done', 'running>failed');
CREATE OR REPLACE TRIGGER users_state_transition BEFORE UPDATE OF state ON users.users
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION audit.check_transition('state', 'active>suspended', 'suspended>active', 'active>erased', 'suspended>erased');
-- end
