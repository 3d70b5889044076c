import { Prisma } from './generated/client.ts';

/** A statement whose values travel beside its text; made by {@link sql} alone. */
export interface Sql {
  readonly strings: string[];
  readonly values: unknown[];
  /** With ? for the values. */
  readonly sql: string;
  /** With :1, :2 … */
  readonly statement: string;
  /** With $1, $2 … as PostgreSQL reads it. */
  readonly text: string;
  inspect(): { sql: string; statement: string; text: string; values: unknown[] };
}

/** sql`SELECT … WHERE id = ${id}::uuid`: every value becomes a parameter, a nested statement becomes a part of it. */
export const sql: (strings: TemplateStringsArray, ...values: readonly unknown[]) => Sql = Prisma.sql;

/** What a query function takes: the reading side of the database, or a transaction. */
export interface Db {
  $queryRaw<Rows>(statement: Sql): Promise<Rows>;
  /** How many rows the statement touched. */
  $executeRaw(statement: Sql): Promise<number>;
}
