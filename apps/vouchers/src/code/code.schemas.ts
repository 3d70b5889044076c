import { numberParameter, page, uuidParameter } from '@pika/shared';
import { z } from 'zod';

export const codesMax = 1_000_000;
/** Characters of a code that nobody shall guess: 14 are 68 bits. */
export const secretLengthMin = 14;

const kind = z.enum(['short', 'qr', 'static']);

export const newCodes = z
  .strictObject({
    kind: kind.meta({
      description: '`short` to be typed and `qr` to be scanned, each good once; `static`: printed once, for everybody.',
    }),
    count: numberParameter({ min: 1, max: codesMax, integer: true })
      .default(1)
      .meta({ description: 'How many; of a static one there is one.', example: 1_000 }),
    length: numberParameter({ min: 6, max: 29, integer: true })
      .optional()
      .meta({
        description: `Characters at random; ${secretLengthMin} unless said, 8 of a static code. One more checks them.`,
      }),
    prefix: z
      .string()
      .regex(/^(?:[A-Z0-9][A-Z0-9-]{0,15})?$/)
      .default('')
      .meta({ description: 'What every code begins with.', example: 'PRIMAVERA-' }),
    code: z
      .string()
      .regex(/^[A-Z0-9][A-Z0-9-]{5,39}$/)
      .optional()
      .meta({ description: 'A static code of your own; without one it is drawn.' }),
  })
  .meta({ example: { kind: 'qr', count: 1_000, prefix: 'PK-' } });

export const codesParams = z.strictObject({ id: uuidParameter().meta({ description: 'Id of the voucher.' }) });

export const codesQuery = z.strictObject({
  batchId: uuidParameter().optional().meta({ description: 'Only this batch.' }),
  limit: numberParameter({ min: 1, max: 100, integer: true }).default(20),
  cursor: z.string().max(1_000).optional().meta({ description: '`page.next` of the page before.' }),
});

export const codeBatchAnswer = z
  .object({
    id: z.uuid(),
    voucherId: z.uuid(),
    kind,
    state: z.enum(['waiting', 'running', 'done', 'failed']).meta({
      description: '`failed`: the voucher ended before all were made; those that were made are there.',
    }),
    requestedCount: z.int(),
    madeCount: z.int().meta({ description: 'How many there are already.' }),
    length: z.int().meta({ description: 'Of one code, without prefix and check character.' }),
    prefix: z.string(),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'CodeBatch', description: 'Codes that are made together, in the background.' });

export const codeBatchesAnswer = z.object({ data: z.array(codeBatchAnswer), page }).meta({ id: 'CodeBatches' });

export const codesCsv = z.string().meta({
  description: 'One line per code, as RFC 4180 has it: `code,kind,batchId,createdAt,revokedAt,usedAt`.',
});

export type NewCodes = z.output<typeof newCodes>;
export type CodeBatch = z.input<typeof codeBatchAnswer>;
