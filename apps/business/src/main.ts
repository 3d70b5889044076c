import {
  databaseSettings,
  isStartError,
  openLanguageDirectory,
  openStartedDatabase,
  startDatabase,
} from '@pika/database';
import {
  assertPortFree,
  createLogger,
  createMessages,
  createServer,
  failStart,
  readConfig,
  serve,
  serverSettings,
} from '@pika/shared';
import { z } from 'zod';
import { businessLocales, businessRouter } from './router.ts';

const settings = z.object({ ...serverSettings(3001).shape, ...databaseSettings.shape });

async function start(): Promise<void> {
  const config = readConfig(settings, process.env);
  const address = { port: config.PORT, host: config.HOST };
  await assertPortFree(address);
  const log = createLogger({ level: config.LOG_LEVEL, name: 'business' });
  const started = await startDatabase({ onProgress: (text) => log.info(text) });
  const database = openStartedDatabase(started, config);
  const languages = await openLanguageDirectory(database, (error) => log.error({ err: error }, 'languages'));
  const server = createServer({
    routers: [businessRouter({ database, now: () => new Date() })],
    languages: languages.current,
    logger: log,
    messages: createMessages(businessLocales),
    readiness: async () => ({ database: await database.check() }),
  });
  const { host, port } = await serve(server, {
    ...address,
    async stop() {
      languages.stop();
      await database.close();
      await started.stop();
    },
  });
  log.info(`Listening on http://${host}:${port}`);
}

start().catch((error: unknown) => failStart(error, isStartError));
