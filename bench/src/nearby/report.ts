import { figure, table, writeResult } from '../markdown.ts';
import { scales, type Options, type Scale } from '../options.ts';
import { barChart, type Bar } from '../svg.ts';
import type { Exactness } from './exactness.ts';
import { boundOf, isReached, judge, type Goal, type Result } from './goals.ts';
import type { HttpResult } from './http.ts';

export interface NearbyFindings {
  results: readonly Result[];
  http: readonly HttpResult[];
  exactness: Exactness | null;
  hitRatios: ReadonlyMap<Scale, number>;
  batches: ReadonlyMap<Scale, number>;
  main: Scale;
  facts: readonly string[];
  options: Options;
}

/** bench/results/nearby.md and nearby.svg; a quick run writes nearby-quick.* and overwrites no real figures. */
export function writeNearbyReport(findings: NearbyFindings): void {
  const name = findings.options.isQuick ? 'nearby-quick' : 'nearby';
  writeResult(`${name}.svg`, chartOf(findings));
  const goals = judge(findings.results, findings.main, findings.exactness, findings.http);
  writeResult(
    `${name}.md`,
    [
      '# The nearby search, measured',
      '',
      `Written by \`npm run bench -- nearby\` on ${new Date().toISOString().slice(0, 10)}. Absolute figures hold for this machine only; what counts are ratios between figures of one run, which were taken in turns.`,
      '',
      ...conditions(findings).map((line) => `- ${line}`),
      '',
      `![Requests per second by kind of question](${name}.svg)`,
      '',
      '## Goals',
      '',
      goalsTable(goals),
      '',
      `## Database only, ${scales[findings.main].toLocaleString('en')} vouchers`,
      '',
      resultsTable(findings.results.filter(({ scale }) => scale === findings.main)),
      '',
      ...otherScales(findings),
      ...httpPart(findings.http),
    ]
      .join('\n')
      .trimEnd() + '\n',
  );
}

function conditions({ facts, hitRatios, batches, options, main }: NearbyFindings): string[] {
  return [
    ...facts,
    'Data: 100,000 businesses (one in fifty with two to five branches) around 2,000 cities by Zipf’s law, 5 km of scatter, the densest holds 12 %; 70 % of the vouchers live; texts en 100 %, es 60 %, gn 30 %; pages of 20; points drawn by density; languages es, en and gn in turn; 5 km unless said',
    `Read model laid out as \`marketplace.repack()\` lays it. Warm: every question was asked for ${options.seconds / 2} s before; pages found in shared_buffers: ${[...hitRatios].map(([scale, ratio]) => `${scale} ${(100 * ratio).toFixed(1)} %`).join(', ')}`,
    `${options.rounds} rounds of ${options.seconds} s a question, alternately forwards and backwards; percentiles of all requests; what begins in the first tenth of a slot is not counted`,
    `Locations looked at first: ${[...batches].map(([scale, batch]) => `${scale} ${batch}`).join(', ')}; statements prepared by name; a client that only looks for the end of an answer`,
    `The main dataset is ${main}`,
  ];
}

function goalsTable(goals: readonly Goal[]): string {
  return table(
    ['Goal', 'measured', 'wanted', 'reached', 'by'],
    goals.map((goal) => [
      `${goal.number}. ${goal.text}`,
      `${figure(goal.reached)} ${goal.unit}`,
      `${goal.direction} ${figure(goal.wanted)} ${goal.unit}`,
      isReached(goal) ? 'yes' : '**no**',
      margin(goal),
    ]),
  );
}

/** By how much a goal is surpassed (+) or missed (−). */
function margin({ reached, wanted, direction }: Goal): string {
  const share = direction === 'at least' ? reached / wanted - 1 : 1 - reached / wanted;
  return `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(0)} %`;
}

function resultsTable(results: readonly Result[]): string {
  const plain = results.find(({ id, clients }) => id === 'ours' && clients === 4);
  return table(
    ['Question', 'clients', 'requests/s', 'p50 ms', 'p99 ms', 'bytes', 'speed of plain'],
    results.map(({ label, clients, perSecond, p50, p99, bytes }) => [
      label,
      String(clients),
      figure(perSecond),
      figure(p50),
      figure(p99),
      figure(bytes),
      plain === undefined ? '–' : `${figure(perSecond / plain.perSecond)} ×`,
    ]),
  );
}

function otherScales({ results, main }: NearbyFindings): string[] {
  const scalesMeasured = [...new Set(results.map(({ scale }) => scale))];
  if (scalesMeasured.length < 2) return [];
  const rows = results.filter(({ id, scale }) => scale !== main || id === 'ours' || id === 'ancestor');
  return [
    '## By scale',
    '',
    table(
      ['Vouchers', 'question', 'clients', 'requests/s', 'p50 ms', 'p99 ms'],
      rows.map(({ scale, label, clients, perSecond, p50, p99 }) => [
        scales[scale].toLocaleString('en'),
        label,
        String(clients),
        figure(perSecond),
        figure(p50),
        figure(p99),
      ]),
    ),
    '',
  ];
}

function httpPart(http: readonly HttpResult[]): string[] {
  const bound = boundOf(http);
  if (bound === undefined) return [];
  const app = http.find(({ id }) => id === 'app')?.measured.perSecond ?? Number.NaN;
  const raw = http.find(({ id }) => id === 'raw')?.measured.perSecond ?? Number.NaN;
  return [
    '## Through HTTP, 32 keep-alive connections',
    '',
    table(
      ['Server', 'requests/s', 'p50 ms', 'p99 ms', 'share of pg alone'],
      http.map(({ label, measured }) => {
        const [p50 = Number.NaN, p99 = Number.NaN] = measured.percentiles(0.5, 0.99);
        return [
          label,
          figure(measured.perSecond),
          figure(p50),
          figure(p99),
          `${figure((100 * measured.perSecond) / bound)} %`,
        ];
      }),
    ),
    '',
    `The edge (request id, language, validation, headers, log, tag) costs ${figure(1_000 / app - 1_000 / raw)} ms a request over node:http with pg, on this machine’s cores together.`,
    '',
  ];
}

function chartOf({ results, http, main }: NearbyFindings): string {
  const bars = results
    .filter(({ scale, clients }) => scale === main && clients === 4)
    .map(({ id, label, perSecond, p99 }): Bar => ({
      label,
      value: perSecond,
      note: `${figure(perSecond)}/s, p99 ${figure(p99)} ms`,
      kind: id.includes('ancestor') ? 'other' : 'ours',
    }));
  const served = http.map(({ id, label, measured }): Bar => ({
    label: label.replace(/ \(.*/, ''),
    value: measured.perSecond,
    note: `${figure(measured.perSecond)}/s`,
    kind: id === 'app' ? 'ours' : 'other',
  }));
  return barChart({
    title: `Nearby search, ${scales[main].toLocaleString('en')} vouchers, 4 clients (HTTP: 32)`,
    axis: 'requests per second, logarithmic',
    bars: [...bars, ...served],
  });
}
