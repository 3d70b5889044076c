import { readdirSync, readFileSync } from 'node:fs';
import { createInstance, type TFunction } from 'i18next';
import type { KnownLanguage } from './language.ts';
import type { FieldError, Problem, ProblemParams, Violation } from './problem.ts';

/** Flat message texts by language: `{ en: { 'voucher.notFound.title': '…' } }`. */
export type LocaleResources = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface ProblemText {
  readonly title: string;
  readonly detail: string | undefined;
  readonly errors: readonly string[] | undefined;
  readonly violations: readonly string[] | undefined;
  /** Languages of the texts above, the asked one first where it was used. */
  readonly languages: readonly string[];
}

export interface Messages {
  /** Languages that messages exist in; gn falls back to es, everything to en. */
  readonly languages: readonly KnownLanguage[];
  /** One message, or undefined when no language has it. */
  text(language: string, key: string, params?: ProblemParams): string | undefined;
  problem(language: string, problem: Problem, requestId: string): ProblemText;
  /** A rule that says no, with its message. */
  violation(language: string, violation: Violation): Violation & { message: string };
}

const lastResort = 'en';
const fallbacks: Readonly<Record<string, string>> = { gn: 'es' };

/**
 * Reads `<language>.json` of a folder. Name it so that it is found from `src` and from `dist` alike:
 * `readLocales(new URL('../src/locales/', import.meta.url))`.
 */
export function readLocales(folder: URL): LocaleResources {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const read = (file: string): Record<string, string> => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
  return Object.fromEntries(files.map((file) => [file.slice(0, -'.json'.length), read(file)]));
}

/**
 * The system's messages: those of this package and of each given set of locales, a later set winning.
 * `getFixedT` is cached by language, because building it costs more than a small request.
 */
export function createMessages(...locales: readonly LocaleResources[]): Messages {
  const namespaces = [...locales.toReversed(), readLocales(new URL('../src/locales/', import.meta.url))];
  const codes = [...new Set(namespaces.flatMap((namespace) => Object.keys(namespace)))];
  const translate = translator(namespaces, codes);
  return {
    languages: codes.map((code) => ({
      code,
      fallbackCode: code === lastResort ? null : (fallbacks[code] ?? lastResort),
    })),
    text: (language, key, params = {}) => translate(language, key, params)?.text,
    problem: (language, problem, requestId) => problemText(translate, language, problem, requestId),
    violation: (language, { code, ...figures }) => ({
      code,
      message: translate(language, `violation.${code}`, figuresOf(figures))?.text ?? code,
      ...figures,
    }),
  };
}

type Translate = (language: string, key: string, params: ProblemParams) => { text: string; language: string } | null;

function translator(namespaces: readonly LocaleResources[], codes: readonly string[]): Translate {
  const names = namespaces.map((_, position) => String(position));
  const i18n = createInstance({
    ns: names,
    defaultNS: names[0] ?? false,
    lng: lastResort,
    fallbackLng: (code: string) => (fallbacks[code] === undefined ? [lastResort] : [fallbacks[code], lastResort]),
    resources: resourcesOf(namespaces, codes),
    keySeparator: false,
    nsSeparator: false,
    initAsync: false,
    interpolation: { escapeValue: false, skipOnVariables: true },
  });
  void i18n.init();
  const fixed = new Map<string, TFunction>();
  return (language, key, params) => {
    const t = fixed.get(language) ?? i18n.getFixedT(language, names);
    if (codes.includes(language)) fixed.set(language, t);
    const found = t(key, { replace: readable(params), context: variantOf(params), nest: false, returnDetails: true });
    return found.res === key ? null : { text: found.res, language: found.usedLng };
  };
}

/** Names the text that is taken instead of the plain one where it exists: `field.invalidFormat_uuid`, `field.unknown_none`. */
function variantOf({ format, ...params }: ProblemParams): string {
  if (typeof format === 'string') return format;
  return Object.values(params).some((value) => typeof value === 'object' && value.length === 0) ? 'none' : '';
}

function resourcesOf(namespaces: readonly LocaleResources[], codes: readonly string[]) {
  const of = (code: string) => Object.fromEntries(namespaces.map((texts, position) => [position, texts[code] ?? {}]));
  return Object.fromEntries(codes.map((code) => [code, of(code)]));
}

function readable(params: ProblemParams): Record<string, string | number> {
  const entries = Object.entries(params);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'object' ? value.join(', ') : value]),
  );
}

function figuresOf(figures: Omit<Violation, 'code'>): ProblemParams {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, value ?? '']));
}

function problemText(translate: Translate, language: string, problem: Problem, requestId: string): ProblemText {
  const used = new Set<string>();
  const say = (key: string, params: ProblemParams): string | undefined => {
    const found = translate(language, key, params);
    if (found !== null) used.add(found.language);
    return found?.text;
  };
  const params = { ...problem.params, requestId };
  const sayField = ({ code, params: fieldParams = {} }: FieldError) =>
    say(`field.${code}`, fieldParams) ?? say('field.invalid', {}) ?? code;
  return {
    title: say(`${problem.code}.title`, params) ?? problem.code,
    detail: say(`${problem.code}.detail`, params),
    errors: problem.errors?.map(sayField),
    violations: problem.violations?.map(({ code, ...figures }) => say(`violation.${code}`, figuresOf(figures)) ?? code),
    languages: [...used],
  };
}
