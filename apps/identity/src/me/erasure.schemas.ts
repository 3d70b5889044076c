import { z } from 'zod';
import { passwordField } from '../account/account.schemas.ts';

export const erasureBody = z.strictObject({
  password: passwordField.meta({ description: 'The password of this account, once more.' }),
});
