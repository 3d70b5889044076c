import type { Row } from '@pika/tests';

/** Changes to the table's row that this rule alone refuses, and the nearest that it takes. */
export interface Rule {
  refused: readonly [Row, ...Row[]];
  taken: readonly [Row, ...Row[]];
}

export interface TableRules {
  /** A row that is taken. Inserted twice, it breaks the primary key. */
  row: Row;
  /** A trigger gives each row its key, so that none can be inserted twice. */
  isNumbered?: boolean;
  /** A trigger has written a row of this key already: it makes way for the one that is tried. */
  isGiven?: boolean;
  /** By the name of the CHECK, unique index or exclusion. */
  rules: Readonly<Record<string, Rule>>;
}

/** By schema and name of the table. */
export type Rules = Readonly<Record<string, TableRules>>;

/** The values of one column: those that are refused and those that are taken. */
export const column = (name: string, refused: readonly unknown[], taken: readonly unknown[]): Rule => ({
  refused: changesOf(name, refused),
  taken: changesOf(name, taken),
});

/** One case for each value. */
function changesOf(name: string, values: readonly unknown[]): [Row, ...Row[]] {
  const [first, ...rest] = values.map((value): Row => ({ [name]: value }));
  if (first === undefined) throw new Error(`${name} has no value to try`);
  return [first, ...rest];
}
