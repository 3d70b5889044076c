import { timingSafeEqual } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import {
  AUTHENTICATION_CLEARTEXT,
  CANCEL_REQUEST,
  GSS_REQUEST,
  MessageReader,
  SSL_REQUEST,
  SYNC,
  closeStatement,
  errorResponse,
  readyStatus,
  simpleQuery,
  startupPacket,
  withStatementPrefix,
  withoutCopyIn,
  type Message,
} from './wire-protocol.ts';

/** Runs bytes of the wire protocol on the one backend and gives back its answer. */
export type Backend = (bytes: Uint8Array) => Promise<Buffer>;

type Session = {
  id: number;
  socket: Socket;
  reader: MessageReader;
  phase: 'startup' | 'password' | 'ready' | 'closed';
  batch: Buffer[];
  statements: Set<string>;
};
type Unit = { session: Session; bytes: Buffer; isLast: boolean };

/** After these the backend says that it is ready for the next. */
const LAST = new Set(['Q', 'S', 'F']);
const BOUNDARIES = new Set(['Q', 'S', 'H', 'F', 'd', 'c', 'f']);

/**
 * Lets many connections share the one session of an embedded PostgreSQL.
 *
 * @electric-sql/pglite-socket hands single protocol messages to the backend in order of arrival, so that the
 * Parse of one connection can come between Parse and Bind of another, and a connection that drops while its
 * statement runs leaves everyone waiting. Here the unit is a whole batch up to Sync; whoever is inside a
 * transaction (or between Flush and Sync) holds the backend until it ends, and a holder that disappears is
 * rolled back. Others wait, as at a lock.
 */
export class WireServer {
  #backend: Backend;
  #password: Buffer;
  #maxConnections: number;
  #onBroken: (error: unknown) => void;
  #server: Server;
  #sessions = new Set<Session>();
  #queue: Unit[] = [];
  #holder: Session | null = null;
  #left: Session[] = [];
  #running: Promise<void> | null = null;
  #greeting: Buffer = Buffer.alloc(0);
  #nextId = 1;
  #closing = false;

  constructor(options: {
    backend: Backend;
    password: string;
    maxConnections: number;
    /** The backend threw or fell silent: it cannot be trusted any more. */
    onBroken: (error: unknown) => void;
  }) {
    this.#backend = options.backend;
    this.#password = Buffer.from(options.password);
    this.#maxConnections = options.maxConnections;
    this.#onBroken = options.onBroken;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** Listens on that port of the loopback interface, 0 for any free one, and answers the port. */
  async listen(port: number): Promise<number> {
    this.#greeting = await this.#backend(startupPacket('postgres', 'postgres'));
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening on a port');
    return address.port;
  }

  /** Waits for the running statement, cuts every connection and rolls back what was open. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#server.close();
    this.#queue = [];
    await this.#running;
    for (const session of this.#sessions) session.socket.destroy();
    if (this.#holder) await this.#backend(Buffer.concat([SYNC, simpleQuery('ROLLBACK')]));
  }

  #accept(socket: Socket): void {
    socket.setNoDelay(true);
    const session: Session = {
      id: this.#nextId++,
      socket,
      reader: new MessageReader(),
      phase: 'startup',
      batch: [],
      statements: new Set(),
    };
    this.#sessions.add(session);
    socket.on('data', (chunk) => {
      try {
        session.reader.push(chunk);
        for (let next = session.reader.next(); next; next = session.reader.next()) this.#receive(session, next);
      } catch {
        this.#refuse(session, '08P01', 'protocol violation');
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#leave(session));
  }

  #receive(session: Session, received: Message): void {
    if (session.phase === 'closed') return;
    if (session.phase === 'startup') return this.#startup(session, received);
    if (session.phase === 'password') return this.#authenticate(session, received);
    if (received.type === 'X') {
      session.socket.end();
      return;
    }
    const { bytes, parsed } = withStatementPrefix(withoutCopyIn(received), `c${session.id}_`);
    if (parsed) session.statements.add(parsed);
    session.batch.push(bytes);
    if (!BOUNDARIES.has(received.type)) return;
    this.#queue.push({ session, bytes: Buffer.concat(session.batch), isLast: LAST.has(received.type) });
    session.batch = [];
    this.#run();
  }

  #startup(session: Session, received: Message): void {
    const code = received.bytes.readInt32BE(4);
    if (code === SSL_REQUEST || code === GSS_REQUEST) {
      session.socket.write('N');
      return;
    }
    if (code === CANCEL_REQUEST) {
      session.socket.destroy();
      return;
    }
    session.reader.started();
    if (this.#closing) return this.#refuse(session, '57P03', 'the embedded engine is shutting down');
    if (this.#sessions.size > this.#maxConnections) {
      return this.#refuse(session, '53300', `sorry, too many clients already (at most ${this.#maxConnections})`);
    }
    session.phase = 'password';
    session.socket.write(AUTHENTICATION_CLEARTEXT);
  }

  #authenticate(session: Session, received: Message): void {
    const given = received.bytes.subarray(5, -1);
    const right = given.length === this.#password.length && timingSafeEqual(given, this.#password);
    if (received.type !== 'p' || !right) return this.#refuse(session, '28P01', 'password authentication failed');
    session.phase = 'ready';
    session.socket.write(this.#greeting);
  }

  #refuse(session: Session, sqlState: string, text: string): void {
    session.phase = 'closed';
    session.socket.end(errorResponse('FATAL', sqlState, text));
  }

  #leave(session: Session): void {
    session.phase = 'closed';
    this.#sessions.delete(session);
    if (session.statements.size > 0) this.#left.push(session);
    this.#queue = this.#queue.filter((unit) => unit.session !== session);
    this.#run();
  }

  #run(): void {
    if (this.#running || this.#closing) return;
    this.#running = this.#drain()
      .catch((error: unknown) => this.#onBroken(error))
      .finally(() => {
        this.#running = null;
      });
  }

  async #drain(): Promise<void> {
    while (!this.#closing) {
      if (this.#holder?.phase === 'closed') {
        await this.#backend(Buffer.concat([SYNC, simpleQuery('ROLLBACK')]));
        this.#holder = null;
      }
      if (!this.#holder) await this.#forgetStatements();
      const unit = this.#take();
      if (!unit) return;
      const answer = await this.#backend(unit.bytes);
      const status = readyStatus(answer);
      // A stack overflow in WebAssembly is not thrown: from then on the backend answers nothing.
      if (unit.isLast && status === null) throw new Error('the backend broke off in the middle of its answer');
      if (unit.session.phase !== 'closed') unit.session.socket.write(answer);
      this.#holder = status === 'I' ? null : unit.session;
      // Statements run synchronously: without this turn no socket is read or written in between.
      await new Promise(setImmediate);
    }
  }

  #take(): Unit | undefined {
    if (!this.#holder) return this.#queue.shift();
    const index = this.#queue.findIndex((unit) => unit.session === this.#holder);
    return index === -1 ? undefined : this.#queue.splice(index, 1)[0];
  }

  async #forgetStatements(): Promise<void> {
    const closing = this.#left.flatMap((session) => [...session.statements].map(closeStatement));
    this.#left = [];
    if (closing.length > 0) await this.#backend(Buffer.concat([...closing, SYNC]));
  }
}
