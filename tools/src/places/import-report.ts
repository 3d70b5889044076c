import {
  hoursFaults,
  skipReasons,
  type HoursFault,
  type Mapped,
  type Place,
  type Position,
  type SkipReason,
} from './place.ts';
import type { BatchOutcome } from './write-places.ts';

/** How many there are, and the first few of them. */
export interface Counted<T> {
  count: number;
  first: T[];
}

export interface ImportReport {
  read: number;
  imported: number;
  updated: number;
  unchanged: number;
  /** Places that closed: marked now, marked before, and never known here. */
  closed: { now: number; before: number; unknown: number };
  /** Places of the file that may be the same as one that was there before. */
  duplicates: Counted<{ sourceId: string; of: string }>;
  skipped: Map<SkipReason, Counted<Position>>;
  /** Places whose hours stand in the file, and those that could not be used in full. */
  hours: { stated: number; faults: Map<HoursFault, Counted<{ position: Position; text: string }>> };
  /** Tags that say something and could not be used, each with how often it was met. */
  leftOut: Map<string, number>;
  vouchers: { inserted: number; updated: number };
  /** For each language, how many places have a name in it. */
  languages: Map<string, number>;
  /** It was stopped before the end of the file. */
  isInterrupted: boolean;
}

const positionsShown = 5;
const duplicatesShown = 20;
const namesShown = 40;
const tagsRemembered = 1_000;

export function emptyReport(): ImportReport {
  return {
    read: 0,
    imported: 0,
    updated: 0,
    unchanged: 0,
    closed: { now: 0, before: 0, unknown: 0 },
    duplicates: { count: 0, first: [] },
    skipped: new Map(),
    hours: { stated: 0, faults: new Map() },
    leftOut: new Map(),
    vouchers: { inserted: 0, updated: 0 },
    languages: new Map(),
    isInterrupted: false,
  };
}

export function countElement(report: ImportReport, mapped: Mapped): void {
  report.read += 1;
  for (const tag of mapped.leftOut) increment(report.leftOut, tag);
  if ('skipped' in mapped) countSkipped(report, mapped.skipped, mapped.position);
  if (!('place' in mapped)) return;
  for (const language of Object.keys(mapped.place.names)) increment(report.languages, language);
  countHours(report, mapped.place, mapped.position, mapped.hoursFault);
}

export function countSkipped(report: ImportReport, reason: SkipReason, position: Position): void {
  countIn(report.skipped, reason, position, positionsShown);
}

function countHours({ hours }: ImportReport, { hoursText }: Place, position: Position, fault: HoursFault | null): void {
  if (hoursText !== null || fault !== null) hours.stated += 1;
  if (fault !== null) countIn(hours.faults, fault, { position, text: hoursText ?? '(too long)' }, positionsShown);
}

export function countBatch(report: ImportReport, outcome: BatchOutcome): void {
  report.imported += outcome.imported;
  report.updated += outcome.updated;
  report.unchanged += outcome.unchanged;
  report.closed.now += outcome.closed.now;
  report.closed.before += outcome.closed.before;
  report.closed.unknown += outcome.closed.unknown;
  for (const pair of outcome.duplicates) count(report.duplicates, pair, duplicatesShown);
  for (const position of outcome.refused) countSkipped(report, 'refused', position);
  report.vouchers.inserted += outcome.vouchers.inserted;
  report.vouchers.updated += outcome.vouchers.updated;
}

/** How many places of the file are as the file says. */
export const placesDone = ({ imported, updated, unchanged }: ImportReport) => imported + updated + unchanged;

/** Whether the file was broken beyond its single elements. */
export const isCutShort = ({ skipped }: ImportReport) => skipped.has('cutShort');

/** The report in plain lines. */
export function reportLines(report: ImportReport, seconds: number, memoryBytes: number): string[] {
  const { closed, duplicates, hours, vouchers } = report;
  const skipped = byCount(report.skipped);
  const faults = byCount(hours.faults);
  const placesPerSecond = Math.round(placesDone(report) / Math.max(seconds, 0.001));
  const megabytes = Math.round(memoryBytes / 2 ** 20);
  return [
    line('Read', `${report.read} elements`),
    line('Imported', `${report.imported} new places`),
    line('Updated', report.updated),
    line('Unchanged', report.unchanged),
    line('Closed', `${closed.now} marked now, ${closed.before} before, ${closed.unknown} never known here`),
    line('Duplicates', `${duplicates.count} possible`),
    ...duplicates.first.map(({ sourceId, of }) => `  ${sourceId} may be ${of}`),
    ...more(duplicates),
    line('Skipped', sum(skipped)),
    ...skipped.map(([reason, counted]) => `  ${counted.count} × ${skipReasons[reason]}: ${listed(counted)}`),
    line('Hours', `${hours.stated} stated, ${sum(faults)} not understood in full`),
    ...faults.flatMap(([fault, { count: times, first }]) => [
      `  ${times} × ${hoursFaults[fault]}`,
      ...first.map(({ position, text }) => `    ${place(position)}: ${JSON.stringify(shortened(text))}`),
    ]),
    ...(report.leftOut.size === 0 ? [] : [line('Left out', counts(report.leftOut))]),
    line('Vouchers', `${vouchers.inserted} new, ${vouchers.updated} changed`),
    line('Languages', counts(report.languages)),
    line('Took', `${seconds.toFixed(1)} s, ${placesPerSecond} places/s, at most ${megabytes} MB`),
  ];
}

const line = (name: string, text: string | number) => `${name.padEnd(11)}${text}`;

const sum = (counted: readonly (readonly [unknown, Counted<unknown>])[]) =>
  counted.reduce((total, [, { count: times }]) => total + times, 0);

const byCount = <Key, T>(counted: ReadonlyMap<Key, Counted<T>>) =>
  [...counted].toSorted(([, a], [, b]) => b.count - a.count);

const place = ({ index, where, id }: Position) => `#${index} at ${where}${id === null ? '' : ` (${shortened(id)})`}`;

function listed(counted: Counted<Position>): string {
  const hidden = counted.count - counted.first.length;
  return [...counted.first.map(place), ...(hidden > 0 ? [`and ${hidden} more`] : [])].join(', ');
}

const more = ({ count: times, first }: Counted<unknown>) =>
  times > first.length ? [`  and ${times - first.length} more`] : [];

const shortened = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

function counts(counted: ReadonlyMap<string, number>): string {
  const all = [...counted].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const shown = all.slice(0, namesShown).map(([name, times]) => `${shortened(name)} ${times}`);
  return [...shown, ...(all.length > namesShown ? [`and ${all.length - namesShown} more`] : [])].join(', ') || 'none';
}

function countIn<Key, T>(counted: Map<Key, Counted<T>>, key: Key, item: T, shown: number): void {
  const known = counted.get(key) ?? { count: 0, first: [] };
  count(known, item, shown);
  counted.set(key, known);
}

function count<T>(counted: Counted<T>, item: T, shown: number): void {
  counted.count += 1;
  if (counted.first.length < shown) counted.first.push(item);
}

function increment(counted: Map<string, number>, key: string): void {
  const known = counted.get(key);
  if (known !== undefined || counted.size < tagsRemembered) counted.set(key, (known ?? 0) + 1);
}
