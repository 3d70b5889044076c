import { openDatabase } from '@pika/database';
import { startNotes } from './notes-api.ts';

/** A server of notes that kills itself where a request says so, and ends with the test that started it. */
const [url = '', kind] = process.argv.slice(2);
const database = openDatabase({
  url,
  kind: kind === 'embedded' ? 'embedded' : 'server',
  namedStatements: false,
  // What is proved is the keys: on a busy machine a hundred requests may wait long for ten connections.
  connectionTimeoutMillis: 60_000,
});
const kill = () => process.kill(process.pid, 'SIGKILL');

const notes = await startNotes(database, {
  beforeCommit: async (headers) => {
    if (headers['x-test-kill'] === 'before-commit') kill();
  },
  afterCommit: (headers) => {
    if (headers['x-test-kill'] === 'after-commit') kill();
  },
});
process.on('disconnect', () => process.exit(0));
process.send?.(notes.url);
