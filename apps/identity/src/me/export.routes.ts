import { callerContext, inTransaction, type Database } from '@pika/database';
import { route, sharedProblems, type Route } from '@pika/shared';
import type { AccountKeys } from '../account-keys.ts';
import { getOwnEmail } from '../account/account.repository.ts';
import { emailHash } from '../login/email-hash.ts';
import { mapExport } from './export.mapper.ts';
import { listOwnHistory, listOwnRows } from './export.repository.ts';
import { exportAnswer } from './export.schemas.ts';

export interface ExportDeps {
  database: Database;
  keys: Pick<AccountKeys, 'loginEmail'>;
  now: () => Date;
  /** Of one section. */
  exportRowsMax?: number;
}

export function exportRoutes({ database, keys, now, exportRowsMax: rowsMax = 10_000 }: ExportDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/me/export',
      operationId: 'exportPersonalData',
      tags: ['Me'],
      summary: 'Everything that is held about me, as one JSON',
      description:
        'With what was done to it, by whomever. Secrets are left out, and so is what I did at the counter as staff: that is ' +
        `about others. At most ${rowsMax} rows of each section, the latest.`,
      access: 'authenticated',
      impersonated: false,
      responses: {
        200: {
          description: 'Everything.',
          content: { 'application/json': exportAnswer },
          headers: { 'Content-Disposition': 'A name for the file.' },
        },
      },
      problems: [sharedProblems['access.denied'].code],
      handler: async ({ caller, requestId, clientAddress }) => {
        const exportedAt = now();
        const [rows, history] = await inTransaction(
          database,
          callerContext(caller, { requestId, clientAddress }),
          async (tx) => {
            const hash = emailHash(keys, await getOwnEmail(tx, caller.userId));
            return [await listOwnRows(tx, rowsMax + 1, hash), await listOwnHistory(tx, rowsMax + 1)] as const;
          },
          { isolation: 'RepeatableRead' },
        );
        return {
          body: mapExport(rows, history, { rowsMax, exportedAt }),
          cacheControl: 'no-store',
          headers: { 'Content-Disposition': 'attachment; filename="pika-data.json"' },
        };
      },
    }),
  ];
}
