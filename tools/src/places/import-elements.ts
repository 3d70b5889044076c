import type { Database } from '@pika/database';
import { countBatch, countElement, emptyReport, type ImportReport } from './import-report.ts';
import type { Mapped, Place, SourceElement } from './place.ts';
import { refreshQueuedCards, writePlaces, type WriteOptions } from './write-places.ts';

const batchSize = 500;

/** Reads elements as they come, maps each, and writes the places in batches of one transaction each. */
export async function importElements(
  database: Database,
  elements: Iterable<SourceElement> | AsyncIterable<SourceElement>,
  map: (element: SourceElement) => Mapped,
  options: WriteOptions,
  say: (text: string) => void,
): Promise<ImportReport> {
  const report = emptyReport();
  const seen = new Set<string>();
  let batch: Place[] = [];

  async function flush(): Promise<void> {
    if (batch.length === 0) return;
    const startedAt = performance.now();
    countBatch(report, await writePlaces(database, batch, options));
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    say(`${report.imported + report.updated + report.unchanged} places, the last ${batch.length} in ${seconds} s`);
    batch = [];
  }

  for await (const element of elements) {
    const mapped = onlyOnce(map(element), seen);
    countElement(report, mapped);
    if ('place' in mapped) batch.push(mapped.place);
    if (batch.length === batchSize) await flush();
  }
  await flush();
  if (!options.isDryRun) await refreshQueuedCards(database);
  return report;
}

function onlyOnce(mapped: Mapped, seen: Set<string>): Mapped {
  if ('skipped' in mapped) return mapped;
  const { position, place, leftOut } = mapped;
  if (seen.has(place.sourceId)) return { position, skipped: 'repeated', leftOut };
  seen.add(place.sourceId);
  return mapped;
}
