const entriesMax = 32;
const range = /^([\w!#$&^.+-]+|\*)\/([\w!#$&^.+-]+|\*)$/;
const quality = /^q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i;

interface MediaRange {
  readonly name: string;
  /** 3 a type and subtype, 2 a type, 1 anything. */
  readonly precision: number;
  readonly q: number;
}

/**
 * The offered media type the caller wants most, or null when none is acceptable. Of equal wishes the more precise wins,
 * then the one offered first. Parameters other than `q` are not compared. An absent or unreadable header takes the first.
 */
export function negotiateMediaType(header: string | undefined, offered: readonly string[]): string | null {
  const first = offered[0] ?? null;
  if (header === undefined || header === '*/*' || header === first) return first;
  const ranges = parseAccept(header);
  if (ranges.length === 0) return first;
  let best: { mediaType: string; match: MediaRange } | null = null;
  for (const mediaType of offered) {
    const match = mostPreciseMatch(mediaType, ranges);
    if (match === null || match.q === 0) continue;
    if (best === null || isBetter(match, best.match)) best = { mediaType, match };
  }
  return best?.mediaType ?? null;
}

function isBetter(one: MediaRange, other: MediaRange): boolean {
  return one.q > other.q || (one.q === other.q && one.precision > other.precision);
}

function mostPreciseMatch(mediaType: string, ranges: readonly MediaRange[]): MediaRange | null {
  const names = ['*/*', `${mediaType.slice(0, mediaType.indexOf('/'))}/*`, mediaType];
  let best: MediaRange | null = null;
  for (const candidate of ranges) {
    if (candidate.name !== names[candidate.precision - 1]) continue;
    if (best === null || candidate.precision > best.precision) best = candidate;
  }
  return best;
}

function parseAccept(header: string): MediaRange[] {
  const entries = header.split(',', entriesMax).map(parseEntry);
  return entries.filter((entry) => entry !== null);
}

function parseEntry(text: string): MediaRange | null {
  const [name = '', ...parameters] = text.toLowerCase().split(';', entriesMax);
  const match = range.exec(name.trim());
  if (match === null || (match[1] === '*' && match[2] !== '*')) return null;
  const precision = match[2] !== '*' ? 3 : match[1] !== '*' ? 2 : 1;
  const weight = parameters.map((parameter) => parameter.trim()).find((parameter) => /^q\s*=/.test(parameter));
  if (weight === undefined) return { name: match[0], precision, q: 1 };
  const q = quality.exec(weight)?.[1];
  return q === undefined ? null : { name: match[0], precision, q: Number(q) };
}
