import { openDatabase } from '@pika/database';
import { createLogger } from '@pika/shared';
import { startCardUpkeep } from '@pika/vouchers';
import pg from 'pg';
import { say, timed } from './console.ts';
import type { Server } from './datasets.ts';
import { DatabaseLoad } from './load/database-load.ts';
import { cacheCounter, machineFacts } from './machine.ts';
import { checkExactness } from './nearby/exactness.ts';
import type { Result } from './nearby/goals.ts';
import { measureHttp, type HttpResult } from './nearby/http.ts';
import { writeNearbyReport } from './nearby/report.ts';
import { writeQuestions, type Questions } from './nearby/scenarios.ts';
import type { Options, Scale } from './options.ts';

export interface Dataset {
  scale: Scale;
  url: string;
}

interface OpenDataset extends Dataset {
  pool: pg.Pool;
  batch: number;
  questions: Questions;
  load: DatabaseLoad;
  hitRatio: () => Promise<number>;
}

interface Slot {
  dataset: OpenDataset;
  id: string;
  clients: number;
}

/** On every scale but the main one only these are asked. */
const everywhere = ['ours', 'ancestor'];

/** Rounds of short slots, one for each kind of question and dataset, so that what disturbs one disturbs all. */
export async function benchNearby(datasets: readonly Dataset[], server: Server, options: Options): Promise<void> {
  const open: OpenDataset[] = [];
  try {
    for (const dataset of datasets) open.push(await openDataset(dataset, options));
    const main = open.find(({ scale }) => scale === '1m') ?? open[0];
    if (main === undefined) throw new Error('no dataset');
    const slots = open.flatMap((dataset) => slotsOf(dataset, dataset === main));
    for (const { dataset, id, clients } of slots)
      await dataset.load.run(scenario(dataset, id), clients, options.seconds / 2);
    say('warm');
    for (let round = 1; round <= options.rounds; round++) {
      for (const slot of round % 2 === 0 ? slots.toReversed() : slots) await measureSlot(slot, options.seconds);
      say(`round ${round} of ${options.rounds}`);
    }
    const results = slots.flatMap(resultOf);
    const exactness = await timed('compared with brute force', () =>
      checkExactness(main.pool, main.questions.points.slice(0, options.isQuick ? 20 : 100), main.batch),
    );
    const hitRatios = new Map<Scale, number>();
    for (const { scale, hitRatio } of open) hitRatios.set(scale, await hitRatio());
    const http: HttpResult[] = options.withHttp
      ? await measureHttp(main.url, main.questions.points, main.batch, options.rounds, options.seconds)
      : [];
    writeNearbyReport({
      results,
      http,
      exactness,
      hitRatios,
      options,
      main: main.scale,
      batches: new Map(open.map(({ scale, batch }) => [scale, batch])),
      facts: [...(await machineFacts(main.pool)), `Data in ${server.description}`],
    });
  } finally {
    for (const { pool, load } of open) {
      load.close();
      await pool.end();
    }
  }
}

async function openDataset(dataset: Dataset, { isQuick }: Options): Promise<OpenDataset> {
  const pool = new pg.Pool({ connectionString: dataset.url, max: 4 });
  const batch = await readBatch(dataset.url);
  const questions = await timed(`${dataset.scale}: questions written, ${batch} locations at first`, () =>
    writeQuestions(pool, batch, isQuick ? 400 : 2_000),
  );
  const load = await DatabaseLoad.connect(dataset.url, questions.statements, 8);
  return { ...dataset, pool, batch, questions, load, hitRatio: await cacheCounter(pool) };
}

/** How many locations the app would look at first, as the app finds it out. */
async function readBatch(url: string): Promise<number> {
  const database = openDatabase({ url, poolSize: 1 });
  try {
    const upkeep = await startCardUpkeep(database, createLogger({ level: 'silent', name: 'bench' }));
    upkeep.stop();
    return upkeep.nearbyBatch(20);
  } finally {
    await database.close();
  }
}

function slotsOf(dataset: OpenDataset, isMain: boolean): Slot[] {
  const ids = isMain ? [...dataset.questions.scenarios.keys()] : everywhere;
  return ids.flatMap((id) => {
    const clientCounts = id === 'ours' || id === 'ancestor' ? [4, 8] : [4];
    return clientCounts.map((clients) => ({ dataset, id, clients }));
  });
}

async function measureSlot({ dataset, id, clients }: Slot, seconds: number): Promise<void> {
  const measured = await dataset.load.measure(scenario(dataset, id), clients, seconds);
  say(`${dataset.scale} ${id}, ${clients} clients: ${measured.perSecond.toFixed(0)}/s`);
}

function scenario({ questions }: OpenDataset, id: string) {
  const found = questions.scenarios.get(id);
  if (found === undefined) throw new Error(`no scenario "${id}"`);
  return found;
}

function resultOf({ dataset, id, clients }: Slot): Result[] {
  const measured = dataset.load.result(id, clients);
  if (measured === undefined || measured.requests === 0) return [];
  const [p50 = Number.NaN, p99 = Number.NaN] = measured.percentiles(0.5, 0.99);
  const { label } = scenario(dataset, id);
  const { requests, perSecond, bytesPerRequest: bytes } = measured;
  return [{ scale: dataset.scale, id, label, clients, requests, perSecond, p50, p99, bytes }];
}
