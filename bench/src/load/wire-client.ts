import type { Socket } from 'node:net';
import pg from 'pg';

/** One prepared statement and the parameters of one call, ready to be written to a socket. */
export interface WireCall {
  readonly statement: string;
  readonly message: Buffer;
}

/** What an answer held. The rows are counted and dropped: reading them is the business of a client, not of a bound. */
export interface WireAnswer {
  rows: number;
  bytes: number;
}

/**
 * A PostgreSQL client that does next to nothing: it sends ready-made messages and looks for the end of the answer, so
 * that the load generator takes as little as possible of the cores it shares with the server. pg opens the connection
 * (and knows how to authenticate); then its socket is taken over.
 */
export class WireClient {
  readonly #client: pg.Client;
  readonly #socket: Socket;
  readonly #names: ReadonlyMap<string, string>;
  #header = Buffer.alloc(5);
  #headerLength = 0;
  #bodyLeft = 0;
  #isError = false;
  #error = '';
  #answer: WireAnswer = { rows: 0, bytes: 0 };
  #settle: ((error: Error | null) => void) | null = null;

  private constructor(client: pg.Client, names: ReadonlyMap<string, string>) {
    this.#client = client;
    this.#names = names;
    this.#socket = (client as unknown as { connection: { stream: Socket } }).connection.stream;
    this.#socket.removeAllListeners('data');
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  /** Connects and prepares the statements, each under its position as name. */
  static async connect(url: string, statements: readonly string[]): Promise<WireClient> {
    const client = new pg.Client({ connectionString: url, application_name: 'pika-bench' });
    await client.connect();
    const wire = new WireClient(client, new Map(statements.map((text, index) => [text, statementName(index)])));
    for (const [text, name] of wire.#names) {
      await wire.#send(Buffer.concat([message('P', cString(name), cString(text), int16(0)), sync]));
    }
    return wire;
  }

  call({ message: bind }: WireCall): Promise<WireAnswer> {
    return this.#send(bind);
  }

  close(): void {
    this.#socket.end(message('X'));
    this.#socket.on('error', () => undefined);
    this.#client.on('error', () => undefined);
  }

  #send(bytes: Buffer): Promise<WireAnswer> {
    this.#answer = { rows: 0, bytes: 0 };
    return new Promise((resolve, reject) => {
      this.#settle = (error) => (error === null ? resolve(this.#answer) : reject(error));
      this.#socket.write(bytes);
    });
  }

  #read(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#bodyLeft > 0) {
        const taken = Math.min(this.#bodyLeft, chunk.length - at);
        if (this.#isError) this.#error += chunk.toString('utf8', at, at + taken);
        this.#bodyLeft -= taken;
        at += taken;
        continue;
      }
      const wanted = Math.min(5 - this.#headerLength, chunk.length - at);
      chunk.copy(this.#header, this.#headerLength, at, at + wanted);
      this.#headerLength += wanted;
      at += wanted;
      if (this.#headerLength === 5) this.#begin(this.#header[0] as number, this.#header.readInt32BE(1) - 4);
    }
    if (this.#isReady && this.#bodyLeft === 0 && this.#headerLength === 0) this.#finish();
  }

  #isReady = false;

  #begin(type: number, length: number): void {
    this.#headerLength = 0;
    this.#bodyLeft = length;
    if (type === 0x44) {
      this.#answer.rows += 1;
      this.#answer.bytes += length;
    }
    this.#isError = type === 0x45;
    this.#isReady = type === 0x5a;
  }

  #finish(): void {
    const settle = this.#settle;
    const error = this.#error === '' ? null : new Error(this.#error.replaceAll('\0', ' '));
    this.#isReady = false;
    this.#error = '';
    this.#settle = null;
    settle?.(error);
  }
}

/** Binds text parameters to the statement at a position of the list that `connect` prepared, and executes it. */
export function wireCall(statement: string, position: number, values: readonly unknown[]): WireCall {
  const parameters = values.map((value) => {
    const text = parameterText(value);
    if (text === null) return int32(-1);
    const bytes = Buffer.from(text);
    return Buffer.concat([int32(bytes.length), bytes]);
  });
  const bind = message(
    'B',
    cString(''),
    cString(statementName(position)),
    int16(0),
    int16(values.length),
    ...parameters,
    int16(0),
  );
  return { statement, message: Buffer.concat([bind, message('E', cString(''), int32(0)), sync]) };
}

function parameterText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `{${value.map((item) => JSON.stringify(item)).join(',')}}`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function statementName(position: number): string {
  return `bench_${position}`;
}

function message(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function cString(text: string): Buffer {
  return Buffer.from(`${text}\0`);
}

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

const sync = message('S');
