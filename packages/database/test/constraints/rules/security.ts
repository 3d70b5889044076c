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
};
