import type { ChildProcess } from 'node:child_process';
import { searchNearby, type NearbyFilter } from '@pika/vouchers';
import pg from 'pg';
import { say } from '../console.ts';
import { freePort, orderLoad, startChild, stopChild, waitFor } from '../load/child.ts';
import { closedLoop, Measured } from '../load/measure.ts';
import type { Point } from './points.ts';

export interface HttpResult {
  id: string;
  label: string;
  measured: Measured;
}

const connections = 32;
const poolSize = 10;
const languages = ['es', 'en', 'gn'] as const;
const chains = { es: ['es'], en: ['en'], gn: ['gn', 'es'] };

/**
 * The same questions in every round through four things: the vouchers app with its whole edge, node:http with pg, and
 * pg alone with 32 and with 4 clients. Every server is a process of its own, and so is the load generator.
 */
export async function measureHttp(
  url: string,
  points: readonly Point[],
  batch: number,
  rounds: number,
  seconds: number,
): Promise<HttpResult[]> {
  const paths = points.map(
    ({ latitude, longitude }, index) =>
      `/v1/vouchers/nearby?latitude=${latitude}&longitude=${longitude}&radiusMeters=5000&language=${languages[index % 3]}`,
  );
  const children: ChildProcess[] = [];
  const pool = new pg.Pool({ connectionString: url, max: connections });
  try {
    const load = startChild('./http-load-process.ts');
    children.push(load);
    const servers = [];
    for (const server of [startApp, startRaw]) {
      const started = await server(url, batch);
      children.push(started.child);
      servers.push({ ...started, measured: new Measured() });
    }
    const direct = [32, 4].map((clients) => ({
      id: `pg-${clients}`,
      label: `pg alone, ${clients} clients`,
      clients,
      measured: new Measured(),
    }));
    for (let round = 0; round <= rounds; round++) {
      const isWarmUp = round === 0;
      for (const { port, measured } of servers) {
        const part = await orderLoad(load, {
          port,
          connections,
          seconds: isWarmUp ? Math.min(2, seconds) : seconds,
          paths,
        });
        if (!isWarmUp) measured.add(part);
      }
      for (const { clients, measured } of direct) {
        const part = await closedLoop(
          isWarmUp ? Math.min(2, seconds) : seconds,
          askDirectly(pool, points, batch, clients),
        );
        if (!isWarmUp) measured.add(part);
      }
      if (!isWarmUp)
        say(
          `http, round ${round} of ${rounds}: ${servers.map((s) => `${s.id} ${s.measured.perSecond.toFixed(0)}/s`).join(', ')}`,
        );
    }
    return [...servers, ...direct].map(({ id, label, measured }) => ({ id, label, measured }));
  } finally {
    await pool.end();
    await Promise.all(children.map(stopChild));
  }
}

interface StartedServer {
  id: string;
  label: string;
  port: number;
  child: ChildProcess;
}

async function startApp(url: string): Promise<StartedServer> {
  const port = await freePort();
  const child = startChild('../../../apps/vouchers/src/main.ts', {
    DATABASE_URL: url,
    PORT: String(port),
    DATABASE_POOL_SIZE: String(poolSize),
    LOG_LEVEL: 'info',
    // Counted, but never refused.
    RATE_LIMIT_READ: '9999999/60',
  });
  await waitFor(port, '/health/ready', child);
  return {
    id: 'app',
    label: 'the vouchers app (Express, the whole edge, every request logged; run by tsx)',
    port,
    child,
  };
}

async function startRaw(url: string, batch: number): Promise<StartedServer> {
  const port = await freePort();
  const child = startChild('./raw-server-process.ts', {
    BENCH_URL: url,
    BENCH_PORT: String(port),
    BENCH_BATCH: String(batch),
    BENCH_POOL: String(poolSize),
  });
  await waitFor(port, '/v1/vouchers/nearby?latitude=0&longitude=0&radiusMeters=5000&language=es', child);
  return { id: 'raw', label: 'node:http and pg, text passed through', port, child };
}

function askDirectly(
  pool: pg.Pool,
  points: readonly Point[],
  batch: number,
  clients: number,
): (() => Promise<number>)[] {
  let turn = 0;
  return Array.from({ length: clients }, () => async () => {
    const index = turn++ % points.length;
    const point = points[index];
    if (point === undefined) throw new Error('no points');
    const filter: NearbyFilter = {
      latitude: point.latitude,
      longitude: point.longitude,
      radiusMeters: 5_000,
      bounds: null,
      category: null,
      businessId: null,
      words: null,
      language: { chain: chains[languages[index % 3] ?? 'es'], matchLength: 1 },
      openAt: null,
      at: new Date(),
      limit: 20,
      after: null,
      batch,
      onlyRedeemable: false,
      userId: null,
      format: 'json',
    };
    return (await searchNearby({ pool, namedStatements: true }, filter)).data.length;
  });
}
