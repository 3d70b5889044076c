import { addPerson } from '@pika/tests';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codeIn, faultsIn, offerIn, openOfferWorld, type OfferBody, type OfferWorld } from '../offer-world.ts';

let world: OfferWorld;
let locationId: string;

beforeAll(async () => {
  world = await openOfferWorld();
});
afterAll(() => world?.close());
beforeEach(async () => {
  locationId = await world.addLocation();
});

const newOffer = async (fields = {}): Promise<OfferBody> =>
  offerIn(await world.draft({ locationIds: [locationId], ...fields }));

const verbs = ['publish', 'suspend', 'resume', 'archive'] as const;

/** What leads to each state. */
const ways: Readonly<Record<string, readonly (typeof verbs)[number][]>> = {
  draft: [],
  published: ['publish'],
  suspended: ['publish', 'suspend'],
  archived: ['archive'],
};

async function offerInState(state: string): Promise<OfferBody> {
  const offer = await newOffer();
  for (const verb of ways[state] ?? ['publish']) await world.move('owner', offer.id, verb);
  if (state === 'expired') {
    await world.test.pool.query(`UPDATE marketplace.vouchers SET state = 'expired' WHERE id = $1`, [offer.id]);
  }
  return offer;
}

describe('200', () => {
  it('shows it to everybody in the next request, and takes it away, and puts it back', async () => {
    const { id } = await newOffer();
    const seen = async () => (await world.api.get(`/v1/vouchers/${id}`)).status;
    const near = async () => {
      const { body } = await world.api.get(`/v1/vouchers/nearby?latitude=-25.28&longitude=-57.63&limit=100`);
      return (body as { data: { id: string }[] }).data.some((each) => each.id === id);
    };
    expect([await seen(), await near()]).toEqual([404, false]);
    const published = await world.move('owner', id, 'publish', '"v1"');
    expect(published.status, published.text).toBe(200);
    expect(offerIn(published)).toMatchObject({ state: 'published', version: 2 });
    expect(published.headers['etag']).toBe('"v2"');
    expect([await seen(), await near()]).toEqual([200, true]);
    expect(offerIn(await world.move('key', id, 'suspend', '"v2"')).state).toBe('suspended');
    expect([await seen(), await near()]).toEqual([404, false]);
    expect(offerIn(await world.move('manager', id, 'resume', '"v3"')).state).toBe('published');
    expect([await seen(), await near()]).toEqual([200, true]);
    expect(offerIn(await world.move('owner', id, 'archive', '"v4"')).state).toBe('archived');
    expect([await seen(), await near()]).toEqual([404, false]);
  });
});

describe('409', () => {
  const known = new Set([
    'draft publish',
    'draft archive',
    'published suspend',
    'published archive',
    'suspended publish',
    'suspended resume',
    'suspended archive',
    'expired archive',
  ]);

  it.each(['draft', 'published', 'suspended', 'expired', 'archived'])(
    'names the state of what is %s where there is no way',
    async (state) => {
      for (const verb of verbs) {
        const { id } = await offerInState(state);
        const answer = await world.move('owner', id, verb);
        if (known.has(`${state} ${verb}`)) {
          expect(answer.status, `${verb} ${answer.text}`).toBe(200);
          continue;
        }
        expect([answer.status, codeIn(answer)], verb).toEqual([409, 'voucher.wrongState']);
        expect((answer.body as { errors: unknown }).errors).toMatchObject([{ field: 'state', state }]);
      }
    },
  );
});

describe('422', () => {
  it('names each text that the markets of its locations ask for and it lacks', async () => {
    const beirut = await world.addLocation('Asia/Beirut', 'LB');
    const { id, missing } = await newOffer({
      title: { es: 'Sopa' },
      description: {},
      locationIds: [locationId, beirut],
    });
    const answer = await world.move('owner', id, 'publish');
    expect([answer.status, codeIn(answer)]).toEqual([422, 'voucher.incomplete']);
    expect(faultsIn(answer).toSorted()).toEqual([
      'description.ar: untranslated',
      'description.en: untranslated',
      'description.es: untranslated',
      'title.ar: untranslated',
      'title.en: untranslated',
    ]);
    expect(missing).toHaveLength(5);
    expect(offerIn(await world.patch('owner', id, {})).state).toBe('draft');
  });

  it('names stale ones, of the terms too, and forgets them once they are translated anew', async () => {
    const { id } = await newOffer({ terms: { es: 'Uno', en: 'One', fr: 'Un' } });
    await world.patch('owner', id, { title: { es: 'Caldo' }, terms: { es: 'Dos' } });
    const refused = await world.move('owner', id, 'publish');
    expect(faultsIn(refused).toSorted()).toEqual(['terms.en: stale', 'title.en: stale']);
    await world.patch('owner', id, { title: { en: 'Broth' }, terms: { en: 'Two' } });
    expect((await world.move('owner', id, 'publish')).status).toBe(200);
  });

  it('stands before a suspended one that has become stale', async () => {
    const { id } = await newOffer();
    await world.move('owner', id, 'publish');
    await world.patch('owner', id, { title: { es: 'Caldo' } });
    expect((await world.api.get(`/v1/vouchers/${id}`)).status).toBe(200);
    await world.move('owner', id, 'suspend');
    expect(faultsIn(await world.move('owner', id, 'resume'))).toEqual(['title.en: stale']);
  });

  it('asks for the default language where a country has no market', async () => {
    const nowhere = await world.addLocation('Pacific/Apia', null);
    const { id } = await newOffer({
      sourceLanguage: 'en',
      title: { en: 'Soup' },
      description: { en: 'Hot' },
      locationIds: [nowhere],
    });
    expect(faultsIn(await world.move('owner', id, 'publish'))).toEqual([
      'title.es: untranslated',
      'description.es: untranslated',
    ]);
  });

  it('asks for a location, and for a day that is not over', async () => {
    const homeless = await newOffer({ locationIds: [] });
    expect(faultsIn(await world.move('owner', homeless.id, 'publish'))).toEqual(['locationIds: required']);
    const late = await newOffer({ lastDay: '2026-03-03' });
    expect(faultsIn(await world.move('owner', late.id, 'publish'))).toEqual(['lastDay: over']);
  });
});

describe('deleting', () => {
  const remove = (id: string) =>
    world.api.send('DELETE', `/v1/vouchers/${id}`, { ...world.headers.owner, 'If-Match': '*' });

  it.each([
    ['draft', 204],
    ['archived', 204],
    ['published', 409],
    ['suspended', 409],
    ['expired', 409],
  ])('what is %s: %i', async (state, status) => {
    const { id } = await offerInState(state);
    const answer = await remove(id);
    expect(answer.status).toBe(status);
    if (status === 409) expect(codeIn(answer)).toBe('voucher.wrongState');
    expect((await remove(id)).status).toBe(status === 204 ? 404 : 409);
  });

  it('keeps what somebody has claimed', async () => {
    const { id } = await offerInState('archived');
    await world.test.pool.query(
      `INSERT INTO marketplace.claims (id, voucher_id, user_id, updated_at) VALUES (gen_random_uuid(), $1, $2, now())`,
      [id, await addPerson(world.test)],
    );
    const answer = await remove(id);
    expect([answer.status, codeIn(answer)]).toEqual([409, 'record.inUse']);
  });
});
