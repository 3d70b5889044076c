import { namesHolidays, parseOpeningHours, type LocalHours } from './opening-hours.ts';

/** In special days, of which each is 40 bytes. */
const sizeMax = 500_000;
const sizeOfText = 20;

/** `parseOpeningHours` that remembers: a few texts make up most of an export, and one can cost 20 ms. */
export function createHoursCache(parse = parseOpeningHours, capacity = sizeMax): typeof parseOpeningHours {
  const known = new Map<string, LocalHours>();
  let size = 0;
  const sizeOf = ({ specialDays }: LocalHours) => sizeOfText + specialDays.length;

  return (text, country, year) => {
    const key = `${year} ${namesHolidays(text) ? country : ''} ${text}`;
    const found = known.get(key);
    if (found !== undefined) {
      known.delete(key);
      known.set(key, found);
      return found;
    }
    const hours = parse(text, country, year);
    known.set(key, hours);
    size += sizeOf(hours);
    for (const [oldest, dropped] of known) {
      if (size <= capacity) break;
      known.delete(oldest);
      size -= sizeOf(dropped);
    }
    return hours;
  };
}
