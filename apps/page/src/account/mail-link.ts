import { phrase } from '../dom.ts';
import { say } from '../texts.ts';
import { resetPassword, verifyEmail } from './account-api.ts';
import { createForm } from './form.ts';
import type { AccountContext, View } from './view.ts';

export interface MailLink {
  purpose: 'verify' | 'reset' | 'invitation';
  token: string;
}

/** The link of a mail, or null. The token stands behind `#`: no server and no log sees it. */
export function readLink(hash: string): MailLink | null {
  const [, purpose, token] = /^#(verify|reset|invitation)=([\w.~-]+)$/.exec(hash) ?? [];
  return token === undefined ? null : { purpose: purpose as MailLink['purpose'], token };
}

/** Asks first: programs that look into mails follow links too, and a token works once. */
export const verifyView = (token: string): View => ({
  title: 'account.verify',
  back: 'logIn',
  startsInField: false,
  build: (context) => [phrase('p', {}, 'account.verifyText'), verifyForm(context, token)],
});

export const resetView = (token: string): View => ({
  title: 'account.reset',
  back: 'logIn',
  startsInField: true,
  build: (context) => [resetForm(context, token)],
});

function verifyForm(context: AccountContext, token: string): HTMLElement {
  return createForm({
    fields: [],
    submit: 'account.verify',
    act: async () => {
      await verifyEmail(token);
      context.go('logIn', say('account.verified'));
    },
  }).root;
}

function resetForm(context: AccountContext, token: string): HTMLElement {
  return createForm({
    fields: [
      {
        name: 'newPassword',
        label: 'account.newPassword',
        type: 'password',
        autocomplete: 'new-password',
        hint: 'account.passwordHint',
      },
    ],
    submit: 'account.reset',
    act: async ({ text }) => {
      await resetPassword(token, text('newPassword'));
      context.go('logIn', say('account.passwordChanged'));
    },
  }).root;
}
