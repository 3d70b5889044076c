import { classifyDatabaseError } from '@pika/database';
import type { OpenTestDatabase, Random } from '@pika/tests';
import { languageEdits, placeEdits, textEdits, treeEdits, voucherEdits, type Edit } from './edits.ts';
import { ormEdits } from './orm-edits.ts';
import { readPools, type Connection } from './pools.ts';

/** Edits by how often they are wanted; a language changes everything, so it seldom does. */
const bags: readonly (readonly [share: number, edits: Readonly<Record<string, Edit>>])[] = [
  [0.4, voucherEdits],
  [0.25, textEdits],
  [0.2, placeEdits],
  [0.1, treeEdits],
  [0.05, languageEdits],
];

export function pickEdit(random: Random): [name: string, edit: Edit] {
  let luck = random.next();
  const bag = bags.find(([share]) => (luck -= share) < 0)?.[1] ?? voucherEdits;
  return random.pick(Object.entries(bag));
}

/** Every kind of edit there is. */
export const editNames = (): string[] =>
  [...bags.map(([, edits]) => edits), ormEdits].flatMap((edits) => Object.keys(edits));

/** How often each kind of edit was done, refused by a constraint, or rolled back. */
export type Tally = Map<string, { done: number; refused: number; rolledBack: number }>;

export function count(tally: Tally, name: string, outcome: 'done' | 'refused' | 'rolledBack'): void {
  const known = tally.get(name) ?? { done: 0, refused: 0, rolledBack: 0 };
  known[outcome]++;
  tally.set(name, known);
}

/** A constraint said no (class 23), or Prisma found no row to write. */
export function isRefusal(error: unknown): boolean {
  return ['duplicate', 'foreignKey', 'check', 'notFound'].includes(classifyDatabaseError(error).kind);
}

/** Some edits by SQL in one transaction, each after a savepoint; sometimes all are rolled back. Says what was done. */
export async function sqlBatch(db: Connection, random: Random, tally: Tally, editsMax = 7): Promise<string[]> {
  const isLost = random.chance(0.12);
  const names: string[] = [];
  await db.query('BEGIN');
  for (let left = random.integer(1, editsMax); left > 0; left--) {
    const [name, edit] = pickEdit(random);
    const pools = await readPools(db);
    await db.query('SAVEPOINT edit');
    try {
      await edit(db, random, pools);
      names.push(name);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await db.query('ROLLBACK TO SAVEPOINT edit');
      count(tally, name, 'refused');
    }
  }
  await db.query(isLost ? 'ROLLBACK' : 'COMMIT');
  for (const name of names) count(tally, name, isLost ? 'rolledBack' : 'done');
  return isLost ? ['(rolled back)'] : names;
}

/** Some edits by Prisma in one transaction; a refusal loses all of them. */
export async function ormBatch({ asOwner, pool }: OpenTestDatabase, random: Random, tally: Tally): Promise<string[]> {
  const edits = Array.from({ length: random.integer(1, 3) }, () => random.pick(Object.entries(ormEdits)));
  const pools = await readPools(pool);
  try {
    await asOwner(async (db) => {
      for (const [, edit] of edits) await edit(db, random, pools);
    });
    for (const [name] of edits) count(tally, name, 'done');
    return edits.map(([name]) => name);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    for (const [name] of edits) count(tally, name, 'refused');
    return ['(refused)'];
  }
}
