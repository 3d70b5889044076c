import { openTestDatabase, testClock, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addAccount,
  addMarket,
  goodPassword,
  linkTokenTo,
  newEmail,
  startIdentityApi,
  type IdentityApi,
} from '../identity-api.ts';

const clock = testClock('2026-03-04T12:00:00Z');
let test: OpenTestDatabase;
let identity: IdentityApi;

beforeAll(async () => {
  test = await openTestDatabase();
  await addMarket(test);
  identity = await startIdentityApi(test, { now: clock.now });
});

afterAll(async () => {
  await identity?.close();
  await test?.close();
});

const register = (body: object, headers?: Record<string, string>) =>
  identity.api.post('/v1/auth/register', { password: goodPassword, displayName: 'Ramona', ...body }, headers);

const personOf = async (email: string) =>
  (
    await test.pool.query(
      `SELECT display_name, language_code, state, password_hash, email_verified_at
       FROM users.users JOIN identity.credentials ON user_id = id WHERE email = $1`,
      [email],
    )
  ).rows[0];

describe('202', () => {
  it('adds a person who is not verified yet, and sends the link', async () => {
    const email = newEmail();
    const answer = await register({ email: ` ${email.toUpperCase()} ` });
    expect([answer.status, answer.body]).toEqual([202, { email }]);
    expect(answer.headers['cache-control']).toBe('no-store');
    const mails = await identity.mailsTo(email);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.link).toMatch(/^https:\/\/pika\.example\/#verify=[\w-]{43}$/);
    expect(await personOf(email)).toEqual({
      display_name: 'Ramona',
      language_code: 'es',
      state: 'active',
      password_hash: expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/),
      email_verified_at: null,
    });
  });

  it.each([
    ['es', 'Confirme su correo electrónico', 'ltr'],
    ['en', 'Confirm your e-mail address', 'ltr'],
    ['gn', 'Emoañete ne correo', 'ltr'],
    ['ar', 'أكّد بريدك الإلكتروني', 'rtl'],
  ])('writes in the language %s that the person chose', async (language, subject, direction) => {
    const email = newEmail();
    await register({ email, language }, { 'Accept-Language': 'en' });
    const [mail] = await identity.mailsTo(email);
    expect(mail).toMatchObject({ subject, language });
    expect(mail?.html).toContain(`<html lang="${language}" dir="${direction}">`);
    expect(mail?.text).toContain(mail?.link);
    expect(await personOf(email)).toMatchObject({ language_code: language });
  });

  it.each([8, 64, 128])('takes a password of %i characters, and compares all of them', async (length) => {
    const password = 'ñandutí '.repeat(16).slice(0, length);
    const account = await addAccount(identity, { password });
    const last = { ...account, password: `${password.slice(0, -1)}!` };
    expect((await identity.api.post('/v1/auth/login', last)).status).toBe(401);
    expect((await identity.api.post('/v1/auth/login', account)).status).toBe(200);
  });

  it('takes the language of the request where none is chosen', async () => {
    const email = newEmail();
    await register({ email }, { 'Accept-Language': 'ar-LB' });
    expect((await identity.mailsTo(email))[0]?.language).toBe('ar');
  });

  it('answers alike for an address that has an account, and tells its owner alone', async () => {
    const { email } = await addAccount(identity);
    const before = await personOf(email);
    const known = await register({ email, password: 'another long password', displayName: 'Somebody else' });
    const unknown = await register({ email: newEmail() });
    expect([known.status, known.body]).toEqual([202, { email }]);
    const { date: _, 'x-request-id': _id, 'content-length': _length, ...headers } = known.headers;
    expect(unknown.headers).toMatchObject(headers);
    expect((await identity.mailsTo(email)).at(-1)).toMatchObject({
      subject: 'Usted ya tiene una cuenta',
      link: expect.stringContaining('/#reset='),
    });
    expect(await personOf(email)).toEqual(before);
  });

  it('lets no password of whoever came first hold for who follows a link of her own', async () => {
    const email = newEmail();
    await register({ email, password: 'the password of another' });
    const theirs = await linkTokenTo(identity, email);
    await register({ email });
    const token = await linkTokenTo(identity, email);
    expect((await identity.api.post('/v1/auth/verify-email', { token: theirs })).body).toMatchObject({
      code: 'auth.invalidLink',
    });
    const newPassword = 'the password of her own';
    expect((await identity.api.post('/v1/auth/password/reset', { token, newPassword })).status).toBe(204);
    const logIn = (password: string) => identity.api.post('/v1/auth/login', { email, password });
    expect((await logIn('the password of another')).status).toBe(401);
    expect((await logIn(newPassword)).status).toBe(200);
  });

  it('does the same statements before it answers, whether somebody has the address or not', async () => {
    const { email } = await addAccount(identity);
    const written = async (address: string) => {
      await identity.mailsTo(address);
      const { rows: before } = await test.pool.query('SELECT max(id) AS id FROM public.outbox_events');
      await register({ email: address });
      const { rows } = await test.pool.query(
        `SELECT aggregate_type, type, jsonb_object_keys(payload) AS key, aggregate_id ~ '^[0-9a-f]{64}$' AS hidden
         FROM public.outbox_events WHERE id > $1 AND aggregate_type = 'account'`,
        [before[0].id],
      );
      return rows;
    };
    const known = await written(email);
    expect(known).toEqual([{ aggregate_type: 'account', type: 'account.registered', key: 'sealed', hidden: true }]);
    expect(await written(newEmail())).toEqual(known);
  });

  it('keeps nothing readable of it in the outbox', async () => {
    const email = newEmail();
    await register({ email, displayName: 'Unmistakable Name' });
    const token = await linkTokenTo(identity, email);
    const { rows } = await test.pool.query('SELECT * FROM public.outbox_events');
    const text = JSON.stringify(rows);
    for (const secret of [email, goodPassword, 'Unmistakable', 'argon2id', token]) expect(text).not.toContain(secret);
  });

  it('makes one account of ten registrations at once', async () => {
    const email = newEmail();
    const answers = await Promise.all(Array.from({ length: 10 }, () => register({ email })));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(202));
    const mails = await identity.mailsTo(email);
    // One of either kind: the second link to the owner of an account is held back for five minutes.
    expect(mails.map(({ subject }) => subject)).toEqual([
      'Confirme su correo electrónico',
      'Usted ya tiene una cuenta',
    ]);
    const { rows } = await test.pool.query('SELECT count(*)::int AS n FROM users.users WHERE email = $1', [email]);
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('sends the owner of an account no more than one mail in five minutes', async () => {
    const { email } = await addAccount(identity);
    await register({ email });
    await register({ email });
    expect(await identity.mailsTo(email)).toHaveLength(2);
    clock.set(new Date(clock.now().getTime() + 301_000));
    await register({ email });
    expect(await identity.mailsTo(email)).toHaveLength(3);
  });
});

describe('400', () => {
  it.each([
    [{ password: 'short' }, 'password', 'tooShort'],
    [{ password: 'é'.repeat(129) }, 'password', 'tooLong'],
    [{ password: 'Password123' }, 'password', 'commonPassword'],
    [{ password: 'qwertyuiop' }, 'password', 'commonPassword'],
    [{ password: 'ｐａｓｓｗｏｒｄ１' }, 'password', 'commonPassword'],
    [
      { email: 'ramona.gonzalez@pika.example', password: 'Ramona.Gonzalez@pika.example' },
      'password',
      'passwordIsEmail',
    ],
    [{ email: 'ramona.gonzalez@pika.example', password: 'ramona.gonzalez' }, 'password', 'passwordIsEmail'],
    [{ password: 'Pika: 21-11-2026' }, 'password', 'passwordOfOwnWords'],
    [{ password: 'ＰｉｋａPikaPika' }, 'password', 'passwordOfOwnWords'],
    [{ password: 'Voucher_Admin!' }, 'password', 'passwordOfOwnWords'],
    [{ password: 'pika-demo-password' }, 'password', 'passwordOfOwnWords'],
    [{ password: '7 owners, 7 cupones' }, 'password', 'passwordOfOwnWords'],
    [{ email: 'ramona' }, 'email', 'invalidFormat'],
    [{ email: 'ramona@example.com\r\nBcc: all@example.com' }, 'email', 'invalidFormat'],
    [{ displayName: '  ' }, 'displayName', 'tooShort'],
    [{ displayName: 7 }, 'displayName', 'notAText'],
    [{ displayName: 'Ramona\nand others' }, 'displayName', 'invalidFormat'],
    [{ displayName: 'Ramona\u202E' }, 'displayName', 'invalidFormat'],
    [{ language: 'tlh' }, 'language', 'unknownLanguage'],
    [{ roles: ['admin'] }, 'roles', 'unknown'],
    [{ emailVerifiedAt: '2026-01-01T00:00:00Z' }, 'emailVerifiedAt', 'unknown'],
  ])('refuses %o', async (body, field, code) => {
    const answer = await register({ email: newEmail(), ...body });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'request.invalid', errors: [{ field, code }] });
  });

  it('names the weak password beside every other wrong field', async () => {
    const answer = await register({ email: 'ramona', password: 'password1' });
    expect((answer.body as { errors: { field: string }[] }).errors.map(({ field }) => field).toSorted()).toEqual([
      'email',
      'password',
    ]);
  });

  it.each(['pika likes yellow birds', '2026-11-21 08:15', 'offertory voluntary'])('takes %j', async (password) => {
    expect((await register({ email: newEmail(), password })).status).toBe(202);
  });

  it('takes a password of eight unusual characters, counted as people do', async () => {
    expect((await register({ email: newEmail(), password: '🐦🐤🐥🐣🦜🦢🦩🕊' })).status).toBe(202);
    expect((await register({ email: newEmail(), password: '🐦🐤🐥🐣' })).status).toBe(400);
  });
});
