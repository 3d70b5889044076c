import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createTestDatabase, isServer, type TestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const file = new URL('../../schema.sql', import.meta.url);
const pgDump = findPgDump();

/** A migration shows its effect in review: `UPDATE_SCHEMA=1 npm test -- schema-dump` writes the file anew. */
describe.skipIf(!isServer() || pgDump === null)('schema.sql (needs a server and pg_dump 15)', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.close());

  it('is what pg_dump says after all migrations', () => {
    const dumped = dump(pgDump ?? '', database.url);
    if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(file, dumped);
    expect(readFileSync(file, 'utf8')).toBe(dumped);
  });
});

/** Without the lines that differ between two dumps of the same schema. */
function dump(program: string, url: string): string {
  const options = ['--schema-only', '--no-owner', '--no-privileges', '--exclude-table=public._prisma_migrations'];
  return execFileSync(program, [...options, `--dbname=${url}`], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => !/^(\\(un)?restrict |-- Dumped )/.test(line))
    .join('\n');
}

function findPgDump(): string | null {
  for (const program of ['/usr/lib/postgresql/15/bin/pg_dump', 'pg_dump']) {
    try {
      if (/\) 15\./.test(execFileSync(program, ['--version'], { encoding: 'utf8' }))) return program;
    } catch {
      continue;
    }
  }
  return null;
}
