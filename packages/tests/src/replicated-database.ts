import { openDatabase, type Database } from '@pika/database';
import { deployMigrations } from '@pika/database/tooling';
import pg from 'pg';
import { findPostgresBinaries } from './kind.ts';
import { startLocalCluster } from './local-cluster.ts';
import { startLocalReplica, type TestReplica } from './local-replica.ts';
import { isServer } from './test-database.ts';

export interface ReplicatedDatabase {
  database: Database;
  /** What the database told of its replica. */
  told: string[];
  /** The login that may all, on the primary and on the replica. */
  pool: pg.Pool;
  replicaPool: pg.Pool;
  replica: TestReplica;
  /** How long the replica holds back what it has received. */
  delay(time: string): Promise<void>;
  /** Resolves when the replica has replayed all that the primary has now. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

/** A migrated database with a streaming replica, on a cluster of its own of the local binaries. */
export async function openReplicatedDatabase(replicaLagMillis: number): Promise<ReplicatedDatabase> {
  const cluster = await startLocalCluster();
  await deployMigrations(cluster.url);
  const pool = listening(cluster.url);
  await pool.query('CREATE ROLE pika_web LOGIN IN ROLE pika_public');
  const replica = await startLocalReplica(cluster.url);
  const replicaPool = listening(replica.url);
  const replicaUrl = new URL(replica.url);
  replicaUrl.username = 'pika_web';
  const told: string[] = [];
  const database = openDatabase({
    url: cluster.url,
    replicaUrl: replicaUrl.href,
    replicaLagMillis,
    onReplica: (sentence) => told.push(sentence),
  });

  async function delay(time: string): Promise<void> {
    await replicaPool.query(`ALTER SYSTEM SET recovery_min_apply_delay = '${time}'`);
    await replicaPool.query('SELECT pg_reload_conf()');
  }

  async function caughtUp(): Promise<void> {
    const { rows } = await pool.query<{ position: string }>('SELECT pg_current_wal_insert_lsn()::text AS position');
    const isThere = 'SELECT FROM pg_last_wal_replay_lsn() AS replayed WHERE replayed >= $1::pg_lsn';
    for (const until = Date.now() + 30_000; Date.now() < until;) {
      if ((await replicaPool.query(isThere, [rows[0]?.position])).rowCount === 1) return;
      // The end of a page is told as the beginning of the next, which the replica reaches with the next record.
      await pool.query(`SELECT pg_logical_emit_message(false, 'test', '')`);
    }
    throw new Error('the replica does not catch up');
  }

  return {
    database,
    told,
    pool,
    replicaPool,
    replica,
    delay,
    caughtUp,
    close: async () => {
      await database.close();
      await Promise.all([pool.end(), replicaPool.end()]);
      await replica.stop();
      await cluster.stop();
    },
  };
}

function listening(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 4 });
  // Servers are killed under idle connections.
  pool.on('error', () => undefined);
  return pool;
}

/** Whether a replica can be made here. For `describe.skipIf(!canReplicate())`. */
export const canReplicate = (): boolean => isServer() && findPostgresBinaries() !== null;
