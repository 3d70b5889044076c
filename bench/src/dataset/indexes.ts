import type pg from 'pg';

/** An index taken away for a bulk load, and the statement that brings it back. */
export interface DroppedIndex {
  name: string;
  create: string;
}

/**
 * Drops the indexes of some tables and says how to make them again. Keys that a foreign key of another table needs
 * stay where they are.
 */
export async function dropIndexes(client: pg.ClientBase, tables: readonly string[]): Promise<DroppedIndex[]> {
  const { rows } = await client.query<{ name: string; create: string; drop: string }>(
    `SELECT index.relname AS name,
      CASE WHEN c.oid IS NULL THEN pg_get_indexdef(i.indexrelid)
        ELSE format('ALTER TABLE %s ADD CONSTRAINT %I %s', i.indrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) END AS create,
      CASE WHEN c.oid IS NULL THEN format('DROP INDEX %s', i.indexrelid::regclass)
        ELSE format('ALTER TABLE %s DROP CONSTRAINT %I', i.indrelid::regclass, c.conname) END AS drop
    FROM pg_index i
    JOIN pg_class index ON index.oid = i.indexrelid
    LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x')
    WHERE i.indrelid = ANY ($1::regclass[])
      AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.conindid = i.indexrelid AND f.contype = 'f')
    ORDER BY c.oid IS NULL, index.relname`,
    [tables],
  );
  for (const row of rows) await client.query(row.drop);
  return rows.map(({ name, create }) => ({ name, create }));
}
