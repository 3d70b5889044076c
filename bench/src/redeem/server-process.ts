/** One server of vouchers as the app runs it, but that a token is the id of who calls; it tells its parent its port. */
import { databaseProblem, openDatabase, openLanguageDirectory } from '@pika/database';
import { createLogger, createMessages, createMetrics, createServer, invalidToken } from '@pika/shared';
import { openVoucherKeys, vouchersLocales, vouchersRouter } from '@pika/vouchers';

const onError = (error: unknown) => process.send?.({ error: String(error) });

async function start(): Promise<number> {
  const database = openDatabase({ url: process.env['BENCH_URL'] ?? '' });
  const languages = await openLanguageDirectory(database, onError);
  const now = () => new Date();
  const voucherKeys = await openVoucherKeys(database, { secret: 'x'.repeat(32), now, onError });
  const server = createServer({
    routers: [vouchersRouter({ database, cursorSecret: 'x'.repeat(32), nearbyBatch: () => 200, voucherKeys, now })],
    languages: languages.current,
    logger: createLogger({ level: 'info', name: 'bench' }),
    messages: createMessages(vouchersLocales),
    problemFor: databaseProblem,
    metrics: { metrics: createMetrics(), token: undefined },
    authenticate: async (token) => {
      if (!/^[0-9a-f-]{36}$/.test(token)) throw invalidToken();
      return { kind: 'user', userId: token, sessionId: token, roles: [], businesses: {} };
    },
  });
  return (await server.listen({ port: 0, host: '127.0.0.1' })).port;
}

process.on('disconnect', () => process.exit(0));
start().then((port) => process.send?.({ port }), onError);
