import { isObject, listIn, objectIn, resolved, type Json } from './json.ts';
import { schemaChanges, type Documents } from './schema.ts';

const methods = ['get', 'post', 'put', 'patch', 'delete'];

/** What a client of the document before would stumble over, one line each, in the order of its paths. */
export function breakingChanges(before: Json, after: Json): string[] {
  const documents = { before, after };
  const paths = new Map(Object.entries(objectIn(after, 'paths')).map(([path, item]) => [shapeOf(path), item]));
  return Object.entries(objectIn(before, 'paths')).flatMap(([path, item]) => {
    const counterpart = paths.get(shapeOf(path));
    if (counterpart === undefined) return [`${path}: is gone`];
    return methods.flatMap((method) => {
      const [old, young] = [objectIn(item, method), objectIn(counterpart, method)];
      if (!isObject(item) || !isObject(item[method])) return [];
      const name = `${method.toUpperCase()} ${path}`;
      if (!isObject(counterpart) || !isObject(counterpart[method])) return [`${name}: is gone`];
      return operationChanges(documents, old, young).map((change) => `${name}: ${change}`);
    });
  });
}

/** The name of a parameter in a path is no client's business. */
const shapeOf = (path: string) => path.replaceAll(/\{\w+\}/g, '{}');

function operationChanges(documents: Documents, before: Json, after: Json): string[] {
  return [
    ...securityChanges(documents, before, after),
    ...parameterChanges(documents, before, after),
    ...bodyChanges(documents, before, after),
    ...answerChanges(documents, before, after),
  ];
}

function securityChanges({ before: oldDocument, after: newDocument }: Documents, before: Json, after: Json): string[] {
  const isOpen = (document: Json, operation: Json) => {
    const demands = Array.isArray(operation['security']) ? operation['security'] : listIn(document, 'security');
    return demands.length === 0 || demands.some((demand) => isObject(demand) && Object.keys(demand).length === 0);
  };
  return isOpen(oldDocument, before) && !isOpen(newDocument, after) ? ['needs a log-in now'] : [];
}

function parametersOf(document: Json, operation: Json): Map<string, Json> {
  const all = listIn(operation, 'parameters').map((parameter) => resolved(document, parameter));
  const inPath = all.filter((parameter) => parameter['in'] === 'path');
  return new Map(
    all.map((parameter) => {
      const place = String(parameter['in']);
      const name = place === 'path' ? String(inPath.indexOf(parameter)) : String(parameter['name']);
      return [`${place} parameter ${place === 'header' ? name.toLowerCase() : name}`, parameter];
    }),
  );
}

function parameterChanges(documents: Documents, before: Json, after: Json): string[] {
  const olds = parametersOf(documents.before, before);
  const news = parametersOf(documents.after, after);
  const demanded = [...news].filter(
    ([name, young]) => young['required'] === true && olds.get(name)?.['required'] !== true,
  );
  return [
    ...[...olds].flatMap(([name, old]) => {
      const young = news.get(name);
      if (young === undefined) return [`${name} is gone`];
      const changes = schemaChanges(documents, old['schema'], young['schema'], 'request');
      return changes.map((change) => `${name}: ${change}`);
    }),
    ...demanded.map(([name]) => `${name} is required now`),
  ];
}

function bodyChanges(documents: Documents, before: Json, after: Json): string[] {
  const old = resolved(documents.before, before['requestBody']);
  const young = resolved(documents.after, after['requestBody']);
  const isNew = young['required'] === true && old['required'] !== true;
  return [
    ...(isNew ? ['body is required now'] : []),
    ...contentChanges(documents, old, young, 'request').map((change) => `body ${change}`),
  ];
}

function answerChanges(documents: Documents, before: Json, after: Json): string[] {
  const news = objectIn(after, 'responses');
  return Object.entries(objectIn(before, 'responses')).flatMap(([status, raw]) => {
    if (news[status] === undefined) return [`answer ${status} is gone`];
    const [old, young] = [resolved(documents.before, raw), resolved(documents.after, news[status])];
    const lostHeaders = Object.keys(objectIn(old, 'headers')).filter((name) => !(name in objectIn(young, 'headers')));
    return [
      ...contentChanges(documents, old, young, 'response'),
      ...lostHeaders.map((name) => `header ${name} is gone`),
    ].map((change) => `answer ${status} ${change}`);
  });
}

function contentChanges(documents: Documents, before: Json, after: Json, direction: 'request' | 'response'): string[] {
  const news = objectIn(after, 'content');
  return Object.entries(objectIn(before, 'content')).flatMap(([type, media]) => {
    if (news[type] === undefined) return [`${type}: is gone`];
    const [old, young] = [objectIn(media, 'schema'), objectIn(news[type], 'schema')];
    return schemaChanges(documents, old, young, direction).map((change) => `${type}: ${change}`);
  });
}
