import { column, type Rules } from './rules.ts';
import { created, ids, stamps } from './world.ts';

const address = { id: ids.fresh, user_id: ids.user, label: 'Home', country_code: 'PY', ...stamps };
const position = { latitude: 0, longitude: 0 };

export const usersRules: Rules = {
  'users.users': {
    row: { id: ids.fresh, email: 'a@pika.example', display_name: 'A', ...stamps },
    rules: {
      users_email_form: column(
        'email',
        ['', 'a', 'a@', '@pika.example', 'a b@pika.example', 'a@pika.example\n', 'a@b@pika.example'],
        ['a@b'],
      ),
      users_display_name_not_empty: column('display_name', [''], ['B']),
      users_state_reason_not_empty: column('state_reason', [''], ['B']),
      users_version_positive: column('version', [0, -1], [1]),
      users_times_finite: {
        refused: [
          { created_at: 'infinity' },
          { created_at: '-infinity' },
          { updated_at: 'infinity' },
          { updated_at: '-infinity' },
          { deleted_at: 'infinity' },
          { deleted_at: '-infinity' },
        ],
        taken: [{ created_at: '0001-01-01' }],
      },

      users_email_lower_case: column('email', ['A@pika.example', 'a@pika.Example'], ['a1-ñ@pika.example']),
      users_email_key: column('email', ['taken@pika.example'], ['taken2@pika.example']),
    },
  },
  'users.addresses': {
    row: address,
    rules: {
      addresses_version_positive: column('version', [0, -1], [1]),
      addresses_times_finite: {
        refused: [
          { created_at: 'infinity' },
          { created_at: '-infinity' },
          { updated_at: 'infinity' },
          { updated_at: '-infinity' },
          { deleted_at: 'infinity' },
          { deleted_at: '-infinity' },
        ],
        taken: [{ created_at: '0001-01-01' }],
      },

      addresses_country_code_form: column('country_code', ['py', 'P', 'PRY', '', 'P1', 'PY\n'], ['AA', 'ZZ']),
      addresses_latitude_in_range: {
        refused: [
          { ...position, latitude: 90.000001 },
          { ...position, latitude: -90.000001 },
          { ...position, latitude: 'NaN' },
          { ...position, latitude: '-Infinity' },
        ],
        taken: [
          { ...position, latitude: 90 },
          { ...position, latitude: -90 },
        ],
      },
      addresses_longitude_in_range: {
        refused: [
          { ...position, longitude: 180.000001 },
          { ...position, longitude: -180.000001 },
          { ...position, longitude: 'NaN' },
          { ...position, longitude: 'Infinity' },
        ],
        taken: [
          { ...position, longitude: 180 },
          { ...position, longitude: -180 },
        ],
      },
      addresses_position_whole: {
        refused: [{ latitude: 0 }, { longitude: 0 }],
        taken: [position, { latitude: null, longitude: null }],
      },
      addresses_label_not_empty: column('label', [''], ['H']),
    },
  },
  'users.preferences': {
    row: { user_id: ids.user, updated_at: created },
    rules: {
      preferences_version_positive: column('version', [0, -1], [1]),
      preferences_times_finite: {
        refused: [{ updated_at: 'infinity' }, { updated_at: '-infinity' }],
        taken: [{ updated_at: '0001-01-01' }],
      },
    },
  },
};
