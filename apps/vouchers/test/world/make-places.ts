import type { Random } from '@pika/tests';

export interface Place {
  latitude: number;
  longitude: number;
  timeZone: string;
  cluster: string;
}

interface Cluster {
  name: string;
  latitude: number;
  longitude: number;
  spreadMeters: number;
  share: number;
  timeZone: string;
}

const metersPerDegree = 111_320;

/** Dense and thin towns, both sides of the antimeridian and of Greenwich, both poles; zones with odd offsets. */
const clusters: readonly Cluster[] = [
  cluster('asuncion', -25.2867, -57.647, 4_000, 20, 'America/Asuncion'),
  cluster('encarnacion', -27.33, -55.87, 15_000, 7, 'America/Asuncion'),
  cluster('beirut', 33.89, 35.5, 5_000, 7, 'Asia/Beirut'),
  cluster('fiji', -16.8, 180, 25_000, 13, 'Pacific/Fiji'),
  cluster('chukotka', 65.5, -180, 40_000, 5, 'Asia/Anadyr'),
  cluster('dateline', 0, 180, 60_000, 5, 'Pacific/Auckland'),
  cluster('north-pole', 90, 0, 60_000, 8, 'UTC'),
  cluster('south-pole', -90, 0, 60_000, 7, 'Antarctica/McMurdo'),
  cluster('greenwich', 51.48, 0, 8_000, 5, 'Europe/London'),
  cluster('kathmandu', 27.7, 85.32, 3_000, 3, 'Asia/Kathmandu'),
  cluster('chatham', -43.95, -176.55, 20_000, 3, 'Pacific/Chatham'),
  cluster('lord-howe', -31.55, 159.08, 6_000, 2, 'Australia/Lord_Howe'),
];

function cluster(
  name: string,
  latitude: number,
  longitude: number,
  spreadMeters: number,
  share: number,
  timeZone: string,
): Cluster {
  return { name, latitude, longitude, spreadMeters, share, timeZone };
}

export const wrap = (longitude: number): number =>
  longitude > 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude;

/** A point about so far from another; at a pole in any direction. */
export function pointNear(
  random: Random,
  { latitude, longitude }: { latitude: number; longitude: number },
  spreadMeters: number,
): { latitude: number; longitude: number } {
  const north = (random.normal() * spreadMeters) / metersPerDegree;
  if (Math.abs(latitude) === 90) {
    return { latitude: Math.sign(latitude) * (90 - Math.abs(north)), longitude: random.between(-180, 180) };
  }
  const moved = Math.max(-90, Math.min(90, latitude + north));
  const east = (random.normal() * spreadMeters) / (metersPerDegree * Math.max(Math.cos((moved * Math.PI) / 180), 1e-6));
  return { latitude: moved, longitude: wrap(longitude + (Math.abs(east) > 180 ? random.between(-180, 180) : east)) };
}

/** Anywhere, evenly on the globe. */
export function pointAnywhere(random: Random): { latitude: number; longitude: number } {
  return {
    latitude: (Math.asin(random.between(-1, 1)) * 180) / Math.PI,
    longitude: random.between(-180, 180),
  };
}

/** About `count` places, of which a tenth share their exact coordinates or distances with others. */
export function makePlaces(random: Random, count: number): Place[] {
  const shares = clusters.reduce((sum, { share }) => sum + share, 0);
  const scattered = clusters.flatMap((each) =>
    Array.from({ length: Math.round((count * 0.82 * each.share) / shares) }, () => ({
      ...pointNear(random, each, each.spreadMeters),
      timeZone: each.timeZone,
      cluster: each.name,
    })),
  );
  const lonely = Array.from({ length: Math.round(count * 0.04) }, () => ({
    ...pointAnywhere(random),
    timeZone: random.pick(clusters).timeZone,
    cluster: 'anywhere',
  }));
  const places = [...scattered, ...lonely, ...edges(), ...lattices()];
  while (places.length < count) places.push(...mall(random, random.pick(scattered)));
  return places;
}

/** Many branches at exactly one point. */
function mall(random: Random, place: Place): Place[] {
  return Array.from({ length: random.integer(4, 30) }, () => ({ ...place }));
}

/** The poles by several longitudes, and the antimeridian by both. */
function edges(): Place[] {
  const at = (latitude: number, longitude: number) => ({ latitude, longitude, timeZone: 'UTC', cluster: 'edges' });
  return [
    ...[-180, -90, 0, 45.5, 180].flatMap((longitude) => [at(90, longitude), at(-90, longitude)]),
    ...[-16.8, -0.25, 0, 0.25, 65.5, 89.9].flatMap((latitude) => [at(latitude, 180), at(latitude, -180)]),
  ];
}

export const latticeCentres = [
  { latitude: 0, longitude: 0 },
  { latitude: 0, longitude: 12.5 },
  { latitude: 42.25, longitude: 100.5 },
  { latitude: 0, longitude: 179.5 },
] as const;

/** Mirror images of each other around a centre, by steps that floats hold exactly: equal distances, to the bit. */
function lattices(): Place[] {
  const steps = [1 / 512, 1 / 128, 1 / 64, 1 / 16, 1 / 4];
  return latticeCentres.flatMap(({ latitude, longitude }) =>
    steps.flatMap((step) =>
      [-step, step].flatMap((east) =>
        (latitude === 0 ? [-step, 0, step] : [0]).map((north) => ({
          latitude: latitude + north,
          longitude: longitude + east,
          timeZone: 'UTC',
          cluster: 'lattice',
        })),
      ),
    ),
  );
}
