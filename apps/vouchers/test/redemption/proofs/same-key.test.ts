import { isServer, randomFrom, testSeed } from '@pika/tests';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { send } from './send.ts';
import { askFor, ledgerOf, openStorm, tally, type Storm } from './storm.ts';

const random = randomFrom(testSeed('same key'));
const keys = Number(process.env['PIKA_REDEEM_KEYS'] ?? (isServer() ? 12 : 2));
const requestsPerKey = 100;

let storm: Storm;
beforeAll(async () => {
  storm = await openStorm('same-key', isServer() ? 3 : 2);
});
afterAll(() => storm?.close());

it(
  'a hundred requests with one key at once, to any process: one is done, all others are given its answer or told to come again',
  () =>
    storm.history.keptFor(async () => {
      const seen = { done: 0, refused: 0, replayed: 0, inFlight: 0 };
      for (let round = 0; round < keys; round++) {
        // Every third is refused: a refusal is kept like everything else.
        const isRefused = round % 3 === 2;
        const [voucherId = ''] = await storm.world.addVouchers(
          1,
          isRefused ? { state: 'suspended' } : { limit_total: 5 },
        );
        const asked = askFor(voucherId);
        const answers = await storm.sendAll(
          random,
          Array.from({ length: requestsPerKey }, () => asked),
        );
        const told = isRefused ? '409 voucher.suspended' : '201';
        const counts = tally(answers);
        const { [told]: given = 0, '409 idempotency.inFlight': inFlight = 0, ...others } = counts;
        expect(others, `round ${round}, seed ${random.seed}`).toEqual({});
        expect(given + inFlight).toBe(requestsPerKey);
        const whole = answers.filter(({ codes }) => codes[0] !== 'idempotency.inFlight');
        const first = whole.filter(({ isReplayed }) => !isReplayed);
        expect(first).toHaveLength(1);
        expect(new Set(whole.map(({ text }) => text)).size).toBe(1);
        for (const { url } of storm.processes) {
          expect(await send(url, asked)).toMatchObject({
            isReplayed: true,
            status: first[0]!.status,
            text: first[0]!.text,
          });
        }
        const effects = isRefused ? 0 : 1;
        expect(await ledgerOf(storm.test, voucherId)).toMatchObject({ used: effects, entries: effects, attempts: 1 });
        const other = await send(storm.processes[0]!.url, { ...asked, body: { device: 'another' } });
        expect(other).toMatchObject({ status: 422, codes: ['idempotency.keyReused'] });
        seen[isRefused ? 'refused' : 'done'] += 1;
        seen.replayed += whole.length - 1;
        seen.inFlight += inFlight;
      }
      console.log(
        `[same key] ${keys} keys × ${requestsPerKey} at once over ${storm.processes.length} processes: ${seen.done} done once, ` +
          `${seen.refused} refused once, ${seen.replayed} given the same bytes, ${seen.inFlight} told to come again, no other answer`,
      );
      // They did meet: whoever came while the first was at it waited for the counter of the voucher, and saw what it had kept.
      expect(seen.replayed + seen.inFlight).toBe(keys * (requestsPerKey - 1));
      expect(storm.failures()).toEqual([]);
    }),
  60_000 + keys * 5_000,
);
