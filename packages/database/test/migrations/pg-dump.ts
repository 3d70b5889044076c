import { execFileSync } from 'node:child_process';
import { query } from './migration-folder.ts';

/** The schema of a database as text, without what differs between two dumps of the same schema, and our books. */
export type Dump = (options?: string[]) => string;

/** A pg_dump of the server's own major version, the only one whose text can be compared; null where there is none. */
export async function findPgDump(url: string): Promise<{ major: number; dump: Dump } | null> {
  const [row] = await query<{ major: number }>(
    url,
    `SELECT current_setting('server_version_num')::int / 10000 AS major`,
  );
  const major = row?.major ?? 0;
  const program = [`/usr/lib/postgresql/${major}/bin/pg_dump`, 'pg_dump'].find((each) => versionOf(each) === major);
  if (program === undefined) return null;
  return {
    major,
    dump: (options = []) =>
      execFileSync(
        program,
        ['--schema-only', '--exclude-table=public._prisma_migrations', ...options, `--dbname=${url}`],
        { encoding: 'utf8', maxBuffer: 100_000_000 },
      )
        .split('\n')
        .filter((line) => !/^(\\(un)?restrict |-- Dumped )/.test(line))
        .join('\n'),
  };
}

function versionOf(program: string): number | null {
  try {
    return Number(/\) (\d+)\./.exec(execFileSync(program, ['--version'], { encoding: 'utf8' }))?.[1]);
  } catch {
    return null;
  }
}
