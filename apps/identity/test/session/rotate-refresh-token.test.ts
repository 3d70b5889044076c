import { jobContext, singleStatements } from '@pika/database';
import { openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rotateRefreshToken, type Refreshed } from '../../src/index.ts';
import { addMarket, addUser, logIn, startIdentityApi, type IdentityApi } from '../identity-api.ts';

let test: OpenTestDatabase;
let app: IdentityApi;

beforeAll(async () => {
  test = await openTestDatabase({ poolSize: 20 });
  await addMarket(test);
  app = await startIdentityApi(test);
});

afterAll(async () => {
  await app?.close();
  await test?.close();
});

const later = (seconds: number) => new Date(Date.now() + seconds * 1_000);

const rotate = (refreshToken: string, now = new Date()): Promise<Refreshed> =>
  rotateRefreshToken(singleStatements(test.database, jobContext('test')), app.identity.deps.tokenRules, {
    refreshToken,
    now,
  });

function pairOf(refreshed: Refreshed) {
  if (!('pair' in refreshed)) throw new Error(`not rotated: ${refreshed.verdict}`);
  return refreshed.pair;
}

async function sessionRow(id: string) {
  const { rows } = await test.pool.query('SELECT revoked_at, revoke_reason FROM identity.sessions WHERE id = $1', [id]);
  return rows[0] as { revoked_at: Date | null; revoke_reason: string | null };
}

const started = async () => logIn(test, app.identity, await addUser(test));

describe('one refresh', () => {
  it('spends the token and gives a pair that goes on', async () => {
    const { refreshToken } = await started();
    const first = pairOf(await rotate(refreshToken));
    const second = pairOf(await rotate(first.refreshToken));
    expect(new Set([refreshToken, first.refreshToken, second.refreshToken]).size).toBe(3);
    expect(second).toMatchObject({ expiresIn: 600, tokenType: 'Bearer' });
  });

  it('stores hashes alone', async () => {
    const { refreshToken, sessionId } = await started();
    const { refreshToken: successor } = pairOf(await rotate(refreshToken));
    const { rows } = await test.pool.query(
      `SELECT t::text || s::text AS text FROM identity.refresh_tokens t JOIN identity.sessions s ON s.id = t.session_id
       WHERE s.id = $1`,
      [sessionId],
    );
    expect(rows).toHaveLength(2);
    for (const secret of [refreshToken, successor]) {
      const spellings = [secret, Buffer.from(secret, 'base64url').toString('hex'), Buffer.from(secret).toString('hex')];
      for (const spelling of spellings) expect(JSON.stringify(rows)).not.toContain(spelling);
    }
  });

  it('writes to the audit log at most once an hour', async () => {
    const { refreshToken, sessionId } = await started();
    const entries = async () => {
      const { rows } = await test.pool.query(
        `SELECT count(*)::int AS entries FROM audit.entries
         WHERE schema_name = 'identity' AND table_name = 'sessions' AND row_key ->> 'id' = $1`,
        [sessionId],
      );
      return (rows[0] as { entries: number }).entries;
    };
    const before = await entries();
    expect(before).toBe(1);
    const first = pairOf(await rotate(refreshToken, later(600)));
    expect(await entries()).toBe(before);
    pairOf(await rotate(first.refreshToken, later(3_700)));
    expect(await entries()).toBe(before + 1);
  });
});

describe('the same token again', () => {
  it('within ten seconds gives the very same pair', async () => {
    const { refreshToken } = await started();
    const at = new Date();
    const first = pairOf(await rotate(refreshToken, at));
    const again = await rotate(refreshToken, new Date(at.getTime() + 10_000));
    expect(again.verdict).toBe('repeated');
    expect(pairOf(again)).toEqual({ ...first, expiresIn: 590 });
  });

  it('later revokes the session with everything of it', async () => {
    const { refreshToken, sessionId } = await started();
    const at = new Date();
    const first = pairOf(await rotate(refreshToken, at));
    expect(await rotate(refreshToken, new Date(at.getTime() + 10_001))).toEqual({ verdict: 'reused', sessionId });
    expect(await sessionRow(sessionId)).toMatchObject({ revoke_reason: 'refresh_token_reused' });
    expect(await rotate(first.refreshToken)).toEqual({ verdict: 'revoked' });
    expect(await rotate(refreshToken)).toEqual({ verdict: 'revoked' });
  });

  it('revokes the session within them too, once its successor was exchanged: nothing was lost', async () => {
    const { refreshToken, sessionId } = await started();
    const at = new Date();
    const first = pairOf(await rotate(refreshToken, at));
    const second = pairOf(await rotate(first.refreshToken, at));
    expect(await rotate(refreshToken, at)).toEqual({ verdict: 'reused', sessionId });
    expect(await sessionRow(sessionId)).toMatchObject({ revoke_reason: 'refresh_token_reused' });
    for (const token of [first.refreshToken, second.refreshToken]) {
      expect(await rotate(token, at)).toEqual({ verdict: 'revoked' });
    }
  });

  it('under another server secret is refused and revokes nothing', async () => {
    const { refreshToken, sessionId } = await started();
    pairOf(await rotate(refreshToken));
    const rules = { ...app.identity.deps.tokenRules, refreshKey: Buffer.alloc(32) };
    const db = singleStatements(test.database, jobContext('test'));
    expect(await rotateRefreshToken(db, rules, { refreshToken, now: new Date() })).toEqual({ verdict: 'unknown' });
    expect(await sessionRow(sessionId)).toMatchObject({ revoked_at: null });
  });

  it('does not touch other sessions of the person', async () => {
    const userId = await addUser(test);
    const stolen = await logIn(test, app.identity, userId);
    const other = await logIn(test, app.identity, userId);
    pairOf(await rotate(stolen.refreshToken));
    expect((await rotate(stolen.refreshToken, later(60))).verdict).toBe('reused');
    expect((await rotate(other.refreshToken)).verdict).toBe('rotated');
  });
});

describe('a session ends', () => {
  const day = 86_400;

  it('thirty days after its last use', async () => {
    const { refreshToken } = await started();
    expect((await rotate(refreshToken, later(30 * day + 1))).verdict).toBe('expired');
    expect((await rotate(refreshToken, later(30 * day - 60))).verdict).toBe('rotated');
  });

  it('ninety days after the log-in, however much it is used', async () => {
    let { refreshToken } = await started();
    for (const days of [29, 58, 87]) ({ refreshToken } = pairOf(await rotate(refreshToken, later(days * day))));
    expect((await rotate(refreshToken, later(90 * day + 1))).verdict).toBe('expired');
    expect((await rotate(refreshToken, later(90 * day - 60))).verdict).toBe('rotated');
  });

  it('when its person is suspended, by whom ever', async () => {
    const userId = await addUser(test);
    const { refreshToken, sessionId } = await logIn(test, app.identity, userId);
    await test.pool.query(`UPDATE users.users SET state = 'suspended' WHERE id = $1`, [userId]);
    expect(await sessionRow(sessionId)).toMatchObject({ revoke_reason: 'user_suspended' });
    expect((await rotate(refreshToken)).verdict).toBe('revoked');
    await expect(logIn(test, app.identity, userId)).rejects.toThrow('may not log in');
  });
});

describe('at the same time', () => {
  it('twenty refreshes get the same pair, twenty times over', async () => {
    for (let round = 0; round < 20; round++) {
      const { refreshToken, sessionId } = await started();
      const at = new Date();
      const refreshed = await Promise.all(Array.from({ length: 20 }, () => rotate(refreshToken, at)));
      expect(new Set(refreshed.map((each) => JSON.stringify(pairOf(each)))).size).toBe(1);
      expect(refreshed.filter(({ verdict }) => verdict === 'rotated')).toHaveLength(1);
      const { rows } = await test.pool.query('SELECT id FROM identity.refresh_tokens WHERE session_id = $1', [
        sessionId,
      ]);
      expect(rows).toHaveLength(2);
    }
  });

  it('a reuse and refreshes leave nothing that goes on', async () => {
    const seen = new Set<string>();
    for (let round = 0; round < 20; round++) {
      const { refreshToken, sessionId } = await started();
      const at = later(-60);
      const { refreshToken: second } = pairOf(await rotate(refreshToken, at));
      const refreshes = Array.from({ length: 8 }, (_, place) => rotate(place === round % 8 ? refreshToken : second));
      const refreshed = await Promise.all(refreshes);
      for (const { verdict } of refreshed) seen.add(verdict);
      expect(refreshed.filter(({ verdict }) => verdict === 'reused')).toHaveLength(1);
      expect(await sessionRow(sessionId)).toMatchObject({ revoke_reason: 'refresh_token_reused' });
      const given = refreshed.flatMap((each) => ('pair' in each ? [each.pair.refreshToken] : []));
      for (const token of [...given, second]) expect((await rotate(token)).verdict).toBe('revoked');
    }
    expect(seen).toContain('revoked');
  });
});

describe('expired tokens', () => {
  it('are deleted, and no others', async () => {
    const { refreshToken } = await started();
    const gone = await started();
    await test.pool.query(
      `UPDATE identity.refresh_tokens SET issued_at = now() - interval '40 days', expires_at = now() - interval '1 day'
       WHERE session_id = $1`,
      [gone.sessionId],
    );
    const [job] = app.identity.jobs.filter(({ name }) => name === 'prune-refresh-tokens');
    await job?.run(new AbortController().signal);
    expect((await rotate(gone.refreshToken)).verdict).toBe('unknown');
    expect((await rotate(refreshToken)).verdict).toBe('rotated');
  });
});
