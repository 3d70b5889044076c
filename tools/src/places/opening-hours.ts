import OpeningHours from 'opening_hours';
import type { MinuteRange } from '@pika/database';
import { holidayCountries } from './holiday-countries.ts';
import type { HoursFault, SpecialDay } from './place.ts';

export interface LocalHours {
  weeklyMinutes: readonly MinuteRange[] | null;
  specialDays: readonly SpecialDay[];
  fault: HoursFault | null;
}

const minutesPerDay = 1_440;
const millisecondsPerMinute = 60_000;
const textLengthMax = 500;
/** A summer and a winter of their own take up to 366 of the days of two years. */
const specialDaysMax = 400;
/** Points in time, such as those of a letter box, are no opening hours. */
const timeRanges = 0;

/**
 * Opening hours in OpenStreetMap's grammar as minutes of the local week and the local dates that differ from it, from the
 * start of `year` to the end of the next. `country` (ISO 3166-1 alpha-2) is whose public holidays count. What cannot be
 * said so has null minutes and a fault. The same in every time zone of the process.
 */
export function parseOpeningHours(text: string, country: string | null, year: number): LocalHours {
  const known = country !== null && holidayCountries.has(country) ? country : null;
  const usable = withoutHolidays(text, known === null ? '[PS]H' : 'SH');
  if (usable === '') return unknownHours('holidays');
  if (text.length > textLengthMax) return unknownHours('gibberish');
  if (/sunrise|sunset|dawn|dusk/i.test(unquoted(usable))) return unknownHours('inexpressible');
  return inUtc(() => {
    let hours: OpeningHours;
    try {
      hours = read(usable, known);
    } catch {
      return unknownHours('gibberish');
    }
    const local = localHours(hours, usable, known, year);
    return local === null ? unknownHours('inexpressible') : { ...local, fault: usable === text ? null : 'holidays' };
  });
}

/** Whether the same text means other days in another country. */
export const namesHolidays = (text: string) => /\bPH\b/.test(unquoted(text));

type KnownHours = Omit<LocalHours, 'fault'>;

const unknownHours = (fault: HoursFault): LocalHours => ({ weeklyMinutes: null, specialDays: [], fault });

const unquoted = (text: string) => text.replaceAll(/"[^"]*"/g, '');

/** Throws where the text is not in the grammar. Without a country the library takes that of its authors. */
const read = (text: string, country: string | null) =>
  new OpeningHours(
    text,
    { lat: 0, lon: 0, address: { country_code: (country ?? 'de').toLowerCase(), state: '' } },
    timeRanges,
  );

function localHours(hours: OpeningHours, text: string, country: string | null, year: number): KnownHours | null {
  if (hours.isWeekStable()) {
    const weeklyMinutes = openMinutes(hours, new Date(2024, 0, 1), new Date(2024, 0, 8));
    return weeklyMinutes === null || weeklyMinutes.length === 0 ? null : { weeklyMinutes, specialDays: [] };
  }
  return compare(year, (isOnHolidaysOnly(text, country) ? daysAtHolidays : everyDay)(hours, country, year));
}

/** School holidays, which no country has as a whole, are always left out, and public ones unless they are known. */
function withoutHolidays(text: string, holiday: string): string {
  if (!new RegExp(`\\b${holiday}\\b`).test(unquoted(text))) return text;
  return text
    .split(';')
    .map((rule) =>
      rule
        .replaceAll(new RegExp(`(Mo|Tu|We|Th|Fr|Sa|Su|PH|\\])\\s*,\\s*${holiday}\\b`, 'g'), '$1')
        .replace(new RegExp(`\\b${holiday}\\s*,\\s*(?=Mo|Tu|We|Th|Fr|Sa|Su|PH)`), '')
        .replace(new RegExp(`,\\s*${holiday}\\b.*$`, 's'), '')
        .trim(),
    )
    .filter((rule) => rule !== '' && !new RegExp(`\\b${holiday}\\b`).test(rule))
    .join('; ');
}

/** Whether only public holidays themselves make weeks differ. */
function isOnHolidaysOnly(text: string, country: string | null): boolean {
  if (country === null || /\bPH\s*[+-]/.test(text)) return false;
  const rest = withoutHolidays(text, '[PS]H');
  try {
    return rest !== '' && rest !== text && read(rest, country).isWeekStable();
  } catch {
    return false;
  }
}

type Days = (hours: OpeningHours, country: string | null, year: number) => MinuteRange[][] | null;

/** The open minutes of each day of two years; null where that cannot be said. */
const everyDay: Days = (hours, _country, year) => {
  const open = openMinutes(hours, new Date(year, 0, 1), new Date(year + 2, 0, 1));
  return open === null ? null : splitDays(open, daysOfYears(year));
};

/** As `everyDay`, where all weeks are alike but for public holidays and the night after: fourteen times faster. */
const daysAtHolidays: Days = (hours, country, year) => {
  const holidays = holidaysOf(country ?? '', year);
  const atHoliday = new Set(holidays.flatMap((day) => [day, day + 1]));
  const ordinary = firstOrdinaryWeek(atHoliday);
  const days = (from: number, count: number) => {
    const open = openMinutes(hours, new Date(year, 0, 1 + from), new Date(year, 0, 1 + from + count));
    return open === null ? null : splitDays(open, count);
  };
  const week = days(ordinary, 7);
  if (week === null) return null;
  const all = Array.from({ length: daysOfYears(year) }, (_, day) => week[(day - ordinary + 7 * 400) % 7] ?? []);
  for (const day of atHoliday) {
    const own = days(day, 1)?.[0];
    if (own === undefined) return null;
    if (day < all.length) all[day] = own;
  }
  return all;
};

const knownHolidays = new Map<string, readonly number[]>();

/** The public holidays of two years, as days after the first of January. */
function holidaysOf(country: string, year: number): readonly number[] {
  const key = `${country} ${year}`;
  const known = knownHolidays.get(key);
  if (known !== undefined) return known;
  const open = openMinutes(read('PH 12:00-13:00', country), new Date(year, 0, 1), new Date(year + 2, 0, 1)) ?? [];
  const holidays = open.map(([from]) => Math.floor(from / minutesPerDay));
  knownHolidays.set(key, holidays);
  return holidays;
}

function firstOrdinaryWeek(atHoliday: ReadonlySet<number>): number {
  let from = 0;
  while ([0, 1, 2, 3, 4, 5, 6].some((day) => atHoliday.has(from + day))) from += 1;
  return from;
}

/** The commonest hours of each day of the week, and the dates that differ; null for what is never open. */
function compare(year: number, days: readonly MinuteRange[][] | null): KnownHours | null {
  if (days === null || days.every((minutes) => minutes.length === 0)) return null;
  const patterns = days.map((minutes) => minutes.join(' '));
  const firstWeekday = (new Date(year, 0, 1).getDay() + 6) % 7;
  const weekdayOf = (day: number) => (firstWeekday + day) % 7;
  const usual = Array.from({ length: 7 }, (_, weekday) =>
    commonest(patterns.filter((_pattern, day) => weekdayOf(day) === weekday)),
  );
  // Memory: an export has thousands of such hours at hand, each with hundreds of days.
  const minutesOf = new Map(patterns.map((pattern, day) => [pattern, days[day] ?? []]));
  const dates = datesOf(year);
  const specialDays = patterns.flatMap((pattern, day) =>
    pattern === usual[weekdayOf(day)] ? [] : [{ day: dates[day] ?? '', minutes: minutesOf.get(pattern) ?? [] }],
  );
  if (specialDays.length > specialDaysMax) return null;
  const weeklyMinutes = usual.flatMap((pattern, weekday) =>
    (minutesOf.get(pattern) ?? []).map(
      ([from, to]) => [from + weekday * minutesPerDay, to + weekday * minutesPerDay] as const,
    ),
  );
  return { weeklyMinutes: joined(weeklyMinutes), specialDays };
}

/** Minutes after `from` that are open; null where some are only perhaps open. */
function openMinutes(hours: OpeningHours, from: Date, to: Date): MinuteRange[] | null {
  let intervals: ReturnType<OpeningHours['getOpenIntervals']>;
  try {
    intervals = hours.getOpenIntervals(from, to);
  } catch {
    return null;
  }
  if (intervals.some(([, , isUnknown]) => isUnknown)) return null;
  const minute = (instant: Date) => Math.round((instant.getTime() - from.getTime()) / millisecondsPerMinute);
  return joined(intervals.map(([opens, closes]) => [minute(opens), minute(closes)] as const));
}

/** Sorted ranges, those that touch made one. */
function joined(ranges: readonly MinuteRange[]): MinuteRange[] {
  const result: MinuteRange[] = [];
  for (const [from, to] of ranges) {
    const last = result.at(-1);
    if (last !== undefined && last[1] >= from) result[result.length - 1] = [last[0], Math.max(last[1], to)];
    else result.push([from, to]);
  }
  return result;
}

function splitDays(open: readonly MinuteRange[], count: number): MinuteRange[][] {
  const days = Array.from({ length: count }, (): MinuteRange[] => []);
  for (const [from, to] of open) {
    for (let day = Math.floor(from / minutesPerDay); day * minutesPerDay < to; day += 1) {
      const start = day * minutesPerDay;
      days[day]?.push([Math.max(from - start, 0), Math.min(to - start, minutesPerDay)]);
    }
  }
  return days;
}

function commonest(patterns: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const pattern of patterns) counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), ['', 0])[0];
}

const daysOfYears = (year: number) => (Date.UTC(year + 2, 0, 1) - Date.UTC(year, 0, 1)) / 86_400_000;

const knownDates = new Map<number, readonly string[]>();

function datesOf(year: number): readonly string[] {
  const known = knownDates.get(year);
  if (known !== undefined) return known;
  const dates = Array.from({ length: daysOfYears(year) }, (_, day) =>
    new Date(Date.UTC(year, 0, 1 + day)).toISOString().slice(0, 10),
  );
  knownDates.set(year, dates);
  return dates;
}

/** The library computes on the clock of the process; in UTC no hour of it is left out or comes twice. */
function inUtc<T>(work: () => T): T {
  const zone = process.env['TZ'];
  process.env['TZ'] = 'UTC';
  try {
    return work();
  } finally {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  }
}
