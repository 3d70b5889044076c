import { column, type Rules } from './rules.ts';
import { created, ids } from './world.ts';

export const analyticsRules: Rules = {
  'analytics.events': {
    row: {
      id: ids.fresh,
      type: 'seen',
      business_id: ids.business,
      voucher_id: ids.voucher,
      occurred_at: created,
    },
    rules: {
      events_channel_not_empty: column('channel', [''], ['web', null]),
      events_times_finite: {
        refused: [{ occurred_at: 'infinity' }, { occurred_at: '-infinity' }],
        taken: [{ occurred_at: '0001-01-01' }],
      },
      events_weight_positive: column('weight', [0, -1], [1]),
    },
  },
};
