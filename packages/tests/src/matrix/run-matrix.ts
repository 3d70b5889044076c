import { curlOf, openSender } from '../fuzz/send-request.ts';
import { isAnswered } from './expected-verdict.ts';
import type { MatrixCell } from './make-cells.ts';

/** Asks every cell, with the objects restored after each that may have changed one. Gives back, in words, what was not as expected. */
export async function runMatrix(
  url: string,
  cells: readonly MatrixCell[],
  restore: () => Promise<void> = async () => {},
): Promise<string[]> {
  const sender = openSender(url);
  const deviations: string[] = [];
  for (const cell of cells) {
    const answer = await sender.send(cell);
    if (cell.verdict === 'allowed' && cell.method !== 'GET') await restore();
    const isJson = answer.headers['content-type']?.includes('json') === true;
    const code = isJson && answer.status >= 400 ? (JSON.parse(answer.text) as { code?: string }).code : undefined;
    const told = cell.verdict === 'allowed' || cell.verdict === 'notFound' ? cell.answer : null;
    const isExpected =
      told === null ? isAnswered(cell.verdict, answer.status, code) : told.includes(`${answer.status} ${code}`);
    if (isExpected) continue;
    const extra = cell.extra === '' ? '' : `, with ${cell.extra}`;
    deviations.push(
      `${cell.operationId} as ${cell.callerName}${extra}: ${answer.status} ${code ?? ''}, not ${told?.join(' or ') ?? cell.verdict}\n` +
        `  ${curlOf(url, cell)}`,
    );
  }
  sender.close();
  return deviations;
}
