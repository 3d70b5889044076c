import { listMigrations, type Migration } from '@pika/database/tooling';
import { describe, expect, it } from 'vitest';
import { readConcurrentIndex } from '../../src/migrate/concurrent-index.ts';

/** A script of one transaction, or a concurrent index; both say how long a lock may be waited for, before anything else. */
function statesLockTimeout(name: string, sql: string): boolean {
  return readConcurrentIndex(name, sql) !== null || /^(--[^\n]*\n|\s)*SET LOCAL lock_timeout = '\d+m?s';\n/.test(sql);
}

const scripts = listMigrations().flatMap(({ name, up, down }: Migration) => [
  { script: `${name}/migration.sql`, name, sql: up },
  { script: `${name}/down.sql`, name, sql: down ?? '' },
]);

describe('every script of the history', () => {
  it.each(scripts)('$script states its lock_timeout first', ({ name, sql }) => {
    expect(statesLockTimeout(name, sql)).toBe(true);
  });

  it.each(scripts)('$script is one transaction or one concurrent index', ({ name, sql }) => {
    const concurrent = readConcurrentIndex(name, sql);
    expect(concurrent === null ? /\bINDEX CONCURRENTLY\b/i.test(sql.replaceAll(/--.*/g, '')) : false).toBe(false);
  });
});

it('notices a script without one', () => {
  expect(statesLockTimeout('x', 'CREATE TABLE a (id int);')).toBe(false);
  expect(statesLockTimeout('x', "CREATE TABLE a (id int);\nSET LOCAL lock_timeout = '5s';\n")).toBe(false);
  expect(statesLockTimeout('x', "SET lock_timeout = '5s';\nCREATE TABLE a (id int);")).toBe(false);
  expect(statesLockTimeout('x', "SET LOCAL lock_timeout = '0';\nCREATE TABLE a (id int);")).toBe(false);
});
