import { orderOf, rowsAfter, sql, type Db, type PageKey, type PagedList } from '@pika/database';
import type { CodeBatch } from './code.schemas.ts';

export interface CodeBatchRow {
  id: string;
  voucherId: string;
  kind: CodeBatch['kind'];
  state: CodeBatch['state'];
  requestedCount: number;
  madeCount: number;
  length: number;
  prefix: string;
  createdAt: Date;
  finishedAt: Date | null;
}

/** The latest first: ids begin with the time. */
export const codeBatchList: PagedList<CodeBatchRow> = {
  name: 'codeBatches',
  columns: [{ column: sql`batch.id`, keyOf: ({ id }) => id, value: (key) => sql`${key}::uuid`, isDescending: true }],
};

const columns = sql`
  batch.id, batch.voucher_id AS "voucherId", batch.kind::text AS kind, batch.state::text AS state,
  batch.requested_count AS "requestedCount", batch.made_count AS "madeCount", batch.length, batch.prefix,
  batch.created_at AS "createdAt", batch.finished_at AS "finishedAt"`;

/** Up to `limit` of the voucher, behind `after`; one at most where `batchId` says which. */
export function listCodeBatches(
  tx: Db,
  { businessId, voucherId, batchId }: { businessId: string; voucherId: string; batchId: string | undefined },
  { after, limit }: { after: readonly PageKey[] | null; limit: number },
): Promise<CodeBatchRow[]> {
  const isAsked = batchId === undefined ? sql`TRUE` : sql`batch.id = ${batchId}::uuid`;
  return tx.$queryRaw<CodeBatchRow[]>(sql`
    SELECT ${columns} FROM marketplace.code_batches batch
    WHERE batch.voucher_id = ${voucherId}::uuid AND batch.business_id = ${businessId}::uuid AND ${isAsked}
      AND ${rowsAfter(codeBatchList, after)}
    ORDER BY ${orderOf(codeBatchList)}
    LIMIT ${limit}::integer`);
}

/** In the state that the counts say: done where nothing is left to make. */
export async function insertCodeBatch(
  tx: Db,
  businessId: string,
  batch: Pick<CodeBatchRow, 'id' | 'voucherId' | 'kind' | 'requestedCount' | 'madeCount' | 'length' | 'prefix'>,
  now: Date,
): Promise<CodeBatchRow> {
  const isDone = batch.madeCount === batch.requestedCount;
  const [row] = await tx.$queryRaw<[CodeBatchRow]>(sql`
    INSERT INTO marketplace.code_batches AS batch
      (id, voucher_id, business_id, kind, requested_count, made_count, length, prefix, state, created_at, finished_at)
    VALUES (${batch.id}::uuid, ${batch.voucherId}::uuid, ${businessId}::uuid, ${batch.kind}::marketplace.code_kind,
      ${batch.requestedCount}::integer, ${batch.madeCount}::integer, ${batch.length}::integer, ${batch.prefix},
      ${isDone ? 'done' : 'waiting'}::marketplace.code_batch_state, ${now}::timestamptz,
      ${isDone ? now : null}::timestamptz)
    RETURNING ${columns}`);
  return row;
}

export async function insertCode(
  tx: Db,
  code: { id: string; voucherId: string; batchId: string; code: string },
): Promise<void> {
  await tx.$executeRaw(sql`
    INSERT INTO marketplace.voucher_codes (id, voucher_id, batch_id, kind, code)
    VALUES (${code.id}::uuid, ${code.voucherId}::uuid, ${code.batchId}::uuid, 'static', ${code.code})`);
}

export interface CodeRow {
  id: string;
  line: string;
}

/** Lines of the export in id order, behind `after`. None of the values needs quotes. */
export function listCodeLines(
  db: Db,
  { voucherId, batchId }: { voucherId: string; batchId: string | undefined },
  { after, limit }: { after: string | null; limit: number },
): Promise<CodeRow[]> {
  const isAsked =
    batchId === undefined
      ? sql`code.voucher_id = ${voucherId}::uuid`
      : sql`code.batch_id = ${batchId}::uuid AND code.voucher_id = ${voucherId}::uuid`;
  const isBehind = after === null ? sql`TRUE` : sql`code.id > ${after}::uuid`;
  return db.$queryRaw<CodeRow[]>(sql`
    SELECT code.id, format('%s,%s,%s,%s,%s,%s', code.code, code.kind, code.batch_id,
      marketplace.instant_text(code.created_at), marketplace.instant_text(code.revoked_at),
      marketplace.instant_text(use.used_at)) AS line
    FROM marketplace.voucher_codes code
    LEFT JOIN marketplace.code_uses use ON use.code_id = code.id
    WHERE ${isAsked} AND ${isBehind}
    ORDER BY code.id
    LIMIT ${limit}::integer`);
}
