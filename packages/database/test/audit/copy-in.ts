import pg from 'pg';

class CopyIn extends pg.Query {
  readonly #data: string;

  constructor(text: string, data: string, done: (error: Error | null) => void) {
    super(text, done as never);
    this.#data = data;
  }

  handleCopyInResponse(connection: { sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void }): void {
    connection.sendCopyFromChunk(Buffer.from(this.#data));
    connection.endCopyFrom();
  }
}

/** COPY … FROM STDIN with CSV lines. */
export const copyIn = (db: pg.PoolClient, target: string, lines: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const data = lines.map((line) => `${line}\n`).join('');
    db.query(
      new CopyIn(`COPY ${target} FROM STDIN (FORMAT csv)`, data, (error) => (error ? reject(error) : resolve())),
    );
  });
