import { withConnection } from '@pika/database/tooling';
import { DatabaseError, type Client } from 'pg';
import { formatSection, type Section } from './format-section.ts';
import {
  measureForeignKeys,
  measureInvalidIndexes,
  measureSequentialScans,
  measureUnusedIndexes,
} from './measure-indexes.ts';
import { measureStatements } from './measure-statements.ts';
import { measureBloat, measureCache, measureSizes } from './measure-tables.ts';
import { measureTransactions } from './measure-transactions.ts';

export type ReportOptions = { olderThanSeconds: number };

/** The whole report as text. Reads only. */
export function reportDatabase(url: string, { olderThanSeconds }: ReportOptions): Promise<string> {
  const report = async (client: Client) => {
    const parts: [title: string, measure: () => Promise<Section>][] = [
      ['Slowest statements', () => measureStatements(client)],
      ['Large sequential scans', () => measureSequentialScans(client)],
      ['Foreign keys without an index', () => measureForeignKeys(client)],
      ['Unused indexes', () => measureUnusedIndexes(client)],
      ['Invalid indexes', () => measureInvalidIndexes(client)],
      ['Bloat', () => measureBloat(client)],
      ['Table sizes', () => measureSizes(client)],
      ['Cache hit rates', () => measureCache(client)],
      ['Long transactions', () => measureTransactions(client, olderThanSeconds)],
    ];
    const sections: Section[] = [];
    for (const [title, measure] of parts) sections.push(await measureAllowed(title, measure));
    return sections.map(formatSection).join('\n');
  };
  return withConnection(url, report, { application_name: 'pika db:report' });
}

/** What the role may not see is said in its place; the rest of the report stands. */
async function measureAllowed(title: string, measure: () => Promise<Section>): Promise<Section> {
  try {
    return await measure();
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== '42501') throw error;
    return { title, rows: [], note: `This role may not see it (${error.message}): grant it pg_monitor.` };
  }
}
