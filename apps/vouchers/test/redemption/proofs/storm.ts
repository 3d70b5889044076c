import { randomUUID } from 'node:crypto';
import { openTestDatabase, type OpenTestDatabase, type Random } from '@pika/tests';
import { openHistory, type History } from './history.ts';
import { endRedeemProcesses, startRedeemProcess, type RedeemProcess } from './redeem-processes.ts';
import { redeemPath, send, type Answer, type Sent } from './send.ts';
import { fillStormWorld, type StormWorld } from './storm-world.ts';

/** Servers of one database, and a world for them. */
export interface Storm {
  test: OpenTestDatabase;
  world: StormWorld;
  processes: RedeemProcess[];
  history: History;
  /** Sends all at once, each to the server that the dice choose. */
  sendAll(random: Random, asked: readonly Sent[]): Promise<Answer[]>;
  /** What the servers logged as errors. */
  failures(): string[];
  close(): Promise<void>;
}

export async function openStorm(name: string, processCount = 3): Promise<Storm> {
  const test = await openTestDatabase({ poolSize: 4 });
  const world = await fillStormWorld(test.pool);
  const processes = await Promise.all(Array.from({ length: processCount }, () => startRedeemProcess(test)));
  const history = openHistory(name);
  return {
    test,
    world,
    processes,
    history,
    sendAll: (random, asked) =>
      Promise.all(
        asked.map(async (each) => {
          const server = random.integer(0, processes.length - 1);
          const answer = await send(processes[server]!.url, each);
          history.add({ server, ...each, ...answer });
          return answer;
        }),
      ),
    failures: () => processes.flatMap(({ failures }) => failures),
    close: async () => {
      await endRedeemProcesses();
      await test.close();
    },
  };
}

export const askFor = (voucherId: string, userId: string = randomUUID(), body?: unknown): Sent => ({
  path: redeemPath(voucherId),
  userId,
  key: randomUUID(),
  body,
});

/** How often each answer came: its status and the codes of what refused it. */
export function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, codes } of answers) {
    const name = [status, ...codes].join(' ');
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

export interface Ledger {
  used: number;
  spent: number;
  entries: number;
  attempts: number;
}

/** Of one voucher. */
export async function ledgerOf({ pool }: Pick<OpenTestDatabase, 'pool'>, voucherId: string): Promise<Ledger> {
  const { rows } = await pool.query<Ledger>(
    `SELECT counter.used_count AS used, counter.discount_minor::integer AS spent,
      (SELECT count(*)::integer FROM marketplace.redemptions WHERE voucher_id = $1) AS entries,
      (SELECT count(*)::integer FROM marketplace.attempts WHERE voucher_id = $1) AS attempts
    FROM marketplace.voucher_counters counter WHERE counter.voucher_id = $1`,
    [voucherId],
  );
  return rows[0]!;
}
