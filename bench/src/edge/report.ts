import { figure, table, writeResult } from '../markdown.ts';
import type { Options } from '../options.ts';
import { everything, nothing, type Variant } from './parts.ts';

export interface EdgeFinding {
  route: string;
  variant: string;
  slots: { cpuMicros: number; perSecond: number }[];
}

export interface EdgeReport {
  findings: readonly EdgeFinding[];
  routes: readonly { id: string; label: string }[];
  variants: readonly Variant[];
  facts: readonly string[];
  options: Options;
  connections: number;
}

export function writeEdgeReport({ findings, routes, variants, facts, options, connections }: EdgeReport): void {
  const sections = routes.map(({ id, label }) => {
    const slotsOf = (variant: Variant) =>
      findings.find((finding) => finding.route === id && finding.variant === variant.id)?.slots ?? [];
    const cpu = (variant: Variant) => Math.min(...slotsOf(variant).map(({ cpuMicros }) => cpuMicros));
    const rate = (variant: Variant) => Math.max(...slotsOf(variant).map(({ perSecond }) => perSecond));
    const rows = variants.map((variant) => [
      variant.label,
      figure(cpu(variant)),
      figure(cpu(variant) - cpu(everything)),
      figure(rate(variant)),
      figure(rate(variant) / rate(everything)),
    ]);
    const share = rate(everything) / rate(nothing);
    return [
      `## ${label[0]?.toUpperCase()}${label.slice(1)}`,
      '',
      table(['', 'µs of the processor per request', 'against everything', 'requests/s', 'ratio'], rows),
      '',
      `With everything ${figure(share * 100)} % of the requests per second without these parts.`,
      '',
    ].join('\n');
  });
  const text = [
    '# What the edge costs',
    '',
    'The same server with parts of the edge switched off one by one, each in a process of its own, asked in turn by one load',
    `generator over ${connections} connections: ${options.rounds} rounds of ${options.seconds} s each after one that warms up. The best round of`,
    'each counts, because what else the machine does can only add. Validation, language, security headers, request id and the',
    'timeouts cannot be switched off and are in every line; the database is another process and in none of the processor times.',
    '',
    ...facts.map((fact) => `- ${fact}`),
    '',
    ...sections,
    'Made by `npm run bench -- edge`.',
    '',
  ].join('\n');
  writeResult(options.isQuick ? 'edge-quick.md' : 'edge.md', text);
}
