export interface Place {
  latitude: number;
  longitude: number;
  /** Null where it is only a point of the map. */
  name: string | null;
}

/** What the person looks at; the address holds all of it. */
export interface State {
  place: Place;
  radiusMeters: number;
  /** Slug. */
  category: string | null;
  words: string | null;
  isOpenNow: boolean;
  /** The language that the address asks for (BCP 47). */
  language: string | null;
  /** The voucher whose details are shown. */
  voucherId: string | null;
}

export const radii = [500, 1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 100_000] as const;

export const defaultState: State = {
  place: { latitude: -25.2867, longitude: -57.647, name: 'Asunción' },
  radiusMeters: 5_000,
  category: null,
  words: null,
  isOpenNow: false,
  language: null,
  voucherId: null,
};

/** Reads an address of this page; what makes no sense is as if it were not there. */
export function readState({ pathname, search }: Pick<Location, 'pathname' | 'search'>): State {
  const query = new URLSearchParams(search);
  const radius = Number(query.get('radius'));
  return {
    place: readPlace(query.get('at'), query.get('place')) ?? defaultState.place,
    radiusMeters: radius >= 1 && radius <= 100_000 ? radius : defaultState.radiusMeters,
    category: query.get('category') || null,
    words: query.get('q')?.trim().slice(0, 100) || null,
    isOpenNow: query.get('open') === '1',
    language: query.get('language') || null,
    voucherId: /^\/vouchers\/([0-9a-f-]{36})$/i.exec(pathname)?.[1] ?? null,
  };
}

function readPlace(at: string | null, name: string | null): Place | null {
  const [latitude = Number.NaN, longitude = Number.NaN] = (at ?? '').split(',').map(Number);
  const isPoint = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  return isPoint ? { latitude, longitude, name: name?.trim().slice(0, 80) || null } : null;
}

/** The address of a state; what is as by default is left out. */
export function addressOf(state: State): string {
  const query = new URLSearchParams();
  const { place, radiusMeters, category, words, isOpenNow, language, voucherId } = state;
  if (place !== defaultState.place) {
    query.set('at', `${place.latitude},${place.longitude}`);
    if (place.name !== null) query.set('place', place.name);
  }
  if (radiusMeters !== defaultState.radiusMeters) query.set('radius', String(radiusMeters));
  if (category !== null) query.set('category', category);
  if (words !== null) query.set('q', words);
  if (isOpenNow) query.set('open', '1');
  if (language !== null) query.set('language', language);
  const text = query.toString().replaceAll('%2C', ',');
  return `${voucherId === null ? '/' : `/vouchers/${voucherId}`}${text === '' ? '' : `?${text}`}`;
}

/** Whether both ask for the same offers. */
export function asksTheSame(one: State, other: State): boolean {
  const asked = (state: State) => addressOf({ ...state, language: null, voucherId: null });
  return asked(one) === asked(other);
}
