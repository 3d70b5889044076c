/** Runs before anything is painted, so that a page in the dark never flashes. */
try {
  const chosen = localStorage.getItem('pika.theme');
  if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset['theme'] = chosen;
} catch {
  // Storage may be forbidden; then the system's own choice holds.
}
