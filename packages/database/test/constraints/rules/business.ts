import { businessRow, locationRow } from '@pika/tests';
import { column, type Rules } from './rules.ts';
import { created, earlier, hash, ids, later, stamps } from './world.ts';

export const businessRules: Rules = {
  'business.businesses': {
    row: businessRow({ id: ids.fresh, categoryId: ids.root }),
    rules: {
      businesses_website_form: column(
        'website',
        ['', 'javascript:alert(1)', 'www.pika.example', ' https://pika.example'],
        ['https://pika.example', 'HTTP://pika.example', null],
      ),
      businesses_logo_url_form: column(
        'logo_url',
        ['', 'javascript:alert(1)', 'www.pika.example', ' https://pika.example'],
        ['https://pika.example', 'HTTP://pika.example', null],
      ),
      businesses_source_id_not_empty: column('source_id', [''], ['o', null]),
      businesses_version_positive: column('version', [0, -1], [1]),
      businesses_times_finite: {
        refused: [
          { created_at: 'infinity' },
          { created_at: '-infinity' },
          { updated_at: 'infinity' },
          { updated_at: '-infinity' },
          { closed_at: 'infinity' },
          { closed_at: '-infinity' },
          { deleted_at: 'infinity' },
          { deleted_at: '-infinity' },
        ],
        taken: [{ created_at: '0001-01-01' }],
      },

      businesses_name_key_key: column('name_key', [`business.${ids.business}.name`], ['business.other.name']),
      businesses_description_key_key: column(
        'description_key',
        [`business.${ids.business}.description`],
        ['business.other.description'],
      ),
      businesses_other_names_key_key: column(
        'other_names_key',
        ['business.taken.otherNames'],
        ['business.other.otherNames', null],
      ),
      businesses_not_duplicate_of_itself: column('possible_duplicate_of', [ids.fresh], [ids.business]),
      businesses_source_id_key: column('source_id', ['osm:1'], ['osm:2', null]),
    },
  },
  'business.locations': {
    row: locationRow({ id: ids.fresh, businessId: ids.business, latitude: 0, longitude: 0 }),
    rules: {
      locations_version_positive: column('version', [0, -1], [1]),
      locations_times_finite: {
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

      locations_latitude_in_range: column('latitude', [90.000001, -90.000001, 'NaN', 'Infinity'], [90, -90]),
      locations_longitude_in_range: column('longitude', [180.000001, -180.000001, 'NaN', 'Infinity'], [180, -180]),
      locations_country_code_form: column('country_code', ['py', 'P', 'PRY', ''], ['PY', null]),
      locations_weekly_hours_in_week: column(
        'weekly_hours',
        ['{[-1,60)}', '{[10000,10081)}', '{[0,)}', '{(,60)}'],
        ['{[0,10080)}', '{}', '{[0,60),[10079,10080)}'],
      ),
      locations_time_zone_known: column(
        'time_zone',
        ['Mars/Olympus', '', '+03', "UTC'; --", 'america/asuncion', 'PYT4'],
        ['Europe/Berlin', 'America/Argentina/Buenos_Aires', 'UTC'],
      ),
    },
  },
  'business.special_days': {
    row: { location_id: ids.location, day: '2026-06-01', hours: '{}' },
    rules: {
      special_days_times_finite: {
        refused: [{ day: 'infinity' }, { day: '-infinity' }],
        taken: [{ day: '0001-01-01' }],
      },

      special_days_hours_in_day: column(
        'hours',
        ['{[-1,60)}', '{[1380,1441)}', '{[0,)}'],
        ['{[0,1440)}', '{}', '{[0,1),[1439,1440)}'],
      ),
    },
  },
  'business.members': {
    row: { business_id: ids.business, user_id: ids.user, role: 'manager', ...stamps },
    rules: {
      members_times_finite: {
        refused: [
          { created_at: 'infinity' },
          { created_at: '-infinity' },
          { updated_at: 'infinity' },
          { updated_at: '-infinity' },
        ],
        taken: [{ created_at: '0001-01-01' }],
      },
    },
  },
  'business.invitations': {
    row: {
      id: ids.fresh,
      business_id: ids.business,
      email: 'new@pika.example',
      role: 'redeemer',
      token_hash: hash('ab'),
      created_at: created,
      expires_at: later,
    },
    rules: {
      invitations_email_form: column(
        'email',
        ['', 'a', 'a@', '@pika.example', 'a b@pika.example', 'a@pika.example\n', 'a@b@pika.example'],
        ['a@b'],
      ),
      invitations_times_finite: {
        refused: [
          { created_at: '-infinity' },
          { expires_at: 'infinity' },
          { accepted_at: 'infinity' },
          { accepted_at: '-infinity' },
          { revoked_at: 'infinity' },
          { revoked_at: '-infinity' },
        ],
        taken: [{ created_at: '0001-01-01' }],
      },

      invitations_email_lower_case: column('email', ['New@pika.example'], ['lower@pika.example']),
      invitations_token_hash_length: column(
        'token_hash',
        [hash('ab', 31), hash('ab', 33), hash('ab', 0)],
        [hash('cd', 32)],
      ),
      invitations_open_key: column('email', ['taken@pika.example'], ['closed@pika.example']),
      invitations_token_hash_key: column('token_hash', [hash('11')], [hash('10')]),
      invitations_expire_later: column('expires_at', [created, earlier], [later]),
      invitations_accepted_or_revoked: {
        refused: [{ accepted_at: later, revoked_at: later }],
        taken: [{ accepted_at: later }, { revoked_at: later }],
      },
    },
  },
};
