import pg from 'pg';
import { say, timed } from './console.ts';
import { cities, drawFunctions, vocabulary } from './dataset/draws.ts';
import * as entities from './dataset/entities.ts';
import { dropIndexes, type DroppedIndex } from './dataset/indexes.ts';
import { batchesOf, fillCards, fillFacets, seedLocations } from './dataset/read-model.ts';

const connections = 2;
const baseTables = ['i18n.translations', 'marketplace.vouchers', 'marketplace.voucher_locations'];
const readModelTables = ['marketplace.cards', 'marketplace.location_facets'];

/** Fills an empty, migrated database. The same number of vouchers always gives the same rows. */
export async function generate(url: string, voucherCount: number): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: connections, options: '-c session_replication_role=replica' });
  pool.on('connect', (client) => {
    client.query(
      `SET synchronous_commit = off; SET work_mem = '128MB'; SET maintenance_work_mem = '768MB'; SET jit = off`,
      () => undefined,
    );
  });
  try {
    const main = await pool.connect();
    let baseIndexes: DroppedIndex[];
    try {
      await timed('draws, cities, words', () => main.query(drawFunctions + cities + vocabulary));
      baseIndexes = await dropIndexes(main, baseTables);
      await timed('languages and categories', () => main.query(`${entities.languages};${entities.categories}`));
      await timed('100,000 businesses and their locations', () =>
        main.query(`${entities.businesses};${entities.locations}`),
      );
    } finally {
      main.release();
    }
    const chunk = 50_000;
    const chunks = Array.from({ length: Math.ceil(voucherCount / chunk) }, (_, index) => index * chunk);
    await inParallel('vouchers', pool, chunks, async (client, from) => {
      const to = Math.min(voucherCount, from + chunk);
      await client.query(entities.vouchers(from, to));
      await client.query(entities.voucherTexts(from, to));
    });
    await rebuild(pool, baseIndexes);
    await timed('analyze', () => pool.query('VACUUM (ANALYZE)'));
    await fillReadModel(pool, voucherCount);
    await timed('the ancestor’s side table', () => pool.query(seedLocations));
    await timed('vacuum, analyze', () => pool.query('VACUUM (FREEZE, ANALYZE)'));
    await pool.query('SELECT marketplace.refresh_word_frequencies()');
  } finally {
    await pool.end();
  }
}

/** Cards and facets by the product's own functions; then laid out as `repack` lays them, which is how we measure. */
async function fillReadModel(pool: pg.Pool, voucherCount: number): Promise<void> {
  const client = await pool.connect();
  const indexes = await dropIndexes(client, readModelTables).finally(() => client.release());
  const batches = batchesOf(voucherCount);
  await inParallel('cards', pool, batches, fillCards);
  const isNeeded = ({ name }: DroppedIndex): boolean => name === 'cards_pkey';
  await rebuild(pool, indexes.filter(isNeeded));
  await pool.query('ANALYZE marketplace.cards');
  await inParallel('facets', pool, batches, fillFacets);
  await timed('repack', () => pool.query('SELECT marketplace.repack()'));
  await rebuild(
    pool,
    indexes.filter((index) => !isNeeded(index)),
  );
}

async function rebuild(pool: pg.Pool, indexes: readonly DroppedIndex[]): Promise<void> {
  await inParallel('indexes', pool, indexes, async (client, index) => {
    await client.query(index.create);
  });
}

/** Hands the items to the connections of the pool, in order, and tells how far it got every ten seconds. */
async function inParallel<T>(
  what: string,
  pool: pg.Pool,
  items: readonly T[],
  work: (client: pg.PoolClient, item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let saidAt = performance.now();
  const lane = async (): Promise<void> => {
    const client = await pool.connect();
    try {
      for (let item = items[next++]; item !== undefined; item = items[next++]) {
        await work(client, item);
        if (performance.now() - saidAt > 10_000) {
          saidAt = performance.now();
          say(`${what}: ${Math.min(next, items.length)} of ${items.length}`);
        }
      }
    } finally {
      client.release();
    }
  };
  await timed(what, () => Promise.all(Array.from({ length: connections }, lane)));
}
