import { say } from '../texts.ts';
import { register } from './account-api.ts';
import { createForm } from './form.ts';
import type { AccountContext, View } from './view.ts';

export const registerView: View = {
  title: 'account.register',
  back: 'logIn',
  startsInField: true,
  build: (context) => [registerForm(context)],
};

function registerForm(context: AccountContext): HTMLElement {
  return createForm({
    fields: [
      { name: 'displayName', label: 'account.name', autocomplete: 'name' },
      { name: 'email', label: 'account.email', type: 'email', autocomplete: 'username' },
      {
        name: 'password',
        label: 'account.password',
        type: 'password',
        autocomplete: 'new-password',
        hint: 'account.passwordHint',
      },
      {
        name: 'language',
        label: 'language',
        options: context.languages().map(({ code, name }) => [code, name] as const),
        value: context.language(),
      },
    ],
    submit: 'account.register',
    act: async ({ text }) => {
      await register({
        email: text('email').trim(),
        password: text('password'),
        displayName: text('displayName').trim(),
        language: text('language'),
      });
      context.go('logIn', say('account.registered'));
    },
  }).root;
}
