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
import { renewSoon } from './session.ts';
import type { AccountContext, View } from './view.ts';

export const profileView: View = {
  title: 'account.profile',
  back: 'menu',
  startsInField: false,
  build: async (context) => {
    const [person, preferences] = await Promise.all([
      readPart(getPerson, ({ displayName }) => displayName),
      readPart(getPreferences, (body) => JSON.stringify(body)),
    ]);
    return [
      nameForm(context, person, preferences),
      element('section', {}, phrase('h3', {}, 'account.preferences'), preferencesForm(context, preferences, person)),
    ];
  },
};

/** One of the two parts that are saved apart and yet share a version: to save one makes the version of the other old. */
interface Part<T> {
  shown: T;
  version: string | null;
  saved: (answer: Answer<T>) => void;
  /** Takes the new version after the other part was saved, unless somebody else changed what is shown here. */
  follow: () => Promise<void>;
}

async function readPart<T>(read: () => Promise<Answer<T>>, editedIn: (body: T) => string): Promise<Part<T>> {
  const { body, etag } = await read();
  const part: Part<T> = {
    shown: body,
    version: etag,
    saved: (answer) => {
      part.shown = answer.body;
      part.version = answer.etag;
    },
    follow: async () => {
      const now = await read();
      if (editedIn(now.body) === editedIn(part.shown)) part.saved(now);
    },
  };
  return part;
}

function nameForm(context: AccountContext, person: Part<Person>, preferences: Part<Preferences>): HTMLElement {
  return createForm({
    fields: [{ name: 'displayName', label: 'account.name', autocomplete: 'name', value: person.shown.displayName }],
    submit: 'account.save',
    act: async ({ text }) => {
      person.saved(await changeName(text('displayName').trim(), person.version));
      await preferences.follow();
      context.changed({ displayName: person.shown.displayName });
      return say('account.saved');
    },
  }).root;
}

function preferencesForm(context: AccountContext, preferences: Part<Preferences>, person: Part<Person>): HTMLElement {
  const { language, notifications } = preferences.shown;
  return createForm({
    fields: [
      {
        name: 'language',
        label: 'language',
        options: [
          ['', say('account.anyLanguage')],
          ...context.languages().map(({ code, name }) => [code, name] as const),
        ],
        value: language ?? '',
      },
      {
        name: 'emailActivity',
        label: 'account.emailActivity',
        type: 'checkbox',
        value: notifications.emailActivity,
      },
      { name: 'emailOffers', label: 'account.emailOffers', type: 'checkbox', value: notifications.emailOffers },
    ],
    submit: 'account.save',
    act: async ({ text, isChecked }) => {
      const change = {
        language: text('language') || null,
        notifications: { emailActivity: isChecked('emailActivity'), emailOffers: isChecked('emailOffers') },
      };
      preferences.saved(await changePreferences(change, preferences.version));
      // The language of the API's own words stands in the access token.
      renewSoon();
      await person.follow();
      context.changed({ language: preferences.shown.language });
      return say('account.saved');
    },
  }).root;
}
