import { element, phrase } from '../dom.ts';
import { ApiError, type WrongField } from '../exchange.ts';
import { say } from '../texts.ts';

export interface Field {
  /** As the API calls it: its errors are shown here. */
  name: string;
  label: string;
  type?: 'text' | 'email' | 'password' | 'checkbox';
  /** Values with their texts: a list to choose from. */
  options?: readonly (readonly [value: string, text: string])[];
  autocomplete?: string;
  inputmode?: 'numeric';
  value?: string | boolean;
  hint?: string;
  isHidden?: boolean;
}

export interface FormOptions {
  fields: readonly Field[];
  submit: string;
  isDangerous?: boolean;
  /** A thrown `ApiError` is shown at the fields that it names. What is returned is said when all went well. */
  act: (values: Values, form: Form) => Promise<string | void>;
}

export interface Values {
  text: (name: string) => string;
  isChecked: (name: string) => boolean;
}

export interface Form {
  root: HTMLFormElement;
  /** Shows a field that was hidden until now, and goes there. */
  reveal: (name: string) => void;
  clear: () => void;
}

let forms = 0;

export function createForm({ fields, submit, isDangerous = false, act }: FormOptions): Form {
  forms += 1;
  const rows = new Map(fields.map((field) => [field.name, rowOf(field, `form-${forms}-${field.name}`)]));
  const said = element('p', { class: 'form-said', role: 'status' });
  const failed = element('p', { class: 'form-failed', role: 'alert' });
  const button = phrase(
    'button',
    { type: 'submit', class: isDangerous ? 'button button-danger' : 'button button-main' },
    submit,
  );
  // The API knows what is wrong.
  const root = element('form', { class: 'form', novalidate: true }, ...[...rows.values()].map(({ row }) => row));
  root.append(failed, element('p', { class: 'form-actions' }, button), said);

  const values: Values = {
    text: (name) => rows.get(name)?.control.value ?? '',
    isChecked: (name) => {
      const control = rows.get(name)?.control;
      return control instanceof HTMLInputElement && control.checked;
    },
  };
  const form: Form = {
    root,
    reveal: (name) => {
      const shown = rows.get(name);
      if (shown === undefined) return;
      shown.row.hidden = false;
      shown.control.focus();
    },
    clear: () => root.reset(),
  };

  function showFailure(error: unknown): void {
    const problem = error instanceof ApiError ? error.problem : null;
    const elsewhere: string[] = [];
    for (const wrong of problem?.errors ?? []) {
      const row = rows.get(wrong.field);
      if (row === undefined || row.row.hidden) elsewhere.push(wrong.message);
      else row.complain(complaintOf(wrong, row.control.value.trim() === ''));
    }
    const isAtFields = (problem?.errors.length ?? 0) > elsewhere.length;
    failed.textContent = [...(isAtFields ? [] : [reasonOf(error)]), ...elsewhere].join(' ');
    root.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }

  root.addEventListener('submit', (event) => {
    event.preventDefault();
    if (button.getAttribute('aria-disabled') === 'true') return;
    // Not `disabled`, which would lose the focus.
    button.setAttribute('aria-disabled', 'true');
    failed.textContent = '';
    said.textContent = '';
    for (const { complain } of rows.values()) complain(null);
    act(values, form)
      .then((text) => {
        said.textContent = text ?? '';
      }, showFailure)
      .finally(() => button.removeAttribute('aria-disabled'));
  });
  return form;
}

/** Why something failed, in the language of the page: as the API says it, where it does. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof ApiError)) throw error;
  if (error.status === 0) return say('error.offline');
  const { title, detail, retryAfterSeconds } = error.problem;
  const told = [title, detail].filter((part) => part !== null).join('. ');
  const reason = told || say(error.status === 429 ? 'error.busy' : 'error.server');
  const isSaid = retryAfterSeconds === null || new RegExp(`(?<!\\d)${retryAfterSeconds}(?!\\d)`).test(reason);
  return isSaid ? reason : `${reason} ${say('account.wait', { count: retryAfterSeconds })}`;
}

/** The usual in words for everybody; the rest as the API says it. */
function complaintOf({ code, format, minimum, message }: WrongField, isEmpty: boolean): string {
  if (isEmpty && ['required', 'tooShort', 'invalidFormat'].includes(code)) return say('field.required');
  if (code === 'invalidFormat' && format === 'email') return say('field.email');
  if (code === 'tooShort' && minimum !== undefined) return say('field.tooShort', { count: minimum });
  return message;
}

type Control = HTMLInputElement | HTMLSelectElement;

interface Row {
  row: HTMLElement;
  control: Control;
  complain: (message: string | null) => void;
}

function rowOf(field: Field, id: string): Row {
  const control = controlOf(field, id);
  const label = phrase('label', { for: id }, field.label);
  const hint = field.hint === undefined ? null : phrase('p', { id: `${id}-hint`, class: 'form-hint' }, field.hint);
  const complaint = element('p', { id: `${id}-error`, class: 'form-complaint' });
  const isBox = field.type === 'checkbox';
  const row = element('div', { class: isBox ? 'form-row form-row-box' : 'form-row' });
  row.append(...(isBox ? [control, label] : [label, control]), ...(hint === null ? [] : [hint]), complaint);
  row.hidden = field.isHidden === true;
  control.setAttribute('aria-describedby', [hint?.id, complaint.id].filter(Boolean).join(' '));
  return {
    row,
    control,
    complain: (message) => {
      complaint.textContent = message ?? '';
      if (message === null) control.removeAttribute('aria-invalid');
      else control.setAttribute('aria-invalid', 'true');
    },
  };
}

function controlOf({ name, type = 'text', options, autocomplete, inputmode, value }: Field, id: string): Control {
  if (options !== undefined) {
    const select = element('select', { id, name, class: 'select' });
    for (const [each, text] of options) select.append(element('option', { value: each }, text));
    if (typeof value === 'string') select.value = value;
    return select;
  }
  const isLatin = type === 'email' || type === 'password';
  return element('input', {
    id,
    name,
    type,
    autocomplete: autocomplete ?? 'off',
    inputmode,
    dir: isLatin ? 'ltr' : type === 'text' ? 'auto' : null,
    autocapitalize: isLatin ? 'none' : null,
    spellcheck: isLatin ? 'false' : null,
    ...(type === 'checkbox' ? { checked: value === true } : { value: value ?? '' }),
  });
}

/** A button of its own that asks the API; what fails is said beside it. */
export function createAction(key: string, act: () => Promise<void>, attributes: Record<string, string> = {}) {
  const failed = element('span', { class: 'form-failed', role: 'alert' });
  const button = phrase('button', { type: 'button', class: 'button', ...attributes }, key);
  button.addEventListener('click', () => {
    failed.textContent = '';
    button.setAttribute('aria-disabled', 'true');
    act()
      .catch((error: unknown) => {
        failed.textContent = reasonOf(error);
      })
      .finally(() => button.removeAttribute('aria-disabled'));
  });
  return element('span', { class: 'action' }, button, failed);
}
