import { fileURLToPath } from 'node:url';
import { defineConfig } from 'prisma/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= here('./bin/schema-engine.mjs');
process.env['PRISMA_HIDE_UPDATE_MESSAGE'] ??= '1';
process.env['CHECKPOINT_DISABLE'] ??= '1';

const url = process.env['DATABASE_URL'];
const shadowDatabaseUrl = process.env['SHADOW_DATABASE_URL'];

export default defineConfig({
  schema: here('./prisma/schema'),
  migrations: { path: here('./prisma/migrations') },
  datasource: { ...(url ? { url } : {}), ...(shadowDatabaseUrl ? { shadowDatabaseUrl } : {}) },
});
