/** `down` is every down.sql, `concurrent` every script that is one concurrent index, else the name of one migration. */
export type Excuse = { rule: string; of: 'every' | 'down' | 'concurrent' | (string & {}); reason: string };

const droppedOnTheWayBack = 'who undoes a migration wants what it made to be gone, with its data';
const beforeTheFirstRelease = 'landed before there was a database with rows in it, and a checksum forbids to edit it';

const onNewColumns =
  'the columns are new and NULL, so the scan finds nothing; the last release has tables of thousands of rows';
const beforeRedeeming =
  'nothing was claimed, coded or redeemed before: these tables are empty, and the one new column of others is NULL';
const jobLibrary = 'what the library pg-boss makes itself, on tables that are new';

export const excuses: readonly Excuse[] = [
  {
    rule: 'require-statement-timeout',
    of: 'every',
    reason: 'a long statement harms nobody: what others wait for is a lock, and lock_timeout bounds that',
  },
  {
    rule: 'prefer-bigint-over-int',
    of: 'every',
    reason: 'keys are UUIDs and money is bigint; what is integer counts minutes, places in a list, items of one offer',
  },
  { rule: 'ban-drop-column', of: 'down', reason: droppedOnTheWayBack },
  { rule: 'ban-drop-table', of: 'down', reason: droppedOnTheWayBack },
  {
    rule: 'require-concurrent-index-deletion',
    of: 'down',
    reason: 'a way back is one transaction with its books; a DROP INDEX is instant once it has its lock',
  },
  {
    rule: 'prefer-robust-stmts',
    of: 'concurrent',
    reason: 'the runner drops what a cut-short build left; IF NOT EXISTS would keep an INVALID index',
  },
  {
    rule: 'require-lock-timeout',
    of: 'concurrent',
    reason: 'no SET may stand beside it: the runner sets what the line `-- lock_timeout:` says',
  },
  {
    rule: 'changing-column-type',
    of: '20261121130000_accounts',
    reason:
      'the way back alone: a value of an enum is taken away by a new type, and the table holds 30 days of log-ins',
  },
  { rule: 'adding-foreign-key-constraint', of: '20261121063332_places_from_anywhere', reason: beforeTheFirstRelease },
  { rule: 'constraint-missing-not-valid', of: '20261121063332_places_from_anywhere', reason: beforeTheFirstRelease },
  {
    rule: 'require-concurrent-index-creation',
    of: '20261121063332_places_from_anywhere',
    reason: beforeTheFirstRelease,
  },
  { rule: 'adding-foreign-key-constraint', of: '20261121090000_thirteen_schemas', reason: onNewColumns },
  { rule: 'constraint-missing-not-valid', of: '20261121090000_thirteen_schemas', reason: onNewColumns },
  { rule: 'require-concurrent-index-creation', of: '20261121090000_thirteen_schemas', reason: onNewColumns },
  { rule: 'constraint-missing-not-valid', of: 'down', reason: 'a way back gives a table the rule it had' },
  {
    rule: 'prefer-bigint-over-smallint',
    of: '20261121090000_thirteen_schemas',
    reason: 'an exponent of ISO 4217 is at most 4',
  },
  { rule: 'constraint-missing-not-valid', of: '20261121095500_rows_alone', reason: onNewColumns },
  { rule: 'constraint-missing-not-valid', of: '20261121140000_people_and_keys', reason: onNewColumns },
  { rule: 'prefer-timestamp-tz', of: '20261121092000_outbox_and_jobs', reason: jobLibrary },
  { rule: 'adding-serial-primary-key-field', of: '20261121092000_outbox_and_jobs', reason: jobLibrary },
  {
    rule: 'prefer-identity',
    of: '20261121093000_audit',
    reason: 'Prisma says autoincrement as a sequence of its own, and drift must stay empty',
  },
  { rule: 'adding-foreign-key-constraint', of: '20261121170000_redeeming', reason: beforeRedeeming },
  { rule: 'constraint-missing-not-valid', of: '20261121170000_redeeming', reason: beforeRedeeming },
  { rule: 'require-concurrent-index-creation', of: '20261121170000_redeeming', reason: beforeRedeeming },
  { rule: 'adding-foreign-key-constraint', of: '20261121173000_deciding', reason: beforeRedeeming },
  { rule: 'constraint-missing-not-valid', of: '20261121173000_deciding', reason: beforeRedeeming },
  { rule: 'require-concurrent-index-creation', of: '20261121173000_deciding', reason: beforeRedeeming },
  { rule: 'require-concurrent-index-creation', of: '20261121174000_claiming', reason: beforeRedeeming },
  { rule: 'require-concurrent-index-deletion', of: '20261121173000_deciding', reason: beforeRedeeming },
];
