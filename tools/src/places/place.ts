import type { MinuteRange } from '@pika/database';

/** Where something stands in its file: the how manieth it is, from 0, and where it begins (`byte 1024`, `line 12`). */
export interface Position {
  index: number;
  where: string;
  /** Such as `node/442030367`, where the element says so. */
  id: string | null;
}

/** One element as a reader found it, not looked into yet, or why it could not be read. */
export type SourceElement = Readonly<Pick<Position, 'index' | 'where'>> &
  ({ readonly value: unknown } | { readonly fault: SkipReason });

/** What one element of a source says, in the words of OpenStreetMap's tags; what every format is first brought to. */
export interface SourcePlace {
  position: Position;
  /** Its identity where it comes from, such as `osm:node/442030367`. */
  sourceId: string;
  tags: Tags;
  point: Point | null;
  /** Whose credit it needs; null for none. */
  attribution: string | null;
}

/** Trimmed texts, none of them empty. */
export type Tags = Readonly<Record<string, string>>;

export interface Point {
  latitude: number;
  longitude: number;
}

/** A place as it will be stored. */
export interface Place {
  sourceId: string;
  /** By language tag, in the order of the tags; at least one. */
  names: Readonly<Record<string, string>>;
  /** What else it is called, by language tag: searched, not shown. */
  otherNames: Readonly<Record<string, string>>;
  sourceLanguage: string;
  category: string;
  latitude: number;
  longitude: number;
  street: string | null;
  city: string | null;
  countryCode: string | null;
  timeZone: string;
  hoursText: string | null;
  weeklyMinutes: readonly MinuteRange[] | null;
  specialDays: readonly SpecialDay[];
  phone: string | null;
  website: string | null;
  attribution: string | null;
}

/** What replaces the weekly hours on one local date: minutes of that day. */
export interface SpecialDay {
  /** YYYY-MM-DD. */
  day: string;
  minutes: readonly MinuteRange[];
}

export const skipReasons = {
  notJson: 'broken JSON',
  notUtf8: 'bytes that are not UTF-8',
  tooLong: 'longer than a place can be',
  brokenRow: 'a quote out of place, or not as many fields as the header',
  cutShort: 'the file ends before its list does: cut short, or broken from here on',
  malformed: 'not an element of this format',
  noId: 'no id',
  idTooLong: 'an id longer than 200 characters',
  repeated: 'the same element was in the file before',
  unstorable: 'a text with a NUL or half a character',
  nameless: 'no name in any language',
  nameTooLong: 'a name longer than 500 characters',
  nowhere: 'no coordinates',
  outOfRange: 'coordinates out of range',
  nullIsland: 'coordinates 0, 0, which stand for unknown ones',
  uncategorised: 'no category that Pika knows',
  refused: 'refused by the database',
} as const;

export type SkipReason = keyof typeof skipReasons;

export const hoursFaults = {
  gibberish: 'not opening hours',
  inexpressible: 'not a week with special days (sunset, appointments, open ends …)',
  holidays: 'holidays that are not known there: only the rest is used',
} as const;

export type HoursFault = keyof typeof hoursFaults;

/** What became of one element. `leftOut` are tags that say something and could not be used. */
export type Mapped = { position: Position; leftOut: readonly string[] } & (
  { place: Place; hoursFault: HoursFault | null } | { closed: string } | { skipped: SkipReason }
);

/** What is wrong with the command or its file, in one sentence for the terminal. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
