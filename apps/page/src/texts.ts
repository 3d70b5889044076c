import i18next from 'i18next';

/** The languages of the page itself; content comes in any language that the API has. */
const locales = {
  en: () => import('./locales/en.json'),
  es: () => import('./locales/es.json'),
  gn: () => import('./locales/gn.json'),
  ar: () => import('./locales/ar.json'),
};
type Locale = keyof typeof locales;

type Texts = Readonly<Record<string, string>>;
export type TextLoaders = Readonly<Record<Locale, () => Promise<{ default: Texts }>>>;

const loaders: TextLoaders[] = [locales];

/** What a page of its own says besides; before it speaks. */
export function alsoSay(more: TextLoaders): void {
  loaders.push(more);
}

const isLocale = (language: string): language is Locale => language in locales;

/** In what the page speaks to a reader of this language. */
export const localeFor = (language: string): Locale => (isLocale(language) ? language : 'en');

/** Loads a language of the page, with Spanish behind Guaraní, and puts it into every marked element. */
export async function speak(language: string, direction: 'ltr' | 'rtl'): Promise<void> {
  const locale = localeFor(language);
  if (!i18next.isInitialized) {
    await i18next.init({ fallbackLng: { gn: ['es'], default: [] }, keySeparator: false, resources: {} });
  }
  await Promise.all(
    (locale === 'gn' ? (['gn', 'es'] as const) : [locale]).map(async (each) => {
      if (i18next.hasResourceBundle(each, 'translation')) return;
      const texts = await Promise.all(loaders.map((load) => load[each]()));
      i18next.addResourceBundle(each, 'translation', Object.assign({}, ...texts.map((part) => part.default)));
    }),
  );
  await i18next.changeLanguage(locale);
  document.documentElement.lang = locale;
  document.documentElement.dir = locale === language ? direction : 'ltr';
  writeMarked();
}

/** A text of the page. Throws where no language has it: a key is never shown. */
export function say(key: string, values: Record<string, string | number> = {}): string {
  if (!i18next.exists(key, values)) throw new Error(`no text "${key}"`);
  return i18next.t(key, { ...values, interpolation: { escapeValue: false } });
}

/** A foreign text within one of the page: its direction changes nothing around it. */
export const isolated = (text: string): string => `\u2068${text}\u2069`;

/** The language a text of the page is really in, where that is another than the page's own. */
export function languageOf(key: string, values: Record<string, string | number> = {}): string | null {
  const { usedLng } = i18next.t(key, { ...values, returnDetails: true });
  return usedLng === i18next.language ? null : usedLng;
}

/** Puts a text of the page into an element, marked with its language. */
export function write(element: HTMLElement, key: string, values: Record<string, string | number> = {}): void {
  element.textContent = say(key, values);
  markLanguage(element, languageOf(key, values));
}

function markLanguage(element: HTMLElement, language: string | null): void {
  if (language === null) element.removeAttribute('lang');
  else element.lang = language;
}

function writeMarked(): void {
  for (const marked of document.querySelectorAll<HTMLElement>('[data-text], [data-label], [data-placeholder]')) {
    const { text, label, placeholder } = marked.dataset;
    const isLeaf = marked.childElementCount === 0 || marked.matches('button, a');
    if (isLeaf) markLanguage(marked, languageOf(text ?? label ?? placeholder ?? ''));
    if (text !== undefined) marked.textContent = say(text);
    if (label !== undefined) {
      marked.setAttribute('aria-label', say(label));
      if (marked instanceof HTMLButtonElement) marked.title = say(label);
    }
    if (placeholder !== undefined) marked.setAttribute('placeholder', say(placeholder));
  }
}
