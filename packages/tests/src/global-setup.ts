import { databaseUrl, ensureTemplate } from '@pika/database/tooling';
import type { TestProject } from 'vitest/node';
import { chooseDatabaseKind, findPostgresBinaries, type DatabaseKind } from './kind.ts';
import { startLocalCluster } from './local-cluster.ts';
import { ensureTemplateDatabase } from './server-databases.ts';

/** What the test files need to make databases of their own. */
export type TestDatabaseSource =
  { kind: 'server' | 'docker' | 'local'; adminUrl: string; template: string } | { kind: 'embedded'; template: string };

declare module 'vitest' {
  export interface ProvidedContext {
    pikaTestDatabase: TestDatabaseSource;
  }
}

const IMAGE = 'postgis/postgis:15-3.5-alpine';

type Running = { adminUrl: string; stop(): Promise<void> };

/** vitest's globalSetup: one PostgreSQL for the whole run, gone at its end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const chosen = await chooseDatabaseKind();
  const { kind, running } = await start(chosen);
  try {
    if (running) {
      const template = await ensureTemplateDatabase(running.adminUrl);
      project.provide('pikaTestDatabase', { kind: kind as 'server', adminUrl: running.adminUrl, template });
    } else {
      project.provide('pikaTestDatabase', { kind: 'embedded', template: await ensureTemplate(say) });
    }
  } catch (error) {
    await running?.stop();
    throw error;
  }
  return async () => running?.stop();
}

const say = (text: string) => console.log(`[test database] ${text}`);

async function start(kind: DatabaseKind): Promise<{ kind: DatabaseKind; running: Running | null }> {
  if (kind === 'server') {
    const adminUrl = process.env['TEST_DATABASE_URL']!;
    if (adminUrl === databaseUrl()) throw new Error('TEST_DATABASE_URL and DATABASE_URL name the same database.');
    say('TEST_DATABASE_URL');
    return { kind, running: { adminUrl, stop: async () => {} } };
  }
  if (kind === 'docker') {
    try {
      const running = await startContainer();
      say(`a container of ${IMAGE}`);
      return { kind, running };
    } catch (error) {
      if (process.env['PIKA_TEST_DATABASE']) throw error;
      say(`no container (${error instanceof Error ? error.message : String(error)})`);
      return start(findPostgresBinaries() ? 'local' : 'embedded');
    }
  }
  if (kind === 'local') {
    const { url, stop } = await startLocalCluster();
    say(`local PostgreSQL of ${findPostgresBinaries()}, in a temporary folder`);
    return { kind, running: { adminUrl: url, stop } };
  }
  say('the embedded engine: skips what needs a server (statement timeouts, transactions side by side)');
  return { kind, running: null };
}

async function startContainer(): Promise<Running> {
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const container = await new PostgreSqlContainer(IMAGE)
    .withCommand(['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'max_connections=300'])
    .start();
  return {
    adminUrl: container.getConnectionUri(),
    stop: async () => {
      await container.stop();
    },
  };
}
