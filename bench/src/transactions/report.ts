import { figure, table, writeResult } from '../markdown.ts';
import type { Options } from '../options.ts';
import type { Finding } from './comparison.ts';

export interface TransactionFindings {
  findings: readonly Finding[];
  facts: readonly string[];
  options: Options;
}

const introductions: Readonly<Record<string, string>> = {
  Audit:
    'One statement is one transaction, as pika_app in its context, which is set beforehand; the row trigger `audit_row` enabled against disabled.',
  'Row level security on a write':
    'One statement is one transaction; as pika_app in its context against the superuser, who bypasses the policies. Audited on both sides unless said.',
  'Row level security on a read':
    'One statement is one transaction; as pika_app in its context against the superuser, who bypasses the policies.',
  inTransaction: 'inTransaction as pika_owner against what is left without it, as the login; audited on both sides.',
  'The outbox': 'What an event adds to the transaction that it tells of; audited on both sides.',
};

/** bench/results/transactions.md; a quick run writes transactions-quick.md. */
export function writeTransactionsReport({ findings, facts, options }: TransactionFindings): void {
  const sections = [...new Set(findings.map(({ comparison }) => comparison.section))];
  writeResult(
    options.isQuick ? 'transactions-quick.md' : 'transactions.md',
    [
      '# What the guarantees of a transaction cost',
      '',
      `Written by \`npm run bench -- transactions\` on ${new Date().toISOString().slice(0, 10)}, on a small database of its own. What counts are the ratios.`,
      '',
      ...facts.map((fact) => `- ${fact}`),
      `- ${options.rounds} rounds of ${options.seconds} s for each side, in turns; speeds are medians of the slots, the ratio is the median of the rounds’ ratios, in brackets the lowest and the highest; unresolved: they lie on both sides of 1`,
      '',
      ...sections.flatMap((section) => sectionLines(section, findings)),
    ].join('\n'),
  );
}

function sectionLines(section: string, findings: readonly Finding[]): string[] {
  const own = findings.filter(({ comparison }) => comparison.section === section);
  const explained = [...new Set(own.map(({ comparison }) => `- ${comparison.what}: ${comparison.explained}`))];
  return [
    `## ${section}`,
    '',
    introductions[section] ?? '',
    '',
    ...explained,
    '',
    table(
      ['Statement', 'clients', 'without, per s', 'with, per s', 'times as slow'],
      own.map(({ comparison, clients, withoutPerSecond, withPerSecond, timesAsSlow, lowest, highest }) => [
        comparison.what,
        String(clients),
        figure(withoutPerSecond),
        figure(withPerSecond),
        `${figure(timesAsSlow)} (${figure(lowest)}–${figure(highest)})${lowest < 1 && highest > 1 ? ', unresolved' : ''}`,
      ]),
    ),
    '',
  ];
}
