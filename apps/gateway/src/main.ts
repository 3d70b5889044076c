import {
  databaseProblem,
  demoAccounts,
  demoPassword,
  hasDemoAccounts,
  isSeeded,
  isStartError,
  maySeed,
  openAuthentication,
  openLanguageDirectory,
  openStartedDatabase,
  platformJobs,
  refuseDemoAccounts,
  seed,
  seedDemoAccounts,
  startDatabase,
  startJobs,
  watchPools,
  type Database,
} from '@pika/database';
import { mailFolder, openIdentity, openMailer } from '@pika/identity';
import {
  assertPortFree,
  createLogger,
  createMessages,
  createServer,
  failStart,
  mountRoutes,
  openCache,
  openEdge,
  readConfig,
  serve,
} from '@pika/shared';
import { openVouchers } from '@pika/vouchers';
import { gatewayLocales, gatewayRoutes } from './apps.ts';
import { gatewaySettings, refuseDevelopmentSecrets } from './config.ts';
import { documentationPolicy, documentationRouter } from './documentation.ts';
import { pagePolicies, pageRouter } from './page.ts';
import { welcomeText } from './welcome.ts';

const say = (text: string) => console.log(`  ${text}`);
/** When the first process of `npm start` began, which checked and installed before this one; see tools/setup.mjs. */
const startedAt = Number(process.env['PIKA_STARTED_AT'] ?? performance.timeOrigin);
const fail = (error: unknown) => failStart(error, isStartError);

async function start(): Promise<void> {
  const config = readConfig(gatewaySettings, process.env);
  refuseDevelopmentSecrets(config);
  const address = { port: config.PORT, host: config.HOST };
  await assertPortFree(address);
  const log = createLogger({ level: config.LOG_LEVEL, name: 'gateway' });
  const edge = await openEdge('gateway', config, say);
  const started = await startDatabase({ exclusive: true, onProgress: say, onLost: fail });
  // Without a log: the statements of a seed are slow, and nobody waits for them.
  const withDemoAccounts = started.kind === 'embedded' && config.NODE_ENV !== 'production';
  await seedOnce(openStartedDatabase(started, config), { withDemoAccounts });
  const database = openStartedDatabase(started, config, log, edge.onStatement);
  await refuseDemoAccounts(database, config);
  watchPools(database, edge.metrics);
  const languages = await openLanguageDirectory(database, (error) => log.error({ err: error }, 'languages'));
  const cache = openCache({
    redisUrl: config.REDIS_URL,
    onError: (error) => log.warn({ err: error }, 'cache'),
    onRedis: say,
  });
  edge.metrics.watch('cache_calls', 'Calls of the cache since the start, by how they went.', 'result', () =>
    cache.counts(),
  );
  const authentication = await openAuthentication(database, {
    // All processes' keys are in the database, and so are the sessions.
    settings: { AUTH_ISSUER: config.AUTH_ISSUER },
    asksSessions: true,
    onError: (error) => log.error({ err: error }, 'authentication'),
  });
  const place = config.HOST === '127.0.0.1' || config.HOST === '0.0.0.0' ? 'localhost' : config.HOST;
  const identity = await openIdentity({
    database,
    settings: config,
    authentication,
    mailer: openMailer(config, say),
    publicUrl: config.PUBLIC_URL ?? `http://${place}:${config.PORT}`,
    log,
  });
  const vouchers = await openVouchers({ database, settings: config, log });
  const jobs = await startJobs(database, [...platformJobs(database), ...vouchers.jobs, ...identity.jobs], log);
  const page = { tileUrl: config.MAP_TILE_URL, tileAttribution: config.MAP_TILE_ATTRIBUTION };
  const server = createServer({
    ...edge.server,
    routers: [
      documentationRouter(),
      pageRouter(page),
      mountRoutes(
        gatewayRoutes({
          ...identity.deps,
          ...vouchers.deps,
          cache,
          invitationSecret: config.INVITATION_SECRET,
        }),
      ),
    ],
    languages: languages.current,
    logger: log,
    messages: createMessages(...gatewayLocales),
    problemFor: databaseProblem,
    authenticate: authentication.authenticate,
    readiness: async () => {
      const [inDatabase, inRedis] = await Promise.all([database.check(), cache.check()]);
      return { ...inDatabase, ...(inRedis === 'ok' ? { redis: inRedis } : {}) };
    },
    pages: { '/docs': documentationPolicy, ...pagePolicies(page) },
  });
  const { port } = await serve(server, {
    ...address,
    shutdownWait: config.SHUTDOWN_WAIT,
    async stop() {
      await jobs.stop();
      await identity.stop();
      authentication.stop();
      await vouchers.stop();
      languages.stop();
      await cache.close();
      await database.close();
      await started.stop();
      await edge.close();
    },
  });
  console.log(
    welcomeText({
      url: `http://${place}:${port}`,
      database: started.description,
      isEmbedded: started.kind === 'embedded',
      seconds: (Date.now() - startedAt) / 1_000,
      demo: (await hasDemoAccounts(database))
        ? { emails: demoAccounts.map(({ email }) => email), password: demoPassword }
        : null,
      mailFolder: mailFolder(config),
    }),
  );
}

async function seedOnce(database: Database, { withDemoAccounts }: { withDemoAccounts: boolean }): Promise<void> {
  try {
    if (!(await maySeed(database))) return;
    if (!(await isSeeded(database))) {
      say('Seeding businesses in Asunción, Encarnación, Ciudad del Este and Beirut');
      const { businesses, vouchers } = await seed(database);
      say(`Seeded ${businesses} businesses with ${vouchers} vouchers`);
    }
    if (withDemoAccounts && !(await hasDemoAccounts(database))) await seedDemoAccounts(database);
  } finally {
    await database.close();
  }
}

start().catch(fail);
