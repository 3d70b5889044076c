import { z } from 'zod';

/** What this app needs beside the settings that every app has. */
export const identitySettings = z.object({});
