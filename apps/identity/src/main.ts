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
import { identitySettings } from './config.ts';
import { identityLocales, identityRouter } from './router.ts';

const settings = z.object({ ...serverSettings(3003).shape, ...databaseSettings.shape, ...identitySettings.shape });

const fail = (error: unknown) => failStart(error, isStartError);

async function start(): Promise<void> {
  const config = readConfig(settings, process.env);
  const address = { port: config.PORT, host: config.HOST };
  await assertPortFree(address);
  const log = createLogger({ level: config.LOG_LEVEL, name: 'identity' });
  const started = await startDatabase({ onProgress: (text) => log.info(text), onLost: fail });
  const database = openStartedDatabase(started, config, log);
  const languages = await openLanguageDirectory(database, (error) => log.error({ err: error }, 'languages'));
  const jobs = await startJobs(database, platformJobs(database), log);
  const server = createServer({
    routers: [identityRouter({ database, now: () => new Date() })],
    languages: languages.current,
    logger: log,
    messages: createMessages(identityLocales),
    problemFor: databaseProblem,
    readiness: async () => ({ ...(await database.check()) }),
  });
  const { host, port } = await serve(server, {
    ...address,
    async stop() {
      await jobs.stop();
      languages.stop();
      await database.close();
      await started.stop();
    },
  });
  log.info(`Listening on http://${host}:${port}`);
}

start().catch(fail);
