import { column, type Rules } from './rules.ts';
import { created, hash, ids } from './world.ts';

export const securityRules: Rules = {
  'security.login_attempts': {
    row: {
      id: ids.fresh,
      email_hash: hash('ab'),
      client_address: '2001:db8::1',
      outcome: 'wrong_password',
      attempted_at: created,
    },
    rules: {
      login_attempts_times_finite: {
        refused: [{ attempted_at: 'infinity' }, { attempted_at: '-infinity' }],
        taken: [{ attempted_at: '0001-01-01' }],
      },

      login_attempts_email_hash_length: column(
        'email_hash',
        [hash('ab', 31), hash('ab', 33), hash('ab', 0)],
        [hash('cd', 32)],
      ),
    },
  },
  'security.idempotency_keys': {
    row: {
      caller: `user:${ids.fresh}`,
      operation: 'insertOffer',
      key: 'a',
      fingerprint: hash('ab'),
      status: 201,
      headers: {},
      body: hash('ab', 0),
      created_on: '2001-01-01',
      created_at: created,
    },
    rules: {
      idempotency_keys_caller_named: column('caller', ['', 'anonymous'], ['api-key:1']),
      idempotency_keys_operation_not_empty: column('operation', [''], ['o']),
      idempotency_keys_key_form: column('key', ['', 'a b', 'é', 'x'.repeat(256)], ['!~', 'x'.repeat(255)]),
      idempotency_keys_fingerprint_length: column('fingerprint', [hash('ab', 31), hash('ab', 33)], [hash('cd')]),
      idempotency_keys_status_told: column('status', [199, 500], [200, 499]),
      idempotency_keys_headers_object: column('headers', [[], 'x'], [{ ETag: '1' }]),
      idempotency_keys_times_finite: {
        refused: [{ created_on: 'infinity' }, { created_at: '-infinity' }],
        taken: [{ created_on: '2001-01-02' }],
      },
    },
  },
};
