import { expect, it } from 'vitest';
import { run } from './run-command.ts';

/** Where nothing answers: what is refused is refused before anybody is asked. */
const nobody = 'postgres://pika:pika@127.0.0.1:1/pika';

const sayWhatChanges =
  'Say what changes in letters, digits and _: npx nx run @pika/database:prisma:migrate:dev -- --name add_campaigns';

const refusals: [args: string, sentence: string][] = [
  ['migrate:dev', sayWhatChanges],
  ['migrate:dev --name Bad Name/../x', sayWhatChanges],
  ['migrate:dev --nmae x', "Unknown option '--nmae'."],
  ['migrate:rollback', 'Say how far: --steps 1, --to <name of the last to keep> or --all.'],
  ['migrate:rollback --steps 0', '--steps wants a whole number from 1 on.'],
  ['migrate:rollback --to nowhere', 'No migration is called nowhere.'],
  ['migrate:rollback --bogus', "Unknown option '--bogus'."],
  ['migrate:reset', 'This empties the database of DATABASE_URL: add --force.'],
  ['migrate:deploy --to nowhere', 'No migration is called nowhere.'],
  ['migrate:deploy --bogus', "Unknown option '--bogus'."],
  ['migrate:data --name nowhere', 'No migration with a data.sql is called nowhere.'],
  ['migrate:data --batch 0', '--batch wants a whole number from 1 on.'],
  ['migrate:data --pause soon', '--pause wants milliseconds, from 0 on.'],
  ['migrate:data --bogus', "Unknown option '--bogus'."],
  ['migrate:status --bogus', "Unknown option '--bogus'."],
  ['migrate:replay --bogus', "Unknown option '--bogus'."],
  ['seed --bogus', "Unknown option '--bogus'."],
];

it.each(refusals)('%s is refused in one sentence', (args, sentence) => {
  expect(run(nobody, ...args.split(' '))).toEqual({ status: 1, stdout: '', stderr: sentence });
});

it.each(['postgres://localhost:5432', 'postgres://localhost:5432/?sslmode=disable', 'pika'])(
  'an address without a database is refused in one sentence: %s',
  (url) => {
    const stderr = 'DATABASE_URL names no server and database; it looks like postgres://user:password@host:5432/pika.';
    expect(run(url, 'migrate:status')).toEqual({ status: 1, stdout: '', stderr });
  },
);

it('a server that is not there is told in one sentence', () => {
  expect(run(nobody, 'migrate:rollback', '--all')).toEqual({
    status: 1,
    stdout: '',
    stderr:
      'The database of DATABASE_URL cannot be used at 127.0.0.1:1/pika (ECONNREFUSED); mend it, or unset DATABASE_URL for the embedded one.',
  });
});
