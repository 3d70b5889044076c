import { vouchersJobs } from '@pika/vouchers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { offerIn, openOfferWorld, type OfferWorld } from '../offer-world.ts';

let world: OfferWorld;

beforeAll(async () => {
  world = await openOfferWorld();
});
afterAll(() => world?.close());

describe('the instants of local days', () => {
  it.each([
    ['an ordinary day', 'America/Asuncion', '2023-07-01', '2023-07-31', '2023-07-01T04:00:00Z', '2023-08-01T04:00:00Z'],
    [
      'a midnight left out',
      'America/Asuncion',
      '2023-10-01',
      '2023-10-01',
      '2023-10-01T04:00:00Z',
      '2023-10-02T03:00:00Z',
    ],
    [
      'a midnight put back',
      'America/Asuncion',
      '2024-03-23',
      '2024-03-23',
      '2024-03-23T03:00:00Z',
      '2024-03-24T04:00:00Z',
    ],
    ['spring in Chile', 'America/Santiago', '2024-09-08', '2024-09-08', '2024-09-08T04:00:00Z', '2024-09-09T03:00:00Z'],
    ['autumn in Chile', 'America/Santiago', '2024-04-06', '2024-04-06', '2024-04-06T03:00:00Z', '2024-04-07T04:00:00Z'],
    ['spring in Lebanon', 'Asia/Beirut', '2024-03-30', '2024-03-31', '2024-03-29T22:00:00Z', '2024-03-31T21:00:00Z'],
    ['autumn in Lebanon', 'Asia/Beirut', '2024-10-26', '2024-10-26', '2024-10-25T21:00:00Z', '2024-10-26T22:00:00Z'],
    ['a day left out', 'Pacific/Apia', '2011-12-29', '2011-12-29', '2011-12-29T10:00:00Z', '2011-12-30T10:00:00Z'],
    ['the day after it', 'Pacific/Apia', '2011-12-31', '2011-12-31', '2011-12-30T10:00:00Z', '2011-12-31T10:00:00Z'],
    [
      'half an hour of summer',
      'Australia/Lord_Howe',
      '2024-10-06',
      '2024-10-06',
      '2024-10-05T13:30:00Z',
      '2024-10-06T13:00:00Z',
    ],
    ['a leap day', 'Asia/Kathmandu', '2024-02-29', '2024-02-29', '2024-02-28T18:15:00Z', '2024-02-29T18:15:00Z'],
    ['no leap day', 'Europe/Lisbon', '2023-02-28', '2023-02-28', '2023-02-28T00:00:00Z', '2023-03-01T00:00:00Z'],
    [
      'the end of a year',
      'Pacific/Kiritimati',
      '2024-12-31',
      '2024-12-31',
      '2024-12-30T10:00:00Z',
      '2024-12-31T10:00:00Z',
    ],
    [
      'the end of a year',
      'Pacific/Pago_Pago',
      '2024-12-31',
      '2024-12-31',
      '2024-12-31T11:00:00Z',
      '2025-01-01T11:00:00Z',
    ],
  ])('%s, %s: from %s to %s', async (_what, zone, firstDay, lastDay, validFrom, expiresAt) => {
    const id = await world.addLocation(zone);
    const offer = offerIn(await world.draft({ firstDay, lastDay, locationIds: [id] }));
    expect(offer.locations).toEqual([{ id, timeZone: zone, validFrom, expiresAt }]);
    const seen = (await world.api.get(`/v1/vouchers/${offer.id}`, world.headers.owner)).body;
    expect(seen).toMatchObject({ locations: [{ validFrom, expiresAt }] });
  });
});

describe('the job that expires offers', () => {
  const run = async (at: string) => {
    const job = vouchersJobs({
      database: world.test.database,
      voucherSecret: 'a secret of the tests',
      now: () => new Date(at),
    }).find(({ name }) => name === 'expire-vouchers');
    await job?.run(new AbortController().signal);
  };
  const stateOf = async (id: string) => {
    const { rows } = await world.test.pool.query<{ state: string }>(
      'SELECT state::text FROM marketplace.vouchers WHERE id = $1',
      [id],
    );
    return rows[0]?.state;
  };
  const published = async (zones: readonly string[], lastDay: string | null) => {
    const locationIds = [];
    for (const zone of zones) locationIds.push(await world.addLocation(zone));
    const { id } = offerIn(await world.draft({ firstDay: '2024-01-01', lastDay, locationIds }));
    // The clock of the app stands in 2026; the row says what was published then.
    await world.test.pool.query(`UPDATE marketplace.vouchers SET state = 'published' WHERE id = $1`, [id]);
    return id;
  };

  it('waits until the last day is over at every location', async () => {
    const id = await published(['Asia/Beirut', 'America/Santiago'], '2024-09-07');
    await run('2024-09-07T21:00:00Z');
    expect(await stateOf(id)).toBe('published');
    await run('2024-09-08T03:59:59Z');
    expect(await stateOf(id)).toBe('published');
    await run('2024-09-08T04:00:00Z');
    expect(await stateOf(id)).toBe('expired');
    expect((await world.api.get(`/v1/vouchers/${id}`)).status).toBe(404);
  });

  it('takes suspended ones, and leaves drafts, archived ones and those without an end', async () => {
    const endless = await published(['UTC'], null);
    const suspended = await published(['UTC'], '2024-05-01');
    await world.move('owner', suspended, 'suspend');
    const archived = await published(['UTC'], '2024-05-01');
    await world.move('owner', archived, 'archive');
    const { id: draft } = offerIn(await world.draft({ firstDay: '2024-01-01', lastDay: '2024-05-01' }));
    await run('2024-05-02T00:00:00Z');
    expect(await Promise.all([endless, suspended, archived, draft].map(stateOf))).toEqual([
      'published',
      'expired',
      'archived',
      'draft',
    ]);
  });

  it('goes on from batch to batch', async () => {
    const { rowCount } = await world.test.pool.query(
      `INSERT INTO marketplace.vouchers (id, business_id, category_id, title_key, description_key, terms_key, source_language,
         state, discount_type, percent_off, valid_from, valid_until, updated_at)
       SELECT id, $1, '01900000-0000-7000-8000-00000000c0de', id || 't', id || 'd', id || 'r', 'es', 'published',
         'percentage', 5, '2024-01-01', '2024-06-01', now()
       FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, 450)) AS made`,
      [world.businessId],
    );
    expect(rowCount).toBe(450);
    await run('2024-06-02T11:59:59Z');
    const left = async () =>
      (
        await world.test.pool.query(
          `SELECT FROM marketplace.vouchers WHERE state = 'published' AND valid_until = '2024-06-01'`,
        )
      ).rowCount;
    expect(await left()).toBe(450);
    await run('2024-06-02T12:00:00Z');
    expect(await left()).toBe(0);
  });
});
