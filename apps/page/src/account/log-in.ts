import { element, phrase } from '../dom.ts';
import { ApiError } from '../exchange.ts';
import { say } from '../texts.ts';
import { forgotPassword, logIn } from './account-api.ts';
import { createForm } from './form.ts';
import { beginSession } from './session.ts';
import type { AccountContext, View, ViewName } from './view.ts';

export const logInView: View = {
  title: 'account.logIn',
  back: null,
  startsInField: true,
  build: (context) => [
    logInForm(context),
    ways(context, ['register', 'account.register'], ['forgotten', 'account.forgotten']),
  ],
};

export const forgottenView: View = {
  title: 'account.forgotten',
  back: 'logIn',
  startsInField: true,
  build: () => [phrase('p', {}, 'account.forgottenText'), forgottenForm()],
};

function logInForm(context: AccountContext): HTMLElement {
  let isCodeAsked = false;
  return createForm({
    fields: [
      { name: 'email', label: 'account.email', type: 'email', autocomplete: 'username' },
      { name: 'password', label: 'account.password', type: 'password', autocomplete: 'current-password' },
      {
        name: 'code',
        label: 'account.code',
        hint: 'account.codeHint',
        autocomplete: 'one-time-code',
        isHidden: true,
      },
    ],
    submit: 'account.logIn',
    act: async ({ text }, form) => {
      const code = text('code').replaceAll(/\s/g, '');
      try {
        const tokens = await logIn({
          email: text('email').trim(),
          password: text('password'),
          ...(isCodeAsked && code !== '' ? { code } : {}),
        });
        context.close();
        await beginSession(tokens);
        return undefined;
      } catch (error) {
        if (!(error instanceof ApiError) || error.problem.code !== 'auth.codeRequired') throw error;
        isCodeAsked = true;
        form.reveal('code');
        return say('account.codeAsked');
      }
    },
  }).root;
}

function forgottenForm(): HTMLElement {
  return createForm({
    fields: [{ name: 'email', label: 'account.email', type: 'email', autocomplete: 'username' }],
    submit: 'account.sendLink',
    act: async ({ text }, form) => {
      await forgotPassword(text('email').trim());
      form.clear();
      return say('account.linkSent');
    },
  }).root;
}

export function ways(context: AccountContext, ...each: (readonly [ViewName, string])[]): HTMLElement {
  const buttons = each.map(([name, key]) => {
    const button = phrase('button', { type: 'button', class: 'button' }, key);
    button.addEventListener('click', () => context.go(name));
    return button;
  });
  return element('p', { class: 'panel-ways' }, ...buttons);
}
