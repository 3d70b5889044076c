import { addPerson, isServer, randomFrom, testSeed } from '@pika/tests';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRedeemWorld, type RedeemWorld } from '../redeem-world.ts';
import { openHistory } from './history.ts';
import { miscounted } from './ledger.ts';
import { addOfflineWorld, type OfflineCopy, type OfflineScan } from './offline-worlds.ts';

const random = randomFrom(testSeed('offline merge'));
const worldCount = Number(process.env['PIKA_REDEEM_OFFLINE_WORLDS'] ?? (isServer() ? 60 : 6));

let world: RedeemWorld;
let locationIds: string[];
let people: string[];
beforeAll(async () => {
  world = await openRedeemWorld({ now: '2026-03-27T20:00:00Z' });
  // Over the scans of the second, the clock is put on.
  locationIds = [
    world.locationId,
    await world.addLocation({ timeZone: 'Europe/Berlin', latitude: 52.5, longitude: 13.4 }),
  ];
  people = await Promise.all(Array.from({ length: 4 }, () => addPerson(world.test)));
});
afterAll(() => world?.close());

interface Merged {
  data: { nonce: string; verdict: string; violations: { code: string }[] }[];
}

async function handIn(scans: readonly OfflineScan[]): Promise<Merged['data']> {
  const answer = await world.post('redeemer', '/v1/redemptions/sync', { scans });
  expect(answer, answer.text).toMatchObject({ status: 200 });
  const { data } = answer.body as Merged;
  expect(data.map(({ nonce }) => nonce)).toEqual(scans.map(({ nonce }) => nonce));
  return data;
}

/** In batches by chance, in any order, some more than once, also within a batch. */
function shuffled(scans: readonly OfflineScan[]): OfflineScan[][] {
  const repeated = random.sample(scans, random.integer(0, Math.ceil(scans.length / 2)));
  let rest = random.sample([...scans, ...repeated], scans.length + repeated.length);
  const batches: OfflineScan[][] = [];
  while (rest.length > 0) {
    const length = random.integer(1, Math.min(10, rest.length));
    batches.push(rest.slice(0, length));
    rest = rest.slice(length);
  }
  return batches;
}

/** All that is left of a world, with the names that its copies share, in one order. */
async function stateOf({ voucherIds, names }: OfflineCopy): Promise<string[]> {
  const { rows } = await world.test.pool.query<{ line: string }>(
    `WITH live AS (
      SELECT entry.* FROM marketplace.redemptions entry
      WHERE entry.voucher_id = ANY ($1) AND entry.kind = 'redemption'
        AND NOT EXISTS (SELECT FROM marketplace.redemptions reversal WHERE reversal.reverses_id = entry.id)
    )
    SELECT 'scan ' || scan.nonce || ' ' || verdict.violations::text || ' counted ' ||
      coalesce((SELECT count(*) || ' for ' || sum(discount_minor) FROM live WHERE scan_nonce = scan.nonce), '') AS line
    FROM marketplace.scans scan LEFT JOIN marketplace.scan_verdicts verdict USING (nonce) WHERE scan.voucher_id = ANY ($1)
    UNION ALL SELECT 'live ' || voucher_id || ' ' || coalesce(claim_id::text, '') || ' ' || coalesce(code_id::text, '') || ' '
      || coalesce(user_id::text, '') || ' ' || location_id || ' ' || local_day || ' ' || discount_minor || ' ' || channel FROM live
    UNION ALL SELECT 'voucher ' || voucher_id || ' ' || used_count || ' ' || discount_minor
    FROM marketplace.voucher_counters WHERE voucher_id = ANY ($1)
    UNION ALL SELECT 'campaign ' || counter.campaign_id || ' ' || used_count || ' ' || discount_minor
    FROM marketplace.campaign_counters counter WHERE campaign_id IN (SELECT campaign_id FROM marketplace.vouchers WHERE id = ANY ($1))
    UNION ALL SELECT 'campaign user ' || campaign_id || user_id || ' ' || used_count FROM marketplace.campaign_user_counters
    WHERE campaign_id IN (SELECT campaign_id FROM marketplace.vouchers WHERE id = ANY ($1)) AND used_count <> 0
    UNION ALL SELECT 'user ' || voucher_id || user_id || ' ' || used_count
    FROM marketplace.user_counters WHERE voucher_id = ANY ($1) AND used_count <> 0
    UNION ALL SELECT 'user day ' || voucher_id || user_id || day || ' ' || used_count
    FROM marketplace.user_day_counters WHERE voucher_id = ANY ($1) AND used_count <> 0
    UNION ALL SELECT 'place ' || voucher_id || location_id || day || ' ' || used_count
    FROM marketplace.location_day_counters WHERE voucher_id = ANY ($1) AND used_count <> 0
    UNION ALL SELECT 'claim ' || id || ' ' || state || ' ' || coalesce(balance_minor::text, '')
    FROM marketplace.claims WHERE voucher_id = ANY ($1)
    UNION ALL SELECT 'code used ' || code_id || ' ' || used_at FROM marketplace.code_uses
    JOIN marketplace.voucher_codes code ON code.id = code_id WHERE code.voucher_id = ANY ($1)`,
    [voucherIds],
  );
  const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
  return rows
    .map(({ line }) => line.replaceAll(uuid, (id) => names.get(id) ?? id))
    .toSorted((a, b) => a.localeCompare(b));
}

it(
  'what tills without network scanned ends in the same state, in whatever pieces and order it is handed in, and however often',
  () => {
    const history = openHistory('offline-merge');
    return history.keptFor(async () => {
      const seen = { scans: 0, batches: 0, within: 0, overUse: 0, changed: 0 };
      const codes = new Map<string, number>();
      for (let round = 0; round < worldCount; round++) {
        const where = `world ${round}, seed ${random.seed}`;
        const places = { businessId: world.businessId, locationIds, people };
        const [ordered, other] = await addOfflineWorld(world.test.pool, random, places, 2);
        world.clock.set('2026-03-27T20:00:00Z');
        for (const { online } of [ordered!, other!]) {
          for (const code of online) {
            const locationId = locationIds[0];
            const body = { code, locationId, amountMinor: 700, currency: 'PYG' };
            expect([201, 409]).toContain((await world.redeem('redeemer', '/v1/codes/redeem', body)).status);
          }
        }
        world.clock.set('2026-03-31T20:00:00Z');
        const inOrder = ordered!.scans.toSorted(
          (a, b) => a.scannedAt.localeCompare(b.scannedAt) || a.nonce.localeCompare(b.nonce),
        );
        await handIn(inOrder);
        const told = new Map<string, string>();
        for (const batch of shuffled(other!.scans)) {
          history.add({ where, batch });
          for (const { nonce, verdict } of await handIn(batch)) {
            if (told.has(nonce) && told.get(nonce) !== verdict) seen.changed += 1;
            told.set(nonce, verdict);
          }
          seen.batches += 1;
        }
        const [expected, found] = [await stateOf(ordered!), await stateOf(other!)];
        history.add({ where, expected, found });
        expect(found, where).toEqual(expected);
        expect(await miscounted(world.test.pool, [...ordered!.voucherIds, ...other!.voucherIds]), where).toEqual([]);

        const kept = expected.filter((line) => line.startsWith('scan '));
        expect(kept, where).toHaveLength(ordered!.scans.length);
        for (const line of kept) {
          const isWithin = line.includes(' {} ');
          expect(line, where).toMatch(isWithin ? / counted 1 for \d+$/ : / counted $/);
          seen[isWithin ? 'within' : 'overUse'] += 1;
          for (const code of /\{(.+)\}/.exec(line)?.[1]?.split(',') ?? []) codes.set(code, (codes.get(code) ?? 0) + 1);
        }
        seen.scans += kept.length;
      }
      console.log(
        `[offline merge] ${worldCount} worlds, ${seen.scans} scans handed in once in order and in ${seen.batches} batches by chance: ` +
          `the same state; ${seen.within} within, ${seen.overUse} over-use kept, ${seen.changed} verdicts changed on the way; ` +
          JSON.stringify(Object.fromEntries([...codes].toSorted(([one], [another]) => one.localeCompare(another)))),
      );
      expect(seen.overUse).toBeGreaterThan(0);
      if (isServer()) expect(seen.changed).toBeGreaterThan(0);
      for (const code of isServer() ? everyCode : []) expect(codes.get(code) ?? 0, code).toBeGreaterThan(0);
    });
  },
  120_000 + worldCount * 3_000,
);

const everyCode = [
  'voucher.soldOut',
  'voucher.budgetExhausted',
  'user.required',
  'user.limitReached',
  'user.dailyLimitReached',
  'location.dailyLimitReached',
  'campaign.soldOut',
  'campaign.budgetExhausted',
  'campaign.userLimitReached',
  'claim.redeemed',
  'claim.expired',
  'code.used',
  'balance.exhausted',
  'voucher.expired',
];
