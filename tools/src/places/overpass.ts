import type { JsonFormat } from './read-json.ts';
import { isRecord, type Point, type Position, type SkipReason, type SourcePlace } from './place.ts';
import { osmAttribution, tagsOf } from './tags.ts';

/** An answer of the Overpass API in JSON (`out center`). */
export const overpass: JsonFormat = {
  name: 'an Overpass answer',
  key: 'elements',
  start: /\{\s*"type"\s*:\s*"(?:node|way|relation)"\s*,\s*"id"\s*:/,
};

export function overpassPlace(value: unknown, position: Omit<Position, 'id'>): SourcePlace | SkipReason {
  const id = isRecord(value) ? idOf(value) : null;
  if (!isRecord(value) || id === null) return 'malformed';
  return {
    position: { ...position, id },
    sourceId: `osm:${id}`,
    tags: tagsOf(value['tags']),
    point: pointOf(value),
    attribution: osmAttribution,
  };
}

function idOf({ type, id }: Record<string, unknown>): string | null {
  const isElement = type === 'node' || type === 'way' || type === 'relation';
  return isElement && Number.isSafeInteger(id) ? `${type}/${String(id)}` : null;
}

/** A node has its own position; Overpass gives ways and relations a `center` when asked to. */
function pointOf(element: Record<string, unknown>): Point | null {
  const { lat, lon } = isRecord(element['center']) ? element['center'] : element;
  return typeof lat === 'number' && typeof lon === 'number' ? { latitude: lat, longitude: lon } : null;
}
