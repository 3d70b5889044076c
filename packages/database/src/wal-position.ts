/** A place in the write-ahead log, as PostgreSQL writes it: `16/B374D848`. */
const form = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/;

/**
 * Where the next record begins. Asked after COMMIT it lies behind the commit record, unlike `pg_current_wal_lsn()`, which
 * with `synchronous_commit = off` still tells what was written before.
 */
export const nextPositionStatement = 'SELECT pg_current_wal_insert_lsn()::text AS position';

/** No replica ever comes so far. */
export const beyondAllPositions = 'FFFFFFFF/FFFFFFFF';

/** A number that grows with the log, or null for what is no position. */
export function readPosition(text: string): bigint | null {
  const [, high, low] = form.exec(text) ?? [];
  return high === undefined || low === undefined ? null : (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}
