import { createReadStream } from 'node:fs';
import { createCsvRecords, type CsvRecord } from './csv-records.ts';
import { csvColumns } from './csv.ts';
import { ImportError, type SourceElement } from './place.ts';
import type { FileReading } from './source-file.ts';

/**
 * The rows of a CSV file as records by column, in their order, while the file is read. The header is read before this
 * returns: one without the columns of a place is an `ImportError`. `warn` is told of columns that nothing uses.
 */
export async function readCsv(
  file: string,
  reading: FileReading,
  warn: (text: string) => void,
): Promise<AsyncIterable<SourceElement>> {
  const records = readRecords(file, reading);
  const header = await records.next();
  if (header.done === true || !('fields' in header.value)) {
    throw new ImportError(`${file} is not a CSV file: it has no header.`);
  }
  const names = header.value.fields;
  const columns = csvColumns(file, names);
  const unused = names.filter((_name, at) => columns[at] === null);
  if (unused.length > 0) warn(`Columns that nothing uses: ${unused.join(', ')}`);

  async function* rows(): AsyncGenerator<SourceElement> {
    let index = 0;
    for await (const record of records) yield { index: index++, ...elementOf(record, columns) };
  }
  return rows();
}

async function* readRecords(file: string, reading: FileReading): AsyncGenerator<CsvRecord> {
  const records = createCsvRecords();
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 18 }) as AsyncIterable<Buffer>) {
    reading.bytes += chunk.length;
    yield* records.push(chunk);
  }
  yield* records.end();
}

function elementOf(record: CsvRecord, columns: readonly (string | null)[]) {
  const where = `line ${record.line}`;
  if ('fault' in record) return { where, fault: record.fault };
  if (record.fields.length !== columns.length) return { where, fault: 'brokenRow' as const };
  const value: Record<string, string> = {};
  record.fields.forEach((field, at) => {
    const column = columns[at] ?? null;
    if (column !== null) value[column] = field;
  });
  return { where, value };
}
