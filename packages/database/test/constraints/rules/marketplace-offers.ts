import { voucherRow } from '@pika/tests';
import { column, type Rule, type Rules } from './rules.ts';
import { created, earlier, ids, later, stamps } from './world.ts';

const amount = { percent_off: null, currency: 'PYG' };
const fixedAmount = { ...amount, discount_type: 'fixed_amount', amount_off_minor: 1 };
const fixedPrice = { ...amount, discount_type: 'fixed_price', fixed_price_minor: 0 };
const giftBalance = { ...amount, discount_type: 'gift_balance', gift_balance_minor: 1 };
const freeItem = { discount_type: 'free_item', percent_off: null, free_item_quantity: 1 };

const ofVoucher = (field: string): [string, Rule] => [
  `vouchers_${field}_key_key`,
  column(`${field}_key`, [`voucher.${ids.voucher}.${field}`], [`voucher.other.${field}`]),
];

export const offersRules: Rules = {
  'marketplace.vouchers': {
    row: voucherRow({ id: ids.fresh, businessId: ids.business, categoryId: ids.root }),
    rules: {
      vouchers_redeemable_hours_not_empty: column('redeemable_hours', ['{}'], ['{[0,1)}', null]),
      vouchers_version_positive: column('version', [0, -1], [1]),
      vouchers_times_finite: {
        refused: [
          { valid_from: '-infinity' },
          { valid_until: 'infinity' },
          { created_at: 'infinity' },
          { created_at: '-infinity' },
          { updated_at: 'infinity' },
          { updated_at: '-infinity' },
          { deleted_at: 'infinity' },
          { deleted_at: '-infinity' },
        ],
        taken: [{ valid_from: '0001-01-01' }],
      },

      vouchers_one_value_per_type: {
        refused: [
          { percent_off: 0 },
          { percent_off: -1 },
          { percent_off: 100.01 },
          { percent_off: 'NaN' },
          { percent_off: null },
          { free_item_quantity: 1 },
          { amount_off_minor: 100, currency: 'PYG' },
          { ...freeItem, free_item_quantity: 0 },
          { ...fixedAmount, amount_off_minor: 0 },
          { ...fixedPrice, fixed_price_minor: -1 },
          { ...giftBalance, gift_balance_minor: 0 },
          { discount_type: 'free_item' },
          { ...amount, discount_type: 'fixed_amount', fixed_price_minor: 5 },
        ],
        taken: [
          { percent_off: 0.01 },
          { percent_off: 100 },
          fixedAmount,
          freeItem,
          fixedPrice,
          giftBalance,
          { ...fixedAmount, amount_off_minor: '9223372036854775807' },
        ],
      },
      vouchers_cap_only_for_percentage: {
        refused: [
          { percent_cap_minor: 0, currency: 'PYG' },
          { ...fixedAmount, percent_cap_minor: 1 },
        ],
        taken: [{ percent_cap_minor: 1, currency: 'PYG' }],
      },
      vouchers_currency_with_amount: {
        refused: [
          { currency: 'PYG' },
          { percent_cap_minor: 5 },
          { budget_minor: 5 },
          { ...fixedAmount, currency: null },
          { ...fixedPrice, currency: null },
          { ...giftBalance, currency: null },
          { ...freeItem, currency: 'PYG' },
        ],
        taken: [
          { budget_minor: 5, currency: 'PYG' },
          { ...freeItem, budget_minor: 5, currency: 'PYG' },
        ],
      },
      vouchers_currency_form: {
        refused: [
          { percent_cap_minor: 5, currency: 'pyg' },
          { percent_cap_minor: 5, currency: 'GS' },
          { percent_cap_minor: 5, currency: 'PYGX' },
        ],
        taken: [{ percent_cap_minor: 5, currency: 'USD' }],
      },
      vouchers_validity_in_order: column('valid_until', ['2024-12-31'], ['2025-01-01', null]),
      vouchers_limits_positive: {
        refused: [
          { limit_total: 0 },
          { limit_per_user: 0 },
          { limit_per_user_day: 0 },
          { limit_per_location_day: 0 },
          { limit_total: -1, limit_per_user: 1 },
        ],
        taken: [
          { limit_total: 1 },
          { limit_per_user: 1 },
          { limit_per_user_day: 1 },
          { limit_per_location_day: 1 },
          { limit_total: null, limit_per_user: null, limit_per_user_day: null, limit_per_location_day: null },
        ],
      },
      vouchers_claim_limits_positive: {
        refused: [
          { claim_limit_total: 0 },
          { claim_limit_per_user: 0 },
          { claim_limit_total: -1, claim_limit_per_user: 1 },
        ],
        taken: [
          { claim_limit_total: 1 },
          { claim_limit_per_user: 1 },
          { claim_limit_total: null, claim_limit_per_user: null },
        ],
      },
      vouchers_budget_positive: {
        refused: [
          { budget_minor: 0, currency: 'PYG' },
          { budget_minor: -1, currency: 'PYG' },
        ],
        taken: [{ budget_minor: 1, currency: 'PYG' }],
      },
      vouchers_redeemable_hours_in_week: column(
        'redeemable_hours',
        ['{[-1,60)}', '{[10000,10081)}', '{[0,)}'],
        ['{[0,10080)}', null],
      ),
      vouchers_valid_days_after_claim_positive: column('valid_days_after_claim', [0, -1], [1]),
      vouchers_geofence_meters_positive: column('geofence_meters', [0, -1], [1]),
      vouchers_rollback_window_not_negative: column('rollback_window_minutes', [-1], [0]),
      vouchers_stacking_group_not_empty: column('stacking_group', [''], ['a', null]),
      ...Object.fromEntries(['title', 'description', 'terms'].map(ofVoucher)),
    },
  },
  'marketplace.voucher_locations': { row: { voucher_id: ids.voucher, location_id: ids.location }, rules: {} },
  'marketplace.voucher_codes': {
    row: { id: ids.fresh, voucher_id: ids.voucher, kind: 'short', code: 'FRESH1', created_at: created },
    rules: {
      voucher_codes_times_finite: {
        refused: [
          { created_at: 'infinity' },
          { created_at: '-infinity' },
          { revoked_at: 'infinity' },
          { revoked_at: '-infinity' },
        ],
        taken: [{ created_at: '0001-01-01' }],
      },

      voucher_codes_code_form: column(
        'code',
        ['ABCDE', 'A'.repeat(65), 'ABC DEF', 'ABCDE\n', 'ÁBCDEF', ''],
        ['ABCDEF', 'a-0'.repeat(2), 'A'.repeat(64)],
      ),
      voucher_codes_code_key: column('code', ['TAKEN1'], ['TAKEN2', 'taken1']),
    },
  },
  'marketplace.campaigns': {
    row: { id: ids.fresh, business_id: ids.business, name: 'Winter', ...stamps },
    rules: {
      campaigns_version_positive: column('version', [0, -1], [1]),
      campaigns_times_finite: {
        refused: [
          { starts_at: 'infinity' },
          { starts_at: '-infinity' },
          { ends_at: 'infinity' },
          { ends_at: '-infinity' },
          { created_at: 'infinity' },
          { created_at: '-infinity' },
          { updated_at: 'infinity' },
          { updated_at: '-infinity' },
          { deleted_at: 'infinity' },
          { deleted_at: '-infinity' },
        ],
        taken: [{ starts_at: '0001-01-01' }],
      },

      campaigns_name_not_empty: column('name', [''], ['W']),
      campaigns_times_in_order: {
        refused: [
          { starts_at: created, ends_at: created },
          { starts_at: created, ends_at: earlier },
        ],
        taken: [{ starts_at: created, ends_at: later }, { starts_at: created }, { ends_at: earlier }],
      },
      campaigns_limits_positive: {
        refused: [{ limit_total: 0 }, { limit_per_user: 0 }, { limit_total: 1, limit_per_user: -1 }],
        taken: [{ limit_total: 1 }, { limit_per_user: 1 }],
      },
      campaigns_budget_positive: {
        refused: [
          { budget_minor: 0, currency: 'PYG' },
          { budget_minor: -1, currency: 'PYG' },
        ],
        taken: [{ budget_minor: 1, currency: 'PYG' }],
      },
      campaigns_currency_with_budget: {
        refused: [{ budget_minor: 1 }, { currency: 'PYG' }],
        taken: [{ budget_minor: 1, currency: 'PYG' }],
      },
    },
  },
  'marketplace.cards': {
    row: {
      location_id: ids.location,
      voucher_id: ids.voucher,
      category_id: ids.root,
      valid_from: created,
      is_sole: true,
      facts: '',
      texts: {},
      search: '',
    },
    rules: {},
  },
  'marketplace.location_facets': {
    row: { facet_id: ids.root, location_id: ids.location, position: 'POINT(0 0)' },
    rules: {},
  },
  'marketplace.search_words': {
    row: { language_code: 'es', word: 'pan', frequency: 0 },
    rules: {
      search_words_frequency_in_range: column('frequency', [-0.1, 1.1, 'NaN'], [0, 1]),
    },
  },
  'marketplace.stale_vouchers': { row: { voucher_id: ids.voucher, queued_at: created }, rules: {} },
};
