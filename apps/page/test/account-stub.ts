import { randomUUID } from 'node:crypto';
import type { BrowserContext, Request, Route } from 'playwright-core';

export const password = 'a password of the tests';

/** The real API knows it. */
const seededBusiness = '01941f29-7c00-7841-863a-7cd1fde7f01d';

interface Session {
  id: string;
  refreshToken: string;
  isRevoked: boolean;
}

export interface AccountStub {
  sessions: Session[];
  /** Access tokens that are good. */
  accepted: Set<string>;
  expiresIn: number;
  code: string | null;
  person: { email: string; displayName: string; language: string | null; hasSecondFactor: boolean; version: number };
  /** What was asked, with its body: `POST /v1/auth/login`. */
  asked: { call: string; body: Record<string, unknown>; headers: Record<string, string> }[];
  countOf: (call: string) => number;
  bodyOf: (call: string) => Record<string, unknown> | undefined;
}

type Reply = { status: number; json?: unknown; headers?: Record<string, string> };

const problem = (status: number, code: string, detail: string, more: Record<string, unknown> = {}): Reply => ({
  status,
  json: { type: `/problems/${code}`, title: code, status, detail, code, ...more },
});
const wrongField = (field: string, message: string, reason: Record<string, unknown> = { code: 'invalid' }) =>
  problem(400, 'request.invalid', 'Some values are wrong.', { errors: [{ ...reason, field, message }] });
const tooShort = (field: string, minimum: number) =>
  wrongField(field, `Minimum length: ${minimum}.`, { code: 'tooShort', minimum });
const invalidToken = () => problem(401, 'auth.invalidToken', 'It may have expired or been revoked.');
const page = (data: readonly unknown[]) => ({ status: 200, json: { data, page: { next: null } } });

/**
 * Answers for the account as its contract says, in every tab of a context: refresh tokens are exchanged once, without
 * grace, and a second exchange revokes the session. All else goes to the real API, without the token that it cannot know.
 */
export async function stubAccount(context: BrowserContext): Promise<AccountStub> {
  const addresses: Record<string, unknown>[] = [];
  const notifications = { emailActivity: true, emailOffers: false };
  const stub: AccountStub = {
    sessions: [],
    accepted: new Set(),
    expiresIn: 600,
    code: null,
    person: { email: 'ana@pika.example', displayName: 'Ana', language: null, hasSecondFactor: false, version: 1 },
    asked: [],
    countOf: (call) => stub.asked.filter((each) => each.call === call).length,
    bodyOf: (call) => stub.asked.findLast((each) => each.call === call)?.body,
  };

  const tokensOf = (session: Session): Reply => {
    const accessToken = `access-${randomUUID()}`;
    stub.accepted.add(accessToken);
    session.refreshToken = `refresh-${randomUUID()}`;
    used.set(session.refreshToken, session);
    const { refreshToken } = session;
    return { status: 200, json: { accessToken, refreshToken, expiresIn: stub.expiresIn, tokenType: 'Bearer' } };
  };
  const used = new Map<string, Session>();
  const revoke = (sessions: readonly Session[]) => {
    for (const session of sessions) session.isRevoked = true;
    stub.accepted.clear();
  };

  const publicCalls: Record<string, (body: Record<string, unknown>) => Reply> = {
    'POST /v1/auth/register': ({ password: chosen }) =>
      String(chosen).length < 12 ? tooShort('password', 12) : { status: 202 },
    'POST /v1/auth/verify-email': ({ token }) =>
      token === 'good' ? { status: 204 } : problem(400, 'auth.invalidLink', 'This link was used or is too old.'),
    'POST /v1/auth/password/forgot': () => ({ status: 202 }),
    'POST /v1/auth/password/reset': ({ newPassword }) =>
      String(newPassword).length < 12 ? tooShort('newPassword', 12) : { status: 204 },
    'POST /v1/auth/login': ({ password: given, code }) => {
      if (given === 'again') {
        return { ...problem(429, 'request.tooMany', 'Too many tries.'), headers: { 'Retry-After': '30' } };
      }
      if (given === 'locked') {
        const locked = problem(429, 'auth.locked', 'Try again in 30 seconds, or by a link.', { title: 'Too many' });
        return { ...locked, headers: { 'Retry-After': '30' } };
      }
      if (given !== password) {
        return problem(401, 'auth.wrongCredentials', 'Try again.', { title: 'E-mail and password do not fit' });
      }
      if (stub.code !== null && code !== stub.code) return problem(401, 'auth.codeRequired', 'A code is needed.');
      const session = { id: randomUUID(), refreshToken: '', isRevoked: false };
      stub.sessions.push(session);
      return tokensOf(session);
    },
    'POST /v1/auth/refresh': ({ refreshToken }) => {
      const session = used.get(String(refreshToken));
      if (session === undefined || session.isRevoked) return invalidToken();
      if (session.refreshToken === refreshToken) return tokensOf(session);
      revoke([session]);
      return invalidToken();
    },
  };

  const preferences = (): Reply => ({
    status: 200,
    json: { language: stub.person.language, notifications },
    headers: { ETag: `"${stub.person.version}"` },
  });

  const ownCalls: Record<string, (body: Record<string, unknown>, headers: Record<string, string>) => Reply> = {
    'GET /v1/me': () => ({ status: 200, json: stub.person, headers: { ETag: `"${stub.person.version}"` } }),
    'PATCH /v1/me': (body, headers) => {
      if (headers['if-match'] !== `"${stub.person.version}"`) return problem(412, 'record.changed', 'It has changed.');
      if (body['displayName'] === '') return tooShort('displayName', 1);
      Object.assign(stub.person, body, { version: stub.person.version + 1 });
      return { status: 200, json: stub.person, headers: { ETag: `"${stub.person.version}"` } };
    },
    'DELETE /v1/me': (body) =>
      body['password'] === password ? { status: 204 } : problem(401, 'auth.wrongCredentials', 'It does not fit.'),
    'GET /v1/me/preferences': () => preferences(),
    'PATCH /v1/me/preferences': (body, headers) => {
      if (headers['if-match'] !== `"${stub.person.version}"`) return problem(412, 'record.changed', 'It has changed.');
      if ('language' in body) stub.person.language = body['language'] as string | null;
      Object.assign(notifications, body['notifications']);
      stub.person.version += 1;
      return preferences();
    },
    'POST /v1/businesses/invitations/accept': ({ token }) => {
      if (token === 'good') return { status: 200, json: { businessId: seededBusiness, role: 'manager' } };
      return token === 'old'
        ? problem(409, 'invitation.expired', 'Ask for another one.', { title: 'The invitation has expired' })
        : problem(404, 'invitation.notFound', 'It was sent to another address.', { title: 'No such invitation' });
    },
    'GET /v1/me/addresses': () => page(addresses),
    'POST /v1/me/addresses': (body, headers) => {
      if (!/^"[\w-]+"$/.test(headers['idempotency-key'] ?? '')) return problem(400, 'idempotency.required', 'No key.');
      if (body['label'] === '') return tooShort('label', 1);
      addresses.push({ id: randomUUID(), ...body });
      return { status: 201, json: addresses.at(-1) };
    },
    'DELETE /v1/me/addresses/*': () => {
      addresses.pop();
      return { status: 204 };
    },
    'GET /v1/me/sessions': () =>
      page(
        stub.sessions
          .filter(({ isRevoked }) => !isRevoked)
          .map(({ id }, index) => ({
            id,
            userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36',
            clientAddress: '192.0.2.7',
            createdAt: '2026-03-04T12:00:00Z',
            lastUsedAt: '2026-03-04T12:00:00Z',
            expiresAt: '2026-04-04T12:00:00Z',
            isCurrent: index === 0,
            impersonatedBy: null,
          })),
      ),
    'DELETE /v1/me/sessions/*': () => {
      stub.sessions.splice(1, 1);
      return { status: 204 };
    },
    'GET /v1/me/export': () => ({ status: 200, json: { user: { email: stub.person.email } } }),
    'POST /v1/auth/logout': () => {
      revoke(stub.sessions);
      return { status: 204 };
    },
    'POST /v1/auth/logout-all': () => {
      revoke(stub.sessions);
      return { status: 204 };
    },
    'POST /v1/auth/password/change': ({ currentPassword }) =>
      currentPassword === password ? { status: 204 } : wrongField('currentPassword', 'It does not fit.'),
    'POST /v1/auth/totp/enrol': ({ password: given }) =>
      given === password
        ? {
            status: 200,
            json: {
              secret: 'JBSWY3DPEHPK3PXP',
              uri: 'otpauth://totp/Pika:ana%40pika.example?issuer=Pika&secret=JBSWY3DPEHPK3PXP',
            },
          }
        : problem(403, 'auth.wrongPassword', 'This is not your password.'),
    'POST /v1/auth/totp/disable': () => ({ status: 204 }),
    'POST /v1/auth/totp/confirm': ({ code }) =>
      code === '123456'
        ? { status: 200, json: { backupCodes: ['aaaa-bbbb', 'cccc-dddd'] } }
        : wrongField('code', 'This code is not the right one.'),
  };

  async function answer(route: Route, request: Request): Promise<void> {
    const call = `${request.method()} ${new URL(request.url()).pathname.replace(/[0-9a-f-]{36}$/, '*')}`;
    const headers = request.headers();
    const body = (request.postDataJSON() ?? {}) as Record<string, unknown>;
    stub.asked.push({ call, body, headers });
    const token = headers['authorization']?.replace('Bearer ', '');
    const isPublic = publicCalls[call] !== undefined || ownCalls[call] === undefined;
    if (token !== undefined && !stub.accepted.has(token)) return fulfill(route, invalidToken());
    if (!isPublic && token === undefined) return fulfill(route, problem(401, 'auth.required', 'Log in.'));
    const reply = publicCalls[call]?.(body) ?? ownCalls[call]?.(body, headers);
    if (reply !== undefined) return fulfill(route, reply);
    const { authorization: _, ...rest } = headers;
    return route.continue({ headers: rest });
  }

  await context.route('**/v1/**', answer);
  return stub;
}

function fulfill(route: Route, { status, json, headers = {} }: Reply): Promise<void> {
  return route.fulfill({ status, headers, ...(json === undefined ? { body: '' } : { json }) });
}
