import type { Random, TextReader } from '@pika/tests';
import { latticeCentres, pointAnywhere, pointNear, wrap } from './make-places.ts';
import { pickWord } from './make-words.ts';
import { worldDay, type World } from './make-world.ts';
import type { NearbyQuestion, Reference } from './reference.ts';

/** One question as a client asks it, and what it means. */
export interface AskedQuestion {
  parameters: URLSearchParams;
  headers: Record<string, string>;
  question: NearbyQuestion;
}

/** Accept-Language, and the chain that it stands for with the languages of `addLanguages`, worked out by hand. */
const readers: readonly (TextReader & { header: string | null })[] = [
  { header: null, chain: ['es'], matchLength: 1 },
  { header: 'es-PY', chain: ['es'], matchLength: 1 },
  { header: 'gn', chain: ['gn', 'es'], matchLength: 1 },
  { header: 'gn, en;q=0.5', chain: ['gn', 'es', 'en'], matchLength: 1 },
  { header: 'en', chain: ['en'], matchLength: 1 },
  { header: 'en-GB, es;q=0.8', chain: ['en', 'es'], matchLength: 1 },
  { header: 'ar, fr;q=0.5', chain: ['ar', 'fr'], matchLength: 1 },
  { header: 'fr', chain: ['fr'], matchLength: 1 },
  { header: 'pt-BR', chain: ['pt-BR', 'pt'], matchLength: 2 },
  { header: 'pt-BR, pt;q=0, es;q=0.1', chain: ['pt-BR', 'es'], matchLength: 1 },
  { header: 'pt-PT, de;q=0.3', chain: ['pt', 'de'], matchLength: 1 },
  { header: 'ja, gn;q=0.5', chain: ['gn', 'es'], matchLength: 0 },
  { header: 'gn, es;q=0', chain: ['gn'], matchLength: 1 },
  { header: 'sw', chain: [], matchLength: 0 },
];

/** An instant within days of the world's day, on a whole minute. */
export const randomMinute = (random: Random): Date =>
  new Date(Date.parse(`${worldDay}T12:00:00Z`) + random.integer(-4 * 1_440, 5 * 1_440) * 60_000);

export async function randomQuestion(
  random: Random,
  world: World,
  reference: Reference,
  at: Date,
): Promise<AskedQuestion> {
  const point = randomPoint(random, world);
  const { header, chain, matchLength } = random.pick(readers);
  const isBox = random.chance(0.2);
  const question: NearbyQuestion = {
    ...point,
    radiusMeters: isBox ? null : await randomRadius(random, reference, point),
    bounds: isBox ? randomBounds(random, point) : null,
    category: random.chance(0.2) ? random.pick(world.categorySlugs) : null,
    businessId: random.chance(0.06) ? businessNear(random, reference, world) : null,
    words: random.chance(0.2) ? randomWords(random, world.words) : null,
    openAt: null,
    at,
    chain,
    matchLength,
  };
  const parameters = new URLSearchParams({ latitude: String(point.latitude), longitude: String(point.longitude) });
  const set = (name: string, value: string | number | null) => {
    if (value !== null) parameters.set(name, String(value));
  };
  set('radiusMeters', question.radiusMeters);
  set('bbox', question.bounds?.join(',') ?? null);
  set('category', question.category);
  set('business', question.businessId);
  set('q', question.words);
  if (random.chance(0.1)) {
    question.openAt = at;
    set('openNow', 'true');
  } else if (random.chance(0.12)) {
    question.openAt = randomMinute(random);
    set('openAt', question.openAt.toISOString());
  }
  return { parameters, headers: header === null ? {} : { 'accept-language': header }, question };
}

function randomPoint(random: Random, world: World): { latitude: number; longitude: number } {
  const place = random.pick(world.places);
  const luck = random.next();
  if (luck < 0.1) return { latitude: place.latitude, longitude: place.longitude };
  if (luck < 0.2) return { ...random.pick(latticeCentres) };
  if (luck < 0.26) return { latitude: random.pick([90, -90]), longitude: random.pick([0, 180, -180, 77.7]) };
  if (luck < 0.32) return { latitude: random.pick([-16.8, 0, 65.5]), longitude: random.pick([180, -180]) };
  if (luck < 0.4) return pointAnywhere(random);
  return pointNear(random, place, 50 * 2 ** random.between(0, 11));
}

/** 100 m to 100 km, each order of magnitude as often; sometimes exactly as far as a place is. */
async function randomRadius(
  random: Random,
  reference: Reference,
  point: { latitude: number; longitude: number },
): Promise<number> {
  if (random.chance(0.15)) {
    const all = [...(await reference.distances(point)).values()].map(({ distance }) => distance);
    const near = all.filter((meters) => meters >= 1 && meters <= 100_000);
    if (near.length > 0) return random.pick(near);
  }
  const radius = 100 * 10 ** random.between(0, 3);
  return random.chance(0.5) ? Math.round(radius) : radius;
}

function randomBounds(random: Random, point: { latitude: number; longitude: number }): NearbyQuestion['bounds'] {
  const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6;
  if (random.chance(0.05)) return [-180, -90, 180, 90];
  const height = 2 ** random.between(-8, 6);
  const width = 2 ** random.between(-8, 8.4);
  const middle = { latitude: point.latitude + random.normal() * height * 0.3, east: random.normal() * width * 0.3 };
  const south = round(Math.max(-90, Math.min(90, middle.latitude - height / 2)));
  const north = round(Math.max(south, Math.min(90, middle.latitude + height / 2)));
  if (width >= 330) return [-180, south, 180, north];
  const turn = (degrees: number) => round(wrap(wrap(degrees)));
  return [
    turn(point.longitude + middle.east - width / 2),
    south,
    turn(point.longitude + middle.east + width / 2),
    north,
  ];
}

function businessNear(random: Random, reference: Reference, world: World): string {
  return random.chance(0.8) ? random.pick(reference.locations).businessId : random.pick(world.businessIds);
}

function randomWords(random: Random, words: readonly string[]): string {
  const typed = () => {
    const word = pickWord(random, words);
    return random.chance(0.3) ? word.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase() : word;
  };
  if (random.chance(0.05)) return 'kwxyhwqjx';
  return random.chance(0.75) ? typed() : `${typed()} ${typed()}`;
}
