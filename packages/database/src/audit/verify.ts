import type { ClientBase } from 'pg';
import { withConnection } from '../connection.ts';
import { chainHash, rowHash, type LogEntry } from './canonical.ts';
import { readEntries, readSealedEntries, readSeals, type Seal, type SealedEntry } from './read-log.ts';
import type { AuditRoot } from './root.ts';

/**
 * changed: the entry, or its hash, is another than was sealed. missing: it, or its hash, is gone. inserted: it was not
 * there when its neighbours were sealed. rewritten: the hashes here, or those from `since` on until here, were made anew.
 * cut: the log ends before a place that was sealed.
 */
export type AuditFaultKind = 'changed' | 'missing' | 'inserted' | 'rewritten' | 'cut';

export interface AuditFault {
  kind: AuditFaultKind;
  /** Where in the chain; of an inserted entry, the place it stands before. */
  position: number;
  /** The first position that may be wrong; below `position` only where the data cannot say. */
  since: number;
  /** The entry that is named, where it can be known. */
  entryId: string | null;
}

export interface AuditReport {
  /** Entries whose hash was compared with the chain. */
  verified: number;
  /** Sealed entries of months that are kept elsewhere: their hashes are in the chain, they were not read. */
  archived: number;
  /** Entries that were not sealed yet: nothing is known of them. */
  unsealed: number;
  /** The first wrong row, in the order of the chain. */
  fault: AuditFault | null;
}

/** Reads the whole log in one snapshot, by cursors, and recomputes every hash; stops at the first wrong row. */
export function verifyAudit(url: string, roots: readonly AuditRoot[] = []): Promise<AuditReport> {
  return withConnection(url, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const report = await verifyLog(client, roots);
    await client.query('COMMIT');
    return report;
  });
}

/** The same by a client that is inside a transaction. */
export async function verifyLog(client: ClientBase, roots: readonly AuditRoot[]): Promise<AuditReport> {
  const report: AuditReport = { verified: 0, archived: 0, unsealed: 0, fault: null };
  const { rows: archives } = await client.query<{ month: string; entries: number }>(
    `SELECT month::text, entries::double precision FROM audit.archives ORDER BY month`,
  );
  const archivedLeft = new Map(archives.map(({ month, entries }) => [month, entries]));
  const sealedEntries = await peekable(readSealedEntries(client));
  const entries = await peekable(readEntries(client));
  const seals = await peekable(readSeals(client));
  let former: Pick<SealedEntry, 'position' | 'chainHash'> = { position: 0, chainHash: Buffer.alloc(32) };
  let trusted = 0;
  const fault = (kind: AuditFaultKind, position: number, entryId: string | null, since = position): AuditReport => ({
    ...report,
    fault: { kind, position, since, entryId },
  });

  for (let sealed = sealedEntries.head; sealed !== null; sealed = sealedEntries.head) {
    await sealedEntries.advance();
    const position = former.position + 1;
    const entry = entries.head;
    if (sealed.position !== position) return fault('missing', position, entry?.id ?? null);

    const isHashRight = entry !== null && rowHash(entry).equals(sealed.rowHash);
    if (!chainHash(former.chainHash, sealed.rowHash).equals(sealed.chainHash)) {
      // Where the chain goes on from here, it is what came before that may have been made anew.
      const isEndRight = leadsOn(sealed, sealedEntries.head, seals.head);
      if (!isHashRight) return fault('changed', position, sealed.entryId);
      return fault('rewritten', position, sealed.entryId, isEndRight ? trusted + 1 : position);
    }
    const order = entry === null ? 1 : compareKeys(entry, sealed);
    if (order === 0) {
      if (!isHashRight) return fault('changed', position, sealed.entryId);
      report.verified++;
      await entries.advance();
    } else if (isHashRight) {
      return fault('changed', position, entry.id);
    } else if (order < 0) {
      return fault('inserted', position, entry?.id ?? null);
    } else {
      const left = archivedLeft.get(sealed.month) ?? 0;
      if (left === 0) return fault('missing', position, sealed.entryId);
      archivedLeft.set(sealed.month, left - 1);
      report.archived++;
    }

    former = sealed;
    const seal = seals.head;
    if (seal === null || seal.firstPosition > position || seal.lastPosition < position) {
      return fault('missing', position, sealed.entryId);
    }
    if (seal.lastPosition === position) {
      if (!seal.root.equals(sealed.chainHash)) return fault('rewritten', position, sealed.entryId, trusted + 1);
      await seals.advance();
    }
    const known = roots.filter((root) => root.position === position);
    if (known.some((root) => root.root !== sealed.chainHash.toString('hex'))) {
      return fault('rewritten', position, sealed.entryId, trusted + 1);
    }
    if (known.length > 0) trusted = position;
  }

  const sealedTo = Math.max(0, ...roots.map((root) => root.position));
  if (seals.head !== null || sealedTo > former.position) {
    return fault('cut', former.position + 1, entries.head?.id ?? null);
  }
  for (; entries.head !== null; await entries.advance()) report.unsealed++;
  return report;
}

function leadsOn(sealed: SealedEntry, next: SealedEntry | null, seal: Seal | null): boolean {
  if (seal !== null && seal.lastPosition === sealed.position) return seal.root.equals(sealed.chainHash);
  return next !== null && chainHash(sealed.chainHash, next.rowHash).equals(next.chainHash);
}

function compareKeys(entry: LogEntry, sealed: SealedEntry): number {
  const byTransaction = compare(BigInt(entry.transactionId), BigInt(sealed.transactionId));
  return byTransaction === 0 ? compare(BigInt(entry.id), BigInt(sealed.entryId)) : byTransaction;
}

const compare = (one: bigint, other: bigint): number => (one < other ? -1 : one > other ? 1 : 0);

/** A stream whose next row can be seen before it is taken. */
async function peekable<Row>(rows: AsyncGenerator<Row>) {
  const next = async (): Promise<Row | null> => {
    const { value, done } = await rows.next();
    return done ? null : value;
  };
  const state = {
    head: await next(),
    advance: async () => {
      state.head = await next();
    },
  };
  return state;
}
