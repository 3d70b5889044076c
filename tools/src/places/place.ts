/** One element as a reader found it, not looked into yet. */
export interface SourceElement {
  /** Its position in the file, from 0. */
  index: number;
  value: unknown;
}

/** Where a reported element stands in its file. */
export interface Position {
  index: number;
  /** Such as `node/442030367`, where the element says so. */
  id: string | null;
}

/** A place as it will be stored; what every format is mapped to. */
export interface Place {
  /** Its identity where it comes from, such as `osm:node/442030367`. */
  sourceId: string;
  /** By language tag, in the order of the tags; at least one. */
  names: Readonly<Record<string, string>>;
  sourceLanguage: string;
  category: string;
  latitude: number;
  longitude: number;
  street: string | null;
  city: string | null;
  countryCode: string | null;
  timeZone: string;
  phone: string | null;
  website: string | null;
  attribution: string;
}

export const skipReasons = {
  malformed: 'not an OpenStreetMap element (type and id)',
  repeated: 'the same element was in the file before',
  unstorable: 'a text with a NUL or half a character',
  nameless: 'no name in any language',
  nameTooLong: 'a name longer than 500 characters',
  nowhere: 'no coordinates',
  outOfRange: 'coordinates out of range',
  uncategorised: 'no category that Pika knows',
} as const;

export type SkipReason = keyof typeof skipReasons;

/** What became of one element. `leftOut` are name tags that name no language. */
export type Mapped =
  | { position: Position; place: Place; leftOut: readonly string[] }
  | { position: Position; skipped: SkipReason; leftOut: readonly string[] };

/** What is wrong with the command or its file, in one sentence for the terminal. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}
