import { fileURLToPath } from 'node:url';

const fromPackage = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

export const packageFolder = fromPackage('.');
export const repositoryFolder = fromPackage('../..');
export const schemaFolder = fromPackage('prisma/schema');
export const migrationsFolder = fromPackage('prisma/migrations');
export const sqlFolder = fromPackage('sql');
export const schemaEngine = fromPackage('bin/schema-engine.mjs');
export const cacheFolder = fromPackage('../../node_modules/.cache/pika');
