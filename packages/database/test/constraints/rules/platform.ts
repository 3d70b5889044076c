import { column, type Rules } from './rules.ts';
import { created, hash, ids } from './world.ts';

const entry = {
  id: 1_000_000,
  recorded_at: created,
  transaction_id: 1,
  schema_name: 'users',
  table_name: 'users',
  operation: 'insert',
  row_key: { id: 1 },
  former_key: null,
  changes: {},
  actor: 'system:test',
  database_login: 'test',
};

export const platformRules: Rules = {
  'audit.entries': {
    row: entry,
    rules: {
      entries_actor_check: column('actor', [''], ['anonymous']),
      entries_row_key_check: {
        refused: [{ row_key: null }, { operation: 'truncate' }, { operation: 'attach' }],
        taken: [
          { row_key: null, operation: 'truncate' },
          { row_key: null, operation: 'detach' },
        ],
      },
      entries_former_key_check: {
        refused: [{ former_key: { id: 2 } }, { operation: 'update', former_key: { id: 1 } }],
        taken: [{ operation: 'update', former_key: { id: 2 } }, { operation: 'update' }],
      },
    },
  },
  'audit.sealed_entries': {
    row: {
      position: 1_000_000,
      transaction_id: 1,
      entry_id: 1,
      recorded_at: created,
      row_hash: hash('ab'),
      chain_hash: hash('ab'),
    },
    rules: {
      sealed_entries_position_check: column('position', [0, -1], [1_000_001]),
      sealed_entries_hashes_check: {
        refused: [{ row_hash: hash('ab', 31) }, { chain_hash: hash('ab', 33) }],
        taken: [{ row_hash: hash('cd'), chain_hash: hash('ef') }],
      },
    },
  },
  'audit.seals': {
    row: {
      number: 1_000_000,
      first_position: 1,
      last_position: 2,
      last_transaction_id: 1,
      last_entry_id: 1,
      root: hash('ab'),
      sealed_at: created,
    },
    rules: {
      seals_positions_check: {
        refused: [{ first_position: 0 }, { first_position: 3 }],
        taken: [{ first_position: 2 }],
      },
      seals_root_check: column('root', [hash('ab', 31), hash('ab', 33)], [hash('cd')]),
    },
  },
  'audit.archives': {
    row: { month: '2001-01-01', entries: 1, archived_at: created },
    rules: { archives_month_check: column('month', ['2001-01-02', '2001-01-31'], ['2001-02-01']) },
  },
  'security.subject_keys': {
    row: { subject_id: ids.fresh, key: hash('ab'), created_at: created },
    rules: {
      subject_keys_erased_check: {
        refused: [{ erased_at: created }, { key: null }],
        taken: [{ key: null, erased_at: created }],
      },
      subject_keys_key_check: column('key', [hash('ab', 31), hash('ab', 33)], [hash('cd')]),
    },
  },
  'security.hash_keys': {
    row: { purpose: 'trial', key: hash('ab') },
    rules: { hash_keys_key_check: column('key', [hash('ab', 31)], [hash('ab', 33)]) },
  },
  'public.outbox_events': {
    isNumbered: true,
    row: {
      aggregate_type: 'voucher',
      aggregate_id: 'a',
      type: 'voucher.redeemed',
      payload: {},
      attempts: 0,
      occurred_at: created,
    },
    rules: {
      outbox_events_aggregate_type_check: column('aggregate_type', [''], ['v']),
      outbox_events_aggregate_id_check: column('aggregate_id', [''], ['b']),
      outbox_events_type_check: column('type', [''], ['t']),
      outbox_events_attempts_check: column('attempts', [-1], [0, 1]),
      outbox_events_delivered_at_check: {
        refused: [{ delivered_at: created, available_at: created }],
        taken: [{ available_at: created }],
      },
      outbox_events_parked_at_check: {
        refused: [{ parked_at: created, available_at: created }],
        taken: [{ available_at: created }],
      },
    },
  },
  'public.consumed_events': {
    row: { consumer: 'mail', event_id: 1, consumed_at: created },
    rules: { consumed_events_consumer_check: column('consumer', [''], ['m']) },
  },
  'public.data_migrations': {
    row: { name: 'trial', cursor: null, rows_done: 0, started_at: created, updated_at: created },
    rules: {
      data_migrations_rows_done_not_negative: column('rows_done', [-1], [1]),
      data_migrations_finished_without_cursor: {
        refused: [{ finished_at: created, cursor: { key: 'a' } }],
        taken: [{ finished_at: created }, { cursor: { key: 'a' } }],
      },
    },
  },
};
