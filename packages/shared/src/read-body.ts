import express, { type Request, type Response } from 'express';
import { jsonFaultAt } from './json-fault.ts';
import { sharedProblems, type FieldError, type Problem, type ProblemDetails } from './problem.ts';

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

/** Packed bodies are refused: a few bytes could unpack to many. */
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
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('noObject');
  const errors: FieldError[] = [];
  findUnstorable(value, '', 1, errors);
  return { value: value as Record<string, unknown>, errors };
}

async function bytesOf(request: Request, response: Response, readBytes: Reader): Promise<Uint8Array> {
  await new Promise<void>((resolve, reject) => {
    readBytes(request, response, (error?: unknown) =>
      error === undefined ? resolve() : reject(isPacked(error) ? packed(error) : error),
    );
  });
  return request.body instanceof Uint8Array ? request.body : new Uint8Array();
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parse(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const position = jsonFaultAt(text);
    throw position === null ? malformed('cutJson', { cause }) : malformed('noJson', { cause, params: { position } });
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw malformed('noUtf8', { cause });
  }
}

/** `format` chooses the text that says what is wrong. */
function malformed(format: 'noObject' | 'noJson' | 'cutJson' | 'noUtf8' | 'tooDeep', details: ProblemDetails = {}) {
  return sharedProblems['request.malformed']({ ...details, params: { ...details.params, format } });
}

function isPacked(error: unknown): boolean {
  return error instanceof Error && 'type' in error && error.type === 'encoding.unsupported';
}

/** With what is taken, as RFC 9110 (15.5.16) wants it. */
function packed(cause: unknown): Problem {
  return sharedProblems['request.unsupportedMediaType']({
    params: { format: 'packed' },
    headers: { 'Accept-Encoding': 'identity' },
    cause,
  });
}

function findUnstorable(value: unknown, path: string, depth: number, errors: FieldError[]): void {
  if (depth > depthMax) throw malformed('tooDeep', { params: { depth: depthMax } });
  if (typeof value === 'string') {
    if (!isStorable(value)) errors.push({ field: path, code: 'unstorable' });
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, child] of Object.entries(value)) {
      const childPath = path === '' ? name : `${path}.${name}`;
      if (!isStorable(name)) errors.push({ field: childPath, code: 'unstorable' });
      findUnstorable(child, childPath, depth + 1, errors);
    }
  }
}

/** Neither a NUL nor half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
