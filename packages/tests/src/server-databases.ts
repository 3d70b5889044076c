import { randomUUID } from 'node:crypto';
import { deployMigrations, migrationsHash, withConnection } from '@pika/database/tooling';
import { DatabaseError } from 'pg';

const onDatabase = (adminUrl: string, name: string) => {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
};

/** The migrated database others are copied from, made once per state of the migrations. Answers its name. */
export async function ensureTemplateDatabase(adminUrl: string): Promise<string> {
  const name = `pika_template_${migrationsHash()}`;
  const exists = await withConnection(adminUrl, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    return rowCount === 1;
  });
  if (exists) return name;
  // Renamed when complete: an unfinished one is never copied, and of two makers one wins.
  const draft = `pika_draft_${randomUUID().replaceAll('-', '')}`;
  await withConnection(adminUrl, (client) => client.query(`CREATE DATABASE ${draft}`));
  await deployMigrations(onDatabase(adminUrl, draft));
  await withConnection(adminUrl, async (client) => {
    try {
      await client.query(`ALTER DATABASE ${draft} RENAME TO ${name}`);
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.code !== '42P04') throw error;
      await client.query(`DROP DATABASE ${draft}`);
    }
  });
  return name;
}

/** A copy of the template with a name of its own. */
export async function copyTemplateDatabase(adminUrl: string, template: string) {
  const name = `pika_test_${randomUUID().replaceAll('-', '')}`;
  await withConnection(adminUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  return {
    url: onDatabase(adminUrl, name),
    close: async () => {
      await withConnection(adminUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}
