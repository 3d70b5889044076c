import { element, phrase } from '../dom.ts';
import type { Answer } from '../exchange.ts';
import { say } from '../texts.ts';
import {
  changePerson,
  changePreferences,
  getPerson,
  getPreferences,
  type Person,
  type Preferences,
} from './account-api.ts';
import { createForm } from './form.ts';
import type { AccountContext, View } from './view.ts';

export const profileView: View = {
  title: 'account.profile',
  back: 'menu',
  startsInField: false,
  build: async (context) => {
    const [person, preferences] = await Promise.all([getPerson(), getPreferences()]);
    return [
      personForm(context, person),
      element('section', {}, phrase('h3', {}, 'account.notifications'), preferencesForm(preferences)),
    ];
  },
};

function personForm(context: AccountContext, { body: person, etag }: Answer<Person>): HTMLElement {
  let version = etag;
  return createForm({
    fields: [
      { name: 'displayName', label: 'account.name', autocomplete: 'name', value: person.displayName },
      {
        name: 'language',
        label: 'language',
        options: [
          ['', say('account.anyLanguage')],
          ...context.languages().map(({ code, name }) => [code, name] as const),
        ],
        value: person.language ?? '',
      },
    ],
    submit: 'account.save',
    act: async ({ text }) => {
      const changed = await changePerson(
        { displayName: text('displayName').trim(), language: text('language') || null },
        version,
      );
      version = changed.etag;
      context.changed(changed.body);
      return say('account.saved');
    },
  }).root;
}

function preferencesForm({ body, etag }: Answer<Preferences>): HTMLElement {
  let version = etag;
  return createForm({
    fields: [
      { name: 'emailActivity', label: 'account.emailActivity', type: 'checkbox', value: body.emailActivity },
      { name: 'emailOffers', label: 'account.emailOffers', type: 'checkbox', value: body.emailOffers },
    ],
    submit: 'account.save',
    act: async ({ isChecked }) => {
      const changed = await changePreferences(
        { emailActivity: isChecked('emailActivity'), emailOffers: isChecked('emailOffers') },
        version,
      );
      version = changed.etag;
      return say('account.saved');
    },
  }).root;
}
