import type { Random } from '@pika/tests';
import type pg from 'pg';
import type { AuditFault, AuditRoot } from '@pika/database';

export interface Sealed {
  position: number;
  entryId: string;
  transactionId: string;
  /** Whether it is the last of its seal. */
  endsSeal: boolean;
}

export interface Log {
  sealed: readonly Sealed[];
  /** One of every seal. */
  roots: readonly AuditRoot[];
}

export interface Tampering {
  /** The roots that are kept elsewhere. */
  roots: readonly AuditRoot[];
  /** Whether the first wrong row was named. */
  isNamed: (fault: AuditFault) => boolean;
}

/** Does to the log what its triggers refuse; they are disabled around it. */
export type Tamper = (db: pg.PoolClient, random: Random, log: Log) => Promise<Tampering>;

const changes: readonly string[] = [
  `actor = actor || 'x'`,
  `recorded_at = recorded_at + interval '1 microsecond'`,
  `schema_name = 'users'`,
  `table_name = table_name || 's'`,
  `operation = CASE operation WHEN 'insert' THEN 'delete' WHEN 'delete' THEN 'insert' ELSE operation END`,
  `row_key = row_key || '{"id": "x"}'`,
  `changes = replace(changes::text, ': ', ':')::json`,
  `changes = '{"new": {}}'`,
  `user_id = gen_random_uuid()`,
  `business_id = gen_random_uuid()`,
  `request_id = nullif(request_id || 'x', '')`,
  `client_address = coalesce(client_address, '') || '1'`,
  `database_login = 'nobody'`,
];

const anyRow = (random: Random, { sealed }: Log): Sealed => random.pick(sealed);
const someRoots = (random: Random, { roots }: Log) =>
  random.sample(roots, random.integer(0, roots.length)).toSorted((a, b) => a.position - b.position);
const at = (position: number) => (fault: AuditFault) => fault.position === position && fault.since === position;

async function changeEntry(db: pg.PoolClient, random: Random, { entryId }: Sealed): Promise<void> {
  // What is changed to what it was is no change: then another column is taken.
  for (let isChanged = false; !isChanged;) {
    await db.query(`UPDATE audit.entries SET ${random.pick(changes)} WHERE id = $1`, [entryId]);
    const { rows } = await db.query<{ differs: boolean }>(
      `SELECT audit.row_hash(e) <> s.row_hash AS differs
       FROM audit.entries e JOIN audit.sealed_entries s ON s.entry_id = e.id WHERE e.id = $1`,
      [entryId],
    );
    isChanged = rows[0]?.differs ?? false;
  }
}

export const tamperings: Readonly<Record<string, Tamper>> = {
  changedColumn: async (db, random, log) => {
    const row = anyRow(random, log);
    await changeEntry(db, random, row);
    return {
      roots: someRoots(random, log),
      isNamed: (fault) => at(row.position)(fault) && fault.entryId === row.entryId,
    };
  },
  changedTransaction: async (db, random, log) => {
    const row = anyRow(random, log);
    const shift = random.pick([-1_000_000, 1_000_000]);
    await db.query('UPDATE audit.entries SET transaction_id = transaction_id + $1 WHERE id = $2', [shift, row.entryId]);
    return { roots: someRoots(random, log), isNamed: (fault) => fault.entryId === row.entryId };
  },
  deletedEntry: async (db, random, log) => {
    const row = anyRow(random, log);
    await db.query('DELETE FROM audit.entries WHERE id = $1', [row.entryId]);
    return {
      roots: someRoots(random, log),
      isNamed: (fault) => fault.kind === 'missing' && at(row.position)(fault) && fault.entryId === row.entryId,
    };
  },
  insertedEntry: async (db, random, log) => {
    const last = log.sealed.at(-1)!;
    const row = random.pick(log.sealed.filter(({ transactionId }) => transactionId !== last.transactionId));
    const { rows } = await db.query<{ id: string }>(
      `INSERT INTO audit.entries (id, transaction_id, recorded_at, schema_name, table_name, operation, row_key, changes, actor, database_login)
       SELECT 1000000, transaction_id, recorded_at, 'users', 'users', 'insert', '{"id": "forged"}', '{"new": {}}', actor, database_login
       FROM audit.entries WHERE id = $1 RETURNING id`,
      [row.entryId],
    );
    return {
      roots: someRoots(random, log),
      isNamed: (fault) => fault.kind === 'inserted' && fault.entryId === rows[0]?.id && fault.position > row.position,
    };
  },
  swappedEntries: async (db, random, log) => {
    const columns = 'schema_name, table_name, operation, row_key, former_key, changes, actor, request_id';
    for (;;) {
      const [one, other] = random.sample(log.sealed, 2) as [Sealed, Sealed];
      const { rows } = await db.query<{ different: number }>(
        `SELECT count(DISTINCT (schema_name, table_name, row_key, changes::text))::int AS different
         FROM audit.entries WHERE id IN ($1, $2)`,
        [one.entryId, other.entryId],
      );
      if (rows[0]?.different !== 2) continue;
      await db.query(
        `UPDATE audit.entries e SET (${columns}) = (
           SELECT ${columns} FROM audit.entries o WHERE o.id = CASE e.id WHEN $1 THEN $2::bigint ELSE $1 END)
         WHERE e.id IN ($1::bigint, $2::bigint)`,
        [one.entryId, other.entryId],
      );
      return { roots: someRoots(random, log), isNamed: at(Math.min(one.position, other.position)) };
    }
  },
  changedWithOwnHash: async (db, random, log) => {
    const row = anyRow(random, log);
    await changeEntry(db, random, row);
    await db.query(
      'UPDATE audit.sealed_entries s SET row_hash = audit.row_hash(e) FROM audit.entries e WHERE e.id = s.entry_id AND s.position = $1',
      [row.position],
    );
    return {
      roots: someRoots(random, log),
      isNamed: (fault) => fault.position === row.position && fault.entryId === row.entryId,
    };
  },
  changedWithOwnHashes: async (db, random, log) => {
    const row = anyRow(random, log);
    await changeEntry(db, random, row);
    await db.query('SELECT public.rewrite_chain($1, $1)', [row.position]);
    // Its own place fits then: the break shows at the next one, or at the end of its seal.
    const shown = row.endsSeal ? row.position : row.position + 1;
    return { roots: [], isNamed: (fault) => fault.position === shown && fault.since <= row.position };
  },
  deletedHash: async (db, random, log) => {
    const row = anyRow(random, log);
    await db.query('DELETE FROM audit.sealed_entries WHERE position = $1', [row.position]);
    return { roots: someRoots(random, log), isNamed: at(row.position) };
  },
  changedHash: async (db, random, log) => {
    const row = anyRow(random, log);
    const column = random.pick(['row_hash', 'chain_hash']);
    await db.query(`UPDATE audit.sealed_entries SET ${column} = sha256(${column}) WHERE position = $1`, [row.position]);
    return { roots: someRoots(random, log), isNamed: at(row.position) };
  },
  swappedHashes: async (db, random, log) => {
    const [one, other] = random.sample(log.sealed, 2) as [Sealed, Sealed];
    const columns = 'transaction_id, entry_id, recorded_at, row_hash, chain_hash';
    await db.query(
      `UPDATE audit.sealed_entries e SET (${columns}) = (SELECT ${columns} FROM audit.sealed_entries o
         WHERE o.position = CASE e.position WHEN $1 THEN $2::bigint ELSE $1 END)
       WHERE e.position IN ($1::bigint, $2::bigint)`,
      [one.position, other.position],
    );
    return { roots: someRoots(random, log), isNamed: at(Math.min(one.position, other.position)) };
  },
  changedSeal: async (db, random, log) => {
    const root = random.pick(log.roots);
    await db.query('UPDATE audit.seals SET root = sha256(root) WHERE number = $1', [root.number]);
    return { roots: someRoots(random, log), isNamed: (fault) => fault.position === root.position };
  },
  deletedSeal: async (db, random, log) => {
    const index = random.integer(0, log.roots.length - 1);
    await db.query('DELETE FROM audit.seals WHERE number = $1', [log.roots[index]!.number]);
    return { roots: someRoots(random, log), isNamed: at((log.roots[index - 1]?.position ?? 0) + 1) };
  },
  cutTail: async (db, random, log) => {
    const row = anyRow(random, log);
    await db.query(
      'DELETE FROM audit.entries e USING audit.sealed_entries s WHERE s.entry_id = e.id AND s.position >= $1',
      [row.position],
    );
    await db.query('DELETE FROM audit.sealed_entries WHERE position >= $1', [row.position]);
    await db.query('DELETE FROM audit.seals WHERE first_position >= $1 AND number > 0', [row.position]);
    await db.query(
      `UPDATE audit.seals SET last_position = $1 - 1, root = (SELECT chain_hash FROM audit.sealed_entries WHERE position = $1 - 1)
       WHERE last_position >= $1`,
      [row.position],
    );
    return { roots: log.roots.slice(-1), isNamed: (fault) => fault.kind === 'cut' && at(row.position)(fault) };
  },
  rewrittenTail: async (db, random, log) => {
    const row = anyRow(random, log);
    await changeEntry(db, random, row);
    await db.query('SELECT public.rewrite_chain($1, $2)', [row.position, log.sealed.length]);
    await db.query(
      'UPDATE audit.seals l SET root = s.chain_hash FROM audit.sealed_entries s WHERE s.position = l.last_position AND l.number > 0',
    );
    // A root tells of all before it and of nothing after: the row is named as exactly as roots were kept.
    const roots = random.chance(0.5) ? log.roots : log.roots.slice(-1);
    const shown = roots.find(({ position }) => position >= row.position)!;
    const since = (roots.findLast(({ position }) => position < row.position)?.position ?? 0) + 1;
    return {
      roots,
      isNamed: (fault) => fault.kind === 'rewritten' && fault.position === shown.position && fault.since === since,
    };
  },
};
