import fc from 'fast-check';
import { invalidTexts, invalidValues } from './make-values.ts';
import { encode, isLanguageHeader, type FuzzCase } from './make-requests.ts';
import type { Operation, Parameter } from './operations.ts';
import { faultOf, type JsonSchema } from './schemas.ts';

type Change = (request: FuzzCase) => FuzzCase;

/** One way of making a valid request invalid. */
export interface Mutation {
  readonly wrong: string;
  readonly change: fc.Arbitrary<Change>;
}

/** Every way in which the document says that a request of this operation would be wrong. */
export function mutations(operation: Operation): Mutation[] {
  const own = operation.parameters.filter((one) => !isLanguageHeader(one));
  return [
    { wrong: 'an unknown parameter', change: always((request) => withQuery(request, 'colour', 'red')) },
    ...own.flatMap((one) => wrongParameter(operation, one)),
    ...wrongBody(operation),
  ];
}

const always = (change: Change): fc.Arbitrary<Change> => fc.constant(change);

function wrongParameter({ path }: Operation, { in: place, name, required, schema }: Parameter): Mutation[] {
  const set = (request: FuzzCase, text: string): FuzzCase => {
    if (place === 'query') return withQuery(withoutQuery(request, name), name, text);
    if (place === 'header') return { ...request, headers: { ...request.headers, [name.toLowerCase()]: text } };
    return { ...request, path: withSegment(request.path, path, name, text) };
  };
  const wrongTexts = invalidTexts(schema)?.filter((text) => place === 'query' || isPlaceable(place, text)) ?? null;
  return [
    ...(place === 'query'
      ? [
          {
            wrong: `${name} twice`,
            change: always((request) => withQuery(withQuery(request, name, '1'), name, '1')),
          },
        ]
      : []),
    ...(required && place === 'query'
      ? [{ wrong: `no ${name}`, change: always((request) => withoutQuery(request, name)) }]
      : []),
    ...(required && place === 'header'
      ? [{ wrong: `no ${name}`, change: always((request) => withoutHeader(request, name)) }]
      : []),
    ...(wrongTexts === null
      ? []
      : [{ wrong: `a wrong ${name}`, change: wrongTexts.map((text) => (request: FuzzCase) => set(request, text)) }]),
  ];
}

/** A segment is never empty and never walks up; a header has no bytes of control, nor white space around it. */
const isPlaceable = (place: Parameter['in'], text: string) =>
  place === 'path' ? !/^\.{0,2}$/.test(text) : /^[!-~]+$/.test(text);

function wrongBody({ body }: Operation): Mutation[] {
  if (body === null) return [];
  const { schema, required } = body;
  const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>);
  const names = (schema['required'] ?? []) as string[];
  const text = (wrong: string, ...texts: string[]): Mutation => ({
    wrong,
    change: fc.constantFrom(...texts).map((each) => (request: FuzzCase) => withBody(request, each)),
  });
  return [
    text('a body that is no JSON', '{', '{"a":}', "{'a':1}", '{"a":1}x', '\u{FEFF}{}x', 'NaN'),
    text('a body that is no object', '[]', 'null', '1', '"x"', 'true', '[{}]'),
    text('a body that nests too deep', `{"a":${'['.repeat(40)}${']'.repeat(40)}}`),
    {
      wrong: 'an unknown field',
      change: fc
        .constantFrom('colour', '__proto__', 'constructor', 'isAdmin')
        .map((name) => (request: FuzzCase) => withField(request, name, 'red')),
    },
    {
      wrong: 'a body of another type',
      change: fc
        .constantFrom('text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'multipart/form-data')
        .map((type) => (request: FuzzCase) => ({ ...request, headers: { ...request.headers, 'content-type': type } })),
    },
    ...(required ? [{ wrong: 'no body', change: always(({ body: _body, ...request }) => request) }] : []),
    ...names.map((name) => ({ wrong: `no ${name}`, change: always((request) => withField(request, name, undefined)) })),
    ...properties.flatMap(([name, field]) => {
      const local = { ...field, ...('$defs' in schema && { $defs: schema['$defs'] }) };
      const values = invalidValues(local)?.filter((value) => faultOf(local, value) !== null) ?? null;
      if (values === null) return [];
      return [
        {
          wrong: `a wrong ${name}`,
          change: values.map((value) => (request: FuzzCase) => withField(request, name, value)),
        },
      ];
    }),
  ];
}

function withQuery(request: FuzzCase, name: string, text: string): FuzzCase {
  const joint = request.path.includes('?') ? '&' : '?';
  return { ...request, path: `${request.path}${joint}${encode(name)}=${encode(text)}` };
}

function withoutQuery(request: FuzzCase, name: string): FuzzCase {
  const [path = '', query = ''] = request.path.split('?', 2);
  const rest = query.split('&').filter((pair) => pair !== '' && !pair.startsWith(`${encode(name)}=`));
  return { ...request, path: rest.length === 0 ? path : `${path}?${rest.join('&')}` };
}

function withSegment(path: string, template: string, name: string, text: string): string {
  const [segments = '', query] = path.split('?', 2);
  const place = template.split('/').indexOf(`{${name}}`);
  const changed = segments.split('/').with(place, encode(text)).join('/');
  return query === undefined ? changed : `${changed}?${query}`;
}

function withoutHeader(request: FuzzCase, name: string): FuzzCase {
  const rest = Object.entries(request.headers).filter(([each]) => each !== name.toLowerCase());
  return { ...request, headers: Object.fromEntries(rest) };
}

function withBody(request: FuzzCase, body: string): FuzzCase {
  return { ...request, body, headers: { 'content-type': 'application/json', ...request.headers } };
}

/** Written by hand, because an object of JavaScript cannot hold a `__proto__` of its own. */
function withField(request: FuzzCase, name: string, value: unknown): FuzzCase {
  const fields = Object.entries(JSON.parse(request.body ?? '{}') as object).filter(([each]) => each !== name);
  if (value !== undefined) fields.push([name, value]);
  const text = fields.map(([each, one]) => `${JSON.stringify(each)}:${JSON.stringify(one)}`).join(',');
  return withBody(request, `{${text}}`);
}
