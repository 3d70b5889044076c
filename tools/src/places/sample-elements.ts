/** An element of an Overpass answer, as far as the importer looks at it. */
export interface SampleElement {
  type: 'node' | 'way';
  id: number;
  lat?: number;
  lon?: number;
  center?: { lat: number; lon: number };
  tags: Record<string, string>;
}

/** [latitude, longitude, country, language of its untagged names]. */
const cities: readonly (readonly [number, number, string, string])[] = [
  [21.03, 105.85, 'VN', 'vi'],
  [10.78, 106.7, 'VN', 'vi'],
  [-25.28, -57.63, 'PY', 'es'],
  [-34.6, -58.38, 'AR', 'es'],
  [-23.55, -46.63, 'BR', 'pt'],
  [52.52, 13.4, 'DE', 'de'],
  [48.14, 11.58, 'DE', 'de'],
  [48.86, 2.35, 'FR', 'fr'],
  [41.9, 12.5, 'IT', 'it'],
  [40.42, -3.7, 'ES', 'es'],
  [35.68, 139.69, 'JP', 'ja'],
  [37.57, 126.98, 'KR', 'ko'],
  [33.89, 35.5, 'LB', 'ar'],
  [51.51, -0.13, 'GB', 'en'],
  [40.71, -74.0, 'US', 'en'],
  [-18.14, 178.44, 'FJ', 'en'],
];
const kinds = [
  ['amenity', 'restaurant', 'Restaurant'],
  ['amenity', 'cafe', 'Café'],
  ['amenity', 'bar', 'Bar'],
  ['amenity', 'fast_food', 'Imbiss'],
  ['amenity', 'pharmacy', 'Apotheke'],
  ['shop', 'bakery', 'Panadería'],
  ['shop', 'clothes', 'Moda'],
  ['shop', 'supermarket', 'Mercado'],
  ['tourism', 'hotel', 'Hotel'],
  ['leisure', 'fitness_centre', 'Gym'],
] as const;
const words = [
  'Sol',
  'Luna',
  'Río',
  'Phố',
  'Nhà',
  'Grün',
  'Été',
  '東京',
  '서울',
  'قهوة',
  'Old',
  'Nuevo',
  'Alba',
  'Mar',
];
const towns = 40;
const streets = 10;
const sharedDays = ['Mo-Su', 'Mo-Sa', 'Mo-Fr', 'Tu-Su', 'We-Mo'];

/** The same elements at every call: most are places, one in a hundred closed, one in two hundred lies twice. */
export function* sampleElements(count: number): Generator<SampleElement> {
  const random = createRandom(20_261_121);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const name = () => `${pick(words)} ${pick(words)} ${1 + Math.floor(random() * 5_000)}`;
  let last: SampleElement | null = null;
  for (let number = 0; number < count; number += 1) {
    const id = 1_000_000 + number * 7;
    if (last !== null && number % 200 === 199) {
      const { lat = 0, lon = 0 }: { lat?: number; lon?: number } = last.center ?? last;
      yield { type: 'node', id, lat: rounded(lat + 0.000_1), lon, tags: last.tags };
      continue;
    }
    const [latitude, longitude, country, language] = pick(cities);
    const [key, value, word] = pick(kinds);
    const [north, east] = streetAt(Math.floor(random() * towns), Math.floor(random() * streets));
    const at = {
      lat: rounded(latitude + north + (random() - 0.5) / 200),
      lon: rounded(longitude + east + (random() - 0.5) / 200),
    };
    const isWay = number % 10 === 3;
    const tags: Record<string, string> = { [key]: value, name: `${word} ${name()}`, 'addr:country': country };
    if (random() < 0.4) tags[`name:${language}`] = `${word} ${name()}`;
    if (random() < 0.4) tags['name:en'] = `${word} ${name()}`;
    if (random() < 0.05) tags['alt_name'] = name();
    if (random() < 0.4) tags['addr:street'] = `${pick(words)} street`;
    if (random() < 0.3) tags['opening_hours'] = hours(random, pick);
    if (random() < 0.2) tags['phone'] = `+${Math.floor(random() * 1e11)}`;
    if (number % 100 === 50) tags['closed'] = 'yes';
    last = { type: isWay ? 'way' : 'node', id, ...(isWay ? { center: at } : at), tags };
    yield last;
  }
}

/** An Overpass answer of these elements, in parts of about 64 KB. */
export function* sampleOverpass(count: number): Generator<string> {
  let part = '{"version":0.6,"generator":"sample","elements":[';
  let separator = '\n';
  for (const element of sampleElements(count)) {
    part += separator + JSON.stringify(element);
    separator = ',\n';
    if (part.length < 2 ** 16) continue;
    yield part;
    part = '';
  }
  yield `${part}\n]}\n`;
}

function hours(random: () => number, pick: <T>(items: readonly T[]) => T): string {
  const from = 6 + Math.floor(random() * 6);
  const to = 16 + Math.floor(random() * 10);
  const daily = `${pick(sharedDays)} ${two(from)}:${pick(['00', '30'])}-${two(to % 24)}:${pick(['00', '30'])}`;
  const kind = random();
  if (kind < 0.8) return daily;
  if (kind < 0.9) return `${daily}; PH off`;
  if (kind < 0.93) return `Apr-Oct ${daily}; Nov-Mar off`;
  if (kind < 0.96) return `${daily}; Dec 24-26 off`;
  return kind < 0.98 ? 'sunrise-sunset' : 'ask inside';
}

/** The middle of a street of half a kilometre, in one of the towns up to a degree around. */
function streetAt(town: number, street: number): readonly [north: number, east: number] {
  return [
    Math.sin(town * 12.9898) + Math.sin(street * 3.7) / 60,
    Math.sin(town * 78.233) + Math.sin(street * 9.1) / 60,
  ];
}

const rounded = (degrees: number) => Math.round(degrees * 1e7) / 1e7;
const two = (hour: number) => String(hour).padStart(2, '0');

/** Numbers from 0 to 1 by the multiply-with-carry method. */
function createRandom(seed: number): () => number {
  let z = 362_436_069 ^ seed;
  let w = 521_288_629;
  return () => {
    z = (36_969 * (z & 65_535) + (z >>> 16)) | 0;
    w = (18_000 * (w & 65_535) + (w >>> 16)) | 0;
    return ((((z << 16) + w) | 0) >>> 0) / 4_294_967_296;
  };
}
