/** A process has four seconds to end, of which the last answers may take two. */
const stopMillis = 1_500;

/** Waits for what is being stopped, a second and a half at most. */
export async function stopInTime(ended: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, stopMillis);
  });
  try {
    await Promise.race([ended, late]);
  } finally {
    clearTimeout(timer);
  }
}
