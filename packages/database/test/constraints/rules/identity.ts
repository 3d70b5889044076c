import { column, type Rule, type Rules } from './rules.ts';
import { created, earlier, hash, ids, later } from './world.ts';

const lengthOfHash = (name: string): Rule =>
  column(name, [hash('ab', 31), hash('ab', 33), hash('ab', 0)], [hash('cd', 32)]);
const expireLater: Rule = column('expires_at', [created, earlier, '-infinity'], [later]);

export const identityRules: Rules = {
  'identity.credentials': {
    row: {
      user_id: ids.user,
      password_hash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g',
      updated_at: created,
    },
    rules: {
      credentials_times_finite: {
        refused: [
          { password_changed_at: 'infinity' },
          { password_changed_at: '-infinity' },
          { email_verified_at: 'infinity' },
          { email_verified_at: '-infinity' },
          { updated_at: 'infinity' },
          { updated_at: '-infinity' },
        ],
        taken: [{ password_changed_at: '0001-01-01' }],
      },

      credentials_password_hash_form: column(
        'password_hash',
        [
          '$argon2i$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA',
          '$2b$12$abcdefghijklmnopqrstuv',
          'secret',
          '',
          '$argon2id$',
          '$argon2id$ secret',
          ' $argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA',
        ],
        ['$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaA'],
      ),
    },
  },
  'identity.email_links': {
    row: {
      id: ids.fresh,
      user_id: ids.user,
      purpose: 'reset_password',
      token_hash: hash('ab'),
      created_at: created,
      expires_at: later,
    },
    rules: {
      email_links_times_finite: {
        refused: [
          { created_at: '-infinity' },
          { expires_at: 'infinity' },
          { used_at: 'infinity' },
          { used_at: '-infinity' },
        ],
        taken: [{ created_at: '0001-01-01' }],
      },

      email_links_token_hash_length: lengthOfHash('token_hash'),
      email_links_expire_later: expireLater,
      email_links_token_hash_key: column('token_hash', [hash('11')], [hash('10')]),
    },
  },
  'identity.totp_factors': {
    row: { user_id: ids.user, encrypted_secret: hash('ab', 48), created_at: created },
    rules: {
      totp_factors_encrypted_secret_length: column(
        'encrypted_secret',
        [hash('ab', 0), hash('ab', 28)],
        [hash('ab', 29)],
      ),
      totp_factors_last_used_step_not_negative: column('last_used_step', [-1], [0]),
      totp_factors_times_finite: {
        refused: [
          { confirmed_at: 'infinity' },
          { confirmed_at: '-infinity' },
          { created_at: 'infinity' },
          { created_at: '-infinity' },
        ],
        taken: [{ confirmed_at: '0001-01-01' }],
      },
    },
  },
  'identity.backup_codes': {
    row: { id: ids.fresh, user_id: ids.user, code_hash: hash('ab'), created_at: created },
    rules: {
      backup_codes_times_finite: {
        refused: [
          { created_at: 'infinity' },
          { created_at: '-infinity' },
          { used_at: 'infinity' },
          { used_at: '-infinity' },
        ],
        taken: [{ created_at: '0001-01-01' }],
      },

      backup_codes_code_hash_length: lengthOfHash('code_hash'),
      backup_codes_user_id_code_hash_key: {
        refused: [{ code_hash: hash('11') }],
        taken: [{ code_hash: hash('10') }, { code_hash: hash('11'), user_id: ids.secondUser }],
      },
    },
  },
  'identity.sessions': {
    row: { id: ids.fresh, user_id: ids.user, created_at: created, last_used_at: created, expires_at: later },
    rules: {
      sessions_revoke_reason_not_empty: {
        refused: [{ revoked_at: later, revoke_reason: '' }],
        taken: [{ revoked_at: later, revoke_reason: 'l' }],
      },
      sessions_times_finite: {
        refused: [
          { created_at: '-infinity' },
          { last_used_at: 'infinity' },
          { last_used_at: '-infinity' },
          { expires_at: 'infinity' },
          { revoked_at: 'infinity', revoke_reason: 'logout' },
        ],
        taken: [{ created_at: '0001-01-01' }],
      },

      sessions_expire_later: expireLater,
      sessions_revoked_with_reason: {
        refused: [{ revoked_at: later }, { revoke_reason: 'logout' }],
        taken: [{ revoked_at: later, revoke_reason: 'logout' }],
      },
      sessions_impersonated_with_reason: {
        refused: [{ impersonated_by: ids.secondUser }, { impersonation_reason: 'Ticket 7' }],
        taken: [{ impersonated_by: ids.secondUser, impersonation_reason: 'Ticket 7' }],
      },
      sessions_impersonation_reason_not_empty: {
        refused: [{ impersonated_by: ids.secondUser, impersonation_reason: '' }],
        taken: [{ impersonated_by: ids.secondUser, impersonation_reason: 'T' }],
      },
    },
  },
  'identity.refresh_tokens': {
    row: {
      id: ids.fresh,
      session_id: ids.session,
      token_hash: hash('ab'),
      issued_at: created,
      expires_at: later,
      rotated_at: later,
    },
    rules: {
      refresh_tokens_times_finite: {
        refused: [
          { issued_at: '-infinity' },
          { expires_at: 'infinity' },
          { rotated_at: 'infinity' },
          { rotated_at: '-infinity' },
        ],
        taken: [{ issued_at: '0001-01-01' }],
      },

      refresh_tokens_token_hash_length: lengthOfHash('token_hash'),
      refresh_tokens_expire_later: expireLater,
      refresh_tokens_successor_of_rotated: {
        refused: [{ rotated_at: null, successor_id: ids.rotatedToken }],
        taken: [
          { rotated_at: later, successor_id: ids.rotatedToken },
          { rotated_at: null, successor_id: null },
        ],
      },
      refresh_tokens_not_own_successor: column('successor_id', [ids.fresh], [ids.rotatedToken]),
      refresh_tokens_token_hash_key: column('token_hash', [hash('11')], [hash('10')]),
      refresh_tokens_successor_id_key: column('successor_id', [ids.successorToken], [ids.rotatedToken]),
    },
  },
  'identity.role_grants': {
    row: { user_id: ids.user, role: 'support', granted_at: created },
    rules: {
      role_grants_times_finite: {
        refused: [{ granted_at: 'infinity' }, { granted_at: '-infinity' }],
        taken: [{ granted_at: '0001-01-01' }],
      },
    },
  },
  'identity.api_keys': {
    row: {
      id: ids.fresh,
      business_id: ids.business,
      name: 'Till',
      prefix: 'pika_abcdef12',
      secret_hash: hash('ab'),
      scopes: ['voucher.redeem'],
      created_at: created,
    },
    rules: {
      api_keys_allowed_origins_whole: column('allowed_origins', [null, [null]], [[], ['https://pika.example']]),
      api_keys_times_finite: {
        refused: [
          { created_at: 'infinity' },
          { created_at: '-infinity' },
          { expires_at: 'infinity' },
          { last_used_at: 'infinity' },
          { last_used_at: '-infinity' },
          { revoked_at: 'infinity' },
          { revoked_at: '-infinity' },
        ],
        taken: [{ created_at: '0001-01-01' }],
      },

      api_keys_name_not_empty: column('name', [''], ['T']),
      api_keys_prefix_form: column(
        'prefix',
        ['pika_abcdef1', `pika_${'a'.repeat(17)}`, 'pika_ABCDEF12', 'abcdef12', 'pika_abcdef1-', ' pika_abcdef12', ''],
        ['pika_abcdef12', `pika_${'a'.repeat(16)}`],
      ),
      api_keys_secret_hash_length: lengthOfHash('secret_hash'),
      api_keys_scopes_not_empty: column('scopes', [[], null, [null], ['a', null], ['']], [['a']]),
      api_keys_expire_later: expireLater,
      api_keys_prefix_key: column('prefix', ['pika_takentaken'], ['pika_takentakem']),
    },
  },
  'identity.api_key_uses': {
    row: { api_key_id: ids.second, last_used_at: created },
    rules: { api_key_uses_times_finite: column('last_used_at', ['infinity', '-infinity'], ['0001-01-01']) },
  },
  'identity.signing_keys': {
    row: {
      kid: 'key-1',
      algorithm: 'EdDSA',
      public_jwk: { kty: 'OKP', crv: 'Ed25519', x: 'AA' },
      encrypted_private_key: hash('ab', 60),
      published_at: created,
      active_from: created,
      retires_at: later,
    },
    rules: {
      signing_keys_kid_not_empty: column('kid', [''], ['k']),
      signing_keys_encrypted_private_key_length: column(
        'encrypted_private_key',
        [hash('ab', 0), hash('ab', 28)],
        [hash('ab', 29)],
      ),
      signing_keys_times_finite: {
        refused: [{ published_at: '-infinity' }, { retires_at: 'infinity' }],
        taken: [{ published_at: '0001-01-01' }],
      },

      signing_keys_algorithm_known: column('algorithm', ['none', 'HS256', 'eddsa', ''], ['EdDSA']),
      signing_keys_public_jwk_is_public: column(
        'public_jwk',
        [{ kty: 'OKP', crv: 'Ed25519', x: 'AA', d: 'BB' }, { kty: 'oct', k: 'AA' }, {}, ['kty'], 'OKP'],
        [{ kty: 'OKP', crv: 'Ed25519', x: 'AB' }],
      ),
      signing_keys_times_in_order: {
        refused: [{ active_from: earlier }, { active_from: later }, { active_from: created, retires_at: created }],
        taken: [{ published_at: earlier, active_from: created, retires_at: later }],
      },
    },
  },
};
