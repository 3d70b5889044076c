import { authorizationOf, businessesFor, mayEverCall, type TestCallers } from '../fuzz/callers.ts';
import { encode, isLanguageHeader } from '../fuzz/make-requests.ts';
import type { KnownValues } from '../fuzz/make-values.ts';
import type { Operation, Parameter } from '../fuzz/operations.ts';
import type { JsonSchema } from '../fuzz/schemas.ts';
import { curlOf, openSender, type FuzzAnswer, type FuzzRequest, type Sender } from '../fuzz/send-request.ts';
import { evidence, harmless, injections, sleepSeconds, surestInjections } from './payloads.ts';

interface InjectionOptions {
  readonly url: string;
  readonly operations: readonly Operation[];
  readonly callers: TestCallers;
  readonly known: KnownValues;
  /** Of every so many payloads one is tried, beside the surest: 1 tries all. */
  readonly step: number;
}

interface InjectionReport {
  readonly places: number;
  readonly sent: number;
  readonly deviations: readonly string[];
}

/** One place of an operation that takes a text. */
interface Place {
  readonly name: string;
  /** Texts that the operation takes as if there were none. */
  readonly unreadable: readonly string[];
  request(text: string): FuzzRequest;
}

const surest = surestInjections.length;

const headerNames = ['accept-language', 'if-none-match', 'x-request-id', 'idempotency-key', 'if-match', 'origin'];

/** Puts payloads into every parameter, header and field of every operation. Gives back what was not refused or harmless. */
export async function runInjections(options: InjectionOptions): Promise<InjectionReport> {
  const plain = openSender(options.url);
  let sent = 0;
  const sender: Sender = { close: () => plain.close(), send: (request) => ((sent += 1), plain.send(request)) };
  const deviations: string[] = [];
  let places = 0;
  // Those that write come last: what they store, searches find.
  const reading = options.operations.filter(({ method }) => method === 'GET');
  for (const operation of [...reading, ...options.operations.filter((each) => !reading.includes(each))]) {
    for (const place of placesOf(operation, options)) {
      places += 1;
      const turn = places % options.step;
      for (const payload of injections.filter((_each, at) => at < surest || at % options.step === turn)) {
        const request = place.request(payload);
        const likes = [...harmless(payload), ...place.unreadable].map((text) => place.request(text));
        const deviation = await deviationOf(request, likes, sender);
        if (deviation === null) continue;
        deviations.push(`${operation.operationId} ${place.name}: ${deviation}\n  ${curlOf(options.url, request)}`);
      }
    }
  }
  sender.close();
  return { places, sent, deviations };
}

async function deviationOf(
  request: FuzzRequest,
  likes: readonly FuzzRequest[],
  sender: Sender,
): Promise<string | null> {
  let answer: FuzzAnswer;
  try {
    answer = await sender.send(request);
  } catch (error) {
    return `no answer: ${String(error)}`;
  }
  if (answer.milliseconds > (sleepSeconds * 1_000) / 2) return `it took ${answer.milliseconds} ms`;
  if (answer.text.includes(evidence)) return `it was run: ${answer.text}`;
  if (answer.status >= 500) return `${answer.status} ${answer.text}`;
  if (answer.status >= 400) return null;
  for (const like of likes) {
    const { status, text } = await sender.send(like);
    // What is made anew is never the same, and what is there already is told of with another status.
    const isAlike = request.method === 'GET' ? status === answer.status && text === answer.text : status < 300;
    if (isAlike) return null;
  }
  return `${answer.status}, and another answer for the same words without the signs`;
}

function placesOf(operation: Operation, options: InjectionOptions): Place[] {
  const { path, method, parameters, body } = operation;
  const base = baseOf(operation, options);
  const own = parameters.filter((one) => !isLanguageHeader(one));
  const fields = Object.keys(body?.schema['properties'] ?? {});
  const headers = [
    ...new Set([...headerNames, ...own.flatMap((one) => (one.in === 'header' ? [one.name.toLowerCase()] : []))]),
  ];
  const request = (change: Partial<Base>): FuzzRequest => {
    const all = { ...base, ...change };
    const pairs = Object.entries(all.query).map(([name, value]) => `${encode(name)}=${encode(value)}`);
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encode(all.params[name] ?? 'x'));
    return {
      method,
      path: pairs.length === 0 ? filled : `${filled}?${pairs.join('&')}`,
      headers: { ...all.headers, ...(body !== null && { 'content-type': 'application/json' }) },
      ...(body !== null && { body: JSON.stringify(all.body) }),
    };
  };
  return [
    ...own.flatMap((one): Place[] => {
      const { name } = one;
      if (one.in === 'path')
        return [{ name, unreadable: [], request: (text) => request({ params: { ...base.params, [name]: text } }) }];
      if (one.in === 'query')
        return [{ name, unreadable: [], request: (text) => request({ query: { ...base.query, [name]: text } }) }];
      return [];
    }),
    ...headers.map((name): Place => {
      const sendable = (text: string) => text.replaceAll(/[^\u0020-\u007e]/g, '');
      return {
        name,
        unreadable: [''],
        request: (text) => request({ headers: { ...base.headers, [name]: sendable(text) } }),
      };
    }),
    ...fields.map((name): Place => ({
      name,
      unreadable: [],
      request: (text) => request({ body: { ...base.body, [name]: text } }),
    })),
    {
      name: 'a parameter’s name',
      unreadable: [],
      request: (text) => request({ query: { ...base.query, [text]: '1' } }),
    },
  ];
}

interface Base {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A request that the operation's first entitled caller could send, as far as the document has examples. */
function baseOf(operation: Operation, { callers, known }: InjectionOptions): Base {
  const { access, parameters, path, body } = operation;
  const caller =
    access === 'public' ? undefined : Object.values(callers).find((each) => mayEverCall(operation, each.caller));
  const [businessId] = caller === undefined ? [] : businessesFor(access, caller.caller);
  const businessName = typeof access === 'object' && 'business' in access ? access.business : null;
  const values = (place: Parameter['in']) =>
    Object.fromEntries(
      parameters
        .filter((one) => one.in === place && one.required)
        .map((one) => {
          const segments = path.split('/');
          const collection = segments[segments.indexOf(`{${one.name}}`) - 1] ?? one.name;
          const isBusiness = one.name === businessName;
          const { example } = one.schema;
          const isPlain = typeof example === 'string' || typeof example === 'number';
          const value = isBusiness ? businessId : isPlain ? String(example) : known[collection]?.[0];
          return [one.name, value ?? 'x'];
        }),
    );
  return {
    params: values('path'),
    query: values('query'),
    headers: caller === undefined ? {} : authorizationOf(caller),
    body: bodyOf(body?.schema ?? {}),
  };
}

function bodyOf(schema: JsonSchema): Record<string, unknown> {
  const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>);
  const required = (schema['required'] ?? []) as string[];
  return Object.fromEntries(
    properties.flatMap(([name, field]) => (required.includes(name) ? [[name, field['example'] ?? 'x'] as const] : [])),
  );
}
