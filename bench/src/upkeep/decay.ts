import { openDatabase } from '@pika/database';
import { createLogger } from '@pika/shared';
import { startCardUpkeep } from '@pika/vouchers';
import type pg from 'pg';
import { say } from '../console.ts';
import { DatabaseLoad } from '../load/database-load.ts';
import { Measured } from '../load/measure.ts';
import { writeQuestions, type Scenario } from '../nearby/scenarios.ts';
import type { Options } from '../options.ts';

export interface DecayStep {
  label: string;
  measured: Measured;
  /** How long the change itself took. */
  changeSeconds: number;
}

const batchSize = 500;

/** The speed of the nearby search before and after writes that move rows about, and after the repack. */
export async function measureDecay(url: string, pool: pg.Pool, { rounds, seconds }: Options): Promise<DecayStep[]> {
  const database = openDatabase({ url, poolSize: 1 });
  const upkeep = await startCardUpkeep(database, createLogger({ level: 'silent', name: 'bench' }));
  upkeep.stop();
  const questions = await writeQuestions(pool, upkeep.nearbyBatch(20), 2_000);
  await database.close();
  const ours = questions.scenarios.get('ours');
  if (ours === undefined) throw new Error('no questions');
  const load = await DatabaseLoad.connect(url, questions.statements, 4);
  const steps: DecayStep[] = [];
  const step = async (label: string, change: () => Promise<unknown>): Promise<void> => {
    const from = performance.now();
    await change();
    const changeSeconds = (performance.now() - from) / 1_000;
    steps.push({ label, changeSeconds, measured: await measure(load, ours, rounds, seconds) });
    say(`${label}: ${steps.at(-1)?.measured.perSecond.toFixed(0)}/s (changed in ${changeSeconds.toFixed(0)} s)`);
  };
  try {
    await step('as generated and repacked', async () => undefined);
    await step('5 % of the vouchers changed', () => changeVouchers(pool));
    await step('5 % of the locations moved by some metres', () => moveLocations(pool));
    await step('vacuumed', () => pool.query('VACUUM (ANALYZE)'));
    await step('repacked', () => pool.query('SELECT marketplace.repack()'));
    await step('vacuumed again', () => pool.query('VACUUM (ANALYZE) marketplace.cards, marketplace.location_facets'));
    return steps;
  } finally {
    load.close();
  }
}

async function measure(load: DatabaseLoad, scenario: Scenario, rounds: number, seconds: number): Promise<Measured> {
  const measured = new Measured();
  await load.run(scenario, 4, seconds);
  for (let round = 0; round < rounds; round++) measured.add(await load.run(scenario, 4, seconds));
  return measured;
}

/** Every twentieth published voucher gets another discount, in the order of a hash, some hundreds in a transaction. */
async function changeVouchers(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ ids: string[] }>(
    `SELECT array_agg(id) AS ids FROM (
      SELECT id, row_number() OVER (ORDER BY hashtext(id::text), id) / ${batchSize} AS part
      FROM marketplace.vouchers WHERE state = 'published' AND hashtext(id::text) % 20 = 0
    ) AS chosen GROUP BY part ORDER BY part`,
  );
  for (const { ids } of rows) {
    await pool.query(
      `UPDATE marketplace.vouchers SET valid_until = date '2045-06-30', updated_at = now() WHERE id = ANY ($1::uuid[])`,
      [ids],
    );
  }
}

async function moveLocations(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ ids: string[] }>(
    `SELECT array_agg(id) AS ids FROM (
      SELECT id, row_number() OVER (ORDER BY hashtext(id::text), id) / 50 AS part
      FROM business.locations WHERE hashtext(id::text) % 20 = 1
    ) AS chosen GROUP BY part ORDER BY part`,
  );
  for (const { ids } of rows) {
    await pool.query(
      `UPDATE business.locations SET latitude = latitude + 0.00005, updated_at = now() WHERE id = ANY ($1::uuid[])`,
      [ids],
    );
  }
}
