-- drop: REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM pika_auditor; REVOKE ALL ON ALL TABLES IN SCHEMA audit FROM pika_auditor; REVOKE ALL ON SCHEMA audit FROM pika_auditor, pika_app;
-- after: audit/exemptions
-- after: audit/history
-- after: audit/record_as_of
-- after: audit/replay
-- after: audit/reveal_address
-- An auditor reads the log, and personal values through these functions alone; the keys are nobody's. All others come to
-- the log only by what they write; pika_app runs the jobs that seal it.
GRANT USAGE ON SCHEMA audit TO pika_auditor, pika_app;
GRANT SELECT ON audit.archives, audit.entries, audit.sealed_entries, audit.seals TO pika_auditor;
GRANT EXECUTE ON FUNCTION audit.audited_tables(), audit.exemptions(), audit.history(text, jsonb, timestamptz),
  audit.record_as_of(text, jsonb, timestamptz), audit.replay(text, timestamptz), audit.reveal_address(text) TO pika_auditor;
