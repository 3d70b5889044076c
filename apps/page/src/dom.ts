import { languageOf, say } from './texts.ts';

type Child = Node | string | null | undefined | false;
type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The element of the page with this id. Throws where there is none or it is of another kind. */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`);
  return found;
}

/** Makes an element; attributes that are null, undefined or false are left out. Text is never read as HTML. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    made.setAttribute(key, value === true ? '' : String(value));
  }
  made.append(...children.filter((child): child is Node | string => child instanceof Node || Boolean(child)));
  return made;
}

/** An element with a text of the page, marked with its language where that is another than the page's own. */
export function phrase<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes,
  key: string,
  values: Record<string, string | number> = {},
): HTMLElementTagNameMap[K] {
  return element(name, { ...attributes, lang: languageOf(key, values) }, say(key, values));
}

export const icon = (name: string): HTMLElement =>
  element('span', { class: `icon icon-${name}`, 'aria-hidden': 'true' });
