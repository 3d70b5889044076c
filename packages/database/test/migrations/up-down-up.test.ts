import { deployMigrations, listMigrations, rollbackMigrations } from '@pika/database/tooling';
import { createTestDatabase, requireServer, type TestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { query } from './migration-folder.ts';
import { findPgDump, type Dump } from './pg-dump.ts';

const names = listMigrations().map((migration) => migration.name);

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database?.close());

/** The text of the whole schema, owners and privileges included. */
async function requireDump(context: TestContext): Promise<Dump> {
  requireServer(context);
  const found = await findPgDump(database.url);
  if (found === null) return context.skip('skipped: there is no pg_dump of the version of this server');
  return found.dump;
}

const deployTo = (to: string) => deployMigrations(database.url, undefined, { to });
const undo = (steps: number) => rollbackMigrations(database.url, (_name, undone) => undone === steps);

describe('the dumped schema', () => {
  it('is the same after the whole history was undone and applied again', async (context) => {
    const dump = await requireDump(context);
    const migrated = dump();
    expect(migrated).toContain('CREATE TABLE i18n.translations');
    expect(migrated).toContain('OWNER TO');
    expect(await undo(names.length)).toEqual(names.toReversed());
    const empty = dump();
    expect(empty).not.toContain('CREATE TABLE');
    expect(await deployMigrations(database.url)).toEqual(names);
    expect(dump()).toBe(migrated);
    await undo(names.length);
    expect(dump()).toBe(empty);
  });

  it(
    'is after every migration and its way back what it was before, and the same when it is applied again',
    async (context) => {
      const dump = await requireDump(context);
      await undo(names.length);
      let before = dump();
      for (const name of names) {
        expect(await deployTo(name)).toEqual([name]);
        const after = dump();
        await undo(1);
        expect(dump(), `after the way back of ${name}`).toBe(before);
        await deployTo(name);
        expect(dump(), `after ${name} was applied again`).toBe(after);
        before = after;
      }
    },
    names.length * 3_000,
  );

  it('differs by a privilege, an owner, a policy and a comment alone', async (context) => {
    const dump = await requireDump(context);
    await deployMigrations(database.url);
    let before = dump();
    for (const statement of [
      'GRANT SELECT ON i18n.translations TO PUBLIC',
      'ALTER TABLE i18n.translations OWNER TO pg_database_owner',
      'CREATE POLICY everything ON i18n.translations USING (true)',
      `COMMENT ON TABLE i18n.translations IS 'something else'`,
    ]) {
      await query(database.url, statement);
      const after = dump();
      expect(after, statement).not.toBe(before);
      before = after;
    }
  });
});
