import { seededDatabase, testClock, type Api, type OpenTestDatabase } from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { nearbyAnswer } from '../../src/voucher/voucher.schemas.ts';
import { startVouchersApi } from '../vouchers-api.ts';

const here = 'latitude=-25.2867&longitude=-57.647';

/** What every refusal looks like (RFC 9457). */
const problem = z.strictObject({
  type: z.string(),
  title: z.string().min(1),
  status: z.int(),
  detail: z.string().min(1),
  instance: z.literal('/v1/vouchers/nearby'),
  code: z.string(),
  requestId: z.string(),
  errors: z
    .array(z.looseObject({ field: z.string(), code: z.string(), message: z.string().min(1) }))
    .min(1)
    .optional(),
});

let test: OpenTestDatabase;
let api: Api;

beforeAll(async () => {
  test = await seededDatabase();
  api = await startVouchersApi(test, testClock('2026-03-04T15:00:00Z'));
});

afterAll(async () => {
  await api?.close();
  await test?.close();
});

const ask = (query: string, headers?: Record<string, string>) => api.get(`/v1/vouchers/nearby?${query}`, headers);

async function refusal(query: string, headers?: Record<string, string>) {
  const answer = await ask(query, headers);
  expect(answer.status, answer.text).toBe(400);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.headers['cache-control']).toBe('no-store');
  const body = problem.parse(answer.body);
  expect(body).toMatchObject({ type: `/problems/${body.code}`, status: 400 });
  expect(body.requestId).toBe(answer.headers['x-request-id']);
  return { ...body, language: answer.headers['content-language'] };
}

/** The wrong fields, each with its code, in the order of their names. */
async function wrongFields(query: string): Promise<string[]> {
  const { code, errors = [] } = await refusal(query);
  expect(code).toBe('request.invalid');
  return errors.map((error) => `${error.field} ${error.code}`).toSorted();
}

async function nextCursor(query: string): Promise<string> {
  const { page } = nearbyAnswer.parse((await ask(query)).body);
  if (page.next === null) throw new Error('there is one page only');
  return page.next;
}

describe('400', () => {
  it.each([
    ['', ['latitude required', 'longitude required']],
    ['latitude=-25.2', ['longitude required']],
    ['longitude=-57.6', ['latitude required']],
    ['latitude=90.001&longitude=0', ['latitude tooBig']],
    ['latitude=-90.001&longitude=0', ['latitude tooSmall']],
    ['latitude=0&longitude=180.001', ['longitude tooBig']],
    ['latitude=0&longitude=-180.001', ['longitude tooSmall']],
  ])('refuses the point “%s”', async (query, wrong) => {
    expect(await wrongFields(query)).toEqual(wrong);
  });

  it.each(['NaN', 'Infinity', '-Infinity', '0x10', '1e400', '', '%20', '-25,2', 'here', '1_0', '--1'])(
    'refuses “%s” as a number',
    async (text) => {
      expect(await wrongFields(`latitude=${text}&longitude=0`)).toEqual(['latitude notANumber']);
      expect(await wrongFields(`${here}&radiusMeters=${text}`)).toEqual(['radiusMeters notANumber']);
      expect(await wrongFields(`${here}&limit=${text}`)).toEqual(['limit notANumber']);
    },
  );

  it.each([
    ['radiusMeters=0', 'radiusMeters tooSmall'],
    ['radiusMeters=-5', 'radiusMeters tooSmall'],
    ['radiusMeters=100000.5', 'radiusMeters tooBig'],
    ['limit=0', 'limit tooSmall'],
    ['limit=101', 'limit tooBig'],
    ['limit=1.5', 'limit notAnInteger'],
    ['category=', 'category invalidFormat'],
    ['category=Caf%C3%A9', 'category invalidFormat'],
    [`category=${'a'.repeat(101)}`, 'category tooLong'],
    ['category=no-such-category', 'category unknownCategory'],
    ['business=', 'business invalidFormat'],
    ['business=123', 'business invalidFormat'],
    ['q=', 'q tooShort'],
    ['q=%20%20', 'q tooShort'],
    ['q=!%3F', 'q noWord'],
    ['q=a%00b', 'q invalidFormat'],
    [`q=${'a'.repeat(101)}`, 'q tooLong'],
    ['openNow=yes', 'openNow notABoolean'],
    ['openNow=', 'openNow notABoolean'],
    ['openAt=yesterday', 'openAt notADate'],
    ['openAt=2026-03-04', 'openAt notADate'],
    ['openAt=2026-03-04T12:00:00', 'openAt notADate'],
    ['openAt=2026-02-30T12:00:00Z', 'openAt notADate'],
    ['language=tlh', 'language unknownLanguage'],
    ['language=und', 'language unknownLanguage'],
    ['language=not_a_tag', 'language invalidFormat'],
    ['language=', 'language invalidFormat'],
    ['cursor=', 'cursor foreignCursor'],
    ['cursor=abc', 'cursor foreignCursor'],
    [`cursor=${'a'.repeat(1_001)}`, 'cursor tooLong'],
    ['radius=500', 'radius unknown'],
    ['__proto__=1', '__proto__ unknown'],
    ['limit=5&limit=5', 'limit repeated'],
    ['q=pan&q=chipa', 'q repeated'],
    ['openNow=true&openAt=2026-03-04T12:00:00Z', 'openAt eitherNowOrAt'],
    ['bbox=-58,-26,-57,-25&radiusMeters=500', 'bbox eitherAreaOrRadius'],
  ])('refuses “%s”', async (query, wrong) => {
    expect(await wrongFields(`${here}&${query}`)).toEqual([wrong]);
  });

  it.each([
    '',
    '-58,-26,-57',
    '-58,-26,-57,-25,0',
    '-58,-26,-57,x',
    '-58,,-57,-25',
    '-58,NaN,-57,-25',
    '-181,-26,-57,-25',
    '-58,-26,181,-25',
    '-58,-91,-57,-25',
    '-58,-26,-57,91',
    '-58,-25,-57,-26',
    '+1,0,2,2',
    '-58,%20-26,-57,-25',
    '1e400,0,1,1',
    '1_0,0,11,1',
  ])('refuses the bounds “%s”', async (bounds) => {
    expect(await wrongFields(`${here}&bbox=${bounds}`)).toEqual(['bbox invalidFormat']);
  });

  it('takes the same numbers in bounds as anywhere else', async () => {
    for (const number of ['1e-7', '1E1', '-0', '007']) {
      expect((await ask(`latitude=${number}&longitude=${number}&bbox=${number},${number},20,20`)).status).toBe(200);
    }
  });

  it('names the limit that was passed', async () => {
    const { errors } = await refusal(`${here}&radiusMeters=100001&limit=1000`);
    expect(errors).toEqual([
      { field: 'radiusMeters', code: 'tooBig', maximum: 100_000, message: expect.stringMatching(/100.?000/) },
      { field: 'limit', code: 'tooBig', maximum: 100, message: expect.stringContaining('100') },
    ]);
  });

  it('names the parameters there are when one is unknown', async () => {
    const { errors } = await refusal(`${here}&radius=500`);
    expect(errors?.[0]?.['known']).toEqual(expect.arrayContaining(['latitude', 'longitude', 'radiusMeters', 'bbox']));
  });

  it('names the languages there are when one is unknown', async () => {
    const { errors } = await refusal(`${here}&language=tlh`);
    expect(errors?.[0]?.['known']).toEqual(expect.arrayContaining(['es', 'en', 'gn', 'ar', 'fr']));
    expect(errors?.[0]?.['known']).not.toContain('und');
  });

  it('names all wrong fields at once', async () => {
    const query =
      'latitude=91&radiusMeters=NaN&limit=0&category=no-such-category&business=x&q=&openAt=x&openNow=x&cursor=abc' +
      '&bbox=1&language=tlh&colour=red&colour=blue';
    expect(await wrongFields(query)).toEqual([
      'bbox invalidFormat',
      'business invalidFormat',
      'category unknownCategory',
      'colour repeated',
      'cursor foreignCursor',
      'language unknownLanguage',
      'latitude tooBig',
      'limit tooSmall',
      'longitude required',
      'openAt notADate',
      'openNow notABoolean',
      'q tooShort',
      'radiusMeters notANumber',
    ]);
  });

  it('refuses a cursor of which any one character was changed', async () => {
    const cursor = await nextCursor(`${here}&limit=2`);
    for (let position = 0; position < cursor.length; position++) {
      const other = cursor[position] === 'A' ? 'B' : 'A';
      const changed = cursor.slice(0, position) + other + cursor.slice(position + 1);
      expect(await wrongFields(`${here}&limit=2&cursor=${changed}`)).toEqual(['cursor foreignCursor']);
    }
  });

  it('refuses a cursor of which a bit was flipped, and a cut one', async () => {
    const bytes = Buffer.from(await nextCursor(`${here}&limit=2`), 'base64url');
    for (const position of [0, 15, 16, bytes.length - 1]) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(position) ^ 1, position);
      expect(await wrongFields(`${here}&cursor=${flipped.toString('base64url')}`)).toEqual(['cursor foreignCursor']);
    }
    const cut = bytes.subarray(0, -1).toString('base64url');
    expect(await wrongFields(`${here}&cursor=${cut}`)).toEqual(['cursor foreignCursor']);
  });

  it.each([
    'latitude=-25.2868&longitude=-57.647',
    `${here}&radiusMeters=4999`,
    `${here}&bbox=-58,-26,-57,-25`,
    `${here}&category=cafe`,
    `${here}&business=01941f29-7c00-7841-863a-7cd1fde7f01d`,
    `${here}&q=pan`,
    `${here}&openNow=true`,
    `${here}&openAt=2026-03-04T12:00:00Z`,
  ])('refuses the cursor of another query for “%s”', async (query) => {
    const cursor = await nextCursor(`${here}&limit=2`);
    expect(await wrongFields(`${query}&limit=2&cursor=${cursor}`)).toEqual(['cursor foreignCursor']);
  });

  it('refuses broken percent-encoding', async () => {
    expect(await refusal(`${here}&q=%E0%A4`)).toMatchObject({ code: 'request.malformed' });
  });

  it.each([
    `${here}&radiusMeters=100001&category=no-such-category&cursor=abc&radius=1`,
    'latitude=x&radiusMeters=0&limit=1.5&openNow=x&openAt=x&q=&category=A&business=x&bbox=1',
    `latitude=1&latitude=2&longitude=1&q=%00&bbox=1,1,2,2&radiusMeters=5&cursor=${'a'.repeat(1_001)}`,
    `${here}&q=!&openNow=true&openAt=2026-03-04T12:00:00Z`,
  ])('says it in the language of the caller: %s', async (wrong) => {
    const told = await Promise.all(
      ['es', 'en', 'gn', 'ar'].map(async (language) => {
        const byHeader = await refusal(wrong, { 'accept-language': language });
        const byParameter = await refusal(`${wrong}&language=${language}`);
        expect(byHeader.errors).toEqual(byParameter.errors);
        expect(byHeader.language?.split(', ')[0]).toBe(language);
        return byHeader;
      }),
    );
    expect(new Set(told.map(({ title }) => title)).size).toBe(4);
    expect(new Set(told.map(({ detail }) => detail)).size).toBe(4);
    for (const position of told[0]?.errors?.keys() ?? []) {
      expect(new Set(told.map(({ errors }) => errors?.[position]?.message)).size).toBe(4);
      expect(new Set(told.map(({ errors }) => errors?.[position]?.code)).size).toBe(1);
    }
  });
});

describe('404', () => {
  it.each(['/v1/voucher', '/v1/vouchers/nearby/', '/v1/Vouchers/nearby', '/v2/vouchers/nearby'])(
    'finds nothing at %s',
    async (path) => {
      const answer = await api.get(`${path}?${here}`);
      expect(answer.status).toBe(404);
      expect(answer.body).toMatchObject({ code: 'route.notFound', instance: path });
    },
  );
});

describe('405', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('does not take %s, and says what it takes', async (method) => {
    const answer = await api.send(method, `/v1/vouchers/nearby?${here}`);
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toBe('GET, HEAD, OPTIONS');
    expect(problem.parse(answer.body).code).toBe('route.methodNotAllowed');
  });
});

describe('406', () => {
  it.each(['text/html', 'application/xml, text/*', 'application/json;q=0, application/geo+json;q=0'])(
    'has nothing for “%s”',
    async (accept) => {
      const answer = await ask(here, { accept });
      expect(answer.status).toBe(406);
      expect(problem.parse(answer.body).code).toBe('request.notAcceptable');
      expect(answer.headers['vary']).toBe('Accept-Language, Accept, Pika-Read-After');
    },
  );
});
