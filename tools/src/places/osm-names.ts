import { canonicalCase } from '@pika/shared';
import { isContentLanguage } from './content-language.ts';
import type { Tags } from './place.ts';
import { otherNameKeys } from './tags.ts';

const otherNameLengthMax = 500;
const otherNamesLengthMax = 2_000;

/**
 * The names of an OpenStreetMap element by language. `name:vi` is Vietnamese; plain `name` is in `language`, unless
 * `name:<language>` says otherwise: then that one wins, and a plain name that differs is kept as `und`.
 */
export function osmNames(tags: Tags, language: string): { names: Record<string, string>; leftOut: string[] } {
  const names = new Map<string, string>();
  const leftOut: string[] = [];
  for (const [tag, name] of Object.entries(tags)) {
    if (!tag.startsWith('name:')) continue;
    const suffix = tag.slice('name:'.length);
    if (isContentLanguage(suffix)) names.set(canonicalCase(suffix), name);
    else leftOut.push(tag);
  }
  const plain = tags['name'];
  if (plain !== undefined) {
    if (!names.has(language)) names.set(language, plain);
    else if (names.get(language) !== plain && !names.has('und')) names.set('und', plain);
  }
  return { names: inOrder(names), leftOut };
}

/**
 * What else an element is called, by language and joined by `; `: old, short, official and brand names, in `language`
 * unless their tag names another. What is its name in that language already is left out.
 */
export function osmOtherNames(
  tags: Tags,
  names: Readonly<Record<string, string>>,
  language: string,
): Record<string, string> {
  const others = new Map<string, string>();
  for (const [tag, text] of Object.entries(tags)) {
    const [key = '', suffix] = tag.split(/:(.*)/s, 2);
    if (!isOtherNameKey(key) || (suffix !== undefined && !isContentLanguage(suffix))) continue;
    const code = suffix === undefined ? language : canonicalCase(suffix);
    for (const part of text.split(';')) {
      const name = part.trim();
      const known = others.get(code)?.split('; ') ?? [];
      if (name === '' || name.length > otherNameLengthMax || name === names[code] || known.includes(name)) continue;
      const joined = [...known, name].join('; ');
      if (joined.length <= otherNamesLengthMax) others.set(code, joined);
    }
  }
  return inOrder(others);
}

const otherNames: ReadonlySet<string> = new Set(otherNameKeys);
const isOtherNameKey = (key: string) => otherNames.has(key);

const inOrder = (byLanguage: ReadonlyMap<string, string>) =>
  Object.fromEntries([...byLanguage].toSorted(([a], [b]) => (a < b ? -1 : 1)));
