import type { BatchOutcome } from './write-places.ts';
import { skipReasons, type Mapped, type Position, type SkipReason } from './place.ts';

export interface ImportReport {
  read: number;
  imported: number;
  updated: number;
  unchanged: number;
  skipped: Map<SkipReason, Position[]>;
  /** Name tags that name no language, each with how often it was met. */
  leftOut: Map<string, number>;
  vouchers: { inserted: number; updated: number };
  /** For each language, how many places have a name in it. */
  languages: Map<string, number>;
}

const positionsShown = 5;
const namesShown = 40;

export function emptyReport(): ImportReport {
  return {
    read: 0,
    imported: 0,
    updated: 0,
    unchanged: 0,
    skipped: new Map(),
    leftOut: new Map(),
    vouchers: { inserted: 0, updated: 0 },
    languages: new Map(),
  };
}

export function countElement(report: ImportReport, mapped: Mapped): void {
  report.read += 1;
  for (const tag of mapped.leftOut) increment(report.leftOut, tag);
  if ('skipped' in mapped) {
    const positions = report.skipped.get(mapped.skipped) ?? [];
    report.skipped.set(mapped.skipped, [...positions, mapped.position]);
  } else {
    for (const language of Object.keys(mapped.place.names)) increment(report.languages, language);
  }
}

export function countBatch(report: ImportReport, outcome: BatchOutcome): void {
  report.imported += outcome.imported;
  report.updated += outcome.updated;
  report.unchanged += outcome.unchanged;
  report.vouchers.inserted += outcome.vouchers.inserted;
  report.vouchers.updated += outcome.vouchers.updated;
}

/** The report in plain lines. */
export function reportLines(report: ImportReport, seconds: number): string[] {
  const skipped = [...report.skipped].toSorted(([, a], [, b]) => b.length - a.length);
  const { inserted, updated } = report.vouchers;
  return [
    line('Read', `${report.read} elements`),
    line('Imported', `${report.imported} new places`),
    line('Updated', report.updated),
    line('Unchanged', report.unchanged),
    line(
      'Skipped',
      skipped.reduce((sum, [, positions]) => sum + positions.length, 0),
    ),
    ...skipped.map(([reason, positions]) => `  ${positions.length} × ${skipReasons[reason]}: ${listed(positions)}`),
    ...(report.leftOut.size === 0 ? [] : [line('Left out', `names in no language: ${counts(report.leftOut)}`)]),
    line('Vouchers', `${inserted} new, ${updated} changed`),
    line('Languages', counts(report.languages)),
    line('Seconds', seconds.toFixed(1)),
  ];
}

const line = (name: string, text: string | number) => `${name.padEnd(11)}${text}`;

function listed(positions: readonly Position[]): string {
  const shown = positions.slice(0, positionsShown).map(({ index, id }) => `#${index} ${id ?? '(no id)'}`);
  const hidden = positions.length - shown.length;
  return [...shown, ...(hidden > 0 ? [`and ${hidden} more`] : [])].join(', ');
}

function counts(counted: ReadonlyMap<string, number>): string {
  const all = [...counted].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const shown = all.slice(0, namesShown).map(([name, count]) => `${name} ${count}`);
  return [...shown, ...(all.length > namesShown ? [`and ${all.length - namesShown} more`] : [])].join(', ') || 'none';
}

function increment(counted: Map<string, number>, key: string): void {
  counted.set(key, (counted.get(key) ?? 0) + 1);
}
