import { canonicalCase } from '@pika/shared';
import { isContentLanguage } from './content-language.ts';

type Tags = Readonly<Record<string, string>>;

/**
 * The names of an OpenStreetMap element by language. `name:vi` is Vietnamese; plain `name` is in `language`, unless
 * `name:<language>` says otherwise: then that one wins, and a plain name that differs is kept as `und`.
 */
export function osmNames(tags: Tags, language: string): { names: Record<string, string>; leftOut: string[] } {
  const names = new Map<string, string>();
  const leftOut: string[] = [];
  for (const [tag, name] of Object.entries(tags)) {
    const suffix = /^name:(.*)$/s.exec(tag)?.[1];
    if (suffix === undefined) continue;
    if (isContentLanguage(suffix)) names.set(canonicalCase(suffix), name);
    else leftOut.push(tag);
  }
  const plain = tags['name'];
  if (plain !== undefined) {
    if (!names.has(language)) names.set(language, plain);
    else if (names.get(language) !== plain && !names.has('und')) names.set('und', plain);
  }
  return { names: Object.fromEntries([...names].toSorted(([a], [b]) => (a < b ? -1 : 1))), leftOut };
}
