import { databaseProblem, openDatabase, openLanguageDirectory } from '@pika/database';
import { createLogger, createMessages, createServer, invalidToken } from '@pika/shared';
import { openVoucherKeys, vouchersLocales, vouchersRouter } from '@pika/vouchers';
import { Router } from 'express';

/** A server of vouchers that ends with the test that started it. A token is the id of the consumer who calls. */
const [url = '', kind] = process.argv.slice(2);
const tell = (message: RedeemMessage) => process.send?.(message);
const onError = (error: unknown) => tell({ failure: String(error) });

export type RedeemMessage = { url: string } | { failure: string };

const database = openDatabase({
  url,
  kind: kind === 'embedded' ? 'embedded' : 'server',
  poolSize: 4,
  // What is proved is exactness: on a busy machine a storm may take long.
  connectionTimeoutMillis: 60_000,
  statementTimeoutMillis: 60_000,
});
const languages = await openLanguageDirectory(database, onError);
const now = () => new Date();
const voucherKeys = await openVoucherKeys(database, { secret: 'a secret of the proofs', now, onError });

/** Answers that were ready to be written, with what they tell of already committed, and never were. */
let unwritten = 0;

/** With `X-Test-Kill: n` the process kills itself when n such requests have their answers ready, before a byte of any is written. */
const killer = Router().use((request, response, next) => {
  const enough = Number(request.headers['x-test-kill'] ?? 0);
  if (enough > 0) {
    const hold = () => {
      unwritten += 1;
      if (unwritten >= enough) process.kill(process.pid, 'SIGKILL');
      return response;
    };
    response.writeHead = hold;
    response.write = () => false;
    response.end = hold;
  }
  next();
});

const server = createServer({
  routers: [
    killer,
    vouchersRouter({ database, cursorSecret: 'a secret of the proofs', nearbyBatch: () => 8, voucherKeys, now }),
  ],
  languages: languages.current,
  logger: createLogger({ level: 'error', name: 'proof', destination: { write: (line) => tell({ failure: line }) } }),
  messages: createMessages(vouchersLocales),
  problemFor: databaseProblem,
  authenticate: async (token) => {
    if (!/^[0-9a-f-]{36}$/.test(token)) throw invalidToken();
    return { kind: 'user', userId: token, sessionId: token, roles: [], businesses: {} };
  },
});
process.on('disconnect', () => process.exit(0));
const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
tell({ url: `http://127.0.0.1:${port}` });
