import {
  databaseProblem,
  databaseSettings,
  isStartError,
  openAuthentication,
  openLanguageDirectory,
  openStartedDatabase,
  platformJobs,
  startDatabase,
  startJobs,
  watchPools,
} from '@pika/database';
import {
  assertPortFree,
  authSettings,
  createLogger,
  createMessages,
  createServer,
  failStart,
  openEdge,
  readConfig,
  serve,
  serverSettings,
} from '@pika/shared';
import { z } from 'zod';
import { refuseDevelopmentSecrets, vouchersSettings } from './config.ts';
import { openVouchers } from './open-vouchers.ts';
import { vouchersLocales, vouchersRouter } from './router.ts';

const settings = z.object({
  ...serverSettings(3002).shape,
  ...databaseSettings.shape,
  ...authSettings.shape,
  ...vouchersSettings.shape,
});

const fail = (error: unknown) => failStart(error, isStartError);

async function start(): Promise<void> {
  const config = readConfig(settings, process.env);
  refuseDevelopmentSecrets(config);
  const address = { port: config.PORT, host: config.HOST };
  await assertPortFree(address);
  const log = createLogger({ level: config.LOG_LEVEL, name: 'vouchers' });
  const edge = await openEdge('vouchers', config, (text) => log.warn(text));
  const started = await startDatabase({ onProgress: (text) => log.info(text), onLost: fail });
  const database = openStartedDatabase(started, config, log, edge.onStatement);
  watchPools(database, edge.metrics);
  const languages = await openLanguageDirectory(database, (error) => log.error({ err: error }, 'languages'));
  const vouchers = await openVouchers({ database, settings: config, log });
  const jobs = await startJobs(database, [...platformJobs(database), ...vouchers.jobs], log);
  const authentication = await openAuthentication(database, {
    settings: config,
    onError: (error) => log.error({ err: error }, 'authentication'),
  });
  const server = createServer({
    ...edge.server,
    routers: [vouchersRouter(vouchers.deps)],
    languages: languages.current,
    logger: log,
    messages: createMessages(vouchersLocales),
    problemFor: databaseProblem,
    authenticate: authentication.authenticate,
    readiness: async () => ({ ...(await database.check()) }),
  });
  const { host, port } = await serve(server, {
    ...address,
    shutdownWait: config.SHUTDOWN_WAIT,
    async stop() {
      await jobs.stop();
      await vouchers.stop();
      authentication.stop();
      languages.stop();
      await database.close();
      await started.stop();
      await edge.close();
    },
  });
  log.info(`Listening on http://${host}:${port}`);
}

start().catch(fail);
