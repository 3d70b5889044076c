/** Refuses migrations that would block or break a running release, and excuses that nothing needs. */
import { migrationsFolder } from '@pika/database/tooling';
import { excuses } from './migration-lint/excuses.ts';
import { lintMigrations } from './migration-lint/lint.ts';

const faults = lintMigrations(migrationsFolder, excuses);
for (const fault of faults) console.error(fault);
console.log(faults.length === 0 ? 'squawk finds nothing that is not excused.' : `${faults.length} faults.`);
process.exitCode = faults.length === 0 ? 0 : 1;
