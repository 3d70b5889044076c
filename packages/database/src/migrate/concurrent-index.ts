import type { Client } from 'pg';
import { MigrationError } from './books.ts';

/** A script whose one statement builds or drops an index without blocking writers, which no transaction may hold. */
export type ConcurrentIndex = {
  kind: 'build' | 'drop';
  /** The index as PostgreSQL reads it: schema and name, quoted where they were. */
  index: string;
  /** How long the statement may wait for older transactions, as PostgreSQL writes it. */
  lockTimeout: string;
};

const NAME = String.raw`("(?:[^"]|"")+"|[a-z_][\w$]*)`;
const BUILD = new RegExp(
  String.raw`^CREATE (?:UNIQUE )?INDEX CONCURRENTLY (?:IF NOT EXISTS )?${NAME} ON (?:ONLY )?${NAME} ?\. ?${NAME}[ (]`,
  'i',
);
const DROP = new RegExp(
  String.raw`^DROP INDEX CONCURRENTLY IF EXISTS (${NAME} ?\. ?${NAME})(?: CASCADE| RESTRICT)?$`,
  'i',
);
const LOCK_TIMEOUT = /^-- lock_timeout: (\d+(?:ms|s|min|h))$/m;
const TOKENS = /"(?:[^"]|"")*"|'(?:[^']|'')*'|(\$\w*\$)[\s\S]*?\1|--[^\n]*|\/\*[\s\S]*?\*\//g;

/**
 * Null for a script that is one transaction. Throws where a concurrent index does not stand alone, does not name
 * itself and the schema of its table, drops without IF EXISTS (it could not be begun anew), or states no timeout.
 */
export function readConcurrentIndex(name: string, sql: string): ConcurrentIndex | null {
  const statements = withoutTexts(sql)
    .split(';')
    .map((statement) => statement.trim().replaceAll(/\s+/g, ' '))
    .filter((statement) => statement !== '');
  if (!statements.some((statement) => /^(CREATE|DROP|REINDEX)\b.*\bCONCURRENTLY\b/i.test(statement))) return null;
  const [statement = ''] = statements;
  const lockTimeout = LOCK_TIMEOUT.exec(sql)?.[1];
  const build = BUILD.exec(statement);
  const drop = DROP.exec(statement);
  if (statements.length > 1) {
    throw new MigrationError(
      `Migration ${name}: a concurrent index stands alone in its file; move the rest to another.`,
    );
  }
  if (!build && !drop) {
    throw new MigrationError(
      `Migration ${name}: write CREATE INDEX CONCURRENTLY <name> ON <schema>.<table> … or DROP INDEX CONCURRENTLY IF EXISTS <schema>.<name>.`,
    );
  }
  if (!lockTimeout) {
    throw new MigrationError(
      `Migration ${name}: say how long its locks may be waited for, as in -- lock_timeout: 10min`,
    );
  }
  return build
    ? { kind: 'build', index: `${build[2]}.${build[1]}`, lockTimeout }
    : { kind: 'drop', index: drop?.[1] ?? '', lockTimeout };
}

export const isConcurrentIndex = (name: string, sql: string): boolean => readConcurrentIndex(name, sql) !== null;

/** Without comments, and with empty string constants: what is left of `;` separates statements. */
const withoutTexts = (sql: string) =>
  sql.replaceAll(TOKENS, (token) => {
    if (token.startsWith('"')) return token;
    return token.startsWith('-') || token.startsWith('/') ? ' ' : "''";
  });

/** Runs the script outside a transaction. Whatever stood under the index's name before a build is dropped first. */
export async function runConcurrently(client: Client, concurrent: ConcurrentIndex, sql: string): Promise<void> {
  await client.query(`SELECT set_config('lock_timeout', $1, false)`, [concurrent.lockTimeout]);
  try {
    if (concurrent.kind === 'build') await dropLeftover(client, concurrent);
    await client.query(sql);
  } finally {
    await client.query('RESET lock_timeout');
  }
}

export async function dropLeftover(client: Client, { index }: ConcurrentIndex): Promise<void> {
  await client.query(`DROP INDEX CONCURRENTLY IF EXISTS ${index}`);
}

/** Whether the index stands complete; one that was cut short is there, but INVALID. */
export async function isBuilt(client: Client, { index }: ConcurrentIndex): Promise<boolean> {
  const { rows } = await client.query<{ valid: boolean }>(
    'SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)',
    [index],
  );
  return rows[0]?.valid === true;
}
