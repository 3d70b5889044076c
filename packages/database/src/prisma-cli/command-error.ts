/** A command that cannot be carried out as asked; `message` is one sentence fit for a terminal. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
