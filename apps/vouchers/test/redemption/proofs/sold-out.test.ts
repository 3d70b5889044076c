import { isServer, randomFrom, testSeed } from '@pika/tests';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { miscounted } from './ledger.ts';
import { askFor, ledgerOf, openStorm, tally, type Storm } from './storm.ts';

const random = randomFrom(testSeed('sold out'));
const rounds = Number(process.env['PIKA_REDEEM_ROUNDS'] ?? (isServer() ? 20 : 1));
const userRounds = Number(process.env['PIKA_REDEEM_USER_ROUNDS'] ?? (isServer() ? 8 : 1));
const redeemers = 200;
const left = 50;

let storm: Storm;
beforeAll(async () => {
  storm = await openStorm('sold-out');
});
afterAll(() => storm?.close());

it(
  `${redeemers} redeemers at once, ${left} left, three processes: ${left} have it, all others are told that it is sold out`,
  () =>
    storm.history.keptFor(async () => {
      let answered = 0;
      for (let round = 0; round < rounds; round++) {
        const [voucherId = ''] = await storm.world.addVouchers(1, { limit_total: left });
        const answers = await storm.sendAll(
          random,
          Array.from({ length: redeemers }, () => askFor(voucherId)),
        );
        expect(tally(answers), `round ${round}, seed ${random.seed}`).toEqual({
          201: left,
          '409 voucher.soldOut': redeemers - left,
        });
        expect(await ledgerOf(storm.test, voucherId)).toEqual({
          used: left,
          spent: 0,
          entries: left,
          attempts: redeemers,
        });
        expect(await miscounted(storm.test.pool, [voucherId])).toEqual([]);
        answered += answers.length;
      }
      const deadlocks = await deadlocksSoFar();
      console.log(
        `[sold out] ${rounds} rounds of ${redeemers} redeemers over ${storm.processes.length} processes: ${rounds * left} × 201, ` +
          `${rounds * (redeemers - left)} × 409 voucher.soldOut, ${answered - rounds * redeemers} others, 0 × 5xx, ${deadlocks} deadlocks`,
      );
      expect(storm.failures()).toEqual([]);
      expect(deadlocks).toBe(0);
    }),
  60_000 + rounds * 5_000,
);

it(
  'forty people, ten times each at once, two per person: each has it twice',
  () =>
    storm.history.keptFor(async () => {
      const [people, times, limit] = [40, 10, 2];
      for (let round = 0; round < userRounds; round++) {
        const [voucherId = ''] = await storm.world.addVouchers(1, { limit_per_user: limit });
        const users = Array.from({ length: people }, () => random.id());
        const asked = random.sample(
          users.flatMap((user) => Array.from({ length: times }, () => askFor(voucherId, user))),
          people * times,
        );
        const answers = await storm.sendAll(random, asked);
        expect(tally(answers), `round ${round}, seed ${random.seed}`).toEqual({
          201: people * limit,
          '409 user.limitReached': people * (times - limit),
        });
        const { rows } = await storm.test.pool.query<{ most: number; least: number }>(
          `SELECT max(times)::integer AS most, min(times)::integer AS least FROM (
            SELECT count(*) AS times FROM marketplace.redemptions WHERE voucher_id = $1 GROUP BY user_id) AS each`,
          [voucherId],
        );
        expect(rows).toEqual([{ most: limit, least: limit }]);
        expect(await miscounted(storm.test.pool, [voucherId])).toEqual([]);
      }
      console.log(
        `[sold out] ${userRounds} rounds of ${people} people × ${times}, ${limit} each: ${userRounds * people * limit} × 201, ` +
          `${userRounds * people * (times - limit)} × 409 user.limitReached, nobody more than ${limit}`,
      );
      expect(storm.failures()).toEqual([]);
    }),
  60_000 + userRounds * 10_000,
);

async function deadlocksSoFar(): Promise<number> {
  const { rows } = await storm.test.pool.query<{ deadlocks: string }>(
    'SELECT coalesce(deadlocks, 0) AS deadlocks FROM pg_stat_database WHERE datname = current_database()',
  );
  return Number(rows[0]?.deadlocks ?? 0);
}
