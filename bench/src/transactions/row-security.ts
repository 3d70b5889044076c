import type pg from 'pg';
import { unaudited } from './audit.ts';
import type { Comparison, Side } from './comparison.ts';
import type { Sessions, Statement } from './session.ts';
import {
  claimById,
  claimList,
  insertCampaign,
  insertSpecialDay,
  updateCampaign,
  voucherById,
  voucherList,
} from './statements.ts';

const sideOf = (sessions: Sessions, statement: Statement, role: 'pika_app' | 'none'): Side => ({
  label: role === 'none' ? 'superuser, who bypasses the policies' : role,
  prepare: (lanes) => sessions.become(lanes, role),
  send: (lane) => sessions.query(lane, statement),
});

export function rowSecurityComparisons(admin: pg.Pool, sessions: Sessions): Comparison[] {
  const line = (what: string, explained: string, statement: Statement): Comparison => ({
    section: 'Row level security on a write',
    what,
    explained,
    without: sideOf(sessions, statement, 'none'),
    with: sideOf(sessions, statement, 'pika_app'),
  });
  const audited = line('INSERT of a campaign', 'The policy compares one column with the context.', insertCampaign);
  const table = 'marketplace.campaigns';
  return [
    audited,
    {
      ...audited,
      what: 'INSERT of a campaign, not audited',
      explained: 'The same with audit_row disabled on both sides: the policy alone.',
      without: unaudited(admin, table, audited.without),
      with: unaudited(admin, table, audited.with),
    },
    line('UPDATE of a campaign', 'The row must pass the policies of SELECT and UPDATE.', updateCampaign),
    line(
      'INSERT of a special day',
      'The policy looks up whose branch it is, under that table’s policy.',
      insertSpecialDay,
    ),
  ];
}

export function readComparisons(sessions: Sessions): Comparison[] {
  const line = (what: string, explained: string, statement: Statement): Comparison => ({
    section: 'Row level security on a read',
    what,
    explained,
    without: sideOf(sessions, statement, 'none'),
    with: sideOf(sessions, statement, 'pika_app'),
  });
  return [
    line('one’s own claim by id', 'The policy: mine, or of a voucher of my business.', claimById),
    line('20 of one’s own claims', 'By user, in the order of their ids.', claimList),
    line('a voucher of one’s own business by id', 'The policy: published, or of my business.', voucherById),
    line('20 vouchers of one’s own business', 'By business, in the order of their ids.', voucherList),
  ];
}
