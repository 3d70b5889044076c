import { deepStrictEqual } from 'node:assert/strict';

/** The body as the public schema describes it. Throws where a field is missing, of another type, or not described. */
export function exactly<Answer>(schema: { parse(value: unknown): Answer }, body: unknown): Answer {
  const answer = schema.parse(body);
  deepStrictEqual(answer, body, 'the answer holds fields that its public schema does not describe');
  return answer;
}
