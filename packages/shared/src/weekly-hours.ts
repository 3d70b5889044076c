/** On one day of the local week, Monday is 1, from HH:MM to HH:MM; what closes at or before it opens does so on the next day. */
export interface OpeningHours {
  dayOfWeek: number;
  opens: string;
  closes: string;
}

const minutesPerDay = 1_440;
const minutesPerWeek = 10_080;

/**
 * Minute ranges of the local week (sorted, apart from each other, as an int4multirange keeps them) as hours per day. What runs
 * past Sunday midnight and goes on on Monday is one line of Sunday; what is longer than a day becomes a line per day.
 */
export function weeklyHoursOf(ranges: readonly (readonly [from: number, to: number])[]): OpeningHours[] {
  return joinWeekEnds(ranges).flatMap(([from, to]) => linesOf(from, to));
}

/** Hours per day as minute ranges of the local week, in their order; what runs past Sunday midnight goes on on Monday. */
export function weeklyRangesOf(hours: readonly OpeningHours[]): (readonly [from: number, to: number])[] {
  return hours.flatMap(({ dayOfWeek, opens, closes }) => {
    const midnight = (dayOfWeek - 1) * minutesPerDay;
    const from = midnight + minuteOf(opens);
    const to = midnight + minuteOf(closes) + (minuteOf(closes) > minuteOf(opens) ? 0 : minutesPerDay);
    if (to <= minutesPerWeek) return [[from, to] as const];
    return [[from, minutesPerWeek] as const, [0, to - minutesPerWeek] as const];
  });
}

function minuteOf(time: string): number {
  const [hours, minutes] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** Minute ranges of one day as hours; a day ends at 24:00. */
export function dayHoursOf(ranges: readonly (readonly [from: number, to: number])[]) {
  return ranges.map(([from, to]) => ({ opens: clock(from), closes: clock(to) }));
}

function joinWeekEnds(ranges: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const first = ranges[0];
  const last = ranges.at(-1);
  const wraps = ranges.length > 1 && first?.[0] === 0 && last?.[1] === minutesPerWeek;
  if (!wraps || first[1] + minutesPerWeek - last[0] > minutesPerDay) return [...ranges];
  return [...ranges.slice(1, -1), [last[0], minutesPerWeek + first[1]]];
}

function linesOf(from: number, to: number): OpeningHours[] {
  const midnight = (Math.floor(from / minutesPerDay) + 1) * minutesPerDay;
  const end = to - from > minutesPerDay || to === midnight ? Math.min(to, midnight) : to;
  const day = Math.floor(from / minutesPerDay);
  const closes = end === midnight ? '24:00' : clock(end % minutesPerDay);
  const line = { dayOfWeek: day + 1, opens: clock(from % minutesPerDay), closes };
  return end < to ? [line, ...linesOf(end, to)] : [line];
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
