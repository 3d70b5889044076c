import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isKnownLanguageTag,
  isWellFormedLanguageTag,
  languageChainOf,
  negotiateLanguage,
  type KnownLanguage,
} from '../src/index.ts';

interface Vector {
  name: string;
  languages: string;
  defaultLanguage: string;
  explicit?: string;
  stored?: string;
  acceptLanguage?: string;
  repeat?: number;
  suffix?: string;
  chain: string[];
  matchLength: number;
}

const file: { languages: Record<string, KnownLanguage[]>; vectors: Vector[] } = JSON.parse(
  readFileSync(new URL('language.vectors.json', import.meta.url), 'utf8'),
);
const { languages: sets, vectors } = file;

const knownSet = (name: string): KnownLanguage[] => {
  const set = sets[name];
  if (set === undefined) throw new Error(`No such set: ${name}`);
  return set;
};

describe('negotiateLanguage', () => {
  test('there are enough vectors, each with its own name', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(60);
    expect(new Set(vectors.map(({ name }) => name)).size).toBe(vectors.length);
  });

  test.each(vectors)('$name', (vector) => {
    const { acceptLanguage, repeat = 1, suffix = '' } = vector;
    const answer = negotiateLanguage({
      explicit: vector.explicit,
      stored: vector.stored,
      acceptLanguage: acceptLanguage === undefined ? undefined : acceptLanguage.repeat(repeat) + suffix,
      languages: knownSet(vector.languages),
      defaultLanguage: vector.defaultLanguage,
    });
    expect(answer).toEqual({ chain: vector.chain, matchLength: vector.matchLength });
  });

  const tag = fc.constantFrom(
    'es',
    'es-PY',
    'gn',
    'zh-TW',
    'zh-Hant-x-a',
    'EN-gb',
    '*',
    'x-a',
    'e',
    '',
    'pt-AO',
    '__proto__',
  );
  const entry = fc
    .tuple(tag, fc.constantFrom('', ';q=0', ';q=0.5', ';q=1', ';q=x', ';'))
    .map((parts) => parts.join(''));
  const header = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(entry, { maxLength: 60 }).map((entries) => entries.join(',')),
  );
  const known = fc.uniqueArray(fc.record({ code: tag, fallbackCode: fc.option(tag, { nil: null }) }), {
    selector: ({ code }) => code.toLowerCase(),
    maxLength: 8,
  });

  test('never throws, and names known languages once each', () => {
    const optional = fc.option(fc.oneof(tag, fc.string()), { nil: undefined });
    const property = fc.property(
      optional,
      optional,
      header,
      known,
      tag,
      (explicit, stored, acceptLanguage, languages, defaultLanguage) => {
        const { chain, matchLength } = negotiateLanguage({
          explicit,
          stored,
          acceptLanguage,
          languages,
          defaultLanguage,
        });
        expect(new Set(chain).size).toBe(chain.length);
        expect(languages.map(({ code }) => code)).toEqual(expect.arrayContaining([...chain]));
        expect(matchLength).toBeGreaterThanOrEqual(0);
        expect(matchLength).toBeLessThanOrEqual(chain.length);
      },
    );
    fc.assert(property, { numRuns: 2000 });
  });

  test.each([',', 'es,', 'es;q=0,', 'a-', 'es;', ';q=', ' ', 'x-a-', 'zh-Hant-TW-x-aa,', '-'])(
    'is linear on a long header of "%s"',
    (piece) => {
      const timeOf = (length: number) => {
        const acceptLanguage = piece.repeat(Math.ceil(length / piece.length));
        const startedAt = performance.now();
        for (let run = 0; run < 5; run++) {
          negotiateLanguage({ acceptLanguage, languages: knownSet('wide'), defaultLanguage: 'en' });
        }
        return performance.now() - startedAt;
      };
      timeOf(10_000);
      expect(timeOf(100_000)).toBeLessThan(1_000);
    },
  );
});

describe('und', () => {
  const languages = [...knownSet('paraguay'), { code: 'und', fallbackCode: null }];

  test.each([
    { explicit: 'und' },
    { stored: 'UND' },
    { acceptLanguage: 'und-PY, und;q=0.9' },
    { explicit: 'und', stored: 'und', acceptLanguage: 'und' },
  ])('in %j is as if nothing was said', (request) => {
    const said = negotiateLanguage({ ...request, languages, defaultLanguage: 'es' });
    expect(said).toEqual({ chain: ['es'], matchLength: 1 });
    expect(isKnownLanguageTag('und', languages)).toBe(false);
  });

  test('keeps the chain that its texts are stored under', () => {
    expect(languageChainOf('und', languages)).toEqual({ chain: ['und'], matchLength: 1 });
  });
});

describe('languageChainOf', () => {
  test('is the chain of that language alone', () => {
    expect(languageChainOf('gn', knownSet('paraguay'))).toEqual({ chain: ['gn', 'es'], matchLength: 1 });
    expect(languageChainOf('es', knownSet('wide'))).toEqual({ chain: ['es'], matchLength: 1 });
  });
});

describe('isKnownLanguageTag', () => {
  test.each(['es', 'ES', 'es-PY', 'gn-PY', 'en-Latn-US-x-any'])('%s leads to a known language', (tag) => {
    expect(isKnownLanguageTag(tag, knownSet('paraguay'))).toBe(true);
  });

  test.each(['fr', 'x-pika', '', '*', 'es_PY', 'e', 'es-', '-es', 'español', 'es\0', `es-${'abcdefgh-'.repeat(9)}abc`])(
    '%j does not',
    (tag) => {
      expect(isKnownLanguageTag(tag, knownSet('paraguay'))).toBe(false);
    },
  );

  test('a configured fallback is not the language itself', () => {
    const languages = [{ code: 'es', fallbackCode: null }];
    expect(isKnownLanguageTag('gn', languages)).toBe(false);
  });
});

describe('isWellFormedLanguageTag', () => {
  test.each(['und', 'es-419', 'zh-yue-HK', 'de-CH-1901', 'sl-rozaj-biske', 'en-a-bbb-x-a-ccc', 'x-whatever', 'abcd'])(
    '%s is',
    (tag) => {
      expect(isWellFormedLanguageTag(tag)).toBe(true);
    },
  );

  test.each(['de-419-DE', 'a-DE', 'x', 'en-', 'en-a', 'en--US', 'en-123456789', '123', 'en US'])('%s is not', (tag) => {
    expect(isWellFormedLanguageTag(tag)).toBe(false);
  });
});
