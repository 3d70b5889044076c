import type { Row } from '@pika/tests';
import { column, type Rule, type Rules } from './rules.ts';
import { created, earlier, ids, later } from './world.ts';

const position = { latitude: 0, longitude: 0 };
const rollback = { kind: 'rollback', reverses_id: ids.secondRedemption };
const usedCount: Rule = column('used_count', [-1], [0, 1]);

const counterRules = (table: string): Readonly<Record<string, Rule>> => ({
  [`${table}_used_count_within_limit`]: {
    refused: [{ used_count: -1 }, { used_count: 3, limit_total: 2 }],
    taken: [{ used_count: 2, limit_total: 2 }, { used_count: 0 }, { used_count: 3, limit_total: null }],
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
      holds_key_not_empty: column('key', [''], ['k']),
      holds_expire_later: column('expires_at', [created, earlier], [later]),
      holds_voucher_id_key_key: column('key', ['taken'], ['taken2']),
    },
  },
  'marketplace.redemptions': {
    row: redemption,
    rules: {
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
      redemptions_reverses_id_key: {
        refused: [{ ...rollback, reverses_id: ids.redemption }],
        taken: [{ ...rollback, reverses_id: ids.secondRedemption }],
      },
    },
  },
  'marketplace.attempts': {
    row: { id: ids.fresh, channel: 'web', violations: ['voucher.expired'], attempted_at: created },
    rules: {
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
      attempts_position_whole: { refused: [{ latitude: 0 }, { longitude: 0 }], taken: [position] },
    },
  },
  'marketplace.voucher_counters': { row: { voucher_id: ids.voucher }, rules: counterRules('voucher_counters') },
  'marketplace.campaign_counters': { row: { campaign_id: ids.campaign }, rules: counterRules('campaign_counters') },
  'marketplace.user_counters': {
    row: { voucher_id: ids.voucher, user_id: ids.user },
    rules: { user_counters_used_count_not_negative: usedCount },
  },
  'marketplace.user_day_counters': {
    row: { voucher_id: ids.voucher, user_id: ids.user, day: '2026-01-01' },
    rules: { user_day_counters_used_count_not_negative: usedCount },
  },
  'marketplace.location_day_counters': {
    row: { voucher_id: ids.voucher, location_id: ids.location, day: '2026-01-01' },
    rules: { location_day_counters_used_count_not_negative: usedCount },
  },
};
