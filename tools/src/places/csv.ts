import { ImportError, isRecord, type Point, type Position, type SkipReason, type SourcePlace } from './place.ts';
import { isUsedTag, osmAttribution, osmIdOf, tagsOf } from './tags.ts';

/** Columns with a name of their own, and the tag they are; every other column is named like the tag it holds. */
const aliases: Readonly<Record<string, string>> = {
  id: 'id',
  latitude: 'latitude',
  lat: 'latitude',
  longitude: 'longitude',
  lon: 'longitude',
  lng: 'longitude',
  category: 'category',
  street: 'addr:street',
  housenumber: 'addr:housenumber',
  city: 'addr:city',
  country: 'addr:country',
  closed: 'closed',
  attribution: 'attribution',
};

/** For each column of a header the tag it holds; null for one that nothing uses. Throws `ImportError`. */
export function csvColumns(file: string, header: readonly string[]): (string | null)[] {
  const columns = header.map((name) => {
    const column = name.trim();
    return aliases[column.toLowerCase()] ?? (isUsedTag(column) ? column : null);
  });
  const missing = ['id', 'latitude', 'longitude'].filter((column) => !columns.includes(column));
  if (!columns.some((column) => column !== null && /^name(:|$)/.test(column))) missing.push('name');
  if (missing.length > 0)
    throw new ImportError(`${file} is not a CSV file of places: no column ${missing.join(', ')}.`);
  const repeated = columns.find((column, at) => column !== null && columns.indexOf(column) < at);
  if (repeated !== undefined) throw new ImportError(`${file} has two columns for ${repeated}.`);
  return columns;
}

export function csvPlace(value: unknown, position: Omit<Position, 'id'>): SourcePlace | SkipReason {
  if (!isRecord(value)) return 'malformed';
  const { id, latitude, longitude, ...tags } = tagsOf(value);
  if (id === undefined) return 'noId';
  const osmId = osmIdOf(id);
  return {
    position: { ...position, id },
    sourceId: osmId === null ? `csv:${id}` : `osm:${osmId}`,
    tags,
    point: pointOf(latitude, longitude),
    attribution: tags['attribution'] ?? (osmId === null ? null : osmAttribution),
  };
}

function pointOf(latitude = '', longitude = ''): Point | null {
  const isDecimal = (text: string) => /^[+-]?\d+(\.\d+)?$/.test(text);
  return isDecimal(latitude) && isDecimal(longitude)
    ? { latitude: Number(latitude), longitude: Number(longitude) }
    : null;
}
