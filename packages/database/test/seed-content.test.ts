import { describe, expect, it } from 'vitest';
import { weeklyMinutes, type HoursLine } from '../src/content/hours.ts';
import { asuncion } from '../src/seed/content/asuncion.ts';
import { beirut } from '../src/seed/content/beirut.ts';
import { ciudadDelEste } from '../src/seed/content/ciudad-del-este.ts';
import { encarnacion } from '../src/seed/content/encarnacion.ts';
import { businesses, categories } from '../src/seed/content/index.ts';
import { limits } from '../src/seed/content/limits.ts';
import type { Hours, SeedBusiness, SeedDiscount, SeedLocation, SeedVoucher, Texts } from '../src/seed/content/index.ts';

// Every check collects the paths of what is wrong, so that a failure names all of them at once.

const slugPattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const opensPattern = /^([01]\d|2[0-3]):[0-5]\d$/;
const closesPattern = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/;
const languages = new Set(['es', 'en', 'gn', 'ar', 'fr']);
const days = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
const week = 7 * 24 * 60;

/** A time, a weekday or a meal, in Spanish and in English. */
const whenPattern =
  /\b\d{1,2}:\d{2}\b|lunes|martes|mi[eé]rcoles|jueves|viernes|s[áa]bado|domingo|mediod[ií]a|ma[ñn]ana|medianoche|madrugada|almuerzo|\bcenas\b|fin de semana|(mon|tues|wednes|thurs|fri|satur|sun)day|weekday|weekend|morning|\bnoon|lunch|dinners|midnight|late-night/i;
/** How often a person may. */
const howOftenPattern =
  /por (persona|cliente|documento|d[ií]a)|cada d[ií]a|vez al d[ií]a|per (person|customer|id|day)|(once|one) a day|each day/i;

interface City {
  south: number;
  west: number;
  north: number;
  east: number;
  countryCode: string;
  timeZone: string;
}
const paraguay = { countryCode: 'PY', timeZone: 'America/Asuncion' };
const lebanon = { countryCode: 'LB', timeZone: 'Asia/Beirut' };
const cities = new Map<string, City>([
  ['Asunción', { south: -25.35, west: -57.68, north: -25.24, east: -57.53, ...paraguay }],
  ['Encarnación', { south: -27.38, west: -55.89, north: -27.3, east: -55.83, ...paraguay }],
  ['Ciudad del Este', { south: -25.55, west: -54.7, north: -25.47, east: -54.6, ...paraguay }],
  ['بيروت', { south: 33.86, west: 35.46, north: 33.91, east: 35.54, ...lebanon }],
]);

const vouchers = businesses.flatMap((business) =>
  business.vouchers.map((voucher) => ({ path: `${business.slug}/${voucher.slug}`, business, voucher })),
);
const locations = businesses.flatMap((business) =>
  business.locations.map((location) => ({ path: `${business.slug}/${location.slug}`, location })),
);
const nearTheCentre = asuncion.filter((business) =>
  business.locations.some((location) => metres(location, -25.2867, -57.647) <= 2000),
);
const texts: { path: string; value: Texts }[] = [
  ...categories.map(({ slug, names }) => ({ path: slug, value: names })),
  ...businesses.flatMap(({ slug, name, description }) => [
    { path: `${slug} name`, value: name },
    { path: `${slug} description`, value: description },
  ]),
  ...vouchers.flatMap(({ path, voucher }) => [
    { path: `${path} title`, value: voucher.title },
    { path: `${path} description`, value: voucher.description },
    { path: `${path} terms`, value: voucher.terms },
  ]),
];

describe('categories', () => {
  it('have unique kebab-case slugs', () => {
    const slugs = categories.map(({ slug }) => slug);
    expect(repeated(slugs)).toEqual([]);
    expect(slugs.filter((slug) => !slugPattern.test(slug))).toEqual([]);
  });

  it('form a tree without cycles, parents first, at most three levels deep', () => {
    const depths = new Map<string, number>();
    const orphans: string[] = [];
    for (const { slug, parent } of categories) {
      const above = parent === null ? 0 : depths.get(parent);
      if (above === undefined) orphans.push(slug);
      depths.set(slug, (above ?? 0) + 1);
    }
    expect(orphans).toEqual([]);
    expect(Math.max(...depths.values())).toBe(3);
  });

  it('are named in es, en, ar and fr', () => {
    const unnamed = categories.filter(({ names }) => !(names.es && names.en && names.ar && names.fr));
    expect(unnamed.map(({ slug }) => slug)).toEqual([]);
  });

  it('exist wherever they are used', () => {
    const known = new Set(categories.map(({ slug }) => slug));
    const used = [
      ...businesses.map(({ category }) => category),
      ...vouchers.flatMap(({ voucher }) => voucher.category ?? []),
    ];
    expect(used.filter((slug) => !known.has(slug))).toEqual([]);
  });
});

describe('businesses', () => {
  it('have unique kebab-case slugs, and so have their locations and vouchers', () => {
    expect(repeated(businesses.map(({ slug }) => slug))).toEqual([]);
    expect(repeated(locations.map(({ path }) => path))).toEqual([]);
    expect(repeated(vouchers.map(({ path }) => path))).toEqual([]);
    const paths = [...locations, ...vouchers].map(({ path }) => path);
    expect(paths.filter((path) => !path.split('/').every((slug) => slugPattern.test(slug)))).toEqual([]);
  });

  it('have a location and a voucher each', () => {
    const bare = businesses.filter((business) => business.locations.length === 0 || business.vouchers.length === 0);
    expect(bare.map(({ slug }) => slug)).toEqual([]);
  });

  it('are many, some with several locations, some in several cities', () => {
    const withBranches = businesses.filter((business) => business.locations.length > 1);
    expect(businesses.length).toBeGreaterThanOrEqual(60);
    expect(withBranches.length).toBeGreaterThanOrEqual(6);
    expect(withBranches.filter((business) => cityCount(business) > 1).length).toBeGreaterThanOrEqual(2);
    expect(nearTheCentre.length).toBeGreaterThanOrEqual(14);
  });
});

describe('locations', () => {
  it('lie inside the box of their city, with its country and time zone', () => {
    const misplaced = locations.filter(({ location }) => {
      const city = cities.get(location.city);
      if (city === undefined) return true;
      const inside =
        location.latitude > city.south &&
        location.latitude < city.north &&
        location.longitude > city.west &&
        location.longitude < city.east;
      return !inside || location.countryCode !== city.countryCode || location.timeZone !== city.timeZone;
    });
    expect(misplaced.map(({ path }) => path)).toEqual([]);
  });

  it('have a street and a point of their own', () => {
    expect(locations.filter(({ location }) => !isTidy(location.street)).map(({ path }) => path)).toEqual([]);
    expect(repeated(locations.map(({ location }) => `${location.latitude},${location.longitude}`))).toEqual([]);
  });

  it('have well-formed opening hours that never overlap', () => {
    const faults = locations.flatMap(({ path, location }) => {
      const fault = location.hours === null ? null : hoursFault(location.hours);
      return fault === null ? [] : `${path}: ${fault}`;
    });
    expect(faults).toEqual([]);
  });

  it('include ones that never close, close past midnight, close for siesta or state no hours', () => {
    const hours = locations.map(({ location }) => location.hours);
    const intervals = hours.flatMap((list) => list ?? []);
    expect(intervals.some(([, opens, closes]) => opens === '00:00' && closes === '24:00')).toBe(true);
    expect(intervals.some(([, opens, closes]) => closes <= opens)).toBe(true);
    expect(hours.some((list) => list !== null && repeated(list.map(([on]) => on)).length > 0)).toBe(true);
    expect(hours).toContain(null);
  });
});

describe('vouchers', () => {
  it('are many, of every discount type', () => {
    const counts = Object.fromEntries(
      ['percentage', 'fixed_amount', 'free_item', 'fixed_price', 'gift_balance'].map((type) => [
        type,
        count(({ discount }) => discount.type === type),
      ]),
    );
    expect(vouchers.length).toBeGreaterThanOrEqual(150);
    expect(Object.entries(counts).filter(([, number]) => number < 10)).toEqual([]);
  });

  it('are valid at locations of their own business', () => {
    const lost = vouchers.filter(({ business, voucher }) => {
      if (voucher.locations === undefined) return false;
      const own = new Set(business.locations.map(({ slug }) => slug));
      const { length } = voucher.locations;
      return (
        length === 0 || repeated(voucher.locations).length > 0 || !voucher.locations.every((slug) => own.has(slug))
      );
    });
    expect(lost.map(({ path }) => path)).toEqual([]);
  });

  it('have real dates in order', () => {
    const wrong = vouchers.filter(
      ({ voucher: { validFrom, validUntil } }) =>
        !isDate(validFrom) || (validUntil !== null && (!isDate(validUntil) || validUntil < validFrom)),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('include not yet valid, expired, draft and archived ones', () => {
    expect(count(({ validFrom }) => validFrom === '2030-01-01')).toBe(3);
    expect(count(({ validUntil }) => validUntil === '2025-06-30')).toBe(3);
    expect(count(({ state }) => state === 'draft')).toBe(2);
    expect(count(({ state }) => state === 'archived')).toBe(1);
  });

  it('keep to the days and hours that their title and terms name', () => {
    const unbound = vouchers.filter(({ voucher }) => says(voucher, whenPattern) && !voucher.redeemableHours);
    expect(unbound.map(({ path }) => path)).toEqual([]);
    const silent = vouchers.filter(({ voucher }) => voucher.redeemableHours && !says(voucher, whenPattern));
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it('have well-formed hours that never overlap, and can be redeemed at each of their places', () => {
    const faults = vouchers.flatMap(({ path, business, voucher: { redeemableHours, locations: slugs } }) => {
      if (redeemableHours === undefined) return [];
      const fault = hoursFault(redeemableHours);
      if (fault !== null) return `${path}: ${fault}`;
      return business.locations
        .filter(({ slug, hours }) => (slugs?.includes(slug) ?? true) && hours !== null && !meet(hours, redeemableHours))
        .map(({ slug }) => `${path}: never at ${slug}`);
    });
    expect(faults).toEqual([]);
  });

  it('limit how often a person may where their title or terms say it', () => {
    /** Whose words no limit can say. */
    const words = new Map([['lavanderia-agua-clara/acolchados-de-invierno', 'pieces of one wash, not redemptions']]);
    const limited = new Set(
      limits.flatMap(({ business, voucher, perUser, perUserDay }) =>
        perUser === undefined && perUserDay === undefined ? [] : `${business}/${voucher}`,
      ),
    );
    const unlimited = vouchers.filter(
      ({ path, voucher }) => says(voucher, howOftenPattern) && !limited.has(path) && !words.has(path),
    );
    expect(unlimited.map(({ path }) => path)).toEqual([]);
    const known = new Set(vouchers.map(({ path }) => path));
    expect([...limited, ...words.keys()].filter((path) => !known.has(path))).toEqual([]);
  });

  it('have discounts that make sense', () => {
    expect(vouchers.filter(({ voucher }) => !isSound(voucher.discount)).map(({ path }) => path)).toEqual([]);
  });
});

describe('texts', () => {
  it('are trimmed, not empty and in known languages', () => {
    const untidy = texts.flatMap(({ path, value }) =>
      Object.entries(value)
        .filter(([language, text]) => !languages.has(language) || !isTidy(text))
        .map(() => path),
    );
    expect(untidy).toEqual([]);
    expect(texts.filter(({ value }) => Object.keys(value).length === 0)).toEqual([]);
  });

  it('keep titles within 70 characters', () => {
    const long = vouchers.filter(({ voucher }) => Object.values(voucher.title).some((title) => title.length > 70));
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  it('are complete in es for Paraguay and in ar for Beirut', () => {
    expect(incomplete([...asuncion, ...encarnacion, ...ciudadDelEste], 'es')).toEqual([]);
    expect(incomplete(beirut, 'ar')).toEqual([]);
  });

  it('leave gaps for the fallback to fill, near the centre of Asunción too', () => {
    const offers = nearTheCentre.flatMap((business) => business.vouchers);
    expect(offers.filter(({ title, description }) => title.gn && !description.gn).length).toBeGreaterThan(0);
    expect(offers.filter(({ title, description }) => title.gn && description.gn).length).toBeGreaterThan(0);
    expect(offers.filter(({ title }) => !title.gn).length).toBeGreaterThan(0);
  });
});

function says({ title, terms }: SeedVoucher, pattern: RegExp): boolean {
  return [title.es, title.en, terms.es, terms.en].some((text) => text !== undefined && pattern.test(text));
}

function meet(some: readonly HoursLine[], others: readonly HoursLine[]): boolean {
  const ranges = weeklyMinutes(others);
  return weeklyMinutes(some).some(([from, to]) => ranges.some(([start, end]) => from < end && start < to));
}

function repeated(values: readonly string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

function count(test: (voucher: SeedVoucher) => boolean): number {
  return vouchers.filter(({ voucher }) => test(voucher)).length;
}

function cityCount(business: SeedBusiness): number {
  return new Set(business.locations.map(({ city }) => city)).size;
}

function incomplete(list: readonly SeedBusiness[], language: 'es' | 'ar'): string[] {
  const wrong = list.filter(({ sourceLanguage, name, description, vouchers: offers }) => {
    const needed = [name, description, ...offers.flatMap((offer) => [offer.title, offer.description, offer.terms])];
    return sourceLanguage !== language || !needed.every((text) => text[language]);
  });
  return wrong.map(({ slug }) => slug);
}

function isTidy(text: string): boolean {
  return text !== '' && text === text.trim().replaceAll(/\s+/g, ' ');
}

function isDate(value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(value) && new Date(`${value}T00:00:00Z`).toISOString().startsWith(value);
}

function isMoney(amount: number, currency: string): boolean {
  return Number.isInteger(amount) && amount > 0 && ['PYG', 'USD', 'LBP'].includes(currency);
}

function isSound(discount: SeedDiscount): boolean {
  switch (discount.type) {
    case 'percentage': {
      const { percent, capMinor, currency } = discount;
      const capped = capMinor === undefined ? currency === undefined : isMoney(capMinor, currency ?? '');
      return percent > 0 && percent <= 100 && capped;
    }
    case 'free_item':
      return Number.isInteger(discount.quantity) && discount.quantity > 0;
    default:
      return isMoney(discount.amountMinor, discount.currency);
  }
}

function metres(location: SeedLocation, latitude: number, longitude: number): number {
  const north = (location.latitude - latitude) * 110_900;
  const east = (location.longitude - longitude) * 111_320 * Math.cos((latitude * Math.PI) / 180);
  return Math.hypot(north, east);
}

function minutes(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** "Mo-We,Su" → [0, 1, 2, 6]; empty when a day is unknown or a range runs backwards. */
function expandDays(on: string): number[] {
  const ranges = on.split(',').map((part) => part.split('-').map((day) => days.indexOf(day)));
  const sound = ranges.every(([first = -1, last = first, ...rest]) => first >= 0 && last >= first && rest.length === 0);
  if (!sound) return [];
  return ranges.flatMap(([first = 0, last = first]) => [0, 1, 2, 3, 4, 5, 6].slice(first, last + 1));
}

function hoursFault(hours: readonly Hours[]): string | null {
  const intervals: { from: number; until: number }[] = [];
  for (const [on, opens, closes] of hours) {
    const open = expandDays(on);
    if (open.length === 0 || !opensPattern.test(opens) || !closesPattern.test(closes))
      return `${on} ${opens}-${closes}`;
    const length = (minutes(closes) - minutes(opens) + 1440) % 1440 || 1440;
    for (const day of open) {
      const from = day * 1440 + minutes(opens);
      intervals.push({ from, until: from + length });
    }
  }
  const sorted = intervals.toSorted((a, b) => a.from - b.from);
  const overlaps = sorted.some(({ until }, index) => {
    const next = sorted[index + 1]?.from ?? (sorted[0]?.from ?? 0) + week;
    return until > next;
  });
  return overlaps || sorted.length === 0 ? 'overlap' : null;
}
