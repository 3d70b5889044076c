import { element, phrase } from '../dom.ts';
import type { Answer } from '../exchange.ts';
import { say } from '../texts.ts';
import {
  changeName,
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
      nameForm(context, person),
      element('section', {}, phrase('h3', {}, 'account.preferences'), preferencesForm(context, preferences)),
    ];
  },
};

function nameForm(context: AccountContext, { body: person, etag }: Answer<Person>): HTMLElement {
  let version = etag;
  return createForm({
    fields: [{ name: 'displayName', label: 'account.name', autocomplete: 'name', value: person.displayName }],
    submit: 'account.save',
    act: async ({ text }) => {
      const changed = await changeName(text('displayName').trim(), version);
      version = changed.etag;
      context.changed({ displayName: changed.body.displayName });
      return say('account.saved');
    },
  }).root;
}

function preferencesForm(context: AccountContext, { body, etag }: Answer<Preferences>): HTMLElement {
  let version = etag;
  const { emailActivity, emailOffers } = body.notifications;
  return createForm({
    fields: [
      {
        name: 'language',
        label: 'language',
        options: [
          ['', say('account.anyLanguage')],
          ...context.languages().map(({ code, name }) => [code, name] as const),
        ],
        value: body.language ?? '',
      },
      { name: 'emailActivity', label: 'account.emailActivity', type: 'checkbox', value: emailActivity },
      { name: 'emailOffers', label: 'account.emailOffers', type: 'checkbox', value: emailOffers },
    ],
    submit: 'account.save',
    act: async ({ text, isChecked }) => {
      const notifications = { emailActivity: isChecked('emailActivity'), emailOffers: isChecked('emailOffers') };
      const changed = await changePreferences({ language: text('language') || null, notifications }, version);
      version = changed.etag;
      context.changed({ language: changed.body.language });
      return say('account.saved');
    },
  }).root;
}
