import { Agent, request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import {
  databaseProblem,
  inTransaction,
  openDatabase,
  openLanguageDirectory,
  seed,
  systemContext,
  type Database,
  type LanguageDirectory,
  type Transaction,
} from '@pika/database';
import { createLogger, createMessages, createServer, type LocaleResources, type ServerOptions } from '@pika/shared';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

export interface OpenTestDatabase extends TestDatabase {
  /** Opened as the apps open it. */
  database: Database;
  /** The login that owns all and may all, to set up and to look behind. */
  pool: pg.Pool;
  asOwner: <Result>(work: (tx: Transaction) => Promise<Result>) => Promise<Result>;
}

/** A migrated, empty database of the calling test file's own, and a pool on it. Close it in `afterAll`. */
export async function openTestDatabase({ poolSize = 10 } = {}): Promise<OpenTestDatabase> {
  const test = await createTestDatabase();
  const isEmbedded = test.kind === 'embedded';
  const database = openDatabase({
    url: test.url,
    kind: isEmbedded ? 'embedded' : 'server',
    poolSize,
    namedStatements: !isEmbedded,
  });
  const pool = new pg.Pool({ connectionString: test.url, max: poolSize });
  // The database is dropped under idle connections.
  pool.on('error', () => undefined);
  return {
    ...test,
    database,
    pool,
    asOwner: (work) => inTransaction(database, systemContext('test'), work),
    close: async () => {
      await database.close();
      await pool.end();
      await test.close();
    },
  };
}

/** The same with the content that the first start writes. */
export async function seededDatabase(): Promise<OpenTestDatabase> {
  const test = await openTestDatabase();
  await seed(test.database);
  return test;
}

export interface TestClock {
  readonly now: () => Date;
  /** RFC 3339. */
  readonly set: (instant: string | Date) => void;
}

/** A clock that stands still until it is set. */
export function testClock(instant: string): TestClock {
  let current = new Date(instant);
  return {
    now: () => new Date(current),
    set: (next) => {
      current = new Date(next);
    },
  };
}

export interface ApiAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The JSON value, or undefined where the body is none. */
  body: unknown;
}

/** A list is sent as so many headers. */
type ApiHeaders = Readonly<Record<string, string | readonly string[]>>;

export interface Api {
  url: string;
  languages: LanguageDirectory;
  get(path: string, headers?: ApiHeaders): Promise<ApiAnswer>;
  /** With a body of JSON. */
  post(path: string, body: unknown, headers?: ApiHeaders): Promise<ApiAnswer>;
  send(method: string, path: string, headers?: ApiHeaders, body?: string): Promise<ApiAnswer>;
  /** What the server logged as errors, oldest first. */
  failures: readonly string[];
  close(): Promise<void>;
}

interface ApiOptions extends Pick<ServerOptions, 'pages' | 'authenticate' | 'trustedProxies'> {
  database: Database;
  /** The apps' own routers on that database. */
  routers: ServerOptions['routers'];
  locales: readonly LocaleResources[];
}

/**
 * A real HTTP server on a free port around real routers. Headers are sent as given and none is added. An answer of 500
 * is thrown with what the server logged, because no test wants one.
 */
export async function startApi({
  database,
  routers,
  locales,
  pages,
  authenticate,
  trustedProxies,
}: ApiOptions): Promise<Api> {
  const failures: string[] = [];
  const languages = await openLanguageDirectory(database, (error) => failures.push(String(error)));
  const server = createServer({
    routers,
    languages: languages.current,
    logger: createLogger({ level: 'error', name: 'test', destination: { write: (line) => failures.push(line) } }),
    messages: createMessages(...locales),
    readiness: () => database.check(),
    problemFor: databaseProblem,
    ...(pages === undefined ? {} : { pages }),
    ...(authenticate === undefined ? {} : { authenticate }),
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const agent = new Agent({ keepAlive: true });
  const send: Api['send'] = async (method, path, headers = {}, body = '') => {
    const answer = await exchange(agent, port, method, path, headers, body);
    if (answer.status === 500) throw new Error(`${method} ${path} answered 500: ${failures.at(-1) ?? answer.text}`);
    return answer;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    languages,
    failures,
    send,
    get: (path, headers) => send('GET', path, headers),
    post: (path, body, headers) =>
      send('POST', path, { 'Content-Type': 'application/json', ...headers }, JSON.stringify(body)),
    close: async () => {
      agent.destroy();
      languages.stop();
      await server.close(0);
    },
  };
}

function exchange(
  agent: Agent,
  port: number,
  method: string,
  path: string,
  headers: ApiHeaders,
  body: string,
): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { agent, host: '127.0.0.1', port, method, path, headers: headers as OutgoingHttpHeaders },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const isJson = /^application\/(?:[\w.]+\+)?json/.test(incoming.headers['content-type'] ?? '');
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text,
            body: isJson && text !== '' ? JSON.parse(text) : undefined,
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
