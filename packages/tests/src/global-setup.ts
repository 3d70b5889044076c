import { databaseUrl, ensureTemplate } from '@pika/database/tooling';
import type { TestProject } from 'vitest/node';
import { chooseDatabaseKind, findPostgresBinaries, type DatabaseKind } from './kind.ts';
import type { TestDatabaseSource } from './provided.ts';
import { startLocalCluster } from './local-cluster.ts';
import { ensureTemplateDatabase } from './server-databases.ts';

const IMAGE = 'postgis/postgis:15-3.5-alpine';

type Running = { kind: Exclude<DatabaseKind, 'embedded'>; adminUrl: string; stop: () => Promise<void> };

/** vitest's globalSetup: one PostgreSQL for the whole run, gone at its end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const running = await start(await chooseDatabaseKind());
  try {
    const source: TestDatabaseSource = running
      ? { kind: running.kind, adminUrl: running.adminUrl, template: await ensureTemplateDatabase(running.adminUrl) }
      : { kind: 'embedded', template: await ensureTemplate(say) };
    project.provide('pikaTestDatabase', source);
  } catch (error) {
    await running?.stop();
    throw error;
  }
  return async () => running?.stop();
}

const say = (text: string) => console.log(`[test database] ${text}`);

/** Null stands for the embedded engine. */
async function start(kind: DatabaseKind): Promise<Running | null> {
  if (kind === 'server') {
    const adminUrl = process.env['TEST_DATABASE_URL']!;
    if (adminUrl === databaseUrl()) throw new Error('TEST_DATABASE_URL and DATABASE_URL name the same database.');
    say('TEST_DATABASE_URL');
    return { kind, adminUrl, stop: async () => {} };
  }
  if (kind === 'docker') {
    try {
      const running = await startContainer();
      say(`a container of ${IMAGE}`);
      return running;
    } catch (error) {
      if (process.env['PIKA_TEST_DATABASE']) throw error;
      say(`no container (${error instanceof Error ? error.message : String(error)})`);
      return start(findPostgresBinaries() ? 'local' : 'embedded');
    }
  }
  if (kind === 'local') {
    const { url, stop } = await startLocalCluster();
    say(`local PostgreSQL of ${findPostgresBinaries()}, in a temporary folder`);
    return { kind, adminUrl: url, stop };
  }
  say('the embedded engine: skips what needs a server (statement timeouts, transactions side by side)');
  return null;
}

async function startContainer(): Promise<Running> {
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const container = await new PostgreSqlContainer(IMAGE)
    .withCommand(['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'max_connections=300'])
    .start();
  return {
    kind: 'docker',
    adminUrl: container.getConnectionUri(),
    stop: async () => {
      await container.stop();
    },
  };
}
