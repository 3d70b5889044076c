import type { SkipReason, SourceElement } from './place.ts';

export interface JsonListFormat {
  /** The key of the list in the outermost object. */
  key: string;
  /** How an element begins where one before it was broken; in Latin-1, without a newline inside. */
  start: RegExp;
}

export interface JsonList {
  /** Takes the next bytes of the file and hands out the elements that end in them. */
  push(chunk: Buffer): Generator<SourceElement>;
  /** Says that the file is over. */
  end(): Generator<SourceElement>;
  /** Whether the list has begun. */
  isInside(): boolean;
  /** All that stands around the list, as JSON text with the list left empty; cut at 64 KB on either side. */
  frame(): string;
  /** How many bytes are held back. */
  held(): number;
}

const elementBytesMax = 4 * 2 ** 20;
const frameBytesMax = 2 ** 16;
const depthMax = 1_000;
const [tab, newline, carriageReturn, space, quote, comma, backslash] = [9, 10, 13, 32, 34, 44, 92] as const;
const [openList, closeList, openObject, closeObject] = [91, 93, 123, 125] as const;

/**
 * Cuts the elements out of one list of a JSON file while its bytes come in, and parses each by itself: a broken one,
 * or one that is not UTF-8, is a fault with its position, and the next ones still come. Holds no more than one element.
 */
export function createJsonList({ key, start }: JsonListFormat): JsonList {
  let bytes: Buffer = Buffer.alloc(0);
  /** Where `bytes` begin in the file, and how far into them was looked. */
  let base = 0;
  let at = 0;
  let phase: 'head' | 'between' | 'element' | 'overlong' | 'lost' | 'tail' = 'head';
  let index = 0;
  let from = 0;
  let isInString = false;
  let stringFrom = 0;
  let lastString = '';
  let head = '';
  let tail = '';
  const nesting: number[] = [];

  const whole = (value: unknown): SourceElement => ({ index: index++, where: `byte ${base + from}`, value });
  const faulty = (fault: SkipReason): SourceElement => ({ index: index++, where: `byte ${base + from}`, fault });

  function* push(chunk: Buffer): Generator<SourceElement> {
    const kept = phase === 'element' ? from : phase === 'lost' ? Math.max(from, bytes.length - 256) : at;
    const keep = phase === 'head' ? 0 : Math.min(kept, bytes.length);
    bytes = keep === bytes.length ? chunk : Buffer.concat([bytes.subarray(keep), chunk]);
    base += keep;
    at -= keep;
    from -= keep;
    yield* scan();
  }

  function* scan(): Generator<SourceElement> {
    while (at < bytes.length) {
      if (phase === 'head') findList();
      else if (phase === 'between') findElement();
      else if (phase === 'lost') findNext();
      else if (phase === 'tail') takeTail();
      else yield* takeElement();
    }
  }

  function* end(): Generator<SourceElement> {
    // A string that never ends swallows what follows it: whatever begins like an element in there is tried again.
    while (phase === 'element' && nextStart() !== null) {
      yield* giveUp('notJson');
      yield* scan();
    }
    if (phase === 'between' || phase === 'element' || phase === 'overlong' || phase === 'lost' || !isWhole()) {
      yield { index, where: `byte ${base + bytes.length}`, fault: 'cutShort' };
    }
  }

  function isWhole(): boolean {
    if (phase === 'head' || tail.length >= frameBytesMax) return true;
    try {
      JSON.parse(frame());
      return true;
    } catch {
      return false;
    }
  }

  const frame = () => (phase === 'head' ? bytes.toString('utf8', 0, frameBytesMax) : `${head}]${tail}`);

  function findList(): void {
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (isInString) {
        if (byte === backslash) at += 1;
        else if (byte === quote) {
          isInString = false;
          if (nesting.length === 1) lastString = bytes.toString('latin1', stringFrom, at);
        }
      } else if (byte === quote) {
        isInString = true;
        stringFrom = at + 1;
      } else if (byte === openList && nesting.length === 1 && lastString === key) {
        head = bytes.toString('utf8', 0, at + 1).replace(/^\uFEFF/, '');
        at += 1;
        nesting.length = 0;
        phase = 'between';
        return;
      } else if (byte === openObject || byte === openList) nesting.push(byte);
      else if (byte === closeObject || byte === closeList) nesting.pop();
      else if (byte === comma && nesting.length === 1) lastString = '';
    }
  }

  function findElement(): void {
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (isBlank(byte) || byte === comma) continue;
      if (byte === closeList) {
        at += 1;
        phase = 'tail';
      } else {
        from = at;
        isInString = false;
        nesting.length = 0;
        phase = 'element';
      }
      return;
    }
  }

  function* takeElement(): Generator<SourceElement> {
    const found = findEnd();
    if (found === 'broken') yield* giveUp('notJson');
    else if (found !== null) yield* finish(found.next);
    else if (phase === 'element' && at - from > elementBytesMax) {
      if (nextStart() !== null) yield* giveUp('tooLong');
      else {
        phase = 'overlong';
        yield faulty('tooLong');
      }
    }
  }

  /** Where the element is over, if that can be seen. */
  function findEnd(): { next: number } | 'broken' | null {
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (isInString) {
        if (byte === backslash) at += 1;
        else if (byte === quote) {
          isInString = false;
          if (nesting.length === 0) return { next: at + 1 };
        } else if (byte < space) return 'broken';
      } else if (byte === quote) isInString = true;
      else if (byte === openObject || byte === openList) {
        nesting.push(byte + 2);
        if (nesting.length > depthMax) return 'broken';
      } else if (byte === closeObject || byte === closeList) {
        if (nesting.length === 0 && byte === closeList) return { next: at };
        if (nesting.pop() !== byte) return 'broken';
        if (nesting.length === 0) return { next: at + 1 };
      } else if (nesting.length === 0 && (byte === comma || isBlank(byte))) return { next: at };
    }
    return null;
  }

  function* finish(next: number): Generator<SourceElement> {
    const wasWhole = phase === 'element';
    at = next;
    phase = 'between';
    if (!wasWhole) return;
    const parsed = parse(next);
    if (typeof parsed === 'object') yield whole(parsed.value);
    else {
      yield faulty(parsed);
      // A string that never ends can take whole elements in.
      at = nextStart(next) ?? next;
    }
  }

  function parse(next: number): { value: unknown } | SkipReason {
    let text: string;
    try {
      text = decoder.decode(bytes.subarray(from, next));
    } catch {
      return 'notUtf8';
    }
    try {
      return { value: JSON.parse(text) };
    } catch {
      return 'notJson';
    }
  }

  function* giveUp(fault: SkipReason): Generator<SourceElement> {
    if (phase === 'element') yield faulty(fault);
    phase = 'lost';
    at = Math.max(from + 1, 0);
    findNext();
  }

  function findNext(): void {
    const next = nextStart();
    if (next === null) {
      at = bytes.length;
      return;
    }
    at = next;
    phase = 'between';
  }

  /** Where the next element after the present one begins, if that can be seen. */
  function nextStart(before = bytes.length): number | null {
    const after = Math.max(from + 1, 0);
    const offset = bytes.toString('latin1', after, before).search(start);
    return offset < 0 ? null : after + offset;
  }

  function takeTail(): void {
    tail = `${tail}${bytes.toString('utf8', at)}`.slice(0, frameBytesMax);
    at = bytes.length;
  }

  return {
    push,
    end,
    isInside: () => phase !== 'head',
    frame,
    held: () => bytes.length,
  };
}

const decoder = new TextDecoder('utf-8', { fatal: true });

const isBlank = (byte: number) => byte === space || byte === newline || byte === tab || byte === carriageReturn;
