import type { Language } from './api.ts';
import { recall } from './storage.ts';

/** The reader's language among ours: the first that is asked for, as remembered, as the browser says, else the default. */
export function chooseLanguage(languages: readonly Language[], asked: readonly (string | null)[]): Language {
  const byTag = (tag: string) => languages.find(({ code }) => code === tag || tag.startsWith(`${code}-`));
  const wishes = [...asked, recall('language'), ...navigator.languages];
  const found = wishes
    .filter((wish) => wish !== null)
    .map(byTag)
    .find((language) => language !== undefined);
  const fallback = found ?? languages.find(({ isDefault }) => isDefault) ?? languages[0];
  if (fallback === undefined) throw new Error('the API knows no language');
  return fallback;
}
