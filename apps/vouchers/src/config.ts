import { z } from 'zod';

/** What this app needs beside the settings that every app has. */
export const vouchersSettings = z.object({
  CURSOR_SECRET: z
    .string()
    .min(16)
    .default('pika-development-cursor')
    .describe('Seals page cursors; the same in every process of one deployment, at least 16 characters'),
});
