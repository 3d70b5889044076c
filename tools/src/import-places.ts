import {
  databaseSettings,
  isStartError,
  listPendingMigrations,
  openStartedDatabase,
  startDatabase,
  type Database,
} from '@pika/database';
import { ConfigError, readConfig } from '@pika/shared';
import { importElements } from './places/import-elements.ts';
import { reportLines } from './places/import-report.ts';
import { mapOsmElement } from './places/map-osm-element.ts';
import { readOptions, type ImportOptions } from './places/options.ts';
import { ImportError } from './places/place.ts';
import { readOverpass } from './places/read-overpass.ts';

const say = (text: string) => console.log(`  ${text}`);

async function run(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  const elements = await readOverpass(options.file, say);
  await withDatabase(options, async (database) => {
    const report = await importElements(
      database,
      elements,
      (element) => mapOsmElement(element, options.language),
      options,
      say,
    );
    if (options.isDryRun) console.log('A dry run: nothing was written. Otherwise it would have been:');
    for (const line of reportLines(report, process.uptime())) console.log(line);
  });
}

/** Brings the database up to date first, except in a dry run, which asks for one that is. */
async function withDatabase({ isDryRun }: ImportOptions, work: (database: Database) => Promise<void>): Promise<void> {
  const settings = readConfig(databaseSettings, process.env);
  const started = await startDatabase({ migrate: !isDryRun, onProgress: say });
  try {
    if (isDryRun && (await listPendingMigrations(started.url)).length > 0) {
      throw new ImportError('A dry run changes no database, and this one waits for migrations; run without --dry-run.');
    }
    say(`Importing into ${started.description}`);
    const database = openStartedDatabase(started, settings);
    try {
      await work(database);
    } finally {
      await database.close();
    }
  } finally {
    await started.stop();
  }
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  const isPlain = error instanceof ImportError || error instanceof ConfigError || isStartError(error);
  console.error(isPlain && error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
