import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { migrationsFolder } from './paths.ts';

export type Migration = {
  name: string;
  /** The text of migration.sql. */
  up: string;
  /** The text of down.sql; null when there is none. */
  down: string | null;
  /** The text of data.sql, which is run in batches after `up`; null when there is none. */
  data: string | null;
  /** SHA-256 of migration.sql, as Prisma keeps it. */
  checksum: string;
};

/** Every migration, oldest first. */
export function listMigrations(folder = migrationsFolder): Migration[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'migration.sql')))
    .map((entry) => entry.name)
    .toSorted()
    .map((name) => {
      const up = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
      return {
        name,
        up,
        down: readIfThere(join(folder, name, 'down.sql')),
        data: readIfThere(join(folder, name, 'data.sql')),
        checksum: createHash('sha256').update(up).digest('hex'),
      };
    });
}

const readIfThere = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : null);

/** Changes whenever a database made from these migrations by this engine would be another. */
export function migrationsHash(folder = migrationsFolder): string {
  const hash = createHash('sha256').update(engineVersion());
  for (const { name, checksum, data } of listMigrations(folder)) hash.update(`${name} ${checksum} ${data ?? ''}\n`);
  return hash.digest('hex').slice(0, 16);
}

function engineVersion(): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const description: { version: string } = JSON.parse(readFileSync(join(dirname(entry), '../package.json'), 'utf8'));
  return description.version;
}
