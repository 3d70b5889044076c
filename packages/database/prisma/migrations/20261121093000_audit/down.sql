SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

DROP FUNCTION audit.make_partitions(integer);
DROP TRIGGER archives_append_only ON audit.archives; DROP TRIGGER archives_not_emptied ON audit.archives; DROP TRIGGER entries_append_only ON audit.entries; DROP TRIGGER entries_not_emptied ON audit.entries; DROP TRIGGER entries_not_emptied ON audit.entries_default; DROP TRIGGER sealed_entries_append_only ON audit.sealed_entries; DROP TRIGGER sealed_entries_not_emptied ON audit.sealed_entries; DROP TRIGGER seals_append_only ON audit.seals; DROP TRIGGER seals_not_emptied ON audit.seals; DROP FUNCTION audit.refuse_change();
DROP FUNCTION audit.seal(integer);
DROP FUNCTION audit.row_hash(audit.entries);
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM pika_auditor; REVOKE ALL ON ALL TABLES IN SCHEMA audit FROM pika_auditor; REVOKE ALL ON SCHEMA audit FROM pika_auditor, pika_app;
DROP FUNCTION audit.replay(text, timestamptz);
DROP FUNCTION audit.record_as_of(text, jsonb, timestamptz);
DROP FUNCTION audit.history(text, jsonb, timestamptz);
DROP FUNCTION audit.trace(text, jsonb, timestamptz);
DROP FUNCTION audit.exemptions();
DROP FUNCTION audit.erase_subject(uuid);
DROP FUNCTION audit.canonical_key(jsonb);
DROP FUNCTION audit.canonical_fields(text[]);
SELECT audit.release_others('{}'); DROP FUNCTION audit.audited_tables();
DROP FUNCTION audit.follow_list();
DROP FUNCTION audit.audit_table(regclass, text[], text[], text[], text);
DROP FUNCTION audit.record_truncate();
DROP FUNCTION audit.key_columns(regclass);
DROP FUNCTION audit.release_others(regclass[]);
DROP FUNCTION audit.release_table(regclass);
DROP FUNCTION audit.record_change();
DROP FUNCTION audit.write_change(text, text, text[], jsonb, jsonb, jsonb);
DROP FUNCTION audit.write_entry(text, text, audit.operation, jsonb, jsonb, jsonb);
DROP FUNCTION audit.current_actor();
DROP FUNCTION audit.protect(jsonb, jsonb, uuid, uuid);
DROP FUNCTION audit.subject_key(uuid);
DROP FUNCTION audit.keyed_hash(text);
DROP FUNCTION audit.archive_month(date);
DROP AGGREGATE audit.fold(jsonb); DROP FUNCTION audit.apply_changes(jsonb, jsonb);
DROP FUNCTION audit.reveal(jsonb, text);

-- DropTable
DROP TABLE "audit"."entries";

-- DropTable
DROP TABLE "audit"."sealed_entries";

-- DropTable
DROP TABLE "audit"."seals";

-- DropTable
DROP TABLE "audit"."archives";

-- DropTable
DROP TABLE "security"."subject_keys";

-- DropTable
DROP TABLE "security"."hash_keys";

-- DropEnum
DROP TYPE "audit"."operation";
