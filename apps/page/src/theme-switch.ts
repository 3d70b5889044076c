import { byId } from './dom.ts';
import { remember } from './storage.ts';
import { say } from './texts.ts';

/** The button between light and dark; `show` names it in the language of the page. */
export function createThemeSwitch(): { show: () => void } {
  const button = byId('theme', HTMLButtonElement);

  function show(): void {
    const label = say(isDark() ? 'theme.toLight' : 'theme.toDark');
    button.setAttribute('aria-label', label);
    button.title = label;
  }

  button.addEventListener('click', () => {
    const chosen = isDark() ? 'light' : 'dark';
    document.documentElement.dataset['theme'] = chosen;
    remember('theme', chosen);
    show();
  });
  return { show };
}

function isDark(): boolean {
  const chosen = document.documentElement.dataset['theme'];
  return chosen === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark';
}
