import { randomUUID } from 'node:crypto';
import { insertOutboxEvent } from '@pika/database';
import { invitationToken } from '@pika/shared';
import { openTestDatabase, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMarket, settings, startIdentityApi, type IdentityApi } from '../identity-api.ts';
import { addBusiness, addPerson } from '../people.ts';

let test: OpenTestDatabase;
let identityApi: IdentityApi;
let business: string;

beforeAll(async () => {
  test = await openTestDatabase();
  await addMarket(test);
  identityApi = await startIdentityApi(test);
  business = await addBusiness(test, {});
  await test.pool.query(
    `INSERT INTO i18n.translations (key, language_code, value, domain) VALUES ($1, 'es', 'Café <del> Puerto', 'business')`,
    [`business.${business}.name`],
  );
});
afterAll(async () => {
  await identityApi?.close();
  await test?.close();
});

/** As the app of businesses writes it. */
async function invite(email: string, { language = 'en', change = '' } = {}): Promise<string> {
  const id = randomUUID();
  await test.pool.query(
    `INSERT INTO business.invitations (id, business_id, email, role, token_hash, created_at, expires_at)
     VALUES ($1, $2, $3, 'redeemer', sha256(convert_to($4, 'UTF8')), now() - interval '8 days', now() + interval '1 day')`,
    [id, business, email, invitationToken(id, settings.INVITATION_SECRET)],
  );
  if (change !== '') await test.pool.query(`UPDATE business.invitations SET ${change} WHERE id = $1`, [id]);
  await test.asOwner((tx) =>
    insertOutboxEvent(tx, {
      aggregateType: 'invitation',
      aggregateId: id,
      type: 'invitation.created',
      payload: { invitationId: id, language },
    }),
  );
  return id;
}

describe('an invitation', () => {
  it('is mailed with a link whose token the database does not have', async () => {
    const id = await invite('new@pika.example');
    const [mail, ...more] = await identityApi.mailsTo('new@pika.example');
    expect(more).toEqual([]);
    expect(mail).toMatchObject({
      subject: 'An invitation to Café <del> Puerto',
      language: 'en',
      link: `https://pika.example/#invitation=${invitationToken(id, settings.INVITATION_SECRET)}`,
    });
    expect(mail?.html).toContain('Café &lt;del&gt; Puerto');
  });

  it('is written in the language of who is known, else in that of who invites', async () => {
    const { email, id } = await addPerson(test, identityApi);
    await test.pool.query(`UPDATE users.users SET language_code = 'gn' WHERE id = $1`, [id]);
    await invite(email, { language: 'ar' });
    await invite('stranger@pika.example', { language: 'ar' });
    expect((await identityApi.mailsTo(email)).at(-1)).toMatchObject({ language: 'gn' });
    expect(await identityApi.mailsTo('stranger@pika.example')).toMatchObject([{ language: 'ar' }]);
  });

  it.each([
    ['revoked', 'revoked_at = now()'],
    ['accepted', 'accepted_at = now()'],
    ['expired', `expires_at = now() - interval '1 second'`],
  ])('that was %s meanwhile is not mailed', async (what, change) => {
    await invite(`${what}@pika.example`, { change });
    expect(await identityApi.mailsTo(`${what}@pika.example`)).toEqual([]);
  });
});
