import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

export type MigrationTexts = { up: string; down?: string; data?: string };

export type MigrationFolder = {
  path: string;
  write: (name: string, texts: MigrationTexts) => void;
  remove: () => void;
};

/** A folder of migrations of the calling test's own. */
export function makeMigrationFolder(): MigrationFolder {
  const path = mkdtempSync(join(tmpdir(), 'pika-migrations-'));
  return {
    path,
    write(name, { up, down, data }) {
      mkdirSync(join(path, name), { recursive: true });
      writeFileSync(join(path, name, 'migration.sql'), up);
      if (down) writeFileSync(join(path, name, 'down.sql'), down);
      if (data) writeFileSync(join(path, name, 'data.sql'), data);
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

export async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  // Tests end backends on purpose.
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** The rows of one statement on a connection of its own. */
export async function query<Row extends object>(url: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = await connect(url);
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}
