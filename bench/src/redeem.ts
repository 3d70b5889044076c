import type { ChildProcess } from 'node:child_process';
import { loadavg } from 'node:os';
import { deployMigrations } from '@pika/database/tooling';
import pg from 'pg';
import { say, timed } from './console.ts';
import type { Server } from './datasets.ts';
import { orderLoad, startChild, stopChild } from './load/child.ts';
import { Measured } from './load/measure.ts';
import { machineFacts } from './machine.ts';
import type { Options } from './options.ts';
import { fillRedeemDataset, type RedeemDataset } from './redeem/dataset.ts';
import { writeRedeemReport, type RedeemFinding } from './redeem/report.ts';
import { functionSide, insertSide, type On, type Side } from './redeem/sides.ts';

/** In a database of its own, which is dropped afterwards: redemptions per second, by themselves and through HTTP. */
export async function benchRedeem(server: Server, options: Options): Promise<void> {
  const name = 'bench_redeem';
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const maintenance = new URL(server.url);
  maintenance.pathname = '/postgres';
  const client = new pg.Client({ connectionString: maintenance.href });
  await client.connect();
  try {
    await client.query(`DROP DATABASE IF EXISTS ${name}`);
    await client.query(`CREATE DATABASE ${name}`);
    await timed('migrated', () => deployMigrations(url.href));
    await measure(url.href, server, options);
  } finally {
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await client.end();
  }
}

const connectionCounts = [64, 256];
const shapes = [
  [64, 1],
  [1, 64],
  [1, 256],
  [4, 64],
] as const;

async function measure(url: string, server: Server, options: Options): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 64 });
  // The database is dropped under idle connections.
  pool.on('error', () => undefined);
  const children: ChildProcess[] = [];
  const busy = `Load average ${loadavg()[0]?.toFixed(1)} before it began: what else the machine does slows all lines, the ceiling too`;
  try {
    const dataset = await timed('filled', () => fillRedeemDataset(pool));
    const web = startChild('../redeem/server-process.ts', { BENCH_URL: url });
    const load = startChild('../redeem/redeem-load-process.ts');
    children.push(web, load);
    const port = await portOf(web);
    const findings: RedeemFinding[] = [
      { side: await insertSide(pool, 64), on: null, isHttp: false, measured: new Measured() },
      ...(['hot', 'many'] as const).flatMap((on) => [
        ...shapes.map(([connections, batch]) => ({
          side: functionSide(pool, dataset, on, connections, batch),
          on,
          isHttp: false,
          measured: new Measured(),
        })),
        ...(options.withHttp ? connectionCounts : []).map((connections) => ({
          side: httpSide(load, port, dataset, on, connections),
          on,
          isHttp: true,
          measured: new Measured(),
        })),
      ]),
    ];
    await takeTurns(findings, options);
    const facts = [...(await machineFacts(pool)), `Data in ${server.description}`, busy];
    writeRedeemReport({ findings, faults: await faultsOf(pool, findings), facts, options });
  } finally {
    await Promise.all(children.map(stopChild));
    await pool.end();
  }
}

async function takeTurns(findings: readonly RedeemFinding[], { rounds, seconds }: Options): Promise<void> {
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < findings.length; turn++) {
      const { side, measured } = findings[(turn + round) % findings.length]!;
      const part = await side.run(round === 0 ? Math.min(1, seconds) : seconds);
      if (round > 0) measured.add(part);
    }
    say(`round ${round} of ${rounds}`);
  }
}

function httpSide(load: ChildProcess, port: number, { hot, many }: RedeemDataset, on: On, connections: number): Side {
  const voucherIds = on === 'hot' ? [hot] : many;
  return {
    id: `http ${on} ${connections}`,
    label: `POST …/redeem, one server process, ${connections} connections`,
    batch: 1,
    run: (seconds) => orderLoad(load, { port, connections, seconds, voucherIds }),
  };
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the server ended')));
    child.once('message', (message: { port: number } | { error: string }) => {
      child.removeAllListeners('exit');
      if ('port' in message) resolve(message.port);
      else reject(new Error(message.error));
    });
  });
}

/** Fast and wrong would be worth nothing. */
async function faultsOf(pool: pg.Pool, findings: readonly RedeemFinding[]): Promise<string[]> {
  const { rows } = await pool.query<{ counted: string; entered: string; attempted: string; told: string }>(
    `SELECT (SELECT sum(used_count) FROM marketplace.voucher_counters) AS counted,
      (SELECT count(*) FROM marketplace.redemptions) AS entered,
      (SELECT count(*) FROM marketplace.attempts) AS attempted,
      (SELECT count(*) FROM public.outbox_events WHERE type = 'redemption.redeemed') AS told`,
  );
  const { counted, entered, attempted, told } = rows[0]!;
  const answered = findings.reduce(
    (sum, { on, side, measured }) => sum + (on === null ? 0 : measured.requests * side.batch),
    0,
  );
  return [
    ...(new Set([counted, entered, attempted, told]).size > 1
      ? [`${counted} counted, ${entered} in the ledger, ${attempted} attempts, ${told} events`]
      : []),
    ...(Number(entered) < answered ? [`${answered} answered, ${entered} in the ledger`] : []),
  ];
}
