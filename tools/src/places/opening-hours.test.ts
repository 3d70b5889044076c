import { execFileSync } from 'node:child_process';
import { describe, expect, it, vi } from 'vitest';
import { holidayCountries } from './holiday-countries.ts';
import { createHoursCache } from './hours-cache.ts';
import { parseOpeningHours, type LocalHours } from './opening-hours.ts';

const parse = (text: string, country: string | null = null) => parseOpeningHours(text, country, 2026);

const dayNames = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
const clock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** `Mo 08:00-12:00`; what ends on another day says which. */
function weekOf({ weeklyMinutes }: LocalHours): string | null {
  if (weeklyMinutes === null) return null;
  const at = (minute: number) => [Math.floor(minute / 1_440), clock(minute % 1_440)] as const;
  return weeklyMinutes
    .map(([from, to]) => {
      const [day, opens] = at(from);
      const [lastDay, closes] = at(to);
      return `${dayNames[day]} ${opens}-${lastDay === day ? '' : `${dayNames[lastDay] ?? 'end'} `}${closes}`;
    })
    .join(', ');
}

const special = ({ specialDays }: LocalHours) =>
  Object.fromEntries(specialDays.map(({ day, minutes }) => [day, minutes.map((range) => range.map(clock).join('-'))]));

describe('hours that are the same every week', () => {
  it.each([
    ['Mo 08:00-12:00', 'Mo 08:00-12:00'],
    ['Mo,We 08:00-12:00,14:00-18:30', 'Mo 08:00-12:00, Mo 14:00-18:30, We 08:00-12:00, We 14:00-18:30'],
    ['Fr-Sa 20:00-02:00', 'Fr 20:00-Sa 02:00, Sa 20:00-Su 02:00'],
    ['Su 22:00-03:00', 'Mo 00:00-03:00, Su 22:00-end 00:00'],
    ['Mo-Tu 10:00-24:00', 'Mo 10:00-Tu 00:00, Tu 10:00-We 00:00'],
    ['24/7', 'Mo 00:00-end 00:00'],
    ['Mo-Su 00:00-24:00; We off', 'Mo 00:00-We 00:00, Th 00:00-end 00:00'],
    ['Sa 9am-5pm', 'Sa 09:00-17:00'],
    ['Mo-Su 10:00-12:00; Tu-Su off', 'Mo 10:00-12:00'],
  ])('%s', (text, week) => {
    const hours = parse(text);
    expect(weekOf(hours)).toBe(week);
    expect(hours).toMatchObject({ specialDays: [], fault: null });
  });
});

describe('hours with days of their own', () => {
  it('are a week and the dates that differ, to the end of the next year', () => {
    const hours = parse('Sa 10:00-14:00; Dec 25-26 off; 2026 Jul 04 12:00-13:00');
    expect(weekOf(hours)).toBe('Sa 10:00-14:00');
    expect(special(hours)).toEqual({ '2026-07-04': ['12:00-13:00'], '2026-12-26': [], '2027-12-25': [] });
  });

  it('split a night at midnight', () => {
    const hours = parse('Fr 20:00-02:00; 2026 Aug 15 off; 2026 Aug 19 20:00-02:00');
    expect(weekOf(hours)).toBe('Fr 20:00-Sa 02:00');
    expect(special(hours)).toEqual({
      '2026-08-15': [],
      '2026-08-19': ['20:00-24:00'],
      '2026-08-20': ['00:00-02:00'],
    });
  });

  it('have the longer season as their week and the days of the other as special ones', () => {
    const hours = parse('Apr-Oct: Mo 10:00-20:00; Nov-Mar: Mo 10:00-17:00');
    expect(weekOf(hours)).toBe('Mo 10:00-20:00');
    const days = Array.from({ length: 730 }, (_, day) => new Date(Date.UTC(2026, 0, 1 + day)));
    const wintry = days.filter((day) => day.getUTCDay() === 1 && [0, 1, 2, 10, 11].includes(day.getUTCMonth()));
    expect(special(hours)).toEqual(
      Object.fromEntries(wintry.map((day) => [day.toISOString().slice(0, 10), ['10:00-17:00']])),
    );
  });

  it('know the public holidays of the country', () => {
    const hours = parse('Mo-Fr 08:00-18:00; PH off', 'DE');
    expect(hours.fault).toBeNull();
    expect(special(hours)).toMatchObject({ '2026-01-01': [], '2026-12-25': [], '2027-03-26': [] });
    expect(special(hours)).not.toHaveProperty('2026-10-03');
    expect(special(parse('PH 10:00-12:00; Mo-Sa 08:00-18:00', 'DE'))['2026-01-01']).toBeUndefined();
    expect(special(parse('Mo-Sa 08:00-18:00, PH 10:00-20:00', 'VN'))).toMatchObject({ '2026-04-30': ['08:00-20:00'] });
  });

  it.each([
    ['Mo-Fr 08:00-18:00; PH off', 'DE'],
    ['Mo-Su 20:00-02:00; PH off', 'AT'],
    ['Mo-Sa 08:00-12:00, PH 10:00-20:00', 'FR'],
    ['Mo-Fr,PH 09:00-17:00', 'US'],
    ['PH,Sa 09:00-17:00; Mo-Fr 06:00-07:00', 'JP'],
    ['PH Mo-Fr 09:00-10:00; Tu 22:00-04:00', 'VN'],
  ])('are the same at holidays as day by day: %s in %s', (text, country) => {
    const quick = parse(text, country);
    // A rule that never applies, and with which the weeks are no longer alike but for holidays.
    const slow = parse(`${text}; 1999 Jan 01 off`, country);
    expect(quick).toEqual(slow);
    expect(quick.specialDays.length).toBeGreaterThan(0);
  });

  it.each([
    ['Mo-Fr 08:00-18:00; PH off', null, 'Mo 08:00-18:00'],
    ['Mo-Fr 08:00-18:00; PH off', 'PY', 'Mo 08:00-18:00'],
    ['Mo,PH 08:00-18:00', 'PY', 'Mo 08:00-18:00'],
    ['PH,Mo 08:00-18:00', null, 'Mo 08:00-18:00'],
    ['Mo 08:00-18:00, PH 10:00-12:00', null, 'Mo 08:00-18:00'],
    ['Mo 08:00-18:00; SH off', 'DE', 'Mo 08:00-18:00'],
  ])('leave out holidays that nobody knows, and say so: %s in %s', (text, country, monday) => {
    const hours = parse(text, country);
    expect(hours).toMatchObject({ specialDays: [], fault: 'holidays' });
    expect(weekOf(hours)?.split(', ')[0]).toBe(monday);
  });

  it('are unknown where only holidays that nobody knows are left', () => {
    expect(parse('PH 10:00-12:00')).toEqual({ weeklyMinutes: null, specialDays: [], fault: 'holidays' });
  });

  it.each([...holidayCountries])('has holidays of %s', (country) => {
    const hours = parse('PH 10:00-12:00', country);
    expect(hours).toMatchObject({ weeklyMinutes: [], fault: null });
    expect(hours.specialDays.length).toBeGreaterThan(9);
  });
});

describe('hours that cannot be expressed', () => {
  it.each([
    ['sunrise-sunset', 'inexpressible'],
    ['Mo-Fr (dawn+01:00)-18:00', 'inexpressible'],
    ['18:00+', 'inexpressible'],
    ['Mo-Fr 09:00-17:00 "by appointment"', 'inexpressible'],
    ['"by appointment"', 'inexpressible'],
    ['Mo-Fr 10:00-12:00 unknown', 'inexpressible'],
    ['Mo 08:00-18:00 || "call us"', 'inexpressible'],
    ['Jan-Feb off', 'inexpressible'],
    ['10:00-12:00; week 1-53/3 10:00-13:00; week 2-53/3 10:00-14:00', 'inexpressible'],
    ['open when I am there', 'gibberish'],
    ['Mo-Fr 10:00', 'gibberish'],
    ['((((', 'gibberish'],
    [`Mo ${'08:00-09:00,'.repeat(60)}10:00-11:00`, 'gibberish'],
  ])('%s', (text, fault) => {
    expect(parse(text)).toEqual({ weeklyMinutes: null, specialDays: [], fault });
  });

  it('are not those whose comment speaks of the sun', () => {
    expect(weekOf(parse('Mo 08:00-10:00 open "until sunset in winter"'))).toBe('Mo 08:00-10:00');
  });
});

it('the clock of the process has no part in it', () => {
  const script = `import { parseOpeningHours } from './tools/src/places/opening-hours.ts';
    const texts = ['Mo-Su 02:00-04:00', 'Sa 22:00-05:00; 2026 Mar 08 01:00-03:30', 'Mo-Fr 08:00-18:00; PH off'];
    console.log(JSON.stringify([texts.map((text) => parseOpeningHours(text, 'US', 2026)), new Date(2026, 0, 1).getHours()]));`;
  const inZone = (zone: string) =>
    execFileSync(
      process.execPath,
      ['--conditions=@pika/source', '--import', 'tsx', '--input-type=module', '-e', script],
      { encoding: 'utf8', env: { ...process.env, TZ: zone } },
    );
  const inUtc = inZone('UTC');
  expect(JSON.parse(inUtc)[0][1].specialDays).toHaveLength(1);
  expect(inZone('America/New_York')).toBe(inUtc);
});

describe('the cache', () => {
  it('asks once for each text, and for each country where holidays count', () => {
    const parser = vi.fn<typeof parseOpeningHours>(parseOpeningHours);
    const cached = createHoursCache(parser);
    for (const country of ['DE', 'FR', null]) cached('Mo 10:00-12:00', country, 2026);
    expect(parser).toHaveBeenCalledTimes(1);
    expect(cached('Mo-Sa 10:00-12:00; PH off', 'DE', 2026)).not.toEqual(
      cached('Mo-Sa 10:00-12:00; PH off', 'FR', 2026),
    );
    expect(cached('Mo-Sa 10:00-12:00; PH off', 'DE', 2027)).not.toEqual(
      cached('Mo-Sa 10:00-12:00; PH off', 'DE', 2026),
    );
    expect(parser).toHaveBeenCalledTimes(4);
  });

  it('forgets what was not asked for longest', () => {
    const parser = vi.fn<typeof parseOpeningHours>(parseOpeningHours);
    const cached = createHoursCache(parser, 50);
    cached('Mo 10:00-12:00', null, 2026);
    cached('Tu 10:00-12:00', null, 2026);
    cached('Mo 10:00-12:00', null, 2026);
    cached('We 10:00-12:00', null, 2026);
    cached('Mo 10:00-12:00', null, 2026);
    expect(parser).toHaveBeenCalledTimes(3);
    cached('Tu 10:00-12:00', null, 2026);
    expect(parser).toHaveBeenCalledTimes(4);
  });
});
