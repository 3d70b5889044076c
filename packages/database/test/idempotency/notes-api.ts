import { randomUUID } from 'node:crypto';
import {
  callerContext,
  databaseProblem,
  inIdempotentTransaction,
  sql,
  type Database,
  type Transaction,
} from '@pika/database';
import { createLogger, createServer, invalidToken, mountRoutes, route, sharedProblems } from '@pika/shared';
import type pg from 'pg';
import { z } from 'zod';

/** What notes are written to, by the role of an app. */
export const notesSchema = `
  CREATE SCHEMA proof;
  CREATE TABLE proof.notes (id uuid PRIMARY KEY, author uuid NOT NULL, key text NOT NULL, text text NOT NULL);
  GRANT USAGE ON SCHEMA proof TO pika_app;
  GRANT SELECT, INSERT ON proof.notes TO pika_app`;

export interface NotesOptions {
  /** Runs inside the transaction, after the note was written. */
  beforeCommit?: (request: Headers, tx: Transaction) => Promise<void>;
  /** Runs when COMMIT was answered, before a byte of the answer is written. */
  afterCommit?: (request: Headers) => void;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const note = z.strictObject({ text: z.string(), tags: z.record(z.string(), z.unknown()).optional() });
const written = z.looseObject({});
const documented = {
  method: 'post',
  tags: ['Notes'],
  summary: 'For tests',
  access: 'authenticated',
  body: note,
  responses: { 201: { description: 'Written.', content: { 'application/json': written } } },
  problems: ['record.inUse', 'record.refused'],
} as const;

function notesRoutes(database: Database, { beforeCommit, afterCommit }: NotesOptions) {
  const insertNote = async (tx: Transaction, author: string, { text }: z.output<typeof note>, headers: Headers) => {
    const id = randomUUID();
    const key = String(headers['idempotency-key'] ?? '');
    await tx.$executeRaw(sql`INSERT INTO proof.notes VALUES (${id}::uuid, ${author}::uuid, ${key}, ${text})`);
    await beforeCommit?.(headers, tx);
    if (headers['x-test-outcome'] === 'throw') throw sharedProblems['record.refused']();
    return id;
  };
  return [
    route({
      ...documented,
      path: '/notes',
      operationId: 'insertNote',
      idempotency: 'required',
      handler: async ({ body, caller, idempotency, request, requestId }) => {
        const reply = await inIdempotentTransaction(
          database,
          callerContext(caller, { requestId }),
          idempotency,
          async (tx) => {
            const id = await insertNote(tx, caller.userId, body, request.headers);
            if (request.headers['x-test-outcome'] === 'refuse') return sharedProblems['record.inUse']();
            return {
              status: 201,
              body: { id, text: body.text, author: caller.userId },
              headers: { Location: `/notes/${id}`, ETag: '"1"' },
              contentLanguages: ['gn'],
            };
          },
        );
        afterCommit?.(request.headers);
        return reply;
      },
    }),
    route({
      ...documented,
      path: '/drafts',
      operationId: 'insertDraft',
      idempotency: 'optional',
      handler: ({ body, caller, idempotency, request }) =>
        inIdempotentTransaction(database, callerContext(caller, {}), idempotency, async (tx) => ({
          status: 201,
          body: { id: await insertNote(tx, caller.userId, body, request.headers) },
        })),
    }),
    route({
      ...documented,
      path: '/secrets',
      operationId: 'insertSecret',
      idempotency: 'required',
      handler: ({ body, caller, idempotency, request }) =>
        inIdempotentTransaction(database, callerContext(caller, {}), idempotency, async (tx) => {
          const id = await insertNote(tx, caller.userId, body, request.headers);
          return { status: 201, body: { id, secret: `pika_${id}` }, repeatBody: { id } };
        }),
    }),
  ];
}

/** A real server on a free port; a token is the id of the person who calls. */
export async function startNotes(database: Database, options: NotesOptions = {}) {
  const failures: string[] = [];
  const server = createServer({
    routers: [mountRoutes(notesRoutes(database, options))],
    languages: () => ({ languages: [{ code: 'en', fallbackCode: null }], defaultLanguage: 'en' }),
    logger: createLogger({ level: 'error', name: 'notes', destination: { write: (line) => failures.push(line) } }),
    problemFor: databaseProblem,
    authenticate: async (token) => {
      if (!/^[0-9a-f-]{36}$/.test(token)) throw invalidToken();
      return { kind: 'user', userId: token, sessionId: token, roles: [], businesses: {} };
    },
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  return { url: `http://127.0.0.1:${port}`, failures, close: () => server.close(0) };
}

export interface NotesAnswer {
  status: number;
  headers: globalThis.Headers;
  text: string;
  code: string | undefined;
  isReplayed: boolean;
}

export interface NotesRequest {
  author: string;
  key?: string;
  path?: string;
  /** Sent as it is. */
  body?: string;
  headers?: Record<string, string>;
}

export async function post(
  url: string,
  { author, key, path = '/notes', body = '{"text":"a"}', headers }: NotesRequest,
) {
  const response = await fetch(url + path, {
    method: 'POST',
    body,
    headers: {
      Authorization: `Bearer ${author}`,
      'Content-Type': 'application/json',
      ...(key === undefined ? {} : { 'Idempotency-Key': key }),
      ...headers,
    },
  });
  const text = await response.text();
  const { code }: { code?: string } = text === '' ? {} : JSON.parse(text);
  const isReplayed = response.headers.get('idempotency-replayed') === 'true';
  const answer: NotesAnswer = { status: response.status, headers: response.headers, text, code, isReplayed };
  return answer;
}

/** Ids of the notes that were written, by the key they were written with, as it was sent. */
export async function notesByKey(pool: pg.Pool): Promise<Map<string, string[]>> {
  const { rows } = await pool.query<{ key: string; ids: string[] }>(
    'SELECT key, array_agg(id::text ORDER BY id) AS ids FROM proof.notes GROUP BY key',
  );
  return new Map(rows.map(({ key, ids }) => [key, ids]));
}

/** A promise that the test resolves itself. */
export function deferred(): { promise: Promise<void>; resolve: () => void } {
  let settle: (() => void) | undefined;
  const promise = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: () => settle?.() };
}
