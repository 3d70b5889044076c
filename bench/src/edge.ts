import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openDatabase, seed } from '@pika/database';
import { deployMigrations } from '@pika/database/tooling';
import pg from 'pg';
import { say, timed } from './console.ts';
import type { Server } from './datasets.ts';
import { everything, nothing, redisLimits, traced, withoutOne, type Variant } from './edge/parts.ts';
import { writeEdgeReport, type EdgeFinding } from './edge/report.ts';
import type { EdgeMessage } from './edge/server-process.ts';
import { orderLoad, startChild, stopChild } from './load/child.ts';
import { machineFacts } from './machine.ts';
import type { Options } from './options.ts';

const routes = [
  { id: 'small', label: 'a route that touches nothing', path: '/small?limit=5' },
  { id: 'nearby', label: 'nearby, 156 vouchers', path: '/v1/vouchers/nearby?latitude=-25.2867&longitude=-57.647' },
] as const;

const connections = 8;

/** In a database of its own, seeded as at the first start and dropped afterwards: what each part of the edge costs. */
export async function benchEdge(server: Server, options: Options): Promise<void> {
  const name = 'bench_edge';
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const maintenance = new URL(server.url);
  maintenance.pathname = '/postgres';
  const client = new pg.Client({ connectionString: maintenance.href });
  await client.connect();
  try {
    await client.query(`DROP DATABASE IF EXISTS ${name}`);
    await client.query(`CREATE DATABASE ${name}`);
    await timed('migrated and seeded', () => fill(url.href));
    await measure(url.href, server, options);
  } finally {
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await client.end();
  }
}

async function fill(url: string): Promise<void> {
  await deployMigrations(url);
  const database = openDatabase({ url });
  try {
    await seed(database);
  } finally {
    await database.close();
  }
}

async function measure(url: string, server: Server, options: Options): Promise<void> {
  const redis = await openRedis();
  const collector = await startCollector();
  const variants = [everything, nothing, ...withoutOne, traced, ...(redis === null ? [] : [redisLimits])];
  const load = startChild('./http-load-process.ts');
  const servers: EdgeServer[] = [];
  try {
    const environment = { BENCH_URL: url, BENCH_COLLECTOR: collector.url, BENCH_REDIS: redis?.url ?? '' };
    servers.push(...(await Promise.all(variants.map((variant) => startServer(variant, environment)))));
    const findings: EdgeFinding[] = [];
    for (const route of routes) findings.push(...(await compare(route, servers, load, options)));
    const pool = new pg.Pool({ connectionString: url, max: 1 });
    const facts = [...(await machineFacts(pool)), `Data in ${server.description}`];
    await pool.end();
    writeEdgeReport({ findings, routes, variants, facts, options, connections });
  } finally {
    await Promise.all([load, ...servers.map(({ child }) => child)].map(stopChild));
    await collector.close();
    await redis?.stop();
  }
}

interface EdgeServer {
  variant: Variant;
  child: ChildProcess;
  port: number;
}

async function startServer(variant: Variant, environment: Readonly<Record<string, string>>): Promise<EdgeServer> {
  const child = startChild('../edge/server-process.ts', { ...environment, BENCH_PARTS: JSON.stringify(variant.parts) });
  const message = await nextMessage(child);
  if (!('port' in message)) throw new Error(`${variant.id} said ${JSON.stringify(message)}`);
  return { variant, child, port: message.port };
}

function nextMessage(child: ChildProcess): Promise<EdgeMessage> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error('a server ended'));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message as EdgeMessage);
    });
  });
}

async function cpuMicrosOf(child: ChildProcess): Promise<number> {
  child.send('cpu');
  const message = await nextMessage(child);
  if (!('cpuMicros' in message)) throw new Error(`a server said ${JSON.stringify(message)}`);
  return message.cpuMicros;
}

/** One slot of every variant per round, in an order that turns; the first round warms up. */
async function compare(
  { id, path }: (typeof routes)[number],
  servers: readonly EdgeServer[],
  load: ChildProcess,
  { rounds, seconds }: Options,
): Promise<EdgeFinding[]> {
  const findings = servers.map(({ variant }): EdgeFinding => ({ route: id, variant: variant.id, slots: [] }));
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < servers.length; turn++) {
      const index = (turn + round) % servers.length;
      const { child, port } = servers[index] ?? missing();
      const before = await cpuMicrosOf(child);
      const part = await orderLoad(load, { port, connections, seconds, paths: [path] });
      const cpu = (await cpuMicrosOf(child)) - before;
      // The load warms up for a tenth of its time, whose requests are in the processor's time but not among those counted.
      const requests = part.latenciesMs.length / 0.9;
      const slot = { cpuMicros: cpu / requests, perSecond: part.latenciesMs.length / part.seconds };
      if (round > 0) findings[index]?.slots.push(slot);
    }
    say(`${id}, round ${round} of ${rounds}`);
  }
  return findings;
}

function missing(): never {
  throw new Error('There is no such server.');
}

/** Takes traces and forgets them. */
async function startCollector(): Promise<{ url: string; close(): Promise<void> }> {
  const http = createServer((request, response) => {
    request.resume().on('end', () => response.setHeader('Content-Type', 'application/json').end('{}'));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => http.close(() => resolve()).closeAllConnections()),
  };
}

async function openRedis(): Promise<{ url: string; stop(): Promise<void> } | null> {
  const { openTestRedis } = (await import(new URL('../../packages/tests/src/redis.ts', import.meta.url).href)) as {
    openTestRedis: () => Promise<{ url: string; stop(): Promise<void> } | null>;
  };
  return openTestRedis();
}
