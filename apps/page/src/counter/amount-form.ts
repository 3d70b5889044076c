import { element, phrase } from '../dom.ts';
import { say } from '../texts.ts';
import { currencies, readAmount } from './amount.ts';

export interface Amount {
  amountMinor: number;
  currency: string;
}

export interface AmountForm {
  root: HTMLFormElement;
  /** What is typed; null for nothing. Complains, and answers undefined, where it is no amount. */
  read: () => Amount | null | undefined;
}

/** What is to be paid. Where the offer fixes the currency, no other can be chosen. */
export function createAmountForm(options: {
  value: string;
  currency: string;
  isCurrencyFixed: boolean;
  isRequired: boolean;
  submit: string;
  submitted: (amount: Amount | null) => void;
}): AmountForm {
  const { value, currency, isCurrencyFixed, isRequired, submit, submitted } = options;
  const input = element('input', {
    id: 'amount',
    inputmode: 'decimal',
    autocomplete: 'off',
    dir: 'ltr',
    maxlength: 20,
    'aria-describedby': 'amount-error',
    value,
  });
  const select = element('select', { id: 'amount-currency', class: 'select', 'aria-label': say('amount.currency') });
  for (const code of isCurrencyFixed ? [currency] : new Set([currency, ...currencies()])) {
    select.append(element('option', { value: code }, code));
  }
  const complaint = element('p', { id: 'amount-error', class: 'form-complaint', role: 'alert' });
  const root = element(
    'form',
    { class: 'form amount', novalidate: true },
    element(
      'div',
      { class: 'form-row' },
      phrase('label', { for: input.id }, isRequired ? 'amount.label' : 'amount.optional'),
      element('div', { class: 'amount-fields' }, input, select),
      complaint,
    ),
    element('p', { class: 'form-actions' }, phrase('button', { type: 'submit', class: 'button' }, submit)),
  );

  function read(): Amount | null | undefined {
    const typed = input.value.trim();
    const amountMinor = typed === '' ? null : readAmount(typed, select.value);
    const isWrong = typed === '' ? isRequired : amountMinor === null;
    complaint.textContent = isWrong ? say(typed === '' ? 'field.required' : 'amount.wrong') : '';
    if (isWrong) {
      input.setAttribute('aria-invalid', 'true');
      input.focus();
      return undefined;
    }
    input.removeAttribute('aria-invalid');
    return amountMinor === null ? null : { amountMinor, currency: select.value };
  }

  root.addEventListener('submit', (event) => {
    event.preventDefault();
    const amount = read();
    if (amount !== undefined) submitted(amount);
  });
  return { root, read };
}
