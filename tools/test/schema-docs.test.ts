import { readFileSync } from 'node:fs';
import { createTestDatabase, type TestDatabase } from '@pika/tests';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readCatalogue } from '../src/schema-docs/read-catalogue.ts';
import { writeMarkdown } from '../src/schema-docs/write-markdown.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database?.close());

const write = async () => writeMarkdown(await readCatalogue(database.url));

it('writes docs/schema.md, the same from every database', async () => {
  expect(await write()).toBe(readFileSync(new URL('../../docs/schema.md', import.meta.url), 'utf8'));
});

it('writes all that a reader wants to know of a table, and nothing of partitions and extensions', async () => {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(`
    CREATE SCHEMA notes;
    COMMENT ON SCHEMA notes IS 'What people write down';
    CREATE TYPE notes.mood AS ENUM ('glad', 'sad');
    COMMENT ON TYPE notes.mood IS 'How it reads.';
    CREATE TABLE notes.notes (
      id uuid, day date NOT NULL, text text DEFAULT 'a | b' CONSTRAINT notes_text_form CHECK (text <> 'x|y'),
      business_id uuid CONSTRAINT notes_business_id_fkey REFERENCES business.businesses ON DELETE CASCADE,
      CONSTRAINT notes_pkey PRIMARY KEY (id, day)
    ) PARTITION BY RANGE (day);
    CREATE TABLE notes.notes_default PARTITION OF notes.notes DEFAULT;
    COMMENT ON TABLE notes.notes IS 'One thought';
    COMMENT ON COLUMN notes.notes.text IS 'Words.';
    CREATE INDEX notes_business_id_idx ON notes.notes (business_id) WHERE business_id IS NOT NULL;
    CREATE TABLE notes.pins (note uuid, day date, CONSTRAINT pins_pkey PRIMARY KEY (note, day),
      CONSTRAINT pins_note_fkey FOREIGN KEY (note, day) REFERENCES notes.notes (id, day));
    ALTER TABLE notes.pins ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY pins_read ON notes.pins FOR SELECT TO PUBLIC USING (day > '2026-01-01');
    CREATE TRIGGER pins_touched BEFORE UPDATE ON notes.pins FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();`);
  const text = await write();
  await client.query('DROP SCHEMA notes CASCADE');
  await client.end();
  const part = /## notes\n[\s\S]*?(?=\n## )/.exec(text)?.[0] ?? '';
  for (const line of [
    'What people write down.\n',
    'erDiagram\n  notes {\n    uuid id PK\n    date day PK\n    uuid business_id FK\n  }\n',
    '  business_businesses["business.businesses"]\n',
    '  notes }o--o| business_businesses : business_id\n',
    '  pins |o--|| notes : note_day\n',
    '### notes.notes\n\nOne thought. Partitioned by RANGE (day).\n',
    "| `text` | text | yes |  | `'a \\| b'::text` | Words. |\n",
    '| `business_id` | uuid | yes | → business.businesses, on delete cascade |  |  |\n',
    "- `notes_text_form`: `CHECK ((text <> 'x|y'::text))`\n",
    '- `notes_business_id_idx`: `btree (business_id) WHERE (business_id IS NOT NULL)`\n',
    '### notes.pins\n\nRow-level security is forced.\n',
    "| `pins_read` | select | public | `(day > '2026-01-01'::date)` |  |\n",
    '- `pins_touched`: `BEFORE UPDATE FOR EACH ROW suppress_redundant_updates_trigger()`\n',
    '| `notes.mood` | `glad`, `sad` | How it reads. |',
  ]) {
    expect(part).toContain(line);
  }
  expect(text).not.toContain('notes_default');
  expect(text).not.toMatch(/spatial_ref_sys|_prisma_migrations/);
});
