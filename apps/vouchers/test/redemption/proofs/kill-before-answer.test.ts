import { isServer, openTestDatabase, randomFrom, testSeed, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openHistory } from './history.ts';
import { insist } from './insist.ts';
import { endRedeemProcesses, startRedeemProcess, type RedeemProcess } from './redeem-processes.ts';
import { send } from './send.ts';
import { fillStormWorld, type StormWorld } from './storm-world.ts';
import { askFor } from './storm.ts';

const random = randomFrom(testSeed('kill before answer'));
const kills = Number(process.env['PIKA_REDEEM_ANSWER_KILLS'] ?? (isServer() ? 8 : 2));
const togetherMax = 12;

let test: OpenTestDatabase;
let world: StormWorld;
/** Started while the one before is at work. */
let next: Promise<RedeemProcess>;
beforeAll(async () => {
  test = await openTestDatabase({ poolSize: 4 });
  world = await fillStormWorld(test.pool);
  next = startRedeemProcess(test);
});
afterAll(async () => {
  await next;
  await endRedeemProcesses();
  await test?.close();
});

async function takeProcess(): Promise<RedeemProcess> {
  const taken = await next;
  next = startRedeemProcess(test);
  return taken;
}

const idsOf = async (voucherId: string) => {
  const { rows } = await test.pool.query<{ id: string }>(
    'SELECT id FROM marketplace.redemptions WHERE voucher_id = $1',
    [voucherId],
  );
  return rows.map(({ id }) => id);
};

it(
  'a server killed between COMMIT and the answer: the repeat is given the stored answer, whoever else was in the batch',
  () => {
    const history = openHistory('kill-before-answer');
    return history.keptFor(async () => {
      const seen = { unheard: 0, together: 0 };
      let server = await takeProcess();
      for (let kill = 0; kill < kills; kill++) {
        const [voucherId = ''] = await world.addVouchers(1, { limit_total: togetherMax });
        const count = random.integer(1, togetherMax);
        const asked = Array.from({ length: count }, () => ({
          ...askFor(voucherId),
          headers: { 'X-Test-Kill': String(count) },
        }));
        // Nothing is answered: the process ends when the last of them is ready to be.
        const sent = await Promise.allSettled(asked.map((each) => send(server.url, each)));
        expect(sent.map(({ status }) => status)).toEqual(asked.map(() => 'rejected'));
        expect(await server.ended).toBe('SIGKILL');
        const stored = await idsOf(voucherId);
        expect(stored).toHaveLength(count);

        server = await takeProcess();
        const { url } = server;
        const told: string[] = [];
        for (const each of asked) {
          const { headers: _, ...again } = each;
          const answer = await insist(again, () => url, history);
          expect(answer, `kill ${kill}, seed ${random.seed}`).toMatchObject({ status: 201, isReplayed: true });
          told.push(answer.id!);
          const twice = await insist(again, () => url, history);
          expect(twice.text).toBe(answer.text);
        }
        expect(told.toSorted()).toEqual(stored.toSorted());
        expect(await idsOf(voucherId)).toHaveLength(count);
        seen.unheard += count;
        if (count > 1) seen.together += 1;
      }
      server.kill();
      console.log(
        `[kill before answer] ${kills} servers killed between COMMIT and the answers of ${seen.unheard} requests: ` +
          `${seen.unheard} of ${seen.unheard} repeats given the stored answer, ${kills} of ${kills} servers`,
      );
      expect(seen.together).toBeGreaterThan(0);
    });
  },
  120_000 + kills * 30_000,
);
