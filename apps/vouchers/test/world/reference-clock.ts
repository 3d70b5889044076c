import type pg from 'pg';

/** Minutes, half-open. */
export type Intervals = readonly (readonly [from: number, to: number])[];

/** What the clock on the wall says in one zone. */
export interface LocalTime {
  day: string;
  minuteOfDay: number;
  /** Monday 00:00 is 0. */
  minuteOfWeek: number;
}

export type Clocks = (at: Date) => Promise<ReadonlyMap<string, LocalTime>>;

/** Asks PostgreSQL, whose knowledge of zones is what the product goes by; remembers each instant. */
export function openClocks(pool: pg.Pool, zones: readonly string[]): Clocks {
  const known = new Map<number, Promise<ReadonlyMap<string, LocalTime>>>();
  return (at) => {
    const found = known.get(at.getTime()) ?? readClocks(pool, zones, at);
    known.set(at.getTime(), found);
    return found;
  };
}

async function readClocks(pool: pg.Pool, zones: readonly string[], at: Date): Promise<Map<string, LocalTime>> {
  const { rows } = await pool.query<{ zone: string; text: string }>(
    `SELECT zone, to_char($1::timestamptz AT TIME ZONE zone, 'YYYY-MM-DD HH24:MI') AS text FROM unnest($2::text[]) AS zone`,
    [at.toISOString(), zones],
  );
  return new Map(rows.map(({ zone, text }) => [zone, localTime(text)]));
}

export function localTime(text: string): LocalTime {
  const [day = '', clock = ''] = text.split(' ');
  const minuteOfDay = Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
  const dayOfWeek = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  return { day, minuteOfDay, minuteOfWeek: dayOfWeek * 1_440 + minuteOfDay };
}

/** A special day replaces the week; null where nobody knows. */
export function isOpenAt(
  place: { weeklyHours: Intervals | null; specialDays: ReadonlyMap<string, Intervals> },
  { day, minuteOfDay, minuteOfWeek }: LocalTime,
): boolean | null {
  const special = place.specialDays.get(day);
  const holds = (intervals: Intervals, minute: number) => intervals.some(([from, to]) => from <= minute && minute < to);
  if (special !== undefined) return holds(special, minuteOfDay);
  return place.weeklyHours === null ? null : holds(place.weeklyHours, minuteOfWeek);
}
