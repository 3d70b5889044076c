/** Minutes of the local week, half-open: Monday 00:00 is 0, Sunday 24:00 is 10080. */
export type MinuteRange = readonly [from: number, to: number];

/** [days as "Mo-Fr" or "Sa,Su", opens "HH:MM", closes "HH:MM"]; closing at or before opening means past midnight. */
export type HoursLine = readonly [days: string, opens: string, closes: string];

const dayNames = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
const minutesPerDay = 1440;
const minutesPerWeek = 10_080;

/** Weekly hours as minute ranges of the local week; what runs past Sunday midnight continues on Monday. */
export function weeklyMinutes(lines: readonly HoursLine[]): MinuteRange[] {
  return lines.flatMap(([days, opens, closes]) => {
    const from = minuteOfDay(opens);
    const to = minuteOfDay(closes) > from ? minuteOfDay(closes) : minuteOfDay(closes) + minutesPerDay;
    return daysOf(days).flatMap((day) => wrapWeek(day * minutesPerDay + from, day * minutesPerDay + to));
  });
}

/** The text form of a PostgreSQL int4multirange, which merges what touches. */
export function multirangeText(ranges: readonly MinuteRange[]): string {
  return `{${ranges.map(([from, to]) => `[${from},${to})`).join(',')}}`;
}

function wrapWeek(from: number, to: number): MinuteRange[] {
  if (to <= minutesPerWeek) return [[from, to]];
  return [
    [from, minutesPerWeek],
    [0, to - minutesPerWeek],
  ];
}

function daysOf(days: string): number[] {
  return days.split(',').flatMap((part) => {
    const [first = '', last = first] = part.trim().split('-');
    const start = dayNames.indexOf(first);
    const end = dayNames.indexOf(last);
    if (start < 0 || end < 0) throw new Error(`unknown day in "${days}"`);
    const length = ((end - start + 7) % 7) + 1;
    return Array.from({ length }, (_, index) => (start + index) % 7);
  });
}

function minuteOfDay(time: string): number {
  const match = /^(\d{2}):(\d{2})$/.exec(time);
  if (match === null) throw new Error(`not a time: "${time}"`);
  return Number(match[1]) * 60 + Number(match[2]);
}
