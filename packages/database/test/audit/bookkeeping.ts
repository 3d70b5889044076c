import { sql } from '@pika/database';

/** Writes of audited tables, counted by PostgreSQL's own statistics of the running transaction: no trigger is asked. */
export type Counts = Map<string, number>;

export interface StatisticsRow {
  table: string;
  inserted: number;
  updated: number;
  deleted: number;
}

export const statisticsQuery = sql`
  SELECT s.schemaname || '.' || s.relname AS "table", s.n_tup_ins::int AS inserted, s.n_tup_upd::int AS updated,
    s.n_tup_del::int AS deleted
  FROM pg_stat_xact_user_tables s JOIN audit.audited_tables() a ON a.table_name = s.schemaname || '.' || s.relname`;

export function countsOf(rows: readonly StatisticsRow[]): Counts {
  const counts: Counts = new Map();
  for (const { table, inserted, updated, deleted } of rows) {
    counts.set(`${table} insert`, inserted);
    counts.set(`${table} update`, updated);
    counts.set(`${table} delete`, deleted);
  }
  return counts;
}

/** What was counted since, where it is not nothing. */
export function minus(counts: Counts, before: Counts): Counts {
  const keys = new Set([...counts.keys(), ...before.keys()]);
  const rest = [...keys].map((key) => [key, (counts.get(key) ?? 0) - (before.get(key) ?? 0)] as const);
  return new Map(rest.filter(([, number]) => number !== 0));
}

export const plus = (one: Counts, other: Counts): Counts =>
  minus(one, new Map([...other].map(([key, number]) => [key, -number])));

/** What the log should hold of one committed transaction. */
export interface Expected {
  actor: string;
  transactionId: string | null;
  counts: Counts;
}
