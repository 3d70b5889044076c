import type { Measured } from '../load/measure.ts';
import { figure, table, writeResult } from '../markdown.ts';
import type { Options } from '../options.ts';
import type { On, Side } from './sides.ts';

export interface RedeemFinding {
  side: Side;
  on: On | null;
  isHttp: boolean;
  measured: Measured;
}

export interface RedeemReport {
  findings: readonly RedeemFinding[];
  faults: readonly string[];
  facts: readonly string[];
  options: Options;
}

const rateOf = ({ side, measured }: RedeemFinding) => measured.perSecond * side.batch;
const best = (findings: readonly RedeemFinding[]) => Math.max(...findings.map(rateOf));

export function writeRedeemReport({ findings, faults, facts, options }: RedeemReport): void {
  const ceiling = best(findings.filter(({ on }) => on === null));
  const section = (on: On, title: string) => {
    const own = findings.filter((finding) => finding.on === on);
    const database = best(own.filter(({ isHttp }) => !isHttp));
    const rows = own.map((finding) => {
      const [p50 = 0, p99 = 0] = finding.measured.percentiles(0.5, 0.99);
      const rate = rateOf(finding);
      return [finding.side.label, rate, p50, p99, rate / database, rate / ceiling].map((cell) =>
        typeof cell === 'number' ? figure(cell) : cell,
      );
    });
    return [
      `## ${title}`,
      '',
      table(['', 'redemptions/s', 'p50 ms', 'p99 ms', 'of the best without HTTP', 'of the ceiling'], rows),
      '',
    ].join('\n');
  };
  const ceilings = findings
    .filter(({ on }) => on === null)
    .map((finding) => [
      finding.side.label,
      figure(rateOf(finding)),
      ...finding.measured.percentiles(0.5, 0.99).map(figure),
    ]);
  const text = [
    '# Redemptions per second',
    '',
    'Every redemption is somebody else’s, under a key of its own, of a voucher with a total and a limit per person, and writes all that',
    'it writes in earnest: the kept answer of its key, the attempt, the entry of the ledger, the counters, the event. Times are those',
    'of a request, or of a whole batch where many are asked for at a time.',
    '',
    ...facts.map((fact) => `- ${fact}`),
    `- ${options.rounds} rounds of ${options.seconds} s for each line, in turns, after one that warms up`,
    '',
    '## The ceiling',
    '',
    table(['', 'inserts/s', 'p50 ms', 'p99 ms'], ceilings),
    '',
    section('hot', 'One voucher'),
    section('many', 'A thousand vouchers'),
    faults.length === 0
      ? 'Afterwards every counter was what the ledger adds up to, and every redemption that was answered stood in it.'
      : `**Wrong:** ${faults.join('; ')}`,
    '',
    'Made by `npm run bench -- redeem`.',
    '',
  ].join('\n');
  writeResult(options.isQuick ? 'redeem-quick.md' : 'redeem.md', text);
}
