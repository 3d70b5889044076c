import { isServer, randomFrom, testSeed } from '@pika/tests';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { miscounted } from './ledger.ts';
import { askFor, openStorm, tally, type Storm } from './storm.ts';

const random = randomFrom(testSeed('campaign storm'));
const rounds = Number(process.env['PIKA_REDEEM_CAMPAIGN_ROUNDS'] ?? (isServer() ? 6 : 1));
const voucherCount = 20;
const redeemers = 200;

let storm: Storm;
beforeAll(async () => {
  storm = await openStorm('campaign-storm');
});
afterAll(() => storm?.close());

interface Counted {
  used: number;
  spent: number;
  mostByOne: number;
}

async function countedOf(campaignId: string): Promise<Counted> {
  const { rows } = await storm.test.pool.query<Counted>(
    `SELECT count(*)::integer AS used, coalesce(sum(discount_minor), 0)::integer AS spent,
      coalesce((SELECT max(times) FROM (
        SELECT count(*)::integer AS times FROM marketplace.redemptions WHERE campaign_id = $1 GROUP BY user_id) AS each), 0) AS "mostByOne"
    FROM marketplace.redemptions WHERE campaign_id = $1`,
    [campaignId],
  );
  return rows[0]!;
}

/** Twenty vouchers of one campaign, each asked for by chance. */
async function strike(
  campaign: Record<string, unknown>,
  {
    people = redeemers,
    fields = {},
    body = {},
  }: { people?: number; fields?: object; body?: object | (() => object) } = {},
) {
  const campaignId = await storm.world.addCampaign(campaign);
  const vouchers = await storm.world.addVouchers(voucherCount, { campaign_id: campaignId, ...fields });
  const users = Array.from({ length: people }, () => random.id());
  const asked = Array.from({ length: redeemers }, (_, index) =>
    askFor(random.pick(vouchers), users[index % people], typeof body === 'function' ? body() : body),
  );
  const answers = await storm.sendAll(random, asked);
  expect(await miscounted(storm.test.pool, vouchers), `seed ${random.seed}`).toEqual([]);
  return { counts: tally(answers), counted: await countedOf(campaignId) };
}

const timeout = 60_000 + rounds * 15_000;
const fixed = { discount_type: 'fixed_amount', percent_off: null, amount_off_minor: 1_000, currency: 'PYG' };
const seed = `seed ${random.seed}`;

it(
  'a total that twenty vouchers share is reached exactly',
  () =>
    storm.history.keptFor(async () => {
      for (let round = 0; round < rounds; round++) {
        const { counts, counted } = await strike({ limit_total: 50 });
        expect(counts, seed).toEqual({ 201: 50, '409 campaign.soldOut': 150 });
        expect(counted.used).toBe(50);
      }
      console.log(`[campaign storm] ${rounds} rounds, total 50 shared by ${voucherCount} vouchers: 50 × 201 each`);
    }),
  timeout,
);

it(
  'what each person may have of twenty vouchers is reached exactly',
  () =>
    storm.history.keptFor(async () => {
      for (let round = 0; round < rounds; round++) {
        const { counts, counted } = await strike({ limit_per_user: 2 }, { people: 20 });
        expect(counts, seed).toEqual({ 201: 40, '409 campaign.userLimitReached': 160 });
        expect(counted).toMatchObject({ used: 40, mostByOne: 2 });
      }
      console.log(
        `[campaign storm] ${rounds} rounds, 2 for each of 20 people over ${voucherCount} vouchers: 40 × 201 each`,
      );
    }),
  timeout,
);

it(
  'a budget that twenty vouchers share is spent exactly',
  () =>
    storm.history.keptFor(async () => {
      for (let round = 0; round < rounds; round++) {
        const { counts, counted } = await strike(
          { budget_minor: 30_500, currency: 'PYG' },
          { fields: fixed, body: { amountMinor: 5_000, currency: 'PYG' } },
        );
        expect(counts, seed).toEqual({ 201: 30, '409 campaign.budgetExhausted': 170 });
        expect(counted).toMatchObject({ used: 30, spent: 30_000 });
      }
      console.log(
        `[campaign storm] ${rounds} rounds, a budget for 30 shared by ${voucherCount} vouchers: 30 × 201 each`,
      );
    }),
  timeout,
);

it(
  'all limits at once, of the campaign and of the vouchers, with amounts by chance: none is passed, and who was refused was refused rightly',
  () =>
    storm.history.keptFor(async () => {
      let granted = 0;
      for (let round = 0; round < rounds; round++) {
        const budget = random.integer(40_000, 120_000);
        const { counts, counted } = await strike(
          { limit_total: random.integer(30, 80), limit_per_user: 3, budget_minor: budget, currency: 'PYG' },
          {
            people: 40,
            fields: { percent_off: 20, limit_total: 6, limit_per_user_day: 2, budget_minor: 9_000, currency: 'PYG' },
            body: () => ({ amountMinor: random.integer(100, 20_000), currency: 'PYG' }),
          },
        );
        const { 201: done = 0, ...refused } = counts;
        const known =
          /^409( (campaign\.soldOut|campaign\.userLimitReached|campaign\.budgetExhausted|voucher\.soldOut|voucher\.budgetExhausted|user\.dailyLimitReached))+$/;
        expect(
          Object.keys(refused).filter((name) => !known.test(name)),
          seed,
        ).toEqual([]);
        expect(counted.used).toBe(done);
        expect(counted.spent).toBeLessThanOrEqual(budget);
        expect(counted.mostByOne).toBeLessThanOrEqual(3);
        granted += done;
      }
      console.log(`[campaign storm] ${rounds} rounds with every limit at once: ${granted} granted, no limit passed`);
      expect(granted).toBeGreaterThan(0);
      expect(storm.failures()).toEqual([]);
    }),
  timeout,
);
