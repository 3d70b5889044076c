import { createHash } from 'node:crypto';

/** An entry as it is read for verification: every value as text, the instant in microseconds since 1970. */
export interface LogEntry {
  id: string;
  micros: string;
  transactionId: string;
  schemaName: string;
  tableName: string;
  operation: string;
  rowKey: [name: string, value: string | null][] | null;
  formerKey: [name: string, value: string | null][] | null;
  changes: string;
  actor: string;
  userId: string | null;
  businessId: string | null;
  requestId: string | null;
  clientAddress: string | null;
  databaseLogin: string;
}

/** What audit.row_hash computes, written apart from it, so that neither can be wrong unseen. */
export function rowHash(entry: LogEntry): Buffer {
  const fields = [
    'pika-audit-1',
    entry.id,
    entry.micros,
    entry.transactionId,
    entry.schemaName,
    entry.tableName,
    entry.operation,
    canonicalKey(entry.rowKey),
    canonicalKey(entry.formerKey),
    entry.changes,
    entry.actor,
    entry.userId,
    entry.businessId,
    entry.requestId,
    entry.clientAddress,
    entry.databaseLogin,
  ];
  return sha256(canonicalFields(fields));
}

export const chainHash = (former: Buffer, row: Buffer): Buffer => sha256(Buffer.concat([former, row]));

/** Each text as its length in bytes (int32, big end first) and its bytes; null as the length -1 alone. */
export function canonicalFields(fields: readonly (string | null)[]): Buffer {
  return Buffer.concat(
    fields.flatMap((field) => {
      const bytes = field === null ? null : Buffer.from(field, 'utf8');
      const length = Buffer.alloc(4);
      length.writeInt32BE(bytes?.length ?? -1);
      return bytes === null ? [length] : [length, bytes];
    }),
  );
}

function canonicalKey(key: LogEntry['rowKey']): string | null {
  if (key === null) return null;
  const inOrder = key.toSorted(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  return canonicalFields(inOrder.flat()).toString('hex');
}

const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
