import type { Row } from '@pika/tests';
import { column, type Rule, type Rules } from './rules.ts';
import { created, earlier, ids, later } from './world.ts';

const position = { latitude: 0, longitude: 0 };
const rollback = { kind: 'rollback', reverses_id: ids.secondRedemption };
const usedCount: Rule = column('used_count', [-1], [0, 1]);

const limitRules = (table: string): Readonly<Record<string, Rule>> => ({
  [`${table}_used_count_within_limit`]: {
    refused: [{ used_count: -1 }, { used_count: 3, limit_total: 2 }],
    taken: [{ used_count: 2, limit_total: 2 }, { used_count: 0 }, { used_count: 3, limit_total: null }],
  },
  [`${table}_limits_positive`]: {
    refused: [{ limit_total: 0 }, { budget_minor: 0 }, { limit_total: 1, budget_minor: 0 }],
    taken: [{ limit_total: 1 }, { budget_minor: 1 }],
  },
  [`${table}_discount_within_budget`]: {
    refused: [{ discount_minor: -1 }, { discount_minor: 101, budget_minor: 100 }],
    taken: [
      { discount_minor: 100, budget_minor: 100 },
      { discount_minor: 0 },
      { discount_minor: 101, budget_minor: null },
    ],
  },
});

const redemption: Row = {
  id: ids.fresh,
  voucher_id: ids.voucher,
  business_id: ids.business,
  channel: 'counter',
  local_day: '2026-01-01',
  redeemed_at: created,
};

export const useRules: Rules = {
  'marketplace.claims': {
    row: { id: ids.fresh, voucher_id: ids.voucher, user_id: ids.user, claimed_at: created, updated_at: created },
    rules: {
      claims_version_positive: column('version', [0, -1], [1]),
      claims_times_finite: {
        refused: [
          { claimed_at: '-infinity' },
          { expires_at: 'infinity' },
          { updated_at: 'infinity' },
          { updated_at: '-infinity' },
        ],
        taken: [{ claimed_at: '0001-01-01' }],
      },

      claims_short_code_form: column(
        'short_code',
        ['FRESH2222', 'FRESH222222', 'fresh22222', 'FRESH2222I', 'FRESH22220', 'FRESH-2222', 'FRESH2222\n', ''],
        ['FRESH22222', '23456789AB', 'CDEFGHJKMN', 'PQRSTVWXYZ', null],
      ),
      claims_short_code_key: column('short_code', ['TAKEN22222'], ['TAKEN22223', null]),
      claims_balance_not_negative: column('balance_minor', [-1], [0, '9223372036854775807', null]),
      claims_expire_later: column('expires_at', [created, earlier], [later, null]),
      claims_user_id_voucher_id_source_id_key: {
        refused: [{ source_id: 'taken' }],
        taken: [{ source_id: 'taken2' }, { source_id: 'taken', user_id: ids.secondUser }],
      },
    },
  },
  'marketplace.holds': {
    row: {
      id: ids.fresh,
      voucher_id: ids.voucher,
      user_id: ids.user,
      key: 'fresh',
      created_at: created,
      expires_at: later,
    },
    rules: {
      holds_times_finite: {
        refused: [
          { created_at: '-infinity' },
          { expires_at: 'infinity' },
          { released_at: 'infinity' },
          { released_at: '-infinity' },
        ],
        taken: [{ created_at: '0001-01-01' }],
      },

      holds_key_not_empty: column('key', [''], ['k']),
      holds_expire_later: column('expires_at', [created, earlier], [later]),
      holds_voucher_id_key_key: column('key', ['taken'], ['taken2']),
    },
  },
  'marketplace.redemptions': {
    row: redemption,
    rules: {
      redemptions_not_own_rollback: { refused: [{ ...rollback, reverses_id: ids.fresh }], taken: [rollback] },
      redemptions_currency_form: {
        refused: [{ discount_minor: 1, currency: 'pyg' }, { discount_minor: 1, currency: '' }, { currency: 'PYGX' }],
        taken: [{ discount_minor: 1, currency: 'PYG' }, { currency: 'PYG' }],
      },
      redemptions_times_finite: {
        refused: [
          { local_day: 'infinity' },
          { local_day: '-infinity' },
          { redeemed_at: 'infinity' },
          { redeemed_at: '-infinity' },
        ],
        taken: [{ local_day: '0001-01-01' }],
      },

      redemptions_rollback_reverses: {
        refused: [{ kind: 'rollback' }, { reverses_id: ids.secondRedemption }],
        taken: [rollback],
      },
      redemptions_discount_sign: {
        refused: [
          { discount_minor: -1, currency: 'PYG' },
          { ...rollback, discount_minor: 1, currency: 'PYG' },
        ],
        taken: [
          { discount_minor: 1, currency: 'PYG' },
          { ...rollback, discount_minor: -1, currency: 'PYG' },
          { ...rollback, discount_minor: 0 },
        ],
      },
      redemptions_currency_with_discount: {
        refused: [{ discount_minor: 1 }, { ...rollback, discount_minor: -1 }],
        taken: [{ discount_minor: 1, currency: 'PYG' }, { discount_minor: 0 }],
      },
      redemptions_amount_not_negative: column('amount_minor', [-1], [0, null]),
      redemptions_reason_of_rollback: {
        refused: [{ reason: 'A mistake' }],
        taken: [{ ...rollback, reason: 'A mistake' }, rollback],
      },
      redemptions_one_scanner: {
        refused: [{ staff_id: ids.user, api_key_id: ids.second }],
        taken: [{ staff_id: ids.user }, { api_key_id: ids.second }, {}],
      },
      redemptions_reverses_id_key: {
        refused: [{ ...rollback, reverses_id: ids.redemption }],
        taken: [{ ...rollback, reverses_id: ids.secondRedemption }],
      },
    },
  },
  'marketplace.attempts': {
    row: { id: ids.fresh, channel: 'web', violations: ['voucher.expired'], attempted_at: created },
    rules: {
      attempts_violations_whole: column('violations', [null, [null]], [[], ['voucher.expired']]),
      attempts_times_finite: {
        refused: [{ attempted_at: 'infinity' }, { attempted_at: '-infinity' }],
        taken: [{ attempted_at: '0001-01-01' }],
      },

      attempts_latitude_in_range: {
        refused: [
          { ...position, latitude: 90.000001 },
          { ...position, latitude: -90.000001 },
          { ...position, latitude: 'NaN' },
        ],
        taken: [
          { ...position, latitude: 90 },
          { ...position, latitude: -90 },
        ],
      },
      attempts_longitude_in_range: {
        refused: [
          { ...position, longitude: 180.000001 },
          { ...position, longitude: -180.000001 },
          { ...position, longitude: 'NaN' },
        ],
        taken: [
          { ...position, longitude: 180 },
          { ...position, longitude: -180 },
        ],
      },
      attempts_accuracy_not_negative: column('accuracy_meters', [-0.1, 'infinity', 'NaN'], [0, 20_000_000, null]),
      attempts_redeemed_or_refused: {
        refused: [{ redemption_id: ids.redemption }],
        taken: [{ redemption_id: ids.redemption, violations: [] }, { violations: [] }],
      },
      attempts_position_whole: { refused: [{ latitude: 0 }, { longitude: 0 }], taken: [position] },
    },
  },
  'marketplace.voucher_counters': {
    row: { voucher_id: ids.voucher },
    isGiven: true,
    rules: {
      ...limitRules('voucher_counters'),
      voucher_counters_claim_limit_positive: column('claim_limit_total', [0, -1], [1, null]),
      voucher_counters_claimed_count_within_limit: {
        refused: [{ claimed_count: -1 }, { claimed_count: 3, claim_limit_total: 2 }],
        taken: [
          { claimed_count: 2, claim_limit_total: 2 },
          { claimed_count: 0 },
          { claimed_count: 3, claim_limit_total: null },
        ],
      },
    },
  },
  'marketplace.campaign_counters': {
    row: { campaign_id: ids.campaign },
    isGiven: true,
    rules: limitRules('campaign_counters'),
  },
  'marketplace.campaign_user_counters': {
    row: { campaign_id: ids.campaign, user_id: ids.user },
    rules: { campaign_user_counters_used_count_not_negative: usedCount },
  },
  'marketplace.user_counters': {
    row: { voucher_id: ids.voucher, user_id: ids.user },
    rules: { user_counters_used_count_not_negative: usedCount },
  },
  'marketplace.user_day_counters': {
    row: { voucher_id: ids.voucher, user_id: ids.user, day: '2026-01-01' },
    rules: {
      user_day_counters_times_finite: {
        refused: [{ day: 'infinity' }, { day: '-infinity' }],
        taken: [{ day: '0001-01-01' }],
      },
      user_day_counters_used_count_not_negative: usedCount,
    },
  },
  'marketplace.location_day_counters': {
    row: { voucher_id: ids.voucher, location_id: ids.location, day: '2026-01-01' },
    rules: {
      location_day_counters_times_finite: {
        refused: [{ day: 'infinity' }, { day: '-infinity' }],
        taken: [{ day: '0001-01-01' }],
      },
      location_day_counters_used_count_not_negative: usedCount,
    },
  },
};
