import { say } from '../console.ts';
import { closedLoop } from '../load/measure.ts';
import type { Options } from '../options.ts';

export interface Side {
  label: string;
  /** Before a slot, for the lanes that will send. */
  prepare?(lanes: number): Promise<void>;
  send(lane: number): Promise<unknown>;
  /** After a slot. */
  restore?(): Promise<void>;
}

export interface Comparison {
  section: string;
  what: string;
  /** What the two sides are, for the report. */
  explained: string;
  without: Side;
  with: Side;
}

export interface Finding {
  comparison: Comparison;
  clients: number;
  /** Medians of the slots. */
  withoutPerSecond: number;
  withPerSecond: number;
  /** Median, lowest and highest of the rounds: speed without, divided by the speed with. */
  timesAsSlow: number;
  lowest: number;
  highest: number;
}

/** Round by round, the two sides of each comparison one after the other, the first of them by turns. */
export async function compare(comparisons: readonly Comparison[], { rounds, seconds }: Options): Promise<Finding[]> {
  const lines = comparisons.flatMap((comparison) =>
    [1, 4].map((clients) => ({ comparison, clients, without: [] as number[], with: [] as number[] })),
  );
  for (let round = 0; round <= rounds; round++) {
    for (const line of lines) {
      const order = round % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const);
      for (const side of order) {
        const speed = await slot(line.comparison[side], line.clients, round === 0 ? Math.min(0.3, seconds) : seconds);
        if (round > 0) line[side].push(speed);
      }
    }
    say(`round ${round} of ${rounds}`);
  }
  return lines.map(({ comparison, clients, without, with: guarded }) => {
    const ratios = without.map((speed, index) => speed / (guarded[index] ?? Number.NaN));
    return {
      comparison,
      clients,
      withoutPerSecond: median(without),
      withPerSecond: median(guarded),
      timesAsSlow: median(ratios),
      lowest: Math.min(...ratios),
      highest: Math.max(...ratios),
    };
  });
}

async function slot(side: Side, clients: number, seconds: number): Promise<number> {
  await side.prepare?.(clients);
  try {
    const lanes = Array.from({ length: clients }, (_, lane) => async () => {
      await side.send(lane);
      return 0;
    });
    const part = await closedLoop(seconds, lanes);
    return part.latenciesMs.length / part.seconds;
  } finally {
    await side.restore?.();
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
