import { z } from 'zod';
import { withConnection } from '../connection.ts';

const rootSchema = z.strictObject({
  version: z.literal(1),
  number: z.int().min(0),
  position: z.int().min(0),
  root: z.string().regex(/^[0-9a-f]{64}$/),
  sealedAt: z.iso.datetime({ offset: true }),
});

/** The end of the hash chain at one moment. Kept where the database cannot reach, it proves all that was sealed before. */
export type AuditRoot = z.output<typeof rootSchema>;

/** The file of roots holds what audit:root does not write; `message` is one sentence fit for a terminal. */
export class AuditRootError extends Error {
  override readonly name = 'AuditRootError';
}

/** The newest root of a sealed log. */
export function exportAuditRoot(url: string): Promise<AuditRoot> {
  return withConnection(url, async (client) => {
    const { rows } = await client.query<Omit<AuditRoot, 'version'>>(
      `SELECT number, last_position::double precision AS position, encode(root, 'hex') AS root,
         to_char(sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "sealedAt"
       FROM audit.seals ORDER BY number DESC LIMIT 1`,
    );
    const newest = rows[0];
    if (newest === undefined) throw new Error('audit.seals lacks its beginning');
    return { version: 1, ...newest };
  });
}

/** Reads what audit:root wrote: one root, or one on each line, in the order of their positions. */
export function parseAuditRoots(text: string): AuditRoot[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new AuditRootError('The file of roots is empty.');
  return lines
    .map((line, index) => {
      const root = rootSchema.safeParse(jsonOf(line));
      if (!root.success) throw new AuditRootError(`Line ${index + 1} of the file of roots is no root of audit:root.`);
      return root.data;
    })
    .toSorted((one, other) => one.position - other.position);
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
