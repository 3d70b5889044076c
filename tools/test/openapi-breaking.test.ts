import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { breakingChanges } from '../src/openapi-breaking/document.ts';
import type { Json } from '../src/openapi-breaking/json.ts';

// Documents are changed at will.
type Document = any; // eslint-disable-line typescript/no-explicit-any

const base = () => ({
  openapi: '3.1.0',
  paths: {
    '/notes/{id}': {
      get: {
        parameters: [
          { in: 'path', name: 'id', required: true, schema: { type: 'string' } },
          { in: 'query', name: 'limit', schema: { type: 'integer', minimum: 1, maximum: 100 } },
          { in: 'query', name: 'sort', schema: { type: 'string', enum: ['new', 'old'] } },
          { in: 'header', name: 'Accept-Language', schema: { type: 'string' } },
        ],
        responses: {
          200: {
            headers: { ETag: { schema: { type: 'string' } } },
            content: {
              'application/json': { schema: { $ref: '#/components/schemas/Note' } },
              'application/geo+json': { schema: { type: 'object' } },
            },
          },
          404: { content: { 'application/problem+json': { schema: { type: 'object' } } } },
        },
      },
      patch: {
        requestBody: {
          content: {
            'application/json': {
              schema: {
                type: 'object',
                properties: {
                  text: { type: ['string', 'null'], maxLength: 100 },
                  kind: { type: 'string', enum: ['a', 'b'] },
                  amount: { anyOf: [{ type: 'number' }, { type: 'string' }] },
                  tags: { type: 'array', items: { type: 'string' } },
                },
                additionalProperties: false,
              },
            },
          },
        },
        responses: { 204: {} },
      },
    },
    '/gone': { get: { responses: { 200: {} } } },
  },
  components: {
    schemas: {
      Note: {
        type: 'object',
        required: ['id', 'kind'],
        properties: {
          id: { type: 'string' },
          kind: { type: 'string', enum: ['a', 'b'] },
          count: { type: 'integer' },
          price: { anyOf: [{ type: 'number' }, { type: 'null' }] },
          inner: { allOf: [{ $ref: '#/components/schemas/Inner' }], description: 'x' },
          replies: { type: 'array', items: { $ref: '#/components/schemas/Note' } },
        },
      },
      Inner: { type: 'object', required: ['x'], properties: { x: { type: 'string' } } },
    },
  },
});

function changesOf(change: (document: Document) => void): string[] {
  const after: Document = base();
  change(after);
  return breakingChanges(base(), after);
}

const read = (document: Document): Document => document.paths['/notes/{id}'].get;
const write = (document: Document): Document => document.paths['/notes/{id}'].patch;
const note = (document: Document): Document => document.components.schemas.Note;
const sent = (document: Document): Document => write(document).requestBody.content['application/json'].schema;
const get = 'GET /notes/{id}';
const patch = 'PATCH /notes/{id}';
const answer = `${get}: answer 200 application/json:`;
const body = `${patch}: body application/json:`;

describe('breaking', () => {
  const cases: [string, (document: Document) => void][] = [
    ['/gone: is gone', (d) => delete d.paths['/gone']],
    [`${patch}: is gone`, (d) => delete d.paths['/notes/{id}'].patch],
    [`${get}: needs a log-in now`, (d) => (read(d).security = [{ bearer: [] }])],
    [`${get}: query parameter limit is gone`, (d) => read(d).parameters.splice(1, 1)],
    [
      `${get}: query parameter q is required now`,
      (d) => read(d).parameters.push({ in: 'query', name: 'q', required: true }),
    ],
    [`${get}: query parameter limit is required now`, (d) => (read(d).parameters[1].required = true)],
    [`${get}: query parameter limit: has a narrower maximum`, (d) => (read(d).parameters[1].schema.maximum = 50)],
    [`${get}: query parameter limit: has a narrower minimum`, (d) => (read(d).parameters[1].schema.minimum = 2)],
    [`${get}: query parameter sort: knows "old" no more`, (d) => (read(d).parameters[2].schema.enum = ['new', 'x'])],
    [`${get}: path parameter 0: has a narrower format`, (d) => (read(d).parameters[0].schema.format = 'uuid')],
    [`${get}: path parameter 0: takes only some values`, (d) => (read(d).parameters[0].schema.enum = ['x'])],
    [`${get}: answer 404 is gone`, (d) => delete read(d).responses[404]],
    [
      `${get}: answer 200 application/geo+json: is gone`,
      (d) => delete read(d).responses[200].content['application/geo+json'],
    ],
    [`${get}: answer 200 header ETag is gone`, (d) => delete read(d).responses[200].headers.ETag],
    [`${answer} count is gone`, (d) => delete note(d).properties.count],
    [`${answer} kind may be absent now`, (d) => (note(d).required = ['id'])],
    [`${answer} kind knows "b" no more`, (d) => (note(d).properties.kind.enum = ['a'])],
    [`${answer} count was integer and is number`, (d) => (note(d).properties.count.type = 'number')],
    [`${answer} id was string and is null or string`, (d) => (note(d).properties.id.type = ['string', 'null'])],
    [
      `${answer} price has alternatives that were not known`,
      (d) => note(d).properties.price.anyOf.push({ type: 'string' }),
    ],
    [`${answer} inner.x is gone`, (d) => (d.components.schemas.Inner.properties = {})],
    [`${answer} replies[] was object and is string`, (d) => (note(d).properties.replies.items = { type: 'string' })],
    [`${patch}: body is required now`, (d) => (write(d).requestBody.required = true)],
    [`${patch}: body application/json: is gone`, (d) => (write(d).requestBody.content = { 'text/plain': {} })],
    [`${body} text is gone`, (d) => delete sent(d).properties.text],
    [`${body} text was null or string and is string`, (d) => (sent(d).properties.text.type = 'string')],
    [`${body} text has a narrower maxLength`, (d) => (sent(d).properties.text.maxLength = 99)],
    [`${body} kind has a narrower pattern`, (d) => (sent(d).properties.kind.pattern = '^a')],
    [`${body} kind is required now`, (d) => (sent(d).required = ['kind'])],
    [`${body} kind knows "a" no more`, (d) => (sent(d).properties.kind.enum = ['b'])],
    [`${body} amount takes fewer alternatives`, (d) => sent(d).properties.amount.anyOf.pop()],
    [`${body} tags[] has a narrower minLength`, (d) => (sent(d).properties.tags.items.minLength = 1)],
  ];

  it.each(cases)('%s', (expected, change) => {
    expect(changesOf(change)).toEqual([expected]);
  });
});

describe('not breaking', () => {
  const cases: [string, (document: Document) => void][] = [
    ['a new path', (d) => (d.paths['/new'] = { get: { responses: { 200: {} } } })],
    ['a new method', (d) => (d.paths['/gone'].post = { responses: { 200: {} } })],
    [
      'another name of a path parameter',
      (d) => {
        d.paths['/notes/{noteId}'] = d.paths['/notes/{id}'];
        delete d.paths['/notes/{id}'];
        d.paths['/notes/{noteId}'].get.parameters[0].name = 'noteId';
      },
    ],
    ['a new parameter', (d) => read(d).parameters.push({ in: 'query', name: 'q', schema: { type: 'string' } })],
    ['other letters of a header', (d) => (read(d).parameters[3].name = 'accept-language')],
    ['a wider bound', (d) => (read(d).parameters[1].schema.maximum = 200)],
    ['no bound', (d) => delete read(d).parameters[1].schema.minimum],
    ['numbers where integers were', (d) => (read(d).parameters[1].schema.type = 'number')],
    ['a value more', (d) => read(d).parameters[2].schema.enum.push('random')],
    ['a new status', (d) => (read(d).responses[429] = {})],
    ['a new media type', (d) => (read(d).responses[200].content['text/csv'] = {})],
    ['a new field of an answer', (d) => (note(d).properties.extra = { type: 'string' })],
    ['a field that is always there now', (d) => note(d).required.push('count')],
    ['integers where numbers may be', (d) => (note(d).properties.price.anyOf[0].type = 'integer')],
    ['an alternative less of an answer', (d) => note(d).properties.price.anyOf.pop()],
    ['a new field of a body', (d) => (sent(d).properties.extra = { type: 'string' })],
    ['a longer text', (d) => (sent(d).properties.text.maxLength = 200)],
    ['a body that may hold more', (d) => delete sent(d).additionalProperties],
    ['an alternative more', (d) => sent(d).properties.amount.anyOf.push({ type: 'null' })],
    ['other words', (d) => (read(d).summary = 'Other')],
    ['a deprecation', (d) => (read(d).deprecated = true)],
    ['a schema written out', (d) => (note(d).properties.inner = d.components.schemas.Inner)],
  ];

  it.each(cases)('%s', (_name, change) => {
    expect(changesOf(change)).toEqual([]);
  });

  it.each(['business', 'vouchers', 'gateway'])('the document of %s against itself', (app) => {
    const text = readFileSync(new URL(`../../apps/${app}/openapi.json`, import.meta.url), 'utf8');
    const [one, other]: [Json, Json] = [JSON.parse(text), JSON.parse(text)];
    expect(breakingChanges(one, other)).toEqual([]);
    const paths = Object.keys(one['paths'] as Json);
    expect(breakingChanges(one, { ...other, paths: {} })).toHaveLength(paths.length);
  });
});
