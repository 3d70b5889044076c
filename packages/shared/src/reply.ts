import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { matchesWeakly } from './entity-tag.ts';

const preparedText: unique symbol = Symbol('pika.preparedJson');

/** JSON text that is written untouched, neither parsed nor stringified. */
export interface PreparedJson {
  readonly [preparedText]: string;
}

export function preparedJson(text: string): PreparedJson {
  return { [preparedText]: text };
}

/** In the answer to a write, and in the requests of its caller from then on. */
export const readAfterHeader = 'Pika-Read-After';

export interface Reply {
  /** 200 unless said. */
  readonly status?: number;
  /** A value to stringify, `preparedJson(text)`, or bytes for a media type that is not JSON. */
  readonly body?: unknown;
  /** Instead of a body: parts that are made as fast as the caller takes them, and no faster. Never with `etag`. */
  readonly stream?: AsyncIterable<string>;
  /** The negotiated one unless said. */
  readonly mediaType?: string;
  /** Languages that the answer really uses, joined into `Content-Language`. */
  readonly contentLanguages?: readonly string[];
  readonly cacheControl?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What a write was committed behind: the caller sends it back to be shown no older state. */
  readonly readAfter?: string | undefined;
  /** Whether to tag the answer, by its text unless `headers` has an `ETag`, and to honour `If-None-Match`. */
  readonly etag?: boolean;
}

/**
 * Writes the reply; 304 without a body when the caller already holds it. Nothing is set if the body cannot be built. A stream
 * is waited for, and made no further once the caller is gone.
 */
export function writeReply(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  mediaType: string,
  vary: string,
): Promise<void> | void {
  const body = reply.body === undefined ? '' : textOf(reply.body);
  response.statusCode = reply.status ?? 200;
  addVary(response, vary);
  if (reply.contentLanguages !== undefined && reply.contentLanguages.length > 0) {
    response.setHeader('Content-Language', reply.contentLanguages.join(', '));
  }
  if (reply.cacheControl !== undefined) response.setHeader('Cache-Control', reply.cacheControl);
  if (reply.readAfter !== undefined) response.setHeader(readAfterHeader, reply.readAfter);
  for (const name in reply.headers) response.setHeader(name, reply.headers[name] ?? '');
  if (reply.etag === true && isUnchanged(request, response, body)) {
    response.statusCode = 304;
    response.end();
    return;
  }
  if (reply.stream !== undefined) {
    response.setHeader('Content-Type', reply.mediaType ?? mediaType);
    return writeStream(request, response, reply.stream);
  }
  if (reply.body !== undefined) response.setHeader('Content-Type', reply.mediaType ?? mediaType);
  endWith(response, body);
}

async function writeStream(
  request: IncomingMessage,
  response: ServerResponse,
  parts: AsyncIterable<string>,
): Promise<void> {
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  try {
    await pipeline(Readable.from(parts), response);
  } catch (error) {
    // Who has left is told nothing; a failure of ours cuts the answer short, so that nobody takes it for the whole.
    if (!isGone(error)) throw error;
  }
}

const isGone = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';

/** Beside what the answer is said to vary by already. */
export function addVary(response: ServerResponse, vary: string): void {
  const before = response.getHeader('Vary');
  response.setHeader('Vary', before === undefined ? vary : `${String(before)}, ${vary}`);
}

/** Ends the response with its length stated, for HEAD too, whose body Node leaves out by itself. */
export function endWith(response: ServerResponse, body: string | Uint8Array): void {
  if (response.statusCode !== 204) response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}

export function textOf(body: unknown): string | Uint8Array {
  if (body instanceof Uint8Array) return body;
  return isPrepared(body) ? body[preparedText] : JSON.stringify(body);
}

function isPrepared(body: unknown): body is PreparedJson {
  return typeof body === 'object' && body !== null && preparedText in body;
}

const readingMethods = ['GET', 'HEAD'];

function isUnchanged(request: IncomingMessage, response: ServerResponse, body: string | Uint8Array): boolean {
  const tag = `W/"${hash('sha1', body, 'base64')}"`;
  if (!response.hasHeader('ETag')) response.setHeader('ETag', tag);
  const held = request.headers['if-none-match'];
  if (held === undefined || response.statusCode !== 200 || !readingMethods.includes(request.method ?? '')) return false;
  return matchesWeakly(held, String(response.getHeader('ETag')));
}
