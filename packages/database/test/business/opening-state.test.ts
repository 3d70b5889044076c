import {
  addLanguages,
  businessRow,
  categoryRow,
  insertRows,
  locationRow,
  openTestDatabase,
  randomFrom,
  testSeed,
  type OpenTestDatabase,
} from '@pika/tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { multirangeText, weeklyMinutes, type HoursLine } from '../../src/content/hours.ts';
import { stateAt, type Branch, type Ranges } from './opening-rule.ts';

const id = (last: number) => `00000000-0000-7000-8000-${String(last).padStart(12, '0')}`;
const zones = ['America/Asuncion', 'America/New_York', 'Europe/Berlin', 'Asia/Kathmandu', 'Pacific/Apia', 'UTC'];

let test: OpenTestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
  const { pool } = test;
  await addLanguages(pool);
  await insertRows(pool, 'catalog.categories', [categoryRow({ id: id(1), slug: 'food' })]);
  await insertRows(pool, 'business.businesses', [businessRow({ id: id(2), categoryId: id(1) })]);
});
afterAll(() => test.close());

interface Answer {
  is_open: boolean | null;
  opens_at: string | null;
  alone: boolean | null;
}

interface Question {
  location: string;
  branch: Branch;
  at: string;
}

async function ask(questions: readonly Question[]): Promise<Answer[]> {
  const rows = questions.map(({ location, branch, at }) => ({
    location,
    at,
    zone: branch.zone,
    hours: branch.week === null ? null : multirangeText(branch.week),
  }));
  const { rows: answers } = await test.pool.query<Answer>(
    `SELECT state.is_open, marketplace.instant_text(state.opens_at) AS opens_at,
       business.is_open(q.location, q.zone, q.hours, q.at) AS alone
     FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS row (question, ordinal)
     CROSS JOIN LATERAL jsonb_to_record(question) AS q (location uuid, zone text, hours int4multirange, at timestamptz)
     CROSS JOIN LATERAL business.opening_state(q.location, q.zone, q.hours, q.at) AS state
     ORDER BY ordinal`,
    [JSON.stringify(rows)],
  );
  return answers;
}

const branchOf = (zone: string, lines: readonly HoursLine[] | null): Branch => ({
  zone,
  week: lines === null ? null : weeklyMinutes(lines),
  special: {},
});

/** 1 June 2026 is a Monday. */
const siesta: HoursLine[] = [
  ['Mo-Fr', '08:00', '12:00'],
  ['Mo-Fr', '15:00', '19:00'],
];
const night: HoursLine[] = [['Fr-Su', '20:00', '03:00']];
const early: HoursLine[] = [['Mo-Su', '02:00', '03:00']];
const always: HoursLine[] = [['Mo-Su', '00:00', '00:00']];

type Vector = [
  name: string,
  zone: string,
  hours: HoursLine[] | null,
  at: string,
  open: boolean | null,
  next: string | null,
];

describe('opening_state and is_open', () => {
  it.each<Vector>([
    ['before the morning', 'UTC', siesta, '2026-06-01T07:59:59Z', false, '2026-06-01T08:00:00Z'],
    ['from the first minute', 'UTC', siesta, '2026-06-01T08:00:00Z', true, null],
    ['to the last', 'UTC', siesta, '2026-06-01T11:59:59Z', true, null],
    ['the siesta', 'UTC', siesta, '2026-06-01T12:00:00Z', false, '2026-06-01T15:00:00Z'],
    ['over the weekend', 'UTC', siesta, '2026-06-05T19:00:00Z', false, '2026-06-08T08:00:00Z'],
    ['New York, four hours behind', 'America/New_York', siesta, '2026-06-01T12:00:00Z', true, null],
    ['Kathmandu, 5:45 ahead', 'Asia/Kathmandu', siesta, '2026-06-01T02:14:00Z', false, '2026-06-01T02:15:00Z'],
    ['Apia, where it is Monday already', 'Pacific/Apia', siesta, '2026-05-31T19:00:00Z', true, null],
    ['a night past midnight', 'UTC', night, '2026-06-06T02:59:00Z', true, null],
    ['its end', 'UTC', night, '2026-06-06T03:00:00Z', false, '2026-06-06T20:00:00Z'],
    ['Sunday night', 'UTC', night, '2026-06-07T23:59:59Z', true, null],
    ['on Monday morning', 'UTC', night, '2026-06-08T00:00:00Z', true, null],
    ['and its end', 'UTC', night, '2026-06-08T03:00:00Z', false, '2026-06-12T20:00:00Z'],
    ['day and night', 'America/Asuncion', always, '2026-06-07T23:59:59Z', true, null],
    ['day and night, over the week', 'UTC', always, '2026-06-08T00:00:00Z', true, null],
    ['unknown hours', 'UTC', null, '2026-06-01T12:00:00Z', null, null],
    ['never open', 'UTC', [], '2026-06-01T12:00:00Z', false, null],
    // Berlin skips 02:00–03:00 on 29 March 2026: what opens at 02:00 opens as the clock shows 03:00, which is too late.
    ['before the gap', 'Europe/Berlin', early, '2026-03-29T00:59:00Z', false, '2026-03-29T01:00:00Z'],
    ['after the gap', 'Europe/Berlin', early, '2026-03-29T01:00:00Z', false, '2026-03-30T00:00:00Z'],
    // And shows 02:00–03:00 twice on 25 October.
    ['the hour that is shown twice, first', 'Europe/Berlin', early, '2026-10-25T00:30:00Z', true, null],
    ['the hour that is shown twice, again', 'Europe/Berlin', early, '2026-10-25T01:30:00Z', true, null],
    ['after both', 'Europe/Berlin', early, '2026-10-25T02:00:00Z', false, '2026-10-26T01:00:00Z'],
  ])('%s (%s)', async (_, zone, hours, at, open, next) => {
    const [answer] = await ask([{ location: id(3), branch: branchOf(zone, hours), at }]);
    expect(answer).toEqual({ is_open: open, opens_at: next, alone: open });
  });

  describe('special days', () => {
    const branch: Branch = branchOf('UTC', siesta);
    const location = id(4);
    beforeAll(async () => {
      const { pool } = test;
      await insertRows(pool, 'business.locations', [
        locationRow({ id: location, businessId: id(2), latitude: 0, longitude: 0 }),
        locationRow({ id: id(5), businessId: id(2), latitude: 0, longitude: 0 }),
      ]);
      await insertRows(pool, 'business.special_days', [
        { location_id: location, day: '2026-06-03', hours: '{}' },
        { location_id: location, day: '2026-06-04', hours: '{[600,660)}' },
        { location_id: location, day: '2026-06-06', hours: '{[0,1440)}' },
        { location_id: id(5), day: '2026-06-06', hours: '{}' },
      ]);
    });

    it.each([
      ['the day before is as ever', branch, location, '2026-06-02T09:00:00Z', true, null],
      [
        'its evening looks past the closed day',
        branch,
        location,
        '2026-06-02T19:00:00Z',
        false,
        '2026-06-04T10:00:00Z',
      ],
      ['closed on a working day', branch, location, '2026-06-03T09:00:00Z', false, '2026-06-04T10:00:00Z'],
      ['not yet in the other hours', branch, location, '2026-06-04T09:00:00Z', false, '2026-06-04T10:00:00Z'],
      ['in the other hours', branch, location, '2026-06-04T10:30:00Z', true, null],
      ['after the other hours', branch, location, '2026-06-04T11:00:00Z', false, '2026-06-05T08:00:00Z'],
      ['open on a Saturday', branch, location, '2026-06-06T23:59:00Z', true, null],
      ['the week goes on', branch, location, '2026-06-07T00:00:00Z', false, '2026-06-08T08:00:00Z'],
      ['of another branch, not of this', branch, id(3), '2026-06-03T09:00:00Z', true, null],
      // The day is what its date says: the night before ends at midnight, and the next day keeps its own first hours.
      [
        'a closed day cuts the night before',
        branchOf('UTC', night),
        id(5),
        '2026-06-06T01:00:00Z',
        false,
        '2026-06-07T00:00:00Z',
      ],
    ] as const)('%s', async (_, asked, where, at, open, next) => {
      const [answer] = await ask([{ location: where, branch: asked, at }]);
      expect(answer).toEqual({ is_open: open, opens_at: next, alone: open });
    });

    const unknown = branchOf('UTC', null);
    it('other hours of a day are known where those of the week are not', async () => {
      const [answer] = await ask([{ location, branch: unknown, at: '2026-06-04T10:30:00Z' }]);
      expect(answer).toEqual({ is_open: true, opens_at: null, alone: true });
    });

    it('a day of unknown hours stays unknown where a special day with hours is ahead', async () => {
      const [answer] = await ask([{ location, branch: unknown, at: '2026-06-02T10:30:00Z' }]);
      expect(answer).toEqual({ is_open: null, opens_at: null, alone: null });
    });

    it('a day known to be closed is closed where the hours of the week are unknown', async () => {
      const [answer] = await ask([{ location: id(5), branch: unknown, at: '2026-06-06T10:30:00Z' }]);
      expect(answer).toEqual({ is_open: false, opens_at: null, alone: false });
    });
  });
});

describe('against an independent computation', () => {
  const random = randomFrom(testSeed('opening-state'));
  const ranges = (end: number): Ranges =>
    Array.from({ length: random.integer(0, 4) }, () => {
      const from = random.integer(0, end - 1);
      return [from, Math.min(end, from + random.integer(1, Math.ceil(end / 6)))] as const;
    });

  it('agrees on thousands of hours and instants, with special days and without', async () => {
    // Around the changes of the clock in 2024 (Asunción still had them), and anywhere in that year.
    const changes = [
      '2024-03-10T07:00Z',
      '2024-03-24T03:00Z',
      '2024-03-31T01:00Z',
      '2024-10-06T04:00Z',
      '2024-10-27T01:00Z',
    ];
    const branches = Array.from({ length: 120 }, (_, number): Branch & { location: string } => {
      // Unknown hours with special days: see the known defects above.
      const known = number % 2 === 1 || random.chance(0.9);
      const special: Record<string, Ranges> = {};
      for (let count = number % 2 === 0 ? 0 : random.integer(10, 80); count > 0; count -= 1) {
        const day = new Date(Date.UTC(2024, 0, random.integer(1, 366))).toISOString().slice(0, 10);
        special[day] = random.chance(0.4) ? [] : ranges(1440);
      }
      return { location: id(1000 + number), zone: random.pick(zones), week: known ? ranges(10_080) : null, special };
    });
    const { pool } = test;
    await insertRows(
      pool,
      'business.locations',
      branches.map(({ location }) => locationRow({ id: location, businessId: id(2), latitude: 0, longitude: 0 })),
    );
    await insertRows(
      pool,
      'business.special_days',
      branches.flatMap(({ location, special }) =>
        Object.entries(special).map(([day, hours]) => ({ location_id: location, day, hours: multirangeText(hours) })),
      ),
    );
    const questions = branches.flatMap((branch) =>
      Array.from({ length: 40 }, () => {
        const instant = random.chance(0.3)
          ? Date.parse(random.pick(changes)) + random.integer(-180, 180) * 60_000
          : Date.UTC(2024, 0, 1) + random.integer(0, 366 * 1440 * 60 - 1) * 1000;
        return { location: branch.location, branch, at: new Date(instant).toISOString() };
      }),
    );
    const answers = await ask(questions);
    expect(answers).toHaveLength(questions.length);
    expect(new Set(answers.map((answer) => answer.is_open))).toEqual(new Set([true, false, null]));
    for (const [index, { branch, at }] of questions.entries()) {
      const { isOpen, opensAt } = stateAt(branch, at);
      const expected = { is_open: isOpen, opens_at: opensAt, alone: isOpen };
      expect(answers[index], JSON.stringify({ ...branch, at })).toEqual(expected);
    }
  });
});
