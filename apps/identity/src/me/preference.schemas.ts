import { textParameter } from '@pika/shared';
import { z } from 'zod';

const notifications = {
  emailActivity: z.boolean().meta({ description: 'Mails on what happened to my own claims and businesses.' }),
  emailOffers: z.boolean().meta({ description: 'Mails on new offers.' }),
};

export const preferencesAnswer = z
  .object({
    language: z.string().nullable().meta({ description: 'The wanted language (BCP 47), before Accept-Language.' }),
    notifications: z.object(notifications),
  })
  .meta({ id: 'Preferences' });

export const preferencesPatch = z
  .strictObject({
    language: textParameter({ max: 35 }).nullable().optional(),
    notifications: z.strictObject(notifications).partial().optional(),
  })
  .meta({ example: { language: 'es', notifications: { emailActivity: true, emailOffers: false } } });
