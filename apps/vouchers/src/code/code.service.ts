import { databaseProblem, type Db, type Transaction } from '@pika/database';
import { invalidRequest, newId, type FieldError } from '@pika/shared';
import { readShortCode } from '@pika/shared/voucher-token';
import { getOffer, wrongState } from '../offer/offer.service.ts';
import { voucherProblems } from '../problems.ts';
import { insertCode, insertCodeBatch, listCodeLines, type CodeBatchRow } from './code.repository.ts';
import { secretLengthMin, type NewCodes } from './code.schemas.ts';

const staticLength = 8;

/** The app's words for what the database refuses of a code. */
export const codeProblem = (error: unknown): unknown =>
  databaseProblem(error, { voucher_codes_code_key: voucherProblems['code.taken'] }) ?? error;

/**
 * Asks for codes, which a job then makes; a static code that is given is there at once. Throws `request.invalid` for what does
 * not go with the kind, `voucher.wrongState` for a voucher that has ended, `code.taken`.
 */
export async function orderCodes(
  tx: Transaction,
  { businessId, id: voucherId }: { businessId: string; id: string },
  asked: NewCodes,
  now: Date,
): Promise<CodeBatchRow> {
  const { state } = await getOffer(tx, { businessId, id: voucherId });
  if (state === 'expired' || state === 'archived') throw wrongState(state)();
  const faults = codeFaults(asked);
  if (faults.length > 0) throw invalidRequest(faults);
  const { kind, count, prefix, code } = asked;
  const length = code?.length ?? asked.length ?? (kind === 'static' ? staticLength : secretLengthMin);
  const id = newId(now);
  const madeCount = code === undefined ? 0 : 1;
  const batch = { id, voucherId, kind, requestedCount: count, madeCount, length, prefix };
  const row = await insertCodeBatch(tx, businessId, batch, now);
  if (code !== undefined) await insertCode(tx, { id: newId(now), voucherId, batchId: id, code });
  return row;
}

function codeFaults({ kind, count, length, code, prefix }: NewCodes): FieldError[] {
  if (kind !== 'static') {
    return [
      ...(code === undefined ? [] : [{ field: 'code', code: 'onlyStatic' }]),
      ...(length === undefined || length >= secretLengthMin
        ? []
        : [{ field: 'length', code: 'tooSmall', params: { minimum: secretLengthMin } }]),
    ];
  }
  return [
    ...(count === 1 ? [] : [{ field: 'count', code: 'tooBig', params: { maximum: 1 } }]),
    ...(code !== undefined && prefix !== '' ? [{ field: 'prefix', code: 'notWithCode' }] : []),
    // It would be taken for the short code of a claim.
    ...(code !== undefined && readShortCode(code) !== null ? [{ field: 'code', code: 'looksLikeClaim' }] : []),
  ];
}

const linesAtOnce = 2_000;

/** The export: a page in memory at a time, each read in a transaction of its own, so that nothing is held up meanwhile. */
export async function* exportCodes(
  db: Db,
  asked: { voucherId: string; batchId: string | undefined },
): AsyncGenerator<string> {
  yield 'code,kind,batchId,createdAt,revokedAt,usedAt\r\n';
  let after: string | null = null;
  for (;;) {
    const rows = await listCodeLines(db, asked, { after, limit: linesAtOnce });
    if (rows.length > 0) yield rows.map(({ line }) => `${line}\r\n`).join('');
    const last = rows.at(-1);
    if (last === undefined || rows.length < linesAtOnce) return;
    after = last.id;
  }
}
