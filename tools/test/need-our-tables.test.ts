import { emptyDatabase } from '@pika/database/tooling';
import { createTestDatabase } from '@pika/tests';
import { expect, it } from 'vitest';
import { run } from './run-command.ts';

it.each(['audit-root', 'audit-verify', 'rotate-keys'])(
  '%s says of a database without our tables what makes them',
  { timeout: 60_000 },
  async (tool) => {
    const database = await createTestDatabase();
    await emptyDatabase(database.url);
    try {
      expect(await run(`tools/src/${tool}.ts`, '', database.url)).toEqual({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(
          /^The database waits for \d+ migration\(s\) \(PostgreSQL at .+\); npm start applies them, or npx nx run .+\n$/,
        ),
      });
    } finally {
      await database.close();
    }
  },
);
