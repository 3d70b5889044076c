const patienceMs = 5_000;

/** Resolves when the worker sees what this page asks for, or where there is none, as over plain HTTP. */
export async function startWorker(): Promise<void> {
  const workers = (navigator as Partial<Navigator>).serviceWorker;
  if (workers === undefined) return;
  try {
    await workers.register('/counter-worker.js', { scope: '/counter' });
  } catch {
    // Without network it is there already; where it is forbidden, the page works as long as there is one.
  }
  if (workers.controller !== null) return;
  await Promise.race([
    new Promise((resolve) => workers.addEventListener('controllerchange', resolve, { once: true })),
    new Promise((resolve) => setTimeout(resolve, patienceMs)),
  ]);
}
