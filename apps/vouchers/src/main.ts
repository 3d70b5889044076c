import {
  databaseProblem,
  databaseSettings,
  isStartError,
  openLanguageDirectory,
  openStartedDatabase,
  platformJobs,
  startDatabase,
  startJobs,
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
import { cardJobs } from './card/card.jobs.ts';
import { startCardUpkeep } from './card/card.upkeep.ts';
import { refuseDevelopmentSecrets, vouchersSettings } from './config.ts';
import { vouchersLocales, vouchersRouter } from './router.ts';

const settings = z.object({ ...serverSettings(3002).shape, ...databaseSettings.shape, ...vouchersSettings.shape });

const fail = (error: unknown) => failStart(error, isStartError);

async function start(): Promise<void> {
  const config = readConfig(settings, process.env);
  refuseDevelopmentSecrets(config);
  const address = { port: config.PORT, host: config.HOST };
  await assertPortFree(address);
  const log = createLogger({ level: config.LOG_LEVEL, name: 'vouchers' });
  const started = await startDatabase({ onProgress: (text) => log.info(text), onLost: fail });
  const database = openStartedDatabase(started, config, log);
  const languages = await openLanguageDirectory(database, (error) => log.error({ err: error }, 'languages'));
  const upkeep = await startCardUpkeep(database, log);
  const jobs = await startJobs(database, [...platformJobs(database), ...cardJobs(database)], log);
  const server = createServer({
    routers: [
      vouchersRouter({
        database,
        cursorSecret: config.CURSOR_SECRET,
        nearbyBatch: upkeep.nearbyBatch,
        now: () => new Date(),
      }),
    ],
    languages: languages.current,
    logger: log,
    messages: createMessages(vouchersLocales),
    problemFor: databaseProblem,
    readiness: async () => ({ ...(await database.check()) }),
  });
  const { host, port } = await serve(server, {
    ...address,
    async stop() {
      await jobs.stop();
      upkeep.stop();
      languages.stop();
      await database.close();
      await started.stop();
    },
  });
  log.info(`Listening on http://${host}:${port}`);
}

start().catch(fail);
