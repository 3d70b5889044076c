import { sql, type Db, type Sql } from './db.ts';

/** How many rows a write added or changed; rows that were already so are not counted. */
export interface Written {
  inserted: number;
  updated: number;
}

export interface UpsertTable {
  table: Sql;
  columns: Sql;
  /** The unique columns that decide whether a row is there; rows are written in their order. */
  key: Sql;
  /** What a row that is there takes over: a column, or a column and a value out of `t` (as it is) and `excluded`. */
  changes: readonly (Sql | readonly [column: Sql, value: Sql])[];
  /** Set where a row is added or changed; true unless said. */
  hasUpdatedAt?: boolean;
}

/**
 * Writes any number of rows with different keys in one statement: in key order, so that two at once cannot wait for each
 * other in a circle, and without touching rows that are already so. Fields are named as the columns are, in camelCase.
 */
export async function upsertRows(
  db: Db,
  { table, columns, key, changes, hasUpdatedAt = true }: UpsertTable,
  rows: readonly object[],
): Promise<Written> {
  const changed = changes.map((change) =>
    'strings' in change ? { column: change, value: sql`excluded.${change}` } : { column: change[0], value: change[1] },
  );
  const sets = changed.map(({ column, value }) => sql`${column} = ${value}`);
  const [stampColumn, stampValue, stampSet] = hasUpdatedAt
    ? [sql`, updated_at`, sql`, now()`, sql`, updated_at = now()`]
    : [sql``, sql``, sql``];
  const written = await db.$queryRaw<{ inserted: boolean }[]>(sql`
    INSERT INTO ${table} AS t (${columns}${stampColumn})
    SELECT ${columns}${stampValue} FROM jsonb_populate_recordset(NULL::${table}, ${JSON.stringify(rows.map(snakeCase))}::jsonb)
    ORDER BY ${key}
    ON CONFLICT (${key}) DO UPDATE SET ${listed(sets)}${stampSet}
    WHERE (${listed(changed.map(({ column }) => sql`t.${column}`))})
      IS DISTINCT FROM (${listed(changed.map(({ value }) => value))})
    RETURNING (xmax = 0) AS inserted`);
  // PostgreSQL says by `xmax = 0` whether a returned row was inserted.
  const inserted = written.filter((row) => row.inserted).length;
  return { inserted, updated: written.length - inserted };
}

const listed = (parts: readonly Sql[]): Sql => parts.reduce((all, part) => sql`${all}, ${part}`);

function snakeCase(row: object): object {
  const entries = Object.entries(row).map(([name, value]) => [
    name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  return Object.fromEntries(entries);
}
