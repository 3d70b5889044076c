import type { Client } from 'pg';
import { insertRows } from '@pika/tests';
import { party, type Party, type TableRows } from './rows.ts';

export const roles = ['app', 'public', 'support', 'auditor'] as const;
export type Role = (typeof roles)[number];
export const verbs = ['select', 'insert', 'update', 'delete'] as const;
export type Verb = (typeof verbs)[number];
/** `own`: a party with its own row; `other`: with the other party's; `anonymous`: nobody with a party's row. */
export const contexts = ['own', 'other', 'anonymous'] as const;
export type Context = (typeof contexts)[number];

/** For each role its allowed cells, as "select:own,other insert:own"; "all" stands for every context. */
export type Access = Partial<Record<Role, string>>;

export type Expectation = Access & {
  /** Why no policy guards the table. */
  ownerless?: string;
};

const [first, second] = [party(1), party(2)];

/** Tries every cell of a table that policies guard; the connection must be able to take every role. */
export async function tryTable(client: Client, rows: TableRows): Promise<Access> {
  return collect(async (role, verb, context) => {
    await client.query('BEGIN');
    try {
      await enter(client, role, context === 'anonymous' ? null : first);
      return await tryCell(client, rows, verb, context === 'other' ? second : first);
    } finally {
      await client.query('ROLLBACK');
    }
  });
}

/** What the grants alone say of a table without policies. */
export async function readGrants(client: Client, table: string): Promise<Access> {
  return collect(async (role, verb) => {
    const { rows } = await client.query<{ allowed: boolean }>(
      `SELECT has_schema_privilege($1, split_part($2, '.', 1), 'USAGE') AND has_table_privilege($1, $2, $3) AS allowed`,
      [`pika_${role}`, table, verb],
    );
    return rows[0]?.allowed ?? false;
  });
}

async function collect(isAllowed: (role: Role, verb: Verb, context: Context) => Promise<boolean>): Promise<Access> {
  const access: Access = {};
  for (const role of roles) {
    const words: string[] = [];
    for (const verb of verbs) {
      const allowed: Context[] = [];
      for (const context of contexts) if (await isAllowed(role, verb, context)) allowed.push(context);
      if (allowed.length > 0) words.push(`${verb}:${allowed.length === contexts.length ? 'all' : allowed.join(',')}`);
    }
    if (words.length > 0) access[role] = words.join(' ');
  }
  return access;
}

export async function enter(client: Client, role: Role, as: Party | null): Promise<void> {
  await client.query(
    `SELECT set_config('app.user_id', $1, true), set_config('app.business_id', $2, true),
       set_config('app.actor', $3, true), set_config('app.roles', $4, true), set_config('role', $5, true)`,
    [
      as?.userId ?? '',
      as?.businessId ?? '',
      as === null ? 'anonymous' : `user:${as.userId}`,
      role === 'support' ? 'support' : '',
      `pika_${role}`,
    ],
  );
}

/** Allowed means that a row was reached; what a constraint refuses has passed the policies. */
async function tryCell(client: Client, { table, row, touch }: TableRows, verb: Verb, of: Party): Promise<boolean> {
  const [where, key] = await keyOf(client, table, row(of, false));
  try {
    if (verb === 'insert') {
      await insertRows(client, table, [row(of, true)]);
      return true;
    }
    const text = {
      select: `SELECT ${Object.keys(row(of, false))[0]} FROM ${table} WHERE ${where}`,
      update: `UPDATE ${table} SET ${touch} = ${touch} WHERE ${where}`,
      delete: `DELETE FROM ${table} WHERE ${where}`,
    }[verb];
    const { rowCount } = await client.query(text, key);
    return (rowCount ?? 0) > 0;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === '42501') return false;
    if (code === '23503' || code === '23505' || code === '23514') return true;
    throw error;
  }
}

const keys = new Map<string, string[]>();

async function keyOf(
  client: Client,
  table: string,
  row: Readonly<Record<string, unknown>>,
): Promise<[string, unknown[]]> {
  let columns = keys.get(table);
  if (columns === undefined) {
    const { rows } = await client.query<{ name: string }>(
      `SELECT a.attname AS name FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
       WHERE i.indrelid = $1::regclass AND i.indisprimary ORDER BY a.attnum`,
      [table],
    );
    columns = rows.map(({ name }) => name);
    keys.set(table, columns);
  }
  return [columns.map((column, index) => `${column} = $${index + 1}`).join(' AND '), columns.map((name) => row[name])];
}
