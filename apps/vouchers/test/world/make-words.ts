import type { Random } from '@pika/tests';

const consonants = 'bdfgklmnprtvzñ'.split('');
const vowels = 'aeiouáéõ'.split('');

/** Words of eleven letters that nobody knows, and of which none could be a misspelling of another, stemmed or not. */
export function makeWords(random: Random, count: number): string[] {
  const words: string[] = [];
  while (words.length < count) {
    const letters = Array.from({ length: 11 }, (_, index) => random.pick(index % 2 === 0 ? consonants : vowels));
    const word = letters.join('');
    if (words.every((other) => differingLetters(word, other) >= 3)) words.push(word);
  }
  return words;
}

/** Among the first seven, which every stemmer leaves alone. */
function differingLetters(one: string, other: string): number {
  const plain = (word: string) => word.normalize('NFD').replace(/\p{M}/gu, '').slice(0, 7).split('');
  const letters = plain(other);
  return plain(one).filter((letter, index) => letter !== letters[index]).length;
}

/** A few words are in many texts, most are in few. */
export function pickWord(random: Random, words: readonly string[]): string {
  return random.pick(words.slice(0, 1 + Math.floor(words.length * random.next() ** 2)));
}

/** Texts of one field: in the source language nearly always, in others by chance. */
export function makeTexts(random: Random, words: readonly string[], sourceLanguage: string): Record<string, string> {
  const languages = [
    ...(random.chance(0.95) ? [sourceLanguage] : []),
    ...['es', 'en', 'gn', 'ar', 'fr', 'pt', 'pt-BR', 'de'].filter(
      (language) => language !== sourceLanguage && random.chance(0.2),
    ),
  ];
  return Object.fromEntries(
    languages.map((language) => [
      language,
      Array.from({ length: random.integer(1, 4) }, () => pickWord(random, words)).join(' '),
    ]),
  );
}
