import { openDatabase } from '@pika/database';
import { deployMigrations } from '@pika/database/tooling';
import pg from 'pg';
import { timed } from './console.ts';
import type { Server } from './datasets.ts';
import { machineFacts } from './machine.ts';
import type { Options } from './options.ts';
import { auditComparisons } from './transactions/audit.ts';
import { anyBusiness, bareComparisons, outboxComparisons } from './transactions/bare.ts';
import { compare } from './transactions/comparison.ts';
import { fillSmallDataset } from './transactions/dataset.ts';
import { readComparisons, rowSecurityComparisons } from './transactions/row-security.ts';
import { openSessions } from './transactions/session.ts';
import { writeTransactionsReport } from './transactions/report.ts';

/** In a database of its own, which is dropped afterwards: what each guarantee of a transaction costs. */
export async function benchTransactions(server: Server, options: Options): Promise<void> {
  const name = 'bench_transactions';
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const maintenance = new URL(server.url);
  maintenance.pathname = '/postgres';
  const client = new pg.Client({ connectionString: maintenance.href });
  await client.connect();
  try {
    await client.query(`DROP DATABASE IF EXISTS ${name}`);
    await client.query(`CREATE DATABASE ${name}`);
    await timed('migrated', () => deployMigrations(url.href));
    await measure(url.href, server, options);
  } finally {
    await client.query(`DROP DATABASE IF EXISTS ${name}`);
    await client.end();
  }
}

async function measure(url: string, server: Server, options: Options): Promise<void> {
  const admin = new pg.Pool({ connectionString: url, max: 4 });
  const database = openDatabase({ url, poolSize: 4 });
  try {
    await timed('filled', () => fillSmallDataset(admin));
    const sessions = await openSessions(url, 4);
    try {
      const businessId = await anyBusiness(admin);
      const comparisons = [
        ...auditComparisons(admin, sessions),
        ...rowSecurityComparisons(admin, sessions),
        ...readComparisons(sessions),
        ...(await bareComparisons(admin, database, businessId)),
        ...outboxComparisons(database, businessId),
      ];
      const findings = await compare(comparisons, options);
      const facts = [...(await machineFacts(admin)), `Data in ${server.description}`];
      writeTransactionsReport({ findings, facts, options });
    } finally {
      await sessions.close();
    }
  } finally {
    await database.close();
    await admin.end();
  }
}
