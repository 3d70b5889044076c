import { MigrationError } from './books.ts';

const STATED = /^SET LOCAL lock_timeout = '[^']*';/m;

/** MIGRATION_LOCK_TIMEOUT in milliseconds; null leaves to each file what it says. */
export function migrationLockTimeout(environment: NodeJS.ProcessEnv = process.env): number | null {
  const given = environment['MIGRATION_LOCK_TIMEOUT']?.trim();
  if (!given) return null;
  if (!/^[1-9]\d{0,7}$/.test(given)) {
    throw new MigrationError(`MIGRATION_LOCK_TIMEOUT is a whole number of milliseconds from 1 on, not ${given}.`);
  }
  return Number(given);
}

/** The script with that lock_timeout in place of its own. */
export function withLockTimeout(sql: string, milliseconds: number | null): string {
  return milliseconds === null ? sql : sql.replace(STATED, `SET LOCAL lock_timeout = '${milliseconds}ms';`);
}
