import type { ClientBase } from 'pg';
import type { LogEntry } from './canonical.ts';

export interface SealedEntry {
  position: number;
  transactionId: string;
  entryId: string;
  /** The first day of the month of the entry, as ISO. */
  month: string;
  rowHash: Buffer;
  chainHash: Buffer;
}

export interface Seal {
  number: number;
  firstPosition: number;
  lastPosition: number;
  root: Buffer;
}

const ROWS_AT_ONCE = 2_000;

const keyFields = (column: string) =>
  `CASE WHEN ${column} IS NOT NULL THEN ARRAY(SELECT ARRAY[key, value] FROM jsonb_each_text(${column})) END`;

export const readEntries = (client: ClientBase): AsyncGenerator<LogEntry> =>
  stream(
    client,
    'entries',
    `SELECT id::text, (extract(epoch FROM recorded_at) * 1000000)::bigint::text AS micros,
       transaction_id::text AS "transactionId", schema_name AS "schemaName", table_name AS "tableName",
       operation::text, ${keyFields('row_key')} AS "rowKey", ${keyFields('former_key')} AS "formerKey",
       changes::text, actor, user_id::text AS "userId", business_id::text AS "businessId", request_id AS "requestId",
       client_address AS "clientAddress", database_login AS "databaseLogin"
     FROM audit.entries AS entry ORDER BY entry.transaction_id, entry.id`,
  );

export const readSealedEntries = (client: ClientBase): AsyncGenerator<SealedEntry> =>
  stream(
    client,
    'sealed',
    `SELECT position::double precision, transaction_id::text AS "transactionId", entry_id::text AS "entryId",
       to_char(date_trunc('month', recorded_at AT TIME ZONE 'UTC'), 'YYYY-MM-DD') AS month,
       row_hash AS "rowHash", chain_hash AS "chainHash"
     FROM audit.sealed_entries AS sealed ORDER BY sealed.position`,
  );

/** Without the beginning, which has number 0. */
export const readSeals = (client: ClientBase): AsyncGenerator<Seal> =>
  stream(
    client,
    'seals',
    `SELECT number, first_position::double precision AS "firstPosition",
       last_position::double precision AS "lastPosition", root
     FROM audit.seals AS seal WHERE seal.number > 0 ORDER BY seal.number`,
  );

/** Reads by a cursor of the running transaction, so that the log may be longer than memory. */
async function* stream<Row extends object>(client: ClientBase, cursor: string, select: string): AsyncGenerator<Row> {
  await client.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${select}`);
  for (;;) {
    const { rows } = await client.query<Row>(`FETCH ${ROWS_AT_ONCE} FROM ${cursor}`);
    yield* rows;
    if (rows.length < ROWS_AT_ONCE) return;
  }
}
