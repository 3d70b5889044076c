import { openDatabase } from '@pika/database';
import { vouchersJobs } from '@pika/vouchers';

/** Makes codes until it is killed, and says so. */
const [url = ''] = process.argv.slice(2);
const database = openDatabase({ url, poolSize: 2 });
const jobs = vouchersJobs({ database, voucherSecret: 'a secret of the tests', now: () => new Date() });
process.stdout.write('begun\n');
await jobs.find(({ name }) => name === 'make-codes')?.run(new AbortController().signal);
process.stdout.write('done\n');
setInterval(() => {}, 1_000);
