/** Writes docs/schema.md from the catalogue; with --check it only says whether the file is current. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { withMigratedShadow } from '@pika/database/tooling';
import { readCatalogue } from './schema-docs/read-catalogue.ts';
import { writeMarkdown } from './schema-docs/write-markdown.ts';

const file = fileURLToPath(new URL('../../docs/schema.md', import.meta.url));
const { check } = parseArgs({ options: { check: { type: 'boolean' } } }).values;
const text = writeMarkdown(await withMigratedShadow(console.log, readCatalogue));

if (!check) {
  writeFileSync(file, text);
  console.log('Wrote docs/schema.md');
} else if (readFileSync(file, 'utf8') === text) {
  console.log('docs/schema.md is current.');
} else {
  console.error('docs/schema.md is stale: run npm run schema:docs');
  process.exitCode = 1;
}
