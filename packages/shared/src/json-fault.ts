const spaces = /[ \t\n\r]*/y;
const scalar =
  /"[ !#-[\]-\uFFFF]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\uFFFF]*)*"|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

type Expected = 'value' | 'valueOrEnd' | 'name' | 'nameOrEnd' | 'colon' | 'commaOrEnd';

/**
 * Where a text stops being JSON, as the number of the character from 1 on, or `null` where it only ends too early.
 * Node's own message names the place in some versions and for some faults.
 */
export function jsonFaultAt(text: string): number | null {
  const open: ('{' | '[')[] = [];
  let expected: Expected | 'nothing' = 'value';
  let at = 0;
  for (;;) {
    at = endOf(spaces, text, at) ?? at;
    const sign = text[at];
    if (sign === undefined) return null;
    const within = open.at(-1);
    const isEnd: boolean =
      (sign === '}' && within === '{' && (expected === 'nameOrEnd' || expected === 'commaOrEnd')) ||
      (sign === ']' && within === '[' && (expected === 'valueOrEnd' || expected === 'commaOrEnd'));
    const takesValue: boolean = expected === 'value' || expected === 'valueOrEnd';
    if (isEnd) {
      open.pop();
      expected = open.length === 0 ? 'nothing' : 'commaOrEnd';
      at += 1;
    } else if (takesValue && (sign === '{' || sign === '[')) {
      open.push(sign);
      expected = sign === '{' ? 'nameOrEnd' : 'valueOrEnd';
      at += 1;
    } else if ((expected === 'colon' && sign === ':') || (expected === 'commaOrEnd' && sign === ',')) {
      expected = expected === 'commaOrEnd' && within === '{' ? 'name' : 'value';
      at += 1;
    } else {
      const isName: boolean = expected === 'name' || expected === 'nameOrEnd';
      const end: number | null = takesValue || (isName && sign === '"') ? endOf(scalar, text, at) : null;
      if (end === null) return characters(text, at) + 1;
      expected = isName ? 'colon' : open.length === 0 ? 'nothing' : 'commaOrEnd';
      at = end;
    }
  }
}

function endOf(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}

function characters(text: string, end: number): number {
  return Array.from(text.slice(0, end)).length;
}
