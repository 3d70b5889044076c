import { column, type Rules } from './rules.ts';
import { created, earlier, ids, later } from './world.ts';

export const counterRules: Rules = {
  'marketplace.code_batches': {
    row: {
      id: ids.fresh,
      voucher_id: ids.voucher,
      business_id: ids.business,
      kind: 'short',
      requested_count: 2,
      made_count: 0,
      length: 14,
      prefix: '',
      state: 'waiting',
      created_at: created,
    },
    rules: {
      code_batches_counts_in_order: {
        refused: [
          { requested_count: 0 },
          { requested_count: 1_000_001 },
          { made_count: -1 },
          { made_count: 3 },
          { requested_count: -1, made_count: -1 },
        ],
        taken: [
          { requested_count: 1 },
          { requested_count: 1_000_000 },
          { made_count: 2 },
          { requested_count: 1, made_count: 1 },
        ],
      },
      code_batches_length_in_range: column('length', [0, 41], [1, 40]),
      code_batches_prefix_form: column(
        'prefix',
        ['a', 'A B', 'Ñ', 'A\n', 'A'.repeat(17)],
        ['', 'PK-26', 'A'.repeat(16)],
      ),
      code_batches_finished_when_over: {
        refused: [
          { state: 'done' },
          { state: 'failed' },
          { finished_at: created },
          { state: 'running', finished_at: created },
        ],
        taken: [
          { state: 'running' },
          { state: 'done', finished_at: created },
          { state: 'failed', finished_at: created },
        ],
      },
      code_batches_times_finite: {
        refused: [
          { created_at: 'infinity' },
          { created_at: '-infinity' },
          { state: 'done', finished_at: 'infinity' },
          { state: 'done', finished_at: '-infinity' },
        ],
        taken: [{ created_at: '0001-01-01' }],
      },
    },
  },
  'marketplace.code_uses': {
    row: { code_id: ids.second, redemption_id: ids.redemption, used_at: created },
    rules: { code_uses_times_finite: column('used_at', ['infinity', '-infinity'], ['0001-01-01']) },
  },
  'marketplace.token_keys': {
    row: {
      kid: 'fresh',
      public_jwk: {},
      encrypted_private_key: '\\x01',
      published_at: created,
      active_from: created,
      retires_at: later,
    },
    rules: {
      token_keys_times_in_order: {
        refused: [
          { published_at: '-infinity' },
          { retires_at: 'infinity' },
          { active_from: earlier },
          { active_from: later },
          { retires_at: created },
        ],
        taken: [{ published_at: '0001-01-01' }, { published_at: earlier }],
      },
    },
  },
  'marketplace.scans': {
    row: {
      nonce: ids.fresh,
      voucher_id: ids.voucher,
      business_id: ids.business,
      location_id: ids.location,
      scanned_at: created,
      received_at: created,
    },
    rules: {
      scans_amount_not_negative: {
        refused: [{ amount_minor: -1, currency: 'PYG' }],
        taken: [{ amount_minor: 0, currency: 'PYG' }],
      },
      scans_amount_with_currency: {
        refused: [{ amount_minor: 1 }, { currency: 'PYG' }],
        taken: [{ amount_minor: 1, currency: 'PYG' }],
      },
      scans_times_finite: {
        refused: [
          { scanned_at: 'infinity' },
          { scanned_at: '-infinity' },
          { received_at: 'infinity' },
          { received_at: '-infinity' },
        ],
        // The clock of a till may be ahead or behind.
        taken: [{ scanned_at: later }, { scanned_at: '0001-01-01' }],
      },
    },
  },
  'marketplace.scan_verdicts': {
    row: { nonce: ids.scan, violations: [], folded_at: created },
    rules: {
      scan_verdicts_violations_listed: column('violations', [null], [[], ['voucher.soldOut']]),
      scan_verdicts_times_finite: column('folded_at', ['infinity', '-infinity'], ['0001-01-01']),
    },
  },
};
