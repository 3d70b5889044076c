import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readEntityTags } from '../src/entity-tag.ts';
import {
  buildOpenApi,
  etagOfVersion,
  matchesStrongly,
  matchesVersion,
  matchesWeakly,
  mountRoutes,
  route,
  sharedProblems,
} from '../src/index.ts';
import { problemIn, startServer } from './harness.ts';

const documented = { tags: ['Tests'], summary: 'For tests', access: 'public' } as const;
const responses = { 200: { description: 'The note.', content: { 'application/json': z.looseObject({}) } } };

function noteRoutes() {
  let version = 3;
  const read = route({
    ...documented,
    method: 'get',
    path: '/note',
    operationId: 'getNote',
    responses,
    handler: () => ({ body: { version }, headers: { ETag: etagOfVersion(version) }, etag: true }),
  });
  const change = route({
    ...documented,
    method: 'patch',
    path: '/note',
    operationId: 'updateNote',
    body: z.strictObject({}),
    ifMatch: 'required',
    responses,
    handler: ({ request }) => {
      if (!matchesVersion(request.headers['if-match'], version)) throw sharedProblems['record.changed']();
      version += 1;
      return { body: { version }, headers: { ETag: etagOfVersion(version) }, etag: true };
    },
  });
  const old = route({
    ...documented,
    method: 'get',
    path: '/old-note',
    operationId: 'getOldNote',
    deprecated: { since: '2026-01-01T00:00:00Z', sunset: '2027-01-01T00:00:00Z', link: 'https://pika.example/new' },
    responses,
    handler: () => {
      throw sharedProblems['record.notFound']();
    },
  });
  return [read, change, old];
}

describe('a list of entity tags', () => {
  test.each([
    ['"a"', ['"a"']],
    ['W/"a"', ['W/"a"']],
    ['"a", W/"b","c"', ['"a"', 'W/"b"', '"c"']],
    ['"a,b" , "c"', ['"a,b"', '"c"']],
    [', "a",,  ,"b" ,', ['"a"', '"b"']],
    ['""', ['""']],
    [' * ', '*'],
    ['', []],
    ['a', null],
    ['"a', null],
    ['w/"a"', null],
    ['"a" "b"', null],
    ['"a b"', null],
    ['*, "a"', null],
    ['"a";"b"', null],
  ])('%s', (header, expected) => {
    expect(readEntityTags(header)).toEqual(expected);
  });

  test('is read in one pass, whatever it is', () => {
    const property = fc.property(fc.string({ maxLength: 200 }), (text) => {
      const tags = readEntityTags(text);
      expect(tags === null || tags === '*' || tags.every((tag) => /^(?:W\/)?"[^"\s]*"$/.test(tag))).toBe(true);
    });
    fc.assert(property, { numRuns: 500 });
    const startedAt = performance.now();
    expect(readEntityTags(`${'\t'.repeat(8_000)}"`)).toBeNull();
    expect(readEntityTags('"a",'.repeat(4_000))).toHaveLength(4_000);
    expect(performance.now() - startedAt).toBeLessThan(200);
  });

  test('is compared weakly for reading, strongly for changing', () => {
    expect(matchesWeakly('W/"a"', '"a"')).toBe(true);
    expect(matchesWeakly('"a"', 'W/"a"')).toBe(true);
    expect(matchesWeakly('"ab"', '"a"')).toBe(false);
    expect(matchesWeakly('*', 'W/"a"')).toBe(true);
    expect(matchesWeakly(undefined, '"a"')).toBe(false);
    expect(matchesStrongly('"a"', '"a"')).toBe(true);
    expect(matchesStrongly('W/"a"', '"a"')).toBe(false);
    expect(matchesStrongly('W/"a"', 'W/"a"')).toBe(false);
    expect(matchesStrongly('*', '"a"')).toBe(true);
    expect(matchesStrongly('nonsense', '"a"')).toBe(false);
  });
});

describe('If-None-Match', () => {
  test.each([
    ['"v3"', 304],
    ['W/"v3"', 304],
    ['"x", "v3"', 304],
    ['*', 304],
    ['"v33"', 200],
    ['v3', 200],
    ['"x" "v3"', 200],
    ['"', 200],
  ])('%s: %d', async (held, status) => {
    const { get } = await startServer({ routers: [mountRoutes(noteRoutes())] });
    const answer = await get('/note', { 'If-None-Match': held });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('etag')).toBe('"v3"');
    expect(await answer.text()).toBe(status === 304 ? '' : '{"version":3}');
  });

  test('is no matter of changes', async () => {
    const { get } = await startServer({ routers: [mountRoutes(noteRoutes())] });
    const changed = await get('/note', { 'If-Match': '"v3"', 'If-None-Match': '"v4"' }, 'PATCH');
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"v4"']);
  });
});

describe('If-Match', () => {
  test('lets one change of a version pass; the next is told to read again', async () => {
    const { get } = await startServer({ routers: [mountRoutes(noteRoutes())] });
    const missing = await get('/note', { 'Accept-Language': 'en' }, 'PATCH');
    expect(missing.status).toBe(428);
    expect(await problemIn(missing)).toMatchObject({ code: 'request.conditionRequired' });
    for (const wrong of ['"v2"', 'W/"v3"', 'v3', '"3"']) {
      const refused = await get('/note', { 'If-Match': wrong }, 'PATCH');
      expect(refused.status).toBe(412);
      expect(await problemIn(refused)).toMatchObject({ code: 'record.changed' });
    }
    expect((await get('/note', { 'If-Match': '"v3"' }, 'PATCH')).status).toBe(200);
    expect((await get('/note', { 'If-Match': '"v3"' }, 'PATCH')).status).toBe(412);
    expect((await get('/note', { 'If-Match': '*' }, 'PATCH')).status).toBe(200);
  });

  test('that may be left out is documented so', () => {
    const change = route({
      ...documented,
      method: 'patch',
      path: '/note',
      operationId: 'updateNote',
      body: z.strictObject({}),
      responses,
      problems: ['record.changed'],
      handler: () => ({ body: {} }),
    });
    const document = buildOpenApi({ title: 'T', version: '1', description: 'T', routes: [change], problems: {} });
    const parameter = document.paths?.['/note']?.patch?.parameters?.find(
      (each) => 'name' in each && each.name === 'If-Match',
    );
    expect(parameter).toMatchObject({ in: 'header' });
    expect(parameter).not.toMatchObject({ required: true });
  });

  test('is documented with its answers', () => {
    const document = buildOpenApi({ title: 'T', version: '1', description: 'T', routes: noteRoutes(), problems: {} });
    const change = document.paths?.['/note']?.patch;
    expect(Object.keys(change?.responses ?? {})).toEqual(expect.arrayContaining(['412', '428', '429']));
    expect(change?.parameters).toContainEqual(
      expect.objectContaining({ in: 'header', name: 'If-Match', required: true }),
    );
    const read = document.paths?.['/note']?.get;
    expect([read, change].map((each) => each?.responses?.['304'] !== undefined)).toEqual([true, false]);
    expect(document.paths?.['/note']?.get?.parameters).not.toContainEqual(
      expect.objectContaining({ name: 'If-Match' }),
    );
  });
});

describe('a deprecated route', () => {
  test('says since when, until when and what instead, in every answer and in OpenAPI', async () => {
    const { get } = await startServer({ routers: [mountRoutes(noteRoutes())] });
    const { status, headers } = await get('/old-note');
    expect(status).toBe(404);
    expect(headers.get('deprecation')).toBe('@1767225600');
    expect(headers.get('sunset')).toBe('Fri, 01 Jan 2027 00:00:00 GMT');
    expect(headers.get('link')).toBe('<https://pika.example/new>; rel="deprecation"; type="text/html"');
    expect((await get('/note')).headers.get('deprecation')).toBeNull();
    const { paths } = buildOpenApi({ title: 'T', version: '1', description: 'T', routes: noteRoutes(), problems: {} });
    expect(paths?.['/old-note']?.get?.deprecated).toBe(true);
    expect(paths?.['/note']?.get?.deprecated).toBeUndefined();
  });

  test('cannot end before it began, nor at no instant', () => {
    const [old] = noteRoutes().slice(-1);
    if (old === undefined) throw new Error('no route');
    const mount = (since: string, sunset: string) => () => mountRoutes([{ ...old, deprecated: { since, sunset } }]);
    expect(mount('2027-01-01T00:00:00Z', '2026-01-01T00:00:00Z')).toThrow('before');
    expect(mount('soon', '2026-01-01T00:00:00Z')).toThrow('no instant');
  });
});
