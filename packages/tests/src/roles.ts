import { Client } from 'pg';

const roles = ['pika_owner', 'pika_app', 'pika_public', 'pika_support', 'pika_auditor'];

/** The roles that transactions and public search take, where the migrations do not make them yet. */
export async function ensureRoles(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: schemas } = await client.query<{ name: string }>(
      `SELECT nspname AS name FROM pg_namespace
       WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'public')`,
    );
    const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = ANY ($1)', [roles]);
    for (const role of rowCount === roles.length ? [] : roles) {
      await client.query(
        `DO $$ BEGIN CREATE ROLE ${role} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
      );
    }
    for (const { name } of schemas) {
      await client.query(`
        GRANT USAGE ON SCHEMA ${name} TO ${roles.join(', ')};
        GRANT ALL ON ALL TABLES IN SCHEMA ${name} TO pika_owner, pika_app;
        GRANT ALL ON ALL SEQUENCES IN SCHEMA ${name} TO pika_owner, pika_app;
        GRANT SELECT ON ALL TABLES IN SCHEMA ${name} TO pika_public`);
    }
  } finally {
    await client.end();
  }
}
