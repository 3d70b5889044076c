import { Agent, request } from 'node:http';

export interface Sent {
  path: string;
  /** Whose token it is sent with. */
  userId: string;
  key: string;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  status: number;
  text: string;
  isReplayed: boolean;
  /** Of the problem, or of each violation where it is refused. */
  codes: string[];
  /** Of the redemption. */
  id: string | null;
}

const agent = new Agent({ keepAlive: true });

/** Rejects where no whole answer came: nobody knows what became of the request. */
export function send(url: string, { path, userId, key, body = {}, headers = {} }: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url + path,
      {
        agent,
        method: 'POST',
        headers: {
          Authorization: `Bearer ${userId}`,
          'Content-Type': 'application/json',
          'Idempotency-Key': key,
          ...headers,
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const told = JSON.parse(text) as { id?: string; code?: string; violations?: { code: string }[] };
          resolve({
            status: incoming.statusCode ?? 0,
            text,
            isReplayed: incoming.headers['idempotency-replayed'] === 'true',
            codes: told.violations?.map(({ code }) => code) ?? (told.code === undefined ? [] : [told.code]),
            id: told.id ?? null,
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify(body));
  });
}

export const redeemPath = (voucherId: string) => `/v1/vouchers/${voucherId}/redeem`;
