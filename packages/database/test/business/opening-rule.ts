/** Half-open ranges of minutes. */
export type Ranges = readonly (readonly [from: number, to: number])[];

export interface Branch {
  zone: string;
  /** Minutes of the local week from Monday; null where the hours are unknown. */
  week: Ranges | null;
  /** Hours of single local days, as YYYY-MM-DD, in minutes of the day. */
  special: Readonly<Record<string, Ranges>>;
}

const minute = 60_000;
const day = 1440;
const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clock on the wall shows, as if it were UTC. */
function wallTime(zone: string, instant: number): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(zone, format);
  }
  const parts = format.formatToParts(instant);
  const of = (wanted: string) => Number(parts.find(({ type }) => type === wanted)?.value);
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
}

/**
 * The instant at which a wall clock shows this. In a gap, as if the clock had not been changed; of two, the one in
 * standard time: in both cases the smaller offset.
 */
function instantOf(zone: string, wall: number): number {
  const offsets = [wall - day * minute, wall + day * minute].map((near) => wallTime(zone, near) - near);
  const shown = offsets.filter((offset) => wallTime(zone, wall - offset) === wall);
  return wall - Math.min(...(shown.length > 0 ? shown : offsets));
}

const dayText = (wall: number) => new Date(wall).toISOString().slice(0, 10);

/** The rule told once more, a day at a time: its special hours, or else its part of the week. */
export function stateAt(branch: Branch, at: string): { isOpen: boolean | null; opensAt: string | null } {
  const wall = wallTime(branch.zone, Date.parse(at));
  const now = Math.floor((wall % (day * minute)) / minute);
  const midnight = wall - (wall % (day * minute));
  const days = Array.from({ length: 9 }, (_, number) => midnight + number * day * minute);
  if (branch.week === null && days.every((each) => branch.special[dayText(each)] === undefined)) {
    return { isOpen: null, opensAt: null };
  }
  const open: boolean[] = days.flatMap((each) => {
    const starts = ((new Date(each).getUTCDay() + 6) % 7) * day;
    const special = branch.special[dayText(each)];
    const [hours, shift] = special === undefined ? [branch.week ?? [], starts] : [special, 0];
    return Array.from({ length: day }, (_, of) => hours.some(([from, to]) => from <= of + shift && of + shift < to));
  });
  if (open[now]) return { isOpen: true, opensAt: null };
  const next = open.indexOf(true, now);
  if (next < 0) return { isOpen: false, opensAt: null };
  const instant = instantOf(branch.zone, midnight + next * minute);
  return { isOpen: false, opensAt: new Date(instant).toISOString().replace('.000Z', 'Z') };
}
