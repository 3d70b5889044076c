import type { AuditFault, AuditReport, AuditRoot } from '@pika/database';

const count = (number: number, one: string, many: string) =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`;

/** What a verification found, for a terminal. */
export function reportLines(report: AuditReport, roots: readonly AuditRoot[]): string[] {
  const { verified, archived, unsealed, fault } = report;
  const lines = [`${count(verified, 'entry is', 'entries are')} as sealed.`];
  if (archived > 0) lines.push(`${count(archived, 'entry is', 'entries are')} archived: only the hashes were checked.`);
  if (fault !== null) return [...lines, faultLine(fault)];
  lines.push(
    unsealed === 0
      ? 'Nothing waits to be sealed.'
      : `${count(unsealed, 'entry waits', 'entries wait')} to be sealed: nothing can be said of them.`,
    roots.length === 0
      ? 'Without a root (--root FILE) a log that was cut or rewritten to its end looks whole.'
      : `${count(roots.length, 'root agrees', 'roots agree')}.`,
    'The audit log is whole.',
  );
  return lines;
}

const faultTexts: Readonly<Record<AuditFault['kind'], string>> = {
  changed: 'was changed after it had been sealed',
  missing: 'or its seal is missing',
  inserted: 'was not there when its neighbours were sealed',
  rewritten: 'has hashes that were made anew',
  cut: 'and all after it are gone, which had been sealed',
};

function faultLine({ kind, position, since, entryId }: AuditFault): string {
  const name = entryId === null ? 'an entry' : `entry ${entryId}`;
  const line = `WRONG: at position ${position}, ${name} ${faultTexts[kind]}.`;
  return since < position ? `${line} It may have begun at any position from ${since} on.` : line;
}
