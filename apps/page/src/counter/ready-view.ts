import { readShortCode } from '@pika/shared/voucher-token';
import { element, icon, phrase } from '../dom.ts';
import { say } from '../texts.ts';
import { createScanner, ScanError } from './scanner.ts';

export interface ReadyView {
  root: () => HTMLElement;
  /** Goes on scanning where the last one was scanned. */
  begin: () => void;
  stop: () => void;
}

const shortestCode = 4;

/** Camera and field: whichever gives a code first. */
export function createReadyView(taken: (code: string) => void): ReadyView {
  const scanner = createScanner();
  let isScanning = false;
  let video: HTMLVideoElement | null = null;
  let start: HTMLElement | null = null;
  let said: HTMLElement | null = null;
  /** Not lost when the language changes. */
  let typedSoFar = '';

  function take(code: string): void {
    typedSoFar = '';
    taken(code);
  }

  async function scan(): Promise<void> {
    if (video === null || start === null) return;
    isScanning = true;
    const [own, button] = [video, start];
    button.hidden = true;
    try {
      await scanner.start(own, take);
      own.hidden = false;
    } catch (error) {
      if (!(error instanceof ScanError)) throw error;
      isScanning = false;
      button.hidden = false;
      if (said !== null) said.textContent = say(error.message);
    }
  }

  // A camera that nobody looks at is off.
  document.addEventListener('visibilitychange', () => {
    if (video?.isConnected !== true) return;
    if (document.hidden) scanner.stop();
    else if (isScanning) void scan();
  });

  function codeForm(): HTMLElement {
    const input = element('input', {
      id: 'code',
      autocomplete: 'off',
      autocapitalize: 'characters',
      spellcheck: 'false',
      enterkeyhint: 'go',
      maxlength: 200,
      dir: 'ltr',
      'aria-describedby': 'code-said',
    });
    const told = element('p', { id: 'code-said', class: 'form-hint', role: 'status' });
    const form = element(
      'form',
      { class: 'form code-form', novalidate: true },
      element('div', { class: 'form-row' }, phrase('label', { for: input.id }, 'ready.code'), input, told),
      element('p', { class: 'form-actions' }, phrase('button', { type: 'submit', class: 'button' }, 'ready.check')),
    );
    const tell = (key: string | null, isWrong = false) => {
      told.textContent = key === null ? '' : say(key);
      told.className = isWrong ? 'form-complaint' : 'form-hint';
      if (isWrong) input.setAttribute('aria-invalid', 'true');
      else input.removeAttribute('aria-invalid');
    };
    input.value = typedSoFar;
    input.addEventListener('input', () => {
      typedSoFar = input.value;
      const kind = kindOf(input.value);
      tell(kind === 'short' ? 'ready.codeGood' : kind === 'wrong' ? 'ready.codeWrong' : null, kind === 'wrong');
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const typed = input.value.trim();
      if (typed.length < shortestCode) {
        tell('ready.codeMissing', true);
        input.focus();
        return;
      }
      take(readShortCode(typed) ?? typed.toUpperCase());
    });
    return form;
  }

  return {
    root() {
      scanner.stop();
      video = element('video', { class: 'camera', muted: true, playsinline: true, hidden: true });
      video.muted = true;
      start = element('button', { type: 'button', class: 'button button-main scan-start' }, icon('camera'));
      start.append(phrase('span', {}, 'ready.scan'));
      start.addEventListener('click', () => void scan());
      said = element('p', { class: 'form-failed', role: 'alert' });
      return element(
        'div',
        { class: 'ready' },
        phrase('h2', { tabindex: '-1' }, 'ready.title'),
        element('div', { class: 'camera-box' }, video, start),
        said,
        codeForm(),
      );
    },
    begin() {
      if (isScanning) void scan();
    },
    stop: () => scanner.stop(),
  };
}

/** Ten of the characters of short codes; others, such as printed ones, look otherwise or are checked by the API. */
const shortCodeShape = /^[2-9A-HJKMNP-TV-Z]{10}$/i;

function kindOf(typed: string): 'short' | 'wrong' | 'other' {
  if (readShortCode(typed) !== null) return 'short';
  return shortCodeShape.test(typed.replaceAll(/[\s\p{Pd}]/gu, '')) ? 'wrong' : 'other';
}
