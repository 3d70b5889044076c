/** The part of PostgreSQL's wire protocol 3.0 that a front of a single backend has to understand. */
export const SSL_REQUEST = 80877103;
export const GSS_REQUEST = 80877104;
export const CANCEL_REQUEST = 80877102;

export type Message = { type: string; bytes: Buffer };

/** Cuts a byte stream into messages; keeps an unfinished rest. Linear however small the pieces arrive. */
export class MessageReader {
  #chunks: Buffer[] = [];
  #length = 0;
  #started = false;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** The next whole message, or null. Before start-up messages have no type byte: their type is ''. */
  next(): Message | null {
    const prefix = this.#started ? 1 : 0;
    if (this.#length < prefix + 4) return null;
    const head = this.#joined(prefix + 4);
    const size = head.readInt32BE(prefix) + prefix;
    if (size < prefix + 4) throw new Error('malformed message');
    if (this.#length < size) return null;
    const all = this.#joined(size);
    const bytes = all.subarray(0, size);
    const rest = all.subarray(size);
    this.#chunks[0] = rest;
    if (rest.length === 0) this.#chunks.shift();
    this.#length -= size;
    return { type: this.#started ? String.fromCharCode(bytes[0]!) : '', bytes };
  }

  started(): void {
    this.#started = true;
  }

  /** The first chunk, made at least `size` long. */
  #joined(size: number): Buffer {
    if (this.#chunks[0]!.length < size) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]!;
  }
}

export function message(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

export const cString = (text: string) => Buffer.from(`${text}\0`);

export const SYNC = message('S');
export const AUTHENTICATION_CLEARTEXT = message('R', Buffer.from([0, 0, 0, 3]));

export const simpleQuery = (sql: string) => message('Q', cString(sql));
export const closeStatement = (name: string) => message('C', Buffer.from('S'), cString(name));

export function startupPacket(user: string, database: string): Buffer {
  const body = Buffer.concat([
    Buffer.from([0, 3, 0, 0]),
    ...['user', user, 'database', database].map(cString),
    Buffer.from([0]),
  ]);
  const head = Buffer.alloc(4);
  head.writeInt32BE(body.length + 4);
  return Buffer.concat([head, body]);
}

export function errorResponse(severity: 'ERROR' | 'FATAL', sqlState: string, text: string): Buffer {
  const fields = [`S${severity}`, `V${severity}`, `C${sqlState}`, `M${text}`].map(cString);
  return message('E', ...fields, Buffer.from([0]));
}

/** Transaction status of an answer that ends in ReadyForQuery: 'I' idle, 'T' inside, 'E' failed; else null. */
export function readyStatus(answer: Buffer): string | null {
  const end = answer.subarray(-6);
  return end.length === 6 && end[0] === 0x5a && end.readInt32BE(1) === 5 ? String.fromCharCode(end[5]!) : null;
}

/**
 * Prepared statement names are common to all connections underneath. Each connection's own names get its
 * prefix, so that two may use the same. Statements without a name live inside one batch and need none.
 */
export function withStatementPrefix(original: Message, prefix: string): { bytes: Buffer; parsed: string | null } {
  const { type, bytes } = original;
  if (type === 'P') {
    const name = readName(bytes, 5);
    if (name === '') return { bytes, parsed: null };
    return { bytes: replaceName(bytes, 5, name, prefix), parsed: prefix + name };
  }
  if (type === 'B') {
    const at = bytes.indexOf(0, 5) + 1;
    const name = readName(bytes, at);
    return { bytes: name === '' ? bytes : replaceName(bytes, at, name, prefix), parsed: null };
  }
  if ((type === 'D' || type === 'C') && bytes[5] === 0x53) {
    const name = readName(bytes, 6);
    return { bytes: name === '' ? bytes : replaceName(bytes, 6, name, prefix), parsed: null };
  }
  return { bytes, parsed: null };
}

const COPY_IN = /\bcopy\b[^;]*\bfrom\s+stdin\b/i;
const COPY_IN_REFUSAL = simpleQuery(
  `DO $$ BEGIN RAISE 'COPY FROM STDIN is not available on the embedded engine' USING ERRCODE = '0A000'; END $$`,
);

/** The embedded backend reads its input in one go and dies waiting for the rows of a COPY: it gets an error. */
export function withoutCopyIn(original: Message): Message {
  const isCopy = original.type === 'Q' && COPY_IN.test(original.bytes.toString('utf8', 5));
  return isCopy ? { type: 'Q', bytes: COPY_IN_REFUSAL } : original;
}

const readName = (bytes: Buffer, at: number) => bytes.toString('utf8', at, bytes.indexOf(0, at));

function replaceName(bytes: Buffer, at: number, name: string, prefix: string): Buffer {
  const head = bytes.subarray(5, at);
  const tail = bytes.subarray(at + Buffer.byteLength(name));
  return message(String.fromCharCode(bytes[0]!), head, Buffer.from(prefix + name), tail);
}
