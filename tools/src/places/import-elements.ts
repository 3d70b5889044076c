import { isValueRefused, sql, type Database } from '@pika/database';
import { setImmediate } from 'node:timers/promises';
import { countBatch, countElement, emptyReport, type ImportReport } from './import-report.ts';
import type { Mapped, SourceElement } from './place.ts';
import { createSeenIds } from './seen-ids.ts';
import {
  inImport,
  refreshQueuedCards,
  writePlaces,
  type Batch,
  type BatchOutcome,
  type WriteOptions,
} from './write-places.ts';

export interface ImportOptions extends WriteOptions {
  batchSize?: number;
  /** Counted in while the import runs, so that one that fails can be reported too. */
  report?: ImportReport;
  /** Stops the import between two batches. */
  signal?: AbortSignal;
  onProgress?: (report: ImportReport) => void;
}

/** How many new places the planner's statistics are made anew after: they are those of empty tables otherwise. */
const analyzeAfter = [1_000, 10_000, 100_000, 1_000_000];

/**
 * Reads elements as they come, maps each, and writes the places in batches of one transaction each, while the next one is
 * read. Everything before a batch that fails is in.
 */
export async function importElements(
  database: Database,
  elements: AsyncIterable<SourceElement> | Iterable<SourceElement>,
  map: (element: SourceElement) => Mapped,
  options: ImportOptions,
): Promise<ImportReport> {
  const { batchSize = 500, report = emptyReport(), signal, onProgress } = options;
  const seen = createSeenIds();
  let batch: Batch = { places: [], closed: [] };
  let writing: Promise<void> = Promise.resolve();

  async function write(taken: Batch): Promise<void> {
    const before = report.imported;
    countBatch(report, await writeOrSplit(database, taken, options));
    onProgress?.(report);
    const isDue = analyzeAfter.some((limit) => before < limit && report.imported >= limit);
    if (isDue && !options.isDryRun) await analyze(database);
  }

  /** Hands the batch over once the one before it is written. */
  async function flush(): Promise<void> {
    await writing;
    if (signal?.aborted === true) return;
    const taken = batch;
    batch = { places: [], closed: [] };
    if (taken.places.length + taken.closed.length === 0) return;
    writing = write(taken);
    writing.catch(() => undefined);
  }

  for await (const element of elements) {
    if (signal?.aborted === true) break;
    const mapped = onlyOnce(map(element), seen);
    countElement(report, mapped);
    if ('place' in mapped) batch.places.push(mapped);
    else if ('closed' in mapped) batch.closed.push(mapped.closed);
    if (batch.places.length + batch.closed.length >= batchSize) await flush();
    // Lets the answers to the running batch through, which would wait until this one is full.
    else if (report.read % 20 === 0) await setImmediate();
  }
  await flush();
  await writing;
  if (signal?.aborted === true) report.isInterrupted = true;
  else if (!options.isDryRun) await refreshQueuedCards(database, signal);
  return report;
}

function onlyOnce(mapped: Mapped, seen: { add(id: string): boolean }): Mapped {
  if ('skipped' in mapped) return mapped;
  const sourceId = 'place' in mapped ? mapped.place.sourceId : mapped.closed;
  if (seen.add(sourceId)) return mapped;
  return { position: mapped.position, leftOut: mapped.leftOut, skipped: 'repeated' };
}

/** A batch with a row that the database refuses is tried again in halves, until that row stands alone. */
async function writeOrSplit(database: Database, batch: Batch, options: WriteOptions): Promise<BatchOutcome> {
  try {
    return await writePlaces(database, batch, options);
  } catch (error) {
    if (!isValueRefused(error) || batch.places.length === 0) throw error;
    if (batch.places.length === 1 && batch.closed.length === 0) return refusal(batch);
    const middle = Math.ceil(batch.places.length / 2);
    const halves = [
      { places: batch.places.slice(0, middle), closed: [] },
      { places: batch.places.slice(middle), closed: batch.closed },
    ];
    let total: BatchOutcome | null = null;
    for (const half of halves) {
      const outcome = await writeOrSplit(database, half, options);
      total = total === null ? outcome : sumOf(total, outcome);
    }
    if (total === null) throw error;
    return total;
  }
}

const refusal = ({ places }: Batch): BatchOutcome => ({
  imported: 0,
  updated: 0,
  unchanged: 0,
  closed: { now: 0, before: 0, unknown: 0 },
  duplicates: [],
  refused: places.map(({ position }) => position),
  vouchers: { inserted: 0, updated: 0 },
});

const sumOf = (a: BatchOutcome, b: BatchOutcome): BatchOutcome => ({
  imported: a.imported + b.imported,
  updated: a.updated + b.updated,
  unchanged: a.unchanged + b.unchanged,
  closed: {
    now: a.closed.now + b.closed.now,
    before: a.closed.before + b.closed.before,
    unknown: a.closed.unknown + b.closed.unknown,
  },
  duplicates: [...a.duplicates, ...b.duplicates],
  refused: [...a.refused, ...b.refused],
  vouchers: {
    inserted: a.vouchers.inserted + b.vouchers.inserted,
    updated: a.vouchers.updated + b.vouchers.updated,
  },
});

async function analyze(database: Database): Promise<void> {
  await inImport(database, (db) =>
    db.$executeRaw(sql`
      ANALYZE business.businesses, business.locations, business.special_days, i18n.translations`),
  );
}
