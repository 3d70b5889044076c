import type { JsonFormat } from './read-json.ts';
import { isRecord, type Point, type Position, type SkipReason, type SourcePlace } from './place.ts';
import { osmAttribution, osmIdOf, tagsOf } from './tags.ts';

/** A FeatureCollection of RFC 7946 whose properties are tags of OpenStreetMap, flat or below `tags`. */
export const geojson: JsonFormat = {
  name: 'a GeoJSON FeatureCollection',
  key: 'features',
  start: /\{\s*"type"\s*:\s*"Feature"\s*[,}]/,
};

/** Lines and areas stand at the middle of their bounding box. */
export function geojsonPlace(value: unknown, position: Omit<Position, 'id'>): SourcePlace | SkipReason {
  if (!isRecord(value) || value['type'] !== 'Feature') return 'malformed';
  const properties = isRecord(value['properties']) ? value['properties'] : {};
  const id = idOf(value, properties);
  if (id === null) return 'noId';
  const osmId = osmIdOf(id);
  const tags = tagsOf(isRecord(properties['tags']) ? properties['tags'] : properties);
  return {
    position: { ...position, id },
    sourceId: osmId === null ? `geojson:${id}` : `osm:${osmId}`,
    tags,
    point: pointOf(value['geometry']),
    attribution: tags['attribution'] ?? (osmId === null ? null : osmAttribution),
  };
}

/** `@id` is what Overpass writes; `type` and `id` beside `tags` what osmtogeojson does. */
function idOf(feature: Record<string, unknown>, properties: Record<string, unknown>): string | null {
  const { '@id': written, type, id } = properties;
  const isTyped = isRecord(properties['tags']) && typeof type === 'string' && textOf(id) !== null;
  const typed = isTyped ? `${type}/${textOf(id)}` : null;
  return textOf(written) ?? typed ?? textOf(feature['id']) ?? textOf(id);
}

function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function pointOf(geometry: unknown): Point | null {
  if (!isRecord(geometry)) return null;
  const positions = positionsOf(geometry['coordinates']);
  if (positions.length === 0) return null;
  const middle = (values: readonly number[]) =>
    (values.reduce((a, b) => Math.min(a, b)) + values.reduce((a, b) => Math.max(a, b))) / 2;
  const longitudes = positions.map(([longitude]) => longitude);
  const latitudes = positions.map(([, latitude]) => latitude);
  return { latitude: middle(latitudes), longitude: middle(longitudes) };
}

/** Every position in coordinates of any depth; none where one is not a position. */
function positionsOf(coordinates: unknown): (readonly [longitude: number, latitude: number])[] {
  if (!Array.isArray(coordinates)) return [];
  const [longitude, latitude]: unknown[] = coordinates;
  if (typeof longitude === 'number' && typeof latitude === 'number') return [[longitude, latitude]];
  const parts = coordinates.map(positionsOf);
  return parts.some((part) => part.length === 0) ? [] : parts.flat();
}
