import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { classifyDatabaseError } from './errors.ts';
import { stopInTime } from './stop-in-time.ts';
import { nextPositionStatement, readPosition } from './wal-position.ts';

export interface ReplicaOptions {
  pool: pg.Pool;
  primary: Pick<pg.Pool, 'query'>;
  /** By how much a read without a position may be behind. */
  lagMillis: number;
  /** Told in one sentence, once per outage, that the replica is not used, and that it is again. */
  onReplica: (sentence: string) => void;
}

export interface Replica {
  pool: pg.Pool;
  /**
   * What `ask` gets of the replica, or null where the primary has to answer: the replica has not replayed `after` (or,
   * where that is null, what the primary had `lagMillis` ago), it is away, or it refused.
   */
  answer(after: bigint | null, ask: (client: pg.PoolClient) => Promise<pg.QueryResult>): Promise<pg.QueryResult | null>;
  reads: { served: number; bypassed: number };
  close(): Promise<void>;
}

/** Which replica the running read may be answered by, and behind what. */
export const replicaRoutes = new AsyncLocalStorage<{ replica: Replica; after: bigint | null }>();

/** How long a replica that failed is left alone before it is tried again, by nobody who waits for it. */
const pauseMillis = 1_000;

const replayedStatement = `
  SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()::text END AS position`;

/**
 * A replica that serves only what it has replayed. That is asked on the connection that reads, before the read: one that
 * was started anew may be behind what it had replayed before it died, and another connection would not tell. A snapshot
 * taken in the same statement would be older than the answer.
 */
export function openReplica({ pool, primary, lagMillis, onReplica }: ReplicaOptions): Replica {
  const replayedBy = new WeakMap<pg.PoolClient, bigint>();
  const reads = { served: 0, bypassed: 0 };
  const positions = rememberPositions(primary, lagMillis);
  let away: { until: number } | null = null;

  async function answer(
    after: bigint | null,
    ask: (client: pg.PoolClient) => Promise<pg.QueryResult>,
  ): Promise<pg.QueryResult | null> {
    const wanted = after ?? positions.oldestAllowed();
    const result = isUsable() && wanted !== null ? await attempt(wanted, ask) : null;
    reads[result === null ? 'bypassed' : 'served'] += 1;
    return result;
  }

  async function attempt(
    wanted: bigint,
    ask: (client: pg.PoolClient) => Promise<pg.QueryResult>,
  ): Promise<pg.QueryResult | null> {
    try {
      return await onConnection(async (client) => ((await hasReplayed(client, wanted)) ? ask(client) : null));
    } catch (error) {
      // What it refuses (a conflict with replay, a table it has not got yet, a wrong value) the primary answers.
      if (isLoss(error)) leave(error);
      return null;
    }
  }

  async function onConnection<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    const client = await pool.connect();
    // The pool listens only while it has the connection: one that is cut in our hands would end the process.
    const onError = () => undefined;
    client.on('error', onError);
    let isLost = false;
    try {
      return await work(client);
    } catch (error) {
      isLost = isLoss(error);
      throw error;
    } finally {
      client.off('error', onError);
      client.release(isLost);
    }
  }

  async function hasReplayed(client: pg.PoolClient, wanted: bigint): Promise<boolean> {
    const known = replayedBy.get(client);
    if (known !== undefined && known >= wanted) return true;
    const { rows } = await client.query<{ position: string | null }>(replayedStatement);
    const replayed = readPosition(rows[0]?.position ?? '');
    if (replayed === null) throw new Error('it replays nothing: it is no replica');
    replayedBy.set(client, replayed);
    return replayed >= wanted;
  }

  function isUsable(): boolean {
    if (away === null) return true;
    if (away.until <= performance.now()) {
      away.until = Number.POSITIVE_INFINITY;
      void tryAgain();
    }
    return false;
  }

  async function tryAgain(): Promise<void> {
    try {
      await onConnection((client) => hasReplayed(client, 0n));
      away = null;
      onReplica('the replica is used again');
    } catch (error) {
      leave(error);
    }
  }

  function leave(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (away === null) onReplica(`the replica is not used (${reason}); the primary answers until it can be`);
    away = { until: performance.now() + pauseMillis };
  }

  return {
    pool,
    answer,
    reads,
    // One that is frozen would never say goodbye.
    close: () => stopInTime(pool.end()),
  };
}

const isLoss = (error: unknown) =>
  !(error instanceof pg.DatabaseError) || classifyDatabaseError(error).kind === 'unavailable';

/** What the primary had, lately: looked up while reads ask for it, four times in the time that they may be behind. */
function rememberPositions(primary: Pick<pg.Pool, 'query'>, lagMillis: number) {
  let known: { at: number; position: bigint }[] = [];
  let isAsking = false;

  async function ask(): Promise<void> {
    isAsking = true;
    // Before the question: what was committed until then lies before the answer.
    const at = performance.now();
    try {
      const { rows } = await primary.query<{ position: string }>(nextPositionStatement);
      const position = readPosition(rows[0]?.position ?? '');
      if (position !== null) known.push({ at, position });
    } catch {
      // The primary is away: without a position it is asked itself, and tells the caller why.
    } finally {
      isAsking = false;
    }
  }

  return {
    /** All that was committed `lagMillis` ago lies before it; null where nothing so young is known. */
    oldestAllowed(): bigint | null {
      const now = performance.now();
      known = known.filter(({ at }) => at >= now - lagMillis);
      const newest = known.at(-1);
      if (!isAsking && (newest === undefined || newest.at < now - lagMillis / 4)) void ask();
      return known[0]?.position ?? null;
    },
  };
}
