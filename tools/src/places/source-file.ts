import { open } from 'node:fs/promises';
import { csvPlace } from './csv.ts';
import { geojson, geojsonPlace } from './geojson.ts';
import { overpass, overpassPlace } from './overpass.ts';
import { ImportError, type Position, type SkipReason, type SourceElement, type SourcePlace } from './place.ts';
import { readCsv } from './read-csv.ts';
import { readJson } from './read-json.ts';

export const formats = ['overpass', 'geojson', 'csv'] as const;
export type Format = (typeof formats)[number];

/** How far a file was read. */
export interface FileReading {
  bytes: number;
}

export interface SourceFile {
  format: Format;
  sizeBytes: number;
  reading: Readonly<FileReading>;
  elements: AsyncIterable<SourceElement>;
  /** What an element of this format says, or why it says nothing. */
  placeOf: (value: unknown, position: Omit<Position, 'id'>) => SourcePlace | SkipReason;
}

/**
 * Opens a file of places; without a format it is told from the file. Throws `ImportError` for a file that is none.
 * `warn` is told what the file says about itself.
 */
export async function openSourceFile(
  file: string,
  given: Format | null,
  warn: (text: string) => void,
): Promise<SourceFile> {
  const { sizeBytes, head } = await lookInto(file);
  const format = given ?? guessFormat(file, head);
  const reading: FileReading = { bytes: 0 };
  const common = { format, sizeBytes, reading };
  switch (format) {
    case 'overpass':
      return { ...common, elements: await readJson(file, overpass, reading, warn), placeOf: overpassPlace };
    case 'geojson':
      return { ...common, elements: await readJson(file, geojson, reading, warn), placeOf: geojsonPlace };
    default:
      return { ...common, elements: await readCsv(file, reading, warn), placeOf: csvPlace };
  }
}

function guessFormat(file: string, head: string): Format {
  if (/\.(csv|tsv|txt)$/i.test(file)) return 'csv';
  if (/\.geojson$/i.test(file)) return 'geojson';
  if (/^\s*\{/.test(head)) return /"FeatureCollection"|"features"\s*:/.test(head) ? 'geojson' : 'overpass';
  return /\.(json|overpass)$/i.test(file) || !/^[^\n]*[,;\t]/.test(head) ? 'overpass' : 'csv';
}

async function lookInto(file: string): Promise<{ sizeBytes: number; head: string }> {
  try {
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4_096), 0, 4_096, 0);
      const head = buffer.toString('latin1', 0, bytesRead);
      if (begins(head, ['\u00FF\u00FE', '\u00FE\u00FF'])) throw new ImportError(`${file} is UTF-16: save it as UTF-8.`);
      if (begins(head, ['\u001F\u008B', 'BZh', 'PK\u0003\u0004'])) {
        throw new ImportError(`${file} is compressed: unpack it first.`);
      }
      return { sizeBytes: size, head: head.replace(/^\u00ef\u00bb\u00bf/, '') };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof ImportError) throw error;
    throw new ImportError(unreadable(file, error), { cause: error });
  }
}

const begins = (head: string, marks: readonly string[]) => marks.some((mark) => head.startsWith(mark));

function unreadable(file: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (code === 'ENOENT') return `There is no file ${file}.`;
  if (code === 'EISDIR') return `${file} is a folder, not a file.`;
  return `${file} cannot be read (${code}).`;
}
