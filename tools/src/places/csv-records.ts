import type { SkipReason } from './place.ts';

/** One record of a CSV file with the line it begins on (from 1), or why it is none. */
export type CsvRecord = { line: number } & ({ fields: string[] } | { fault: SkipReason });

export interface CsvRecords {
  /** Takes the next bytes of the file and hands out the records that end in them. */
  push(chunk: Buffer): Generator<CsvRecord>;
  /** Says that the file is over. */
  end(): Generator<CsvRecord>;
  /** How many bytes are held back. */
  held(): number;
}

const recordBytesMax = 2 ** 20;
const separators = [',', ';', '\t'] as const;
const [newline, carriageReturn, quote] = [10, 13, 34] as const;

/**
 * Cuts the records of RFC 4180 out of a file while its bytes come in. The separator (comma, semicolon or tab) is the
 * commonest of the first line. A record with a quote out of place costs its first line only: the next one is read anew,
 * which a quote that is never closed would otherwise prevent. Empty lines are left out.
 */
export function createCsvRecords(): CsvRecords {
  let bytes: Buffer = Buffer.alloc(0);
  /** The present record begins at 0. How far into it was looked, and in which state. */
  let at = 0;
  let line = 1;
  let state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
  let isOverlong = false;
  let separator = 0;

  function* push(chunk: Buffer): Generator<CsvRecord> {
    bytes = Buffer.concat([bytes, chunk]);
    if (separator === 0) {
      const length = bytes.indexOf(newline);
      if (length < 0 && bytes.length < recordBytesMax) return;
      begin(length < 0 ? bytes.length : length);
    }
    yield* scan(false);
  }

  function* end(): Generator<CsvRecord> {
    if (separator === 0) begin(bytes.length);
    yield* scan(true);
  }

  /** Leaves out a byte order mark and settles the separator. */
  function begin(length: number): void {
    const text = bytes.toString('latin1', 0, length);
    const counts = separators.map((each) => text.split(each).length);
    separator = (separators[counts.indexOf(Math.max(...counts))] ?? ',').charCodeAt(0);
    if (bytes.subarray(0, 3).equals(byteOrderMark)) bytes = bytes.subarray(3);
  }

  function* scan(isOver: boolean): Generator<CsvRecord> {
    let from = 0;
    for (;;) {
      const found = endOfRecord(from, isOver);
      if (found === null) break;
      const { record, next } = found;
      if (record !== null) yield record;
      from = next;
      at = from;
      state = 'start';
    }
    bytes = bytes.subarray(from);
    at -= from;
  }

  function endOfRecord(from: number, isOver: boolean): { record: CsvRecord | null; next: number } | null {
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (isOverlong && byte !== newline) continue;
      if (byte === newline && state !== 'quoted') return finish(from, at + 1);
      if (byte === separator && state !== 'quoted') state = 'start';
      else if (byte !== quote) {
        if (state === 'closed' && byte !== carriageReturn) return dropLine(from, isOver);
        if (state === 'start') state = 'plain';
      } else if (state === 'plain') return dropLine(from, isOver);
      else state = state === 'quoted' ? 'closed' : 'quoted';
    }
    if (isOverlong) return from === bytes.length ? null : { record: null, next: bytes.length };
    if (bytes.length - from > recordBytesMax) return dropLine(from, isOver);
    if (!isOver || from === bytes.length) return null;
    return state === 'quoted' ? dropLine(from, isOver) : finish(from, bytes.length);
  }

  function finish(from: number, next: number): { record: CsvRecord | null; next: number } {
    const slice = bytes.subarray(from, next);
    const first = line;
    line += count(slice);
    if (isOverlong) {
      isOverlong = false;
      return { record: null, next };
    }
    return { record: recordOf(slice, first), next };
  }

  function recordOf(slice: Buffer, first: number): CsvRecord | null {
    let text: string;
    try {
      text = decoder.decode(slice).replace(/\r?\n$/, '');
    } catch {
      return { line: first, fault: 'notUtf8' };
    }
    return text === '' ? null : { line: first, fields: splitFields(text, String.fromCharCode(separator)) };
  }

  /** Gives up the first line of a record and goes on after it; where the line has no end yet, it is passed over. */
  function dropLine(from: number, isOver: boolean): { record: CsvRecord; next: number } {
    const record: CsvRecord = { line, fault: bytes.length - from > recordBytesMax ? 'tooLong' : 'brokenRow' };
    const lineEnd = bytes.indexOf(newline, from);
    if (lineEnd >= 0) line += 1;
    else isOverlong = !isOver;
    return { record, next: lineEnd >= 0 ? lineEnd + 1 : bytes.length };
  }

  return { push, end, held: () => bytes.length };
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const decoder = new TextDecoder('utf-8', { fatal: true });

function count(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) lines += 1;
  return lines;
}

/** The fields of a record whose quotes are in place. */
function splitFields(text: string, separator: string): string[] {
  if (!text.includes('"')) return text.split(separator);
  const fields: string[] = [];
  let at = 0;
  do {
    if (text[at] === '"') {
      let end = text.indexOf('"', at + 1);
      while (text[end + 1] === '"') end = text.indexOf('"', end + 2);
      fields.push(text.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 2;
    } else {
      const end = text.indexOf(separator, at);
      fields.push(text.slice(at, end < 0 ? text.length : end));
      at = end < 0 ? text.length + 1 : end + 1;
    }
  } while (at <= text.length);
  return fields;
}
