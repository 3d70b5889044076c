import { z } from 'zod';

export const erasureBody = z.strictObject({
  password: z.string().min(1).max(1_000).meta({ description: 'The password of this account, once more.' }),
});
