import { readFile } from 'node:fs/promises';
import { ImportError, type SourceElement } from './place.ts';

/**
 * The elements of an Overpass API answer in JSON, in their order. The whole file is read and checked before the first
 * is handed out. Throws `ImportError`. `warn` is told what the answer says about itself, such as that it was cut short.
 */
export async function readOverpass(file: string, warn: (text: string) => void): Promise<Iterable<SourceElement>> {
  const answer = parseJson(file, await readText(file));
  if (!isRecord(answer) || !Array.isArray(answer['elements'])) {
    throw new ImportError(`${file} is JSON, but not an Overpass answer: it has no list "elements".`);
  }
  if (typeof answer['remark'] === 'string') warn(`Overpass remarks: ${answer['remark']}`);
  return (answer['elements'] as unknown[]).map((value, index) => ({ index, value }));
}

async function readText(file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    throw new ImportError(unreadable(file, error), { cause: error });
  }
}

function unreadable(file: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (code === 'ENOENT') return `There is no file ${file}.`;
  if (code === 'EISDIR') return `${file} is a folder, not a file.`;
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return `${file} is not UTF-8 text.`;
  return `${file} cannot be read (${code}).`;
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = (error instanceof Error ? error.message : '').replaceAll(/\s+/g, ' ').slice(0, 120);
    throw new ImportError(`${file} is not JSON: ${reason}.`, { cause: error });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
