import { element, phrase } from '../dom.ts';
import { say } from '../texts.ts';
import { addAddress, listAddresses, removeAddress, type Address } from './account-api.ts';
import { createAction, createForm } from './form.ts';
import type { AccountContext, View } from './view.ts';

export const addressesView: View = {
  title: 'account.addresses',
  back: 'menu',
  startsInField: false,
  build: async (context) => {
    const addresses = await listAddresses();
    return [
      addresses.length === 0
        ? phrase('p', {}, 'account.noAddresses')
        : element('ul', { class: 'panel-list' }, ...addresses.map((address) => itemOf(context, address))),
      element('section', {}, phrase('h3', {}, 'account.addAddress'), addressForm(context)),
    ];
  },
};

function itemOf(context: AccountContext, { id, label, street, postalCode, city, countryCode }: Address): HTMLElement {
  const place = [street, [postalCode, city].filter(Boolean).join(' '), countryCode].filter(Boolean).join(', ');
  const remove = async () => {
    await removeAddress(id);
    context.go('addresses', say('account.removed'));
  };
  return element(
    'li',
    {},
    element('p', { dir: 'auto' }, element('strong', {}, label)),
    element('p', { dir: 'auto' }, place),
    createAction('account.remove', remove, { 'aria-label': say('account.removeNamed', { name: label }) }),
  );
}

function addressForm(context: AccountContext): HTMLElement {
  let last = { text: '', key: '' };
  /** The same for what is sent again because its answer was lost. */
  const keyOf = (address: object): string => {
    const text = JSON.stringify(address);
    if (text !== last.text) last = { text, key: newKey() };
    return last.key;
  };
  return createForm({
    fields: [
      { name: 'label', label: 'account.addressLabel', hint: 'account.addressLabelHint' },
      { name: 'street', label: 'account.street', autocomplete: 'street-address' },
      { name: 'postalCode', label: 'account.postalCode', autocomplete: 'postal-code' },
      { name: 'city', label: 'account.city', autocomplete: 'address-level2' },
      { name: 'countryCode', label: 'account.country', options: countries(context.language()), value: 'PY' },
    ],
    submit: 'account.add',
    act: async ({ text }) => {
      const textOrNull = (name: string) => text(name).trim() || null;
      const address = {
        label: text('label').trim(),
        street: textOrNull('street'),
        postalCode: textOrNull('postalCode'),
        city: textOrNull('city'),
        countryCode: text('countryCode'),
      };
      await addAddress(address, keyOf(address));
      context.go('addresses', say('account.saved'));
    },
  }).root;
}

/** `crypto.randomUUID` is not there over plain HTTP. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36)).join('-');
}

/** Every region of two letters that the browser has a name for, by that name. */
function countries(language: string): (readonly [string, string])[] {
  const locales = language === 'gn' ? ['es'] : [language, 'en'];
  const names = new Intl.DisplayNames(locales, { type: 'region', fallback: 'none' });
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');
  return letters
    .flatMap((first) => letters.map((second) => first + second))
    .flatMap((code) => {
      const name = isCountry(code) ? names.of(code) : undefined;
      return name === undefined ? [] : [[code, name] as const];
    })
    .toSorted(([, one], [, other]) => one.localeCompare(other, locales));
}

/** What ISO 3166-1 reserves or leaves to its users is no country; what it took back leads to another code. */
function isCountry(code: string): boolean {
  const isUsers =
    /^(AA|Q[M-Z]|X[A-Z]|ZZ)$/.test(code) || ['AC', 'CP', 'CQ', 'DG', 'EA', 'EU', 'EZ', 'IC', 'TA', 'UN'].includes(code);
  return !isUsers && Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`;
}
