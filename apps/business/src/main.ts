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
  cacheSettings,
  createLogger,
  createMessages,
  createServer,
  failStart,
  openCache,
  openEdge,
  readConfig,
  serve,
  serverSettings,
} from '@pika/shared';
import { z } from 'zod';
import { businessSettings, refuseDevelopmentSecrets } from './config.ts';
import { businessLocales, businessRouter } from './router.ts';

const settings = z.object({
  ...serverSettings(3001).shape,
  ...databaseSettings.shape,
  ...authSettings.shape,
  ...businessSettings.shape,
  ...cacheSettings.shape,
});

const fail = (error: unknown) => failStart(error, isStartError);

async function start(): Promise<void> {
  const config = readConfig(settings, process.env);
  refuseDevelopmentSecrets(config);
  const address = { port: config.PORT, host: config.HOST };
  await assertPortFree(address);
  const log = createLogger({ level: config.LOG_LEVEL, name: 'business' });
  const edge = await openEdge('business', config, (text) => log.warn(text));
  const started = await startDatabase({ onProgress: (text) => log.info(text), onLost: fail });
  const database = openStartedDatabase(started, config, log, edge.onStatement);
  watchPools(database, edge.metrics);
  const languages = await openLanguageDirectory(database, (error) => log.error({ err: error }, 'languages'));
  const cache = openCache({
    redisUrl: config.REDIS_URL,
    onError: (error) => log.warn({ err: error }, 'cache'),
    onRedis: (text) => log.warn(text),
  });
  edge.metrics.watch('cache_calls', 'Calls of the cache since the start, by how they went.', 'result', () =>
    cache.counts(),
  );
  const jobs = await startJobs(database, platformJobs(database), log);
  const authentication = await openAuthentication(database, {
    settings: config,
    onError: (error) => log.error({ err: error }, 'authentication'),
  });
  const server = createServer({
    ...edge.server,
    routers: [
      businessRouter({
        database,
        cache,
        invitationSecret: config.INVITATION_SECRET,
        cursorSecret: config.CURSOR_SECRET,
        now: () => new Date(),
      }),
    ],
    languages: languages.current,
    logger: log,
    messages: createMessages(businessLocales),
    problemFor: databaseProblem,
    authenticate: authentication.authenticate,
    readiness: async () => {
      const [inDatabase, inRedis] = await Promise.all([database.check(), cache.check()]);
      return { ...inDatabase, ...(inRedis === 'ok' ? { redis: inRedis } : {}) };
    },
  });
  const { host, port } = await serve(server, {
    ...address,
    shutdownWait: config.SHUTDOWN_WAIT,
    async stop() {
      await jobs.stop();
      authentication.stop();
      languages.stop();
      await cache.close();
      await database.close();
      await started.stop();
      await edge.close();
    },
  });
  log.info(`Listening on http://${host}:${port}`);
}

start().catch(fail);
