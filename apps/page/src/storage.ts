/** What the page remembers on this device; where that is forbidden it forgets. */
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(`pika.${name}`);
  } catch {
    return null;
  }
}

/** Says whether it will be remembered. */
export function remember(name: string, value: string): boolean {
  try {
    localStorage.setItem(`pika.${name}`, value);
    return true;
  } catch {
    return false;
  }
}

export function forget(name: string): void {
  try {
    localStorage.removeItem(`pika.${name}`);
  } catch {
    // What is forbidden was never remembered.
  }
}

/** Calls back when another tab remembers something else under the name, or forgets it. */
export function watch(name: string, changed: (value: string | null, before: string | null) => void): void {
  addEventListener('storage', ({ key, newValue, oldValue }) => {
    // Without a key everything was cleared.
    if (key === `pika.${name}` || key === null) changed(newValue, oldValue);
  });
}
