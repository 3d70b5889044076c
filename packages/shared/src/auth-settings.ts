import { z } from 'zod';

/** What every process needs to know whose access tokens it takes. */
export const authSettings = z.object({
  AUTH_ISSUER: z
    .string()
    .min(1)
    .max(200)
    .default('http://localhost:3003')
    .describe('Who signs access tokens (`iss`), the same in every process of one deployment'),
  AUTH_JWKS_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where the identity app publishes its keys; without it they are read from the database'),
});
