import { newId } from '@pika/shared';
import { isServer, openTestDatabase, randomFrom, testSeed, type OpenTestDatabase, type Random } from '@pika/tests';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openHistory } from './history.ts';
import { miscounted } from './ledger.ts';
import { randomRequest, type AskedRow } from './random-requests.ts';
import { addBusinesses, addRandomWorlds, type Businesses, type RandomWorld } from './random-worlds.ts';

const random = randomFrom(testSeed('verdicts'));
const worldCount = Number(process.env['PIKA_REDEEM_WORLDS'] ?? (isServer() ? 1_500 : 100));
const together = Math.min(500, worldCount);
const steps = 8;

let test: OpenTestDatabase;
let businesses: Businesses;
beforeAll(async () => {
  test = await openTestDatabase();
  businesses = await addBusinesses(test.pool);
});
afterAll(() => test?.close());

interface Validated {
  ordinal: number;
  isKnown: boolean;
  violations: { code: string }[];
  discount: number | null;
  claimId: string | null;
  locationId: string | null;
}

interface Done {
  ordinal: number;
  verdict: string;
  outcome: { violations: { code: string }[] } & Record<string, unknown>;
}

async function validateAll(asked: readonly AskedRow[]): Promise<Validated[]> {
  const { rows } = await test.pool.query<Validated>(
    `SELECT ordinal, is_known AS "isKnown", violations, discount_minor::float8 AS discount, claim_id AS "claimId",
      location_id AS "locationId"
    FROM marketplace.validate($1, '{es}', 1) ORDER BY ordinal`,
    [JSON.stringify(asked)],
  );
  return rows;
}

async function redeemAll(asked: readonly AskedRow[]): Promise<Done[]> {
  const { rows } = await test.pool.query<Done>(
    'SELECT ordinal, verdict, outcome FROM marketplace.redeem($1) ORDER BY ordinal',
    [JSON.stringify(asked)],
  );
  return rows;
}

/** What may have happened between two requests: time, a rollback, a state, a claim that is given back. */
async function goOn(worlds: readonly RandomWorld[], seen: Record<string, number>): Promise<void> {
  for (const world of worlds) world.at = new Date(world.at.getTime() + pause(random));
  const chosen = random.sample(worlds, Math.ceil(worlds.length / 8));
  for (const { vouchers, at } of chosen) {
    const voucher = random.pick(vouchers);
    const { rows } = await test.pool.query<{ verdict: string }>(
      `SELECT rolled.verdict
      FROM (SELECT id FROM marketplace.redemptions WHERE voucher_id = $1 AND kind = 'redemption' ORDER BY md5(id::text) LIMIT 1) AS entry
      CROSS JOIN LATERAL marketplace.rollback_redemption(entry.id, NULL, 'by chance', NULL, NULL, NULL, $2, $3) AS rolled`,
      [voucher.id, at, newId(at)],
    );
    for (const { verdict } of rows) seen[verdict] = (seen[verdict] ?? 0) + 1;
  }
  const some = random.sample(worlds, Math.ceil(worlds.length / 40)).map(({ vouchers }) => random.pick(vouchers).id);
  await test.pool.query(
    `UPDATE marketplace.vouchers SET state = CASE state WHEN 'published' THEN 'suspended' ELSE 'published' END::marketplace.voucher_state
    WHERE id = ANY ($1) AND state IN ('published', 'suspended')`,
    [some],
  );
  await test.pool.query(
    `UPDATE marketplace.claims SET state = CASE state WHEN 'active' THEN 'released' ELSE 'active' END::marketplace.claim_state
    WHERE voucher_id = ANY ($1) AND state IN ('active', 'released') AND balance_minor IS NULL`,
    [some],
  );
}

const pause = (dice: Random) => (dice.chance(0.9) ? dice.integer(0, 40) : dice.integer(60, 900)) * 60_000;

/** What no redemption may be, said in another way than the deciding function says it. */
async function forbidden(): Promise<string[]> {
  const { rows } = await test.pool.query<{ fault: string }>(
    `SELECT attempt.id || ' of ' || voucher.id || ': ' || CASE
        WHEN NOT voucher.valid_from <= entry.local_day THEN 'before its first day'
        WHEN entry.local_day > voucher.valid_until THEN 'after its last day'
        WHEN business.status <> 'verified' OR business.closed_at IS NOT NULL THEN 'of no active business'
        WHEN voucher.state NOT IN ('published', 'suspended') THEN 'in the state ' || voucher.state
        WHEN entry.redeemed_at >= claim.expires_at THEN 'with an expired claim'
        WHEN entry.local_day <> (entry.redeemed_at AT TIME ZONE location.time_zone)::date THEN 'on another day'
        WHEN entry.redeemed_at < campaign.starts_at OR entry.redeemed_at >= campaign.ends_at THEN 'outside its campaign'
        ELSE 'of another voucher’s claim' END AS fault
    FROM marketplace.redemptions entry
    JOIN marketplace.attempts attempt ON attempt.redemption_id = entry.id
    JOIN marketplace.vouchers voucher ON voucher.id = entry.voucher_id
    JOIN business.businesses business ON business.id = entry.business_id
    JOIN business.locations location ON location.id = entry.location_id
    LEFT JOIN marketplace.campaigns campaign ON campaign.id = entry.campaign_id
    LEFT JOIN marketplace.claims claim ON claim.id = entry.claim_id
    WHERE entry.kind = 'redemption' AND (
      NOT voucher.valid_from <= entry.local_day OR entry.local_day > voucher.valid_until
      OR business.status <> 'verified' OR business.closed_at IS NOT NULL
      OR voucher.state NOT IN ('published', 'suspended')
      OR entry.redeemed_at >= claim.expires_at
      OR entry.local_day <> (entry.redeemed_at AT TIME ZONE location.time_zone)::date
      OR entry.redeemed_at < campaign.starts_at OR entry.redeemed_at >= campaign.ends_at
      OR claim.voucher_id <> entry.voucher_id)
    UNION ALL
    SELECT 'claim ' || claim.id || ' has ' || claim.balance_minor || ' left of ' || voucher.gift_balance_minor
    FROM marketplace.claims claim JOIN marketplace.vouchers voucher ON voucher.id = claim.voucher_id
    WHERE claim.balance_minor IS NOT NULL AND EXISTS (SELECT FROM marketplace.redemptions entry WHERE entry.claim_id = claim.id)
      AND claim.balance_minor <> voucher.gift_balance_minor
        - (SELECT sum(discount_minor) FROM marketplace.redemptions entry WHERE entry.claim_id = claim.id)
    UNION ALL
    SELECT 'claim ' || entry.claim_id || ' is redeemed ' || sum(CASE entry.kind WHEN 'redemption' THEN 1 ELSE -1 END) || ' times'
    FROM marketplace.redemptions entry JOIN marketplace.claims claim ON claim.id = entry.claim_id
    WHERE claim.balance_minor IS NULL
    GROUP BY entry.claim_id HAVING sum(CASE entry.kind WHEN 'redemption' THEN 1 ELSE -1 END) > 1`,
  );
  return rows.map(({ fault }) => fault);
}

it(
  'whatever validating says, redeeming does: in random worlds, at the edges of days, hours, limits and budgets',
  () => {
    const history = openHistory('verdicts');
    return history.keptFor(async () => {
      const seen: Record<string, number> = {};
      const codes = new Map<string, number>();
      for (let worlds = 0; worlds < worldCount; worlds += together) {
        const batch = await addRandomWorlds(test.pool, random, businesses, together);
        const voucherIds = batch.flatMap(({ vouchers }) => vouchers.map(({ id }) => id));
        for (let step = 0; step < steps; step++) {
          const asked = batch.map((world, ordinal) => randomRequest(random, world, ordinal));
          const validated = await validateAll(asked);
          const done = await redeemAll(asked);
          for (const [index, { isKnown, violations, discount, claimId, locationId }] of validated.entries()) {
            const { verdict, outcome } = done[index]!;
            const request = asked[index]!;
            history.add({ request, validated: validated[index], verdict, outcome });
            const where = `${request.voucher} ${request.redemptionId}, seed ${random.seed}`;
            const told = verdict === 'refused' ? outcome.violations : [];
            expect(isKnown ? violations : [], where).toEqual(told);
            expect(verdict, where).toBe(!isKnown ? 'notFound' : violations.length > 0 ? 'refused' : 'redeemed');
            if (verdict === 'redeemed')
              expect(outcome, where).toMatchObject({ discountMinor: discount, claimId, locationId });
            seen[verdict] = (seen[verdict] ?? 0) + 1;
            for (const { code } of told) codes.set(code, (codes.get(code) ?? 0) + 1);
          }
          expect(await miscounted(test.pool, voucherIds), `seed ${random.seed}`).toEqual([]);
          await goOn(batch, seen);
        }
        expect(await miscounted(test.pool, voucherIds), `seed ${random.seed}`).toEqual([]);
      }
      console.log(
        `[verdicts] ${worldCount} worlds × ${steps} requests: ${JSON.stringify(seen)}; ` +
          `${codes.size} kinds of refusals: ${JSON.stringify(Object.fromEntries([...codes].toSorted(([one], [other]) => one.localeCompare(other))))}`,
      );
      expect(await forbidden(), `seed ${random.seed}`).toEqual([]);
      for (const verdict of ['redeemed', 'refused', 'notFound', 'rolledBack'])
        expect(seen[verdict], verdict).toBeGreaterThan(0);
      expect(everyCode.filter((code) => !codes.has(code) && isServer())).toEqual([]);
    });
  },
  120_000 + worldCount * 100,
);

const everyCode = [
  'voucher.suspended',
  'voucher.archived',
  'voucher.notPublished',
  'business.inactive',
  'voucher.notYetValid',
  'voucher.expired',
  'voucher.outsideHours',
  'location.closed',
  'location.required',
  'location.notValid',
  'voucher.soldOut',
  'user.required',
  'user.limitReached',
  'user.dailyLimitReached',
  'location.dailyLimitReached',
  'voucher.budgetExhausted',
  'campaign.notStarted',
  'campaign.ended',
  'campaign.soldOut',
  'campaign.userLimitReached',
  'campaign.budgetExhausted',
  'claim.required',
  'claim.redeemed',
  'claim.released',
  'claim.expired',
  'code.used',
  'code.revoked',
  'code.expired',
  'position.required',
  'position.tooFar',
  'amount.required',
  'amount.currencyMismatch',
  'balance.exhausted',
  'voucher.notCombinable',
];
