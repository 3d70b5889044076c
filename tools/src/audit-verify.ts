/** Recomputes the hash chain of the audit log: npm run audit:verify [-- --root FILE]. Exit code 1 when it is not whole. */
import { AuditRootError, isStartError, parseAuditRoots, startDatabase, verifyAudit } from '@pika/database';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { reportLines } from './audit/report-lines.ts';

const usage = 'npm run audit:verify [-- --root FILE], where FILE holds what npm run --silent audit:root printed.';

function readRoots(args: string[]) {
  const { root } = parseArgs({ args, options: { root: { type: 'string' } } }).values;
  return root === undefined ? [] : parseAuditRoots(readFileSync(root, 'utf8'));
}

function isPlain(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return error instanceof AuditRootError || isStartError(error) || ('code' in error && error.code === 'ENOENT');
}

try {
  const roots = readRoots(process.argv.slice(2));
  const database = await startDatabase({ migrate: 'required', onProgress: (text) => console.error(`  ${text}`) });
  try {
    const report = await verifyAudit(database.url, roots);
    for (const line of reportLines(report, roots)) console.log(line);
    process.exitCode = report.fault === null ? 0 : 1;
  } finally {
    await database.stop();
  }
} catch (error) {
  const isUsage = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  console.error(isUsage ? `${error.message}\n${usage}` : isPlain(error) ? error.message : error);
  process.exitCode = 1;
}
