import { element, phrase } from '../dom.ts';
import { say } from '../texts.ts';
import { changePassword, confirmTotp, disableTotp, enrolTotp, getPerson } from './account-api.ts';
import { createForm } from './form.ts';
import type { AccountContext, View } from './view.ts';

export const safetyView: View = {
  title: 'account.safety',
  back: 'menu',
  startsInField: false,
  build: async (context) => {
    const { body: person } = await getPerson();
    const second = person.hasSecondFactor ? disableForm(context) : totpSteps();
    return [
      element('section', {}, phrase('h3', {}, 'account.changePassword'), passwordForm()),
      element('section', {}, phrase('h3', {}, 'account.totp'), phrase('p', {}, 'account.totpText'), second),
    ];
  },
};

function passwordForm(): HTMLElement {
  return createForm({
    fields: [
      {
        name: 'currentPassword',
        label: 'account.currentPassword',
        type: 'password',
        autocomplete: 'current-password',
      },
      {
        name: 'newPassword',
        label: 'account.newPassword',
        type: 'password',
        autocomplete: 'new-password',
        hint: 'account.passwordHint',
      },
    ],
    submit: 'account.changePassword',
    act: async ({ text }, form) => {
      await changePassword(text('currentPassword'), text('newPassword'));
      form.clear();
      return say('account.passwordChanged');
    },
  }).root;
}

const passwordField = {
  name: 'password',
  label: 'account.password',
  type: 'password',
  autocomplete: 'current-password',
} as const;
const codeField = { name: 'code', label: 'account.code', autocomplete: 'one-time-code' } as const;

const codeOf = (text: string) => text.replaceAll(/\s/g, '');

/** Password, then the secret for the app and a code of it, then the backup codes: each in place of the one before. */
function totpSteps(): HTMLElement {
  const steps = element('div', { class: 'panel-steps' });
  const begin = createForm({
    fields: [passwordField],
    submit: 'account.totpStart',
    act: async ({ text }) => {
      const [enrolment, { drawQrCode }] = await Promise.all([enrolTotp(text('password')), import('./qr-code.ts')]);
      const { secret, uri } = enrolment;
      const confirm = confirmForm(steps);
      steps.replaceChildren(
        phrase('p', {}, 'account.totpScan'),
        drawQrCode(uri, say('account.totpQr')),
        element('p', { dir: 'ltr', class: 'secret' }, element('code', {}, secret)),
        element('p', { dir: 'ltr', class: 'secret' }, element('a', { href: uri }, uri)),
        confirm,
      );
      confirm.querySelector('input')?.focus();
    },
  });
  steps.append(begin.root);
  return steps;
}

function confirmForm(steps: HTMLElement): HTMLElement {
  return createForm({
    fields: [{ ...codeField, inputmode: 'numeric' }],
    submit: 'account.totpConfirm',
    act: async ({ text }) => {
      const { backupCodes } = await confirmTotp(codeOf(text('code')));
      const title = phrase('h4', { tabindex: '-1' }, 'account.backupCodes');
      steps.replaceChildren(
        title,
        phrase('p', {}, 'account.backupCodesText'),
        element('ul', { class: 'backup-codes', dir: 'ltr' }, ...backupCodes.map((code) => element('li', {}, code))),
      );
      title.focus();
    },
  }).root;
}

function disableForm(context: AccountContext): HTMLElement {
  return createForm({
    fields: [passwordField, { ...codeField, hint: 'account.codeHint' }],
    submit: 'account.totpDisable',
    isDangerous: true,
    act: async ({ text }) => {
      await disableTotp(text('password'), codeOf(text('code')));
      context.go('safety', say('account.totpDisabled'));
    },
  }).root;
}
