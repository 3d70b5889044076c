import express, { type Request, type Response } from 'express';
import { sharedProblems, type FieldError } from './problem.ts';

export interface ReadBody {
  /** The object that was sent; empty where nothing was. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Texts that PostgreSQL cannot hold, by their path. */
  readonly errors: readonly FieldError[];
}

const bodyBytesMax = 100_000;
const depthMax = 16;

const nothing: ReadBody = { value: {}, errors: [] };

type Reader = ReturnType<typeof express.raw>;

const readers = new Map<number, Reader>();

/** Compressed bodies are refused: a few bytes could unpack to many. */
function readerOf(limit: number): Reader {
  let reader = readers.get(limit);
  if (reader === undefined) {
    reader = express.raw({ type: () => true, limit, inflate: false });
    readers.set(limit, reader);
  }
  return reader;
}

/**
 * Reads a JSON object. Throws `request.tooLarge`, `request.unsupportedMediaType`, and `request.malformed` for what is no
 * JSON object in UTF-8 or nests deeper than 16.
 */
export async function readBody(
  request: Request,
  response: Response,
  mediaTypes: readonly string[],
  bytesMax = bodyBytesMax,
): Promise<ReadBody> {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== undefined && !mediaTypes.includes(type)) throw sharedProblems['request.unsupportedMediaType']();
  const bytes = await bytesOf(request, response, readerOf(bytesMax));
  if (bytes.length === 0) return nothing;
  if (type === undefined) throw sharedProblems['request.unsupportedMediaType']();
  const value = parse(bytes);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw sharedProblems['request.malformed']();
  const errors: FieldError[] = [];
  findUnstorable(value, '', 1, errors);
  return { value: value as Record<string, unknown>, errors };
}

async function bytesOf(request: Request, response: Response, readBytes: Reader): Promise<Uint8Array> {
  await new Promise<void>((resolve, reject) => {
    readBytes(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
  });
  return request.body instanceof Uint8Array ? request.body : new Uint8Array();
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (cause) {
    throw sharedProblems['request.malformed']({ cause });
  }
}

function findUnstorable(value: unknown, path: string, depth: number, errors: FieldError[]): void {
  if (depth > depthMax) throw sharedProblems['request.malformed']();
  if (typeof value === 'string') {
    if (!isStorable(value)) errors.push({ field: path, code: 'unstorable' });
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, child] of Object.entries(value)) {
      const childPath = path === '' ? name : `${path}.${name}`;
      if (!isStorable(name))
        errors.push({ field: childPath.toWellFormed().replaceAll('\0', '\u{FFFD}'), code: 'unstorable' });
      findUnstorable(child, childPath, depth + 1, errors);
    }
  }
}

/** Neither a NUL nor half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
