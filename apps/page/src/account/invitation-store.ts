import { forget, recall, remember } from '../storage.ts';

/** Where the browser keeps nothing for us. */
let inMemory: string | null = null;

/** Until it is answered, also for another tab: that in which the address of a new account is verified. */
export function keepInvitation(token: string): void {
  inMemory = token;
  remember('invitation', token);
}

export const keptInvitation = (): string | null => recall('invitation') ?? inMemory;

export function dropInvitation(): void {
  inMemory = null;
  forget('invitation');
}
