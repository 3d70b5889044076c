import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { problemAnswer } from './error-writer.ts';
import { sharedProblems, type ProblemCreator } from './problem.ts';
import { RequestContext, type Edge, type RequestHead } from './request-context.ts';

interface ParserError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
}

/** Of Node's codes; every other one is what cannot be read. */
const problemsByCode: Readonly<Record<string, ProblemCreator>> = {
  HPE_HEADER_OVERFLOW: sharedProblems['request.headersTooLarge'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: sharedProblems['request.tooLarge'],
  ERR_HTTP_REQUEST_TIMEOUT: sharedProblems['request.timeout'],
};

/**
 * Answers what Node's parser refuses before there is a request, such as a letter that is not percent-encoded: Node's
 * status and end of the connection, with a problem. A connection on which an answer is under way is only cut.
 */
export function answerUnreadable(http: Server, edge: Edge): void {
  const answering = new WeakSet<Duplex>();
  http.on('request', (request, response) => {
    answering.add(request.socket);
    response.once('close', () => answering.delete(request.socket));
  });
  http.on('clientError', (error: ParserError, socket) => {
    if (!socket.writable || answering.has(socket)) {
      socket.destroy();
      return;
    }
    const context = new RequestContext(randomUUID(), headOf(error.rawPacket), edge);
    const problem = (problemsByCode[error.code ?? ''] ?? sharedProblems['request.malformed'])();
    edge.logger.info({ requestId: context.id, route: null, status: problem.status, reason: error.code }, 'request');
    const { headers, body } = problemAnswer(problem, context);
    const lines = Object.entries({
      ...headers,
      'X-Request-Id': context.id,
      'Content-Length': Buffer.byteLength(body),
      Connection: 'close',
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    const status = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n`;
    socket.end(`${status}${lines.join('')}\r\n${body}`, () => socket.destroy());
  });
}

/** As far as the bytes tell it. */
function headOf(packet: Buffer | undefined): RequestHead {
  const text = packet?.toString() ?? '';
  const url = /^[a-z]+ (\/\S*)/i.exec(text)?.[1];
  const acceptLanguage = /^accept-language:(.*)$/im.exec(text)?.[1];
  return {
    ...(url !== undefined && { url }),
    headers: acceptLanguage === undefined ? {} : { 'accept-language': acceptLanguage },
  };
}
