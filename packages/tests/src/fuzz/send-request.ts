import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';

export interface FuzzRequest {
  readonly method: string;
  /** With the query, encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface FuzzAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly milliseconds: number;
}

export interface Sender {
  send(request: FuzzRequest): Promise<FuzzAnswer>;
  close(): void;
}

const answerMillisecondsMax = 20_000;

/** Sends what it is given and adds nothing but the length of a body. Rejects where no whole answer comes. */
export function openSender(url: string): Sender {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(url);
  return {
    close: () => agent.destroy(),
    send: ({ method, path, headers, body }) =>
      new Promise((resolve, reject) => {
        const startedAt = performance.now();
        const bytes = body === undefined ? undefined : Buffer.from(body);
        const length = bytes === undefined ? {} : { 'content-length': String(bytes.length) };
        const options = { agent, host: hostname, port, method, path, headers: { ...headers, ...length } };
        const outgoing = httpRequest(options, (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () =>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              text: Buffer.concat(chunks).toString(),
              milliseconds: performance.now() - startedAt,
            }),
          );
        });
        outgoing.setTimeout(answerMillisecondsMax, () => outgoing.destroy(new Error('no answer in time')));
        outgoing.on('error', reject);
        outgoing.end(bytes);
      }),
  };
}

/** The request as a line for a shell. */
export function curlOf(url: string, { method, path, headers, body }: FuzzRequest): string {
  const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const data = body === undefined ? [] : ['--data-binary', quote(body)];
  return [
    'curl -i --path-as-is -X',
    method,
    ...Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...data,
    quote(url + path),
  ].join(' ');
}
