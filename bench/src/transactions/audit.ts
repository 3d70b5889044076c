import type pg from 'pg';
import type { Comparison, Side } from './comparison.ts';
import type { Sessions, Statement } from './session.ts';
import { bulkRows, insertAddress, insertCampaign, insertManyDays, updateCampaign } from './statements.ts';

const off = (table: string): string => `ALTER TABLE ${table} DISABLE TRIGGER audit_row`;
const on = (table: string): string => `ALTER TABLE ${table} ENABLE ALWAYS TRIGGER audit_row`;

/** A side whose slot runs without the row trigger of the audit on one table. */
export function unaudited(admin: pg.Pool, table: string, side: Side): Side {
  return {
    ...side,
    async prepare(lanes) {
      await side.prepare?.(lanes);
      await admin.query(off(table));
    },
    async restore() {
      await admin.query(on(table));
      await side.restore?.();
    },
  };
}

export function auditComparisons(admin: pg.Pool, sessions: Sessions): Comparison[] {
  const line = (what: string, explained: string, table: string, statement: Statement, restore?: Side['restore']) => {
    const side: Side = {
      label: 'audited',
      prepare: (lanes) => sessions.become(lanes, 'pika_app'),
      send: (lane) => sessions.query(lane, statement),
      ...(restore === undefined ? {} : { restore }),
    };
    const without = { ...unaudited(admin, table, side), label: 'audit_row disabled' };
    return { section: 'Audit', what, explained, without, with: side };
  };
  const emptyDays = async (): Promise<void> => {
    await admin.query('ALTER TABLE business.special_days DISABLE TRIGGER audit_truncate');
    await admin.query('TRUNCATE business.special_days');
    await admin.query('ALTER TABLE business.special_days ENABLE ALWAYS TRIGGER audit_truncate');
  };
  return [
    line('INSERT of a campaign', 'One row, no secret or personal column.', 'marketplace.campaigns', insertCampaign),
    line('UPDATE of a campaign', 'One column of one row by its id.', 'marketplace.campaigns', updateCampaign),
    line(
      'INSERT of an address',
      'One row whose personal columns the log seals with its person’s key.',
      'users.addresses',
      insertAddress,
    ),
    line(
      `INSERT of ${bulkRows.toLocaleString('en')} special days`,
      'One statement; the table is emptied after each slot.',
      'business.special_days',
      insertManyDays,
      emptyDays,
    ),
  ];
}
