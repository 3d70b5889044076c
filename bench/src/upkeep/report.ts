import { figure, table, writeResult } from '../markdown.ts';
import { scales, type Options, type Scale } from '../options.ts';
import type { DecayStep } from './decay.ts';
import type { WriteResult } from './writes.ts';

export interface UpkeepFindings {
  scale: Scale;
  writes: readonly WriteResult[];
  decay: readonly DecayStep[];
  facts: readonly string[];
  options: Options;
}

const wantedRatio = 3;

/** bench/results/upkeep.md; a quick run writes upkeep-quick.md. */
export function writeUpkeepReport({ scale, writes, decay, facts, options }: UpkeepFindings): void {
  const speed = (id: string, clients: number): number =>
    writes.find((result) => result.id === id && result.clients === clients)?.measured.perSecond ?? Number.NaN;
  const ratio = speed('bare', 4) / speed('triggers', 4);
  const before = decay[0]?.measured.perSecond ?? Number.NaN;
  writeResult(
    options.isQuick ? 'upkeep-quick.md' : 'upkeep.md',
    [
      '# What keeping the cards true costs',
      '',
      `Written by \`npm run bench -- upkeep\` on ${new Date().toISOString().slice(0, 10)}, on a copy of ${scales[scale].toLocaleString('en')} vouchers. What counts are the ratios.`,
      '',
      ...facts.map((fact) => `- ${fact}`),
      `- ${options.rounds} rounds of ${options.seconds} s each, in turns`,
      '',
      '## One voucher written',
      '',
      'One transaction: a draft, three texts in three languages, its link to a location, published.',
      '',
      table(
        ['Mode', 'clients', 'vouchers/s', 'p50 ms', 'p99 ms', 'times as slow as bare'],
        writes.map(({ id, label, clients, measured }) => {
          const [p50 = Number.NaN, p99 = Number.NaN] = measured.percentiles(0.5, 0.99);
          const slower = id === 'bare' ? '1' : figure(speed('bare', clients) / measured.perSecond);
          return [label, String(clients), figure(measured.perSecond), figure(p50), figure(p99), slower];
        }),
      ),
      '',
      `Goal 8, at most ${wantedRatio} × the bare write: ${figure(ratio)} ×, ${ratio <= wantedRatio ? 'reached' : '**missed**'}.`,
      '',
      '## What writes do to the search',
      '',
      'The nearby search (5 km, mixed, 4 clients) after each change, one after the other.',
      '',
      table(
        ['After', 'requests/s', 'p50 ms', 'p99 ms', 'of the first', 'the change took'],
        decay.map(({ label, measured, changeSeconds }) => {
          const [p50 = Number.NaN, p99 = Number.NaN] = measured.percentiles(0.5, 0.99);
          return [
            label,
            figure(measured.perSecond),
            figure(p50),
            figure(p99),
            `${figure((100 * measured.perSecond) / before)} %`,
            `${figure(changeSeconds)} s`,
          ];
        }),
      ),
      '',
    ].join('\n'),
  );
}
