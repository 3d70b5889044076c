import { connect, type Socket } from 'node:net';

const endOfHead = Buffer.from('\r\n\r\n');

/**
 * One keep-alive connection that sends ready-made requests, one after the other, and reads no more of an answer
 * than its status and its length: node's own client would cost the load generator three times as much.
 */
export class HttpConnection {
  readonly #socket: Socket;
  #pending: Buffer = Buffer.alloc(0);
  #bodyLeft = -1;
  #size = 0;
  #settle: ((error: Error | null) => void) | null = null;

  readonly #wanted: string;

  private constructor(socket: Socket, status: number) {
    this.#socket = socket;
    this.#wanted = `HTTP/1.1 ${status}`;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => this.#settle?.(error));
    socket.on('close', () => this.#settle?.(new Error('the server closed the connection')));
  }

  static async open(port: number, status = 200): Promise<HttpConnection> {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new HttpConnection(socket, status);
  }

  /** Resolves to the bytes of the body; an answer of another status is an error. */
  ask(request: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#settle = (error) => {
        this.#settle = null;
        if (error === null) resolve(this.#size);
        else reject(error);
      };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#settle = null;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    if (this.#bodyLeft >= 0) {
      this.#bodyLeft -= chunk.length;
    } else {
      this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
      const end = this.#pending.indexOf(endOfHead);
      if (end < 0) return;
      const head = this.#pending.toString('latin1', 0, end);
      if (!head.startsWith(this.#wanted)) {
        this.#settle?.(new Error(`answered ${head.slice(0, 200)}`));
        return;
      }
      this.#size = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
      if (Number.isNaN(this.#size)) {
        this.#settle?.(new Error('an answer without Content-Length'));
        return;
      }
      this.#bodyLeft = this.#size - (this.#pending.length - end - endOfHead.length);
      this.#pending = Buffer.alloc(0);
    }
    if (this.#bodyLeft === 0) {
      this.#bodyLeft = -1;
      this.#settle?.(null);
    }
  }
}

/** The bytes of a GET request. */
export function getRequest(path: string, headers: Readonly<Record<string, string>> = {}): Buffer {
  const lines = Object.entries({ Host: '127.0.0.1', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
}

/** The bytes of a POST request with a body of JSON. */
export function postRequest(path: string, headers: Readonly<Record<string, string>>, body: string): Buffer {
  const all = {
    Host: '127.0.0.1',
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
  };
  const lines = Object.entries({ ...all, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}
