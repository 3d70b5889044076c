import { insertOutboxEvent, singleStatements } from '@pika/database';
import { openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  addMarket,
  goodPassword,
  linkTokenTo,
  newEmail,
  startIdentityApi,
  type IdentityApi,
  type IdentityApiOptions,
} from '../identity-api.ts';

let test: OpenTestDatabase;

beforeAll(async () => {
  test = await openTestDatabase();
  await addMarket(test);
});

afterAll(() => test?.close());

async function withApi<Result>(
  options: IdentityApiOptions,
  work: (api: IdentityApi) => Promise<Result>,
): Promise<Result> {
  const identity = await startIdentityApi(test, options);
  try {
    return await work(identity);
  } finally {
    await identity.close();
  }
}

const register = ({ api }: IdentityApi, email: string) =>
  api.post('/v1/auth/register', { email, password: goodPassword, displayName: 'A person' });

describe('a mail', () => {
  it('is sent by the next process where the first one ended after its answer', async () => {
    const email = newEmail();
    await withApi({ pollMillis: 3_600_000 }, async (first) => {
      expect((await register(first, email)).status).toBe(202);
      expect(first.mails).toEqual([]);
    });
    await withApi({}, async (second) => {
      const token = await linkTokenTo(second, email);
      expect((await second.api.post('/v1/auth/verify-email', { token })).status).toBe(204);
    });
  });

  it('is not waited for by the answer, and sent when the server is back', async () => {
    const email = newEmail();
    let tries = 0;
    const send = async () => {
      tries += 1;
      if (tries === 1) throw new Error('SMTP: ESOCKET CONN');
    };
    await withApi({ send }, async (identity) => {
      expect((await register(identity, email)).status).toBe(202);
      expect(await identity.mailsTo(email)).toHaveLength(1);
      expect(tries).toBe(2);
    });
  });

  it('has the same Message-ID and link when it is sent twice', async () => {
    const email = newEmail();
    const sent: { id: string; link: string | null }[] = [];
    const send = async ({ id, link }: { id: string; link: string | null }) => {
      sent.push({ id, link });
      // The server took it, and the process heard nothing of it.
      if (sent.length === 1) throw new Error('SMTP: ETIMEDOUT');
    };
    await withApi({ send }, async (identity) => {
      await register(identity, email);
      await identity.mailsTo(email);
    });
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
    expect(sent[0]?.link).toContain('#verify=');
  });

  it('goes to nobody who was erased in between', async () => {
    const email = newEmail();
    await withApi({}, async (identity) => {
      await register(identity, email);
      await identity.mailsTo(email);
    });
    const { rows } = await test.pool.query(`UPDATE users.users SET state = 'erased' WHERE email = $1 RETURNING id`, [
      email,
    ]);
    await withApi({}, async (identity) => {
      await insertOutboxEvent(singleStatements(test.database, { actor: { type: 'anonymous' } }), {
        aggregateType: 'user',
        aggregateId: rows[0].id,
        type: 'mail.requested',
        payload: { kind: 'passwordChanged', language: 'es', link: null },
      });
      expect(await identity.mailsTo(email)).toEqual([]);
    });
  });
});

describe('an event', () => {
  it('that comes twice makes one account, one link and one mail', async () => {
    const email = newEmail();
    await withApi({}, async (identity) => {
      await register(identity, email);
      await identity.mailsTo(email);
      await test.pool.query(
        `UPDATE public.outbox_events SET delivered_at = NULL, available_at = now()
         WHERE id = (SELECT max(id) FROM public.outbox_events WHERE type = 'account.registered')`,
      );
      await vi.waitFor(async () => {
        const { rows } = await test.pool.query(
          `SELECT attempts, delivered_at FROM public.outbox_events WHERE type = 'account.registered' ORDER BY id DESC LIMIT 1`,
        );
        expect(rows[0]).toMatchObject({ attempts: 2, delivered_at: expect.any(Date) });
      }, 20_000);
      expect(await identity.mailsTo(email)).toHaveLength(1);
    });
  });
});
