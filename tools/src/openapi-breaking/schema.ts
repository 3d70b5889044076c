import { isObject, listIn, objectIn, resolved, textsIn, type Json } from './json.ts';

/** What clients send must stay welcome; what they receive must stay what they know. */
export type Direction = 'request' | 'response';

export interface Documents {
  readonly before: Json;
  readonly after: Json;
}

interface Walk extends Documents {
  readonly direction: Direction;
  /** Pairs under comparison, because schemas may hold themselves. */
  readonly visited: ReadonlyMap<Json, ReadonlySet<Json>>;
}

/** What a client of the schema before would stumble over, in words that begin with where. */
export function schemaChanges(documents: Documents, before: unknown, after: unknown, direction: Direction): string[] {
  return compare({ ...documents, direction, visited: new Map() }, before, after, '');
}

function compare(walk: Walk, rawBefore: unknown, rawAfter: unknown, where: string): string[] {
  const before = flat(walk.before, rawBefore);
  const after = flat(walk.after, rawAfter);
  const source = resolved(walk.before, rawBefore);
  const target = resolved(walk.after, rawAfter);
  if (walk.visited.get(source)?.has(target) === true) return [];
  const seen = new Set([...(walk.visited.get(source) ?? []), target]);
  const deeper: Walk = { ...walk, visited: new Map([...walk.visited, [source, seen]]) };
  const branches = branchesOf(before).length > 0 || branchesOf(after).length > 0;
  return [
    ...(branches ? branchChanges(deeper, before, after, where) : typeChanges(walk.direction, before, after, where)),
    ...valueChanges(walk.direction, before, after, where),
    ...(walk.direction === 'request' ? boundChanges(before, after, where) : []),
    ...fieldChanges(deeper, before, after, where),
    ...itemChanges(deeper, before, after, where),
  ];
}

/** With what `allOf` brings, as one schema. */
function flat(document: Json, raw: unknown): Json {
  const schema = resolved(document, raw);
  const parts = listIn(schema, 'allOf').map((part) => flat(document, part));
  if (parts.length === 0) return schema;
  const all = [...parts, schema];
  return {
    ...Object.assign({}, ...all),
    properties: Object.assign({}, ...all.map((part) => objectIn(part, 'properties'))),
    required: all.flatMap((part) => textsIn(part, 'required')),
    allOf: [],
  };
}

const branchesOf = (schema: Json) => [...listIn(schema, 'anyOf'), ...listIn(schema, 'oneOf')];

function branchChanges(walk: Walk, before: Json, after: Json, where: string): string[] {
  const alternatives = (schema: Json) => (branchesOf(schema).length > 0 ? branchesOf(schema) : [schema]);
  const olds = alternatives(before);
  const news = alternatives(after);
  const fits = (old: unknown, young: unknown) => compare(walk, old, young, '').length === 0;
  const isLost =
    walk.direction === 'request'
      ? olds.some((old) => !news.some((young) => fits(old, young)))
      : news.some((young) => !olds.some((old) => fits(old, young)));
  if (!isLost) return [];
  return [
    at(where, walk.direction === 'request' ? 'takes fewer alternatives' : 'has alternatives that were not known'),
  ];
}

function typesOf(schema: Json): string[] | null {
  const { type } = schema;
  if (typeof type === 'string') return [type];
  return Array.isArray(type) ? type.map(String) : null;
}

function typeChanges(direction: Direction, before: Json, after: Json, where: string): string[] {
  const olds = typesOf(before);
  const news = typesOf(after);
  const [narrow, wide] = direction === 'request' ? [olds, news] : [news, olds];
  // Without a type it is any.
  if (wide === null) return [];
  const fits = (type: string) => wide.includes(type) || (type === 'integer' && wide.includes('number'));
  if (narrow !== null && narrow.every(fits)) return [];
  return [at(where, `was ${told(olds)} and is ${told(news)}`)];
}

const told = (types: readonly string[] | null) => types?.toSorted().join(' or ') ?? 'anything';

function valuesOf(schema: Json): unknown[] | null {
  if ('const' in schema) return [schema['const']];
  return Array.isArray(schema['enum']) ? schema['enum'] : null;
}

function valueChanges(direction: Direction, before: Json, after: Json, where: string): string[] {
  const olds = valuesOf(before);
  const news = valuesOf(after);
  if (news === null) return [];
  if (olds === null) return direction === 'request' ? [at(where, 'takes only some values')] : [];
  const gone = olds.filter((old) => !news.includes(old));
  return gone.map((value) => at(where, `knows ${JSON.stringify(value)} no more`));
}

const lowerBounds = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const upperBounds = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
const exactRules = ['pattern', 'format', 'multipleOf', 'uniqueItems'];

function boundChanges(before: Json, after: Json, where: string): string[] {
  const tighter = (names: readonly string[], isTighter: (old: number, young: number) => boolean) =>
    names.filter((name) => {
      const [old, young] = [before[name], after[name]];
      return typeof young === 'number' && (typeof old !== 'number' || isTighter(old, young));
    });
  const changed = [
    ...tighter(lowerBounds, (old, young) => young > old),
    ...tighter(upperBounds, (old, young) => young < old),
    ...exactRules.filter((name) => after[name] !== undefined && after[name] !== false && after[name] !== before[name]),
  ];
  return changed.map((name) => at(where, `has a narrower ${name}`));
}

function fieldChanges(walk: Walk, before: Json, after: Json, where: string): string[] {
  const olds = objectIn(before, 'properties');
  const news = objectIn(after, 'properties');
  const oldRequired = textsIn(before, 'required');
  const newRequired = textsIn(after, 'required');
  const isObjectStill = typesOf(after)?.includes('object') ?? 'properties' in after;
  if (!isObjectStill) return [];
  const changes: string[] = [];
  for (const [name, old] of Object.entries(olds)) {
    const field = inside(where, name);
    if (name in news) changes.push(...compare(walk, old, news[name], field));
    else if (walk.direction === 'response' || after['additionalProperties'] === false)
      changes.push(at(field, 'is gone'));
    if (walk.direction === 'response' && name in news && oldRequired.includes(name) && !newRequired.includes(name)) {
      changes.push(at(field, 'may be absent now'));
    }
  }
  if (walk.direction === 'request') {
    const demanded = newRequired.filter((name) => !oldRequired.includes(name));
    changes.push(...demanded.map((name) => at(inside(where, name), 'is required now')));
    if (after['additionalProperties'] === false && before['additionalProperties'] !== false && 'properties' in before) {
      changes.push(at(where, 'takes no other fields any more'));
    }
  }
  if (isObject(before['additionalProperties']) && isObject(after['additionalProperties'])) {
    changes.push(...compare(walk, before['additionalProperties'], after['additionalProperties'], inside(where, '*')));
  }
  return changes;
}

function itemChanges(walk: Walk, before: Json, after: Json, where: string): string[] {
  const pairs: [unknown, unknown][] = listIn(before, 'prefixItems').map((item, position) => [
    item,
    listIn(after, 'prefixItems')[position],
  ]);
  if (isObject(before['items']) && isObject(after['items'])) pairs.push([before['items'], after['items']]);
  return pairs.flatMap(([old, young]) => compare(walk, old, young ?? {}, `${where}[]`));
}

const inside = (where: string, name: string) => (where === '' ? name : `${where}.${name}`);
const at = (where: string, change: string) => (where === '' ? change : `${where} ${change}`);
