import type { Scale } from '../options.ts';
import type { Exactness } from './exactness.ts';
import type { HttpResult } from './http.ts';

/** What one kind of question gave on one dataset. */
export interface Result {
  scale: Scale;
  id: string;
  label: string;
  clients: number;
  requests: number;
  perSecond: number;
  p50: number;
  p99: number;
  bytes: number;
}

export interface Goal {
  number: string;
  text: string;
  reached: number;
  wanted: number;
  /** Whether the figure should be at least, or at most, what is wanted. */
  direction: 'at least' | 'at most';
  unit: string;
}

export function isReached({ reached, wanted, direction }: Goal): boolean {
  return direction === 'at least' ? reached >= wanted : reached <= wanted;
}

/** The goals of the design that this benchmark can decide, in its order; what was not measured is left out. */
export function judge(
  results: readonly Result[],
  main: Scale,
  exactness: Exactness | null,
  http: readonly HttpResult[],
): Goal[] {
  const find = (id: string, clients = 4, scale = main): Result | undefined =>
    results.find((result) => result.id === id && result.clients === clients && result.scale === scale);
  const speed = (id: string, scale = main): number | undefined => find(id, 4, scale)?.perSecond;
  const goals: Goal[] = [];
  const add = (
    number: string,
    text: string,
    reached: number | undefined,
    direction: Goal['direction'],
    wanted: number,
    unit = '×',
  ) => {
    if (reached !== undefined && Number.isFinite(reached))
      goals.push({ number, text, reached, wanted, direction, unit });
  };

  add('1', `the ancestor’s query, ${main}, 5 km, warm`, ratio(speed('ours'), speed('ancestor')), 'at least', 60);
  add(
    '1',
    'the ancestor’s query, densest city, 25 km',
    ratio(speed('densest'), speed('densest-ancestor')),
    'at least',
    500,
  );
  add('1', 'p99 with 4 clients', find('ours')?.p99, 'at most', 3, 'ms');
  add(
    '2',
    '1 to 100 km, fastest over slowest',
    spread([1, 5, 25, 100].map((km) => speed(`radius-${km}`))),
    'at most',
    1.2,
  );
  const scales = [...new Set(results.map(({ scale }) => scale))];
  if (scales.length > 1) {
    add(
      '2',
      `${scales.join(' to ')}, fastest over slowest`,
      spread(scales.map((scale) => speed('ours', scale))),
      'at most',
      1.1,
    );
  }
  add('2', 'page 10 over page 2, time', ratio(speed('page-2'), speed('page-10')), 'at most', 1.5);
  if (exactness !== null) {
    add(
      '3',
      `walks equal to brute force (${exactness.equal} of ${exactness.asked})`,
      (100 * exactness.equal) / exactness.asked,
      'at least',
      100,
      '%',
    );
  }
  const served = (id: string): number | undefined => http.find((result) => result.id === id)?.measured.perSecond;
  const share = (part: number | undefined, whole: number | undefined): number | undefined => {
    const value = ratio(part, whole);
    return value === undefined ? undefined : 100 * value;
  };
  add('4', 'one Express process, share of pg alone', share(served('app'), boundOf(http)), 'at least', 70, '%');
  add('4', 'one Express process, share of node:http and pg', share(served('app'), served('raw')), 'at least', 95, '%');
  add(
    '4',
    'p99 at 32 connections',
    http.find(({ id }) => id === 'app')?.measured.percentiles(0.99)[0],
    'at most',
    45,
    'ms',
  );
  add('6', 'a category filter, speed of the plain query', ratio(speed('category'), speed('ours')), 'at least', 1);
  for (const [id, text, plain] of slowdowns)
    add('6', `${text}, time over the plain query’s`, ratio(speed(plain), speed(id)), 'at most', 3);
  return goals;
}

const slowdowns = [
  ['open-noon', 'open at noon', 'ours'],
  ['open-night', 'open at 04:00', 'ours'],
  ...['rare', 'medium', 'frequent', 'proper-name'].flatMap((kind) => [
    [`word-${kind}`, `a ${kind} word, mixed`, 'ours'] as const,
    [`word-${kind}-densest`, `a ${kind} word, densest city`, 'densest'] as const,
  ]),
] as const;

/** What pg alone does, with whichever number of clients does more. */
export function boundOf(http: readonly HttpResult[]): number | undefined {
  const speeds = http.filter(({ id }) => id.startsWith('pg-')).map(({ measured }) => measured.perSecond);
  return speeds.length === 0 ? undefined : Math.max(...speeds);
}

function ratio(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || whole === undefined ? undefined : part / whole;
}

function spread(speeds: readonly (number | undefined)[]): number | undefined {
  const known = speeds.filter((speed) => speed !== undefined);
  return known.length < 2 ? undefined : Math.max(...known) / Math.min(...known);
}
