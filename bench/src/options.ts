import { parseArgs } from 'node:util';

export const scales = { '100k': 100_000, '1m': 1_000_000, '5m': 5_000_000 } as const;
export type Scale = keyof typeof scales;

const commands = ['nearby', 'upkeep', 'transactions', 'edge', 'redeem', 'generate'] as const;

export interface Options {
  command: (typeof commands)[number];
  scales: Scale[];
  rounds: number;
  /** Length of one slot of a round. */
  seconds: number;
  isQuick: boolean;
  withHttp: boolean;
}

const usage = `npm run bench -- nearby|upkeep|transactions|edge|redeem|generate [--scale 100k,1m,5m] [--rounds 4] [--seconds 5] [--quick] [--no-http]

  nearby         the nearby search against the ancestor's query, by itself and through HTTP → bench/results/nearby.md
  upkeep         what a voucher's write costs, and what writes do to the order of the cards → bench/results/upkeep.md
  transactions   what audit, row security, inTransaction and the outbox cost → bench/results/transactions.md
  edge           what limits, CORS, metrics, log and traces cost a request → bench/results/edge.md
  redeem         redemptions on one voucher and on a thousand → bench/results/redeem.md
  generate       only makes the databases

BENCH_DATABASE_URL names a server (its database name is replaced by bench_<scale>, which is kept for the next run;
transactions, edge and redeem make one of their own and drop it);
without it a throw-away cluster of the local PostgreSQL binaries is started.`;

/** Wrong options: its message is all that a person needs. */
export class UsageError extends Error {
  constructor(complaint: string) {
    super(`${complaint}\n\n${usage}`);
  }
}

/** Throws `UsageError`. */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args);
  const [name = 'nearby'] = positionals;
  const command = commands.find((known) => known === name);
  if (command === undefined) throw new UsageError(`There is no bench "${name}".`);
  const isQuick = values.quick;
  const isSmall = command === 'transactions' || command === 'edge' || command === 'redeem';
  const defaultScales = isQuick ? '100k' : command === 'upkeep' ? '1m' : '100k,1m';
  return {
    command,
    scales: isSmall ? [] : (values.scale ?? defaultScales).split(',').map(scaleOf),
    rounds: positiveNumber(values.rounds ?? (isQuick ? '2' : command === 'edge' ? '9' : isSmall ? '5' : '4')),
    seconds: positiveNumber(values.seconds ?? (command === 'edge' ? '0.5' : isQuick ? '1' : isSmall ? '2' : '5')),
    isQuick,
    withHttp: values.http,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        scale: { type: 'string' },
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        quick: { type: 'boolean', default: false },
        http: { type: 'boolean', default: true },
      },
      allowNegative: true,
    });
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : '').split(/\.\s/);
    throw new UsageError(`${sentence}.`);
  }
}

function scaleOf(text: string): Scale {
  const name = text.trim().toLowerCase();
  if (name in scales) return name as Scale;
  throw new UsageError(`There is no scale "${text}".`);
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new UsageError(`"${text}" is not a positive number.`);
}
