import { isServer, openTestDatabase, randomFrom, testSeed, type OpenTestDatabase } from '@pika/tests';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differences, drainQueue } from './compare.ts';
import { addBusiness, addCategory, addLocation, addVoucher, makeMarket } from './market.ts';
import { readPools } from './pools.ts';
import { recountCards, recountFacets } from './recount.ts';
import { editNames, ormBatch, sqlBatch, type Tally } from './run-edits.ts';

const random = randomFrom(testSeed('cards stay true'));
const editsWanted = isServer() ? 2_000 : 150;
const size = { categories: 10, businesses: 8, locations: 24, vouchers: 40 };

let test: OpenTestDatabase;
let client: pg.PoolClient;

beforeAll(async () => {
  test = await openTestDatabase();
  client = await test.pool.connect();
  await client.query('SET jit = off');
  await makeMarket(test, random, size);
});

afterAll(async () => {
  client?.release();
  await test?.close();
});

describe('random edits of every kind', () => {
  it('leave the read model as computing everything anew gives it', { timeout: 900_000 }, async () => {
    const tally: Tally = new Map();
    let drained = 0;
    let comparisons = 0;
    while (done(tally) < editsWanted) {
      const names = random.chance(0.75) ? await sqlBatch(client, random, tally) : await ormBatch(test, random, tally);
      drained += await drainQueue(client);
      const label = `seed ${random.seed}, after ${done(tally)} edits, last ${names.join(', ')}`;
      expect((await differences(client)).slice(0, 3), label).toEqual([]);
      comparisons++;
      await recount(label);
      await refill();
    }
    console.log(
      `[cards stay true] ${done(tally)} edits, ${comparisons} comparisons, ${drained} vouchers from the queue`,
    );
    console.log([...tally].map(([name, each]) => `${name} ${each.done}+${each.refused}-${each.rolledBack}`).join(', '));
    if (isServer()) expect([...tally.keys()].toSorted(), 'every kind of edit').toEqual(editNames().toSorted());
  });
});

const done = (tally: Tally): number => [...tally.values()].reduce((sum, each) => sum + each.done, 0);

/** compute_* is not trusted blindly: a few vouchers and places are worked out here. */
async function recount(label: string): Promise<void> {
  const pools = await readPools(client);
  for (const id of random.sample(pools.vouchers, 3)) {
    const { stored, wanted } = await recountCards(client, id);
    expect(stored, `${label}, voucher ${id}`).toEqual(wanted);
  }
  for (const id of random.sample(pools.locations, 2)) {
    const { stored, wanted } = await recountFacets(client, id);
    expect(stored, `${label}, location ${id}`).toEqual(wanted);
  }
}

/** Deletions must not empty the market. */
async function refill(): Promise<void> {
  const pools = await readPools(client);
  const isThin = pools.vouchers.length < 20 || pools.locations.length < 12 || pools.categories.length < 5;
  if (isThin || pools.businesses.length < 4) await addMore();
}

async function addMore(): Promise<void> {
  const categoryId = await addCategory(client, random, null);
  const businessId = await addBusiness(client, random, categoryId);
  const locationIds: string[] = [];
  for (let index = 0; index < 6; index++) locationIds.push(await addLocation(client, random, businessId));
  for (let index = 0; index < 12; index++) await addVoucher(client, random, { businessId, categoryId, locationIds });
}
