/** What the page remembers on this device; where that is forbidden it forgets. */
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(`pika.${name}`);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`pika.${name}`, value);
  } catch {
    // Nothing depends on it.
  }
}

export function forget(name: string): void {
  try {
    localStorage.removeItem(`pika.${name}`);
  } catch {
    // Nothing was kept.
  }
}
