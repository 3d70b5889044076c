import { createReadStream } from 'node:fs';
import { createJsonList, type JsonListFormat } from './json-list.ts';
import { ImportError, isRecord, type SourceElement } from './place.ts';
import type { FileReading } from './source-file.ts';

export interface JsonFormat extends JsonListFormat {
  /** What such a file is called in a sentence. */
  name: string;
}

const headBytesMax = 2 ** 22;

/**
 * The elements of one list of a JSON file, in their order, while the file is read. The head is read before this returns:
 * a file that is something else is an `ImportError`. `warn` is told at the end what the file says about itself.
 */
export async function readJson(
  file: string,
  format: JsonFormat,
  reading: FileReading,
  warn: (text: string) => void,
): Promise<AsyncIterable<SourceElement>> {
  const list = createJsonList(format);
  const stream = createReadStream(file, { highWaterMark: 2 ** 18 });
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first: SourceElement[] = [];
  while (!list.isInside()) {
    const { done, value } = await chunks.next();
    if (done === true || list.held() > headBytesMax) {
      stream.destroy();
      throw new ImportError(describeOther(file, format, list.frame()));
    }
    reading.bytes += value.length;
    first.push(...list.push(value));
  }

  async function* elements(): AsyncGenerator<SourceElement> {
    try {
      yield* first;
      for (;;) {
        const { done, value } = await chunks.next();
        if (done === true) break;
        reading.bytes += value.length;
        yield* list.push(value);
      }
      yield* list.end();
      const remark = remarkOf(list.frame());
      if (remark !== null) warn(`The file remarks: ${remark}`);
    } finally {
      stream.destroy();
    }
  }
  return elements();
}

function describeOther(file: string, { name, key }: JsonFormat, text: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    const reason = (error instanceof Error ? error.message : '').replaceAll(/\s+/g, ' ').slice(0, 120);
    return `${file} is not JSON: ${reason}.`;
  }
  return `${file} is JSON, but not ${name}: it has no list "${key}".`;
}

/** What Overpass says when it ran out of time or memory. */
function remarkOf(frame: string): string | null {
  try {
    const value: unknown = JSON.parse(frame);
    return isRecord(value) && typeof value['remark'] === 'string' ? value['remark'] : null;
  } catch {
    return null;
  }
}
