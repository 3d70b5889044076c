import { openMemoryEngine } from '../engine/open-engine.ts';
import { databaseUrl } from '../url.ts';
import { runPrisma } from './run-prisma.ts';

export type Side = 'migrations' | 'schema' | 'database';

const FROM = {
  migrations: ['--from-migrations', 'prisma/migrations'],
  schema: ['--from-schema', 'prisma/schema'],
  database: ['--from-config-datasource'],
};
const TO = {
  migrations: ['--to-migrations', 'prisma/migrations'],
  schema: ['--to-schema', 'prisma/schema'],
  database: ['--to-config-datasource'],
};

/** The statements that lead from one state of the tables to the other; '' when they are equal. */
export async function schemaDiff(from: Side, to: Side, environment: Record<string, string>): Promise<string> {
  const args = ['migrate', 'diff', ...FROM[from], ...TO[to], '--script', '--exit-code'];
  const { code, output } = await runPrisma(args, environment, { capture: true });
  if (code === 0) return '';
  if (code === 2) return output.replace(/^Loaded Prisma config.*\n*/, '').trim();
  throw new Error(`prisma migrate diff failed:\n${output.trim()}`);
}

/**
 * A database in which Prisma may replay the migrations. A server makes its own unless SHADOW_DATABASE_URL
 * names one. On the embedded engine every name is the same database, so it must be a second engine.
 */
export async function withShadow<T>(work: (environment: Record<string, string>) => Promise<T>): Promise<T> {
  const url = databaseUrl();
  if (url) return work({ DATABASE_URL: url });
  const shadow = await openMemoryEngine();
  try {
    return await work({ DATABASE_URL: shadow.url, SHADOW_DATABASE_URL: shadow.url });
  } finally {
    await shadow.stop();
  }
}
