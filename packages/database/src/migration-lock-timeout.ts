/** How each migration begins; what MIGRATION_LOCK_TIMEOUT says takes its place. */
const ownTimeout = /^SET LOCAL lock_timeout = '[^']*';/;

/** A migration's text with the lock timeout of MIGRATION_LOCK_TIMEOUT (milliseconds) where that is set. */
export function withMigrationLockTimeout(text: string, environment: NodeJS.ProcessEnv = process.env): string {
  const wanted = environment['MIGRATION_LOCK_TIMEOUT']?.trim() ?? '';
  return /^[1-9]\d*$/.test(wanted) ? text.replace(ownTimeout, `SET LOCAL lock_timeout = '${wanted}ms';`) : text;
}
