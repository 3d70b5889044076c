import { lockVersion, sql, type Transaction } from '@pika/database';
import { etagOfVersion, matchesVersion, Problem } from '@pika/shared';
import { openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let test: OpenTestDatabase;

beforeAll(async () => {
  test = await openTestDatabase();
  await test.pool.query(`
    CREATE SCHEMA trial;
    CREATE TABLE trial.notes (id int PRIMARY KEY, version int NOT NULL DEFAULT 1, text text NOT NULL DEFAULT '');
    INSERT INTO trial.notes VALUES (1), (2);
    GRANT USAGE ON SCHEMA trial TO pika_owner;
    GRANT ALL ON trial.notes TO pika_owner`);
});

afterAll(() => test?.close());

const change = (id: number, text: string, ifMatch: string | undefined) =>
  test.asOwner(async (tx: Transaction) => {
    const version = await lockVersion(tx, sql`SELECT version FROM trial.notes WHERE id = ${id} FOR UPDATE`, ifMatch);
    await tx.$executeRaw(sql`UPDATE trial.notes SET text = ${text}, version = version + 1 WHERE id = ${id}`);
    return etagOfVersion(version + 1);
  });

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? `${error.status} ${error.code}` : String(error)),
  );

describe('If-Match', () => {
  it.each([
    [undefined, true],
    ['*', true],
    ['"v7"', true],
    ['"v6", "v7"', true],
    ['"v6"', false],
    ['W/"v7"', false],
    ['7', false],
    ['', false],
    ['"v77"', false],
    ['"a,b" , "v7"', true],
    ['"v7', false],
    ['"x" "v7"', false],
  ])('%s against version 7: %s', (ifMatch, expected) => {
    expect(matchesVersion(ifMatch, 7)).toBe(expected);
  });
});

describe('a change', () => {
  it('passes at the version that was read, and not at one before', async () => {
    expect(await change(1, 'a', '"v1"')).toBe('"v2"');
    expect(await codeOf(change(1, 'b', '"v1"'))).toBe('412 record.changed');
    expect(await change(1, 'c', '"v2"')).toBe('"v3"');
    expect((await test.pool.query('SELECT text, version FROM trial.notes WHERE id = 1')).rows).toEqual([
      { text: 'c', version: 3 },
    ]);
  });

  it('of nothing is told as that, whatever version was meant', async () => {
    expect(await codeOf(change(99, 'x', '"v1"'))).toBe('404 record.notFound');
  });

  it('of ten who read the same version passes once', async () => {
    const codes = await Promise.all(Array.from({ length: 10 }, (_, writer) => codeOf(change(2, `w${writer}`, '"v1"'))));
    expect(codes.toSorted()).toEqual([...Array.from({ length: 9 }, () => '412 record.changed'), 'done']);
    expect((await test.pool.query('SELECT version FROM trial.notes WHERE id = 2')).rows).toEqual([{ version: 2 }]);
  });
});
