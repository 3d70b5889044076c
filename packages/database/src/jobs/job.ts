/** Work that is due again and again, whichever process does it. */
export interface Job {
  /** Lower case and hyphens; the same in every release. */
  name: string;
  /** From the beginning of one to that of the next, at most a day. */
  everySeconds: number;
  /**
   * How long a run may take, 60 unless said: then its signal is aborted, and a moment later the job is given to another
   * process. So soon the job of a killed process is run again.
   */
  timeoutSeconds?: number;
  /** Resolves when the work is done; throws to be tried again. Stops soon after the signal. */
  run(signal: AbortSignal): Promise<unknown>;
}
