import type { Database } from '@pika/database';
import { importElements, type ImportOptions } from '../src/places/import-elements.ts';
import type { ImportReport } from '../src/places/import-report.ts';
import { createPlaceMapper } from '../src/places/map-place.ts';
import { openSourceFile, type Format } from '../src/places/source-file.ts';

interface FileOptions extends Partial<ImportOptions> {
  format?: Format;
  language?: string;
  today?: string;
  warn?: (text: string) => void;
}

/** What the command does with a file, without its terminal. */
export async function importFile(database: Database, file: string, options: FileOptions = {}): Promise<ImportReport> {
  const { format = null, language = 'vi', today = '2026-11-21', warn = () => {}, ...rest } = options;
  const source = await openSourceFile(file, format, warn);
  return importElements(database, source.elements, createPlaceMapper(source.placeOf, { language, today }), {
    withDemoVouchers: false,
    isDryRun: false,
    ownerId: null,
    ...rest,
  });
}
