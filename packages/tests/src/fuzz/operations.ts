import type { Access, OpenApiDocument, Route } from '@pika/shared';
import { localReferences, type JsonSchema } from './schemas.ts';

export interface Parameter {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

export interface Answer {
  /** Schemas by media type. */
  readonly content: Readonly<Record<string, JsonSchema>>;
  readonly headers: readonly { readonly name: string; readonly required: boolean; readonly schema: JsonSchema }[];
}

/** One operation of the document, with all that it refers to inside its schemas, and who may call it. */
export interface Operation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: {
    readonly mediaTypes: readonly string[];
    readonly schema: JsonSchema;
    readonly required: boolean;
  } | null;
  readonly answers: ReadonlyMap<number, Answer>;
  readonly access: Access;
  /** Whether an operator who acts as somebody may call it. */
  readonly impersonated: boolean;
}

interface PlainParameter {
  in: Parameter['in'];
  name: string;
  required?: boolean;
  schema: JsonSchema;
}

type PlainContent = Readonly<Record<string, { schema?: JsonSchema }>>;

interface PlainOperation {
  operationId: string;
  parameters?: PlainParameter[];
  requestBody?: { required?: boolean; content: PlainContent };
  responses: Readonly<
    Record<
      string,
      { content?: PlainContent; headers?: Readonly<Record<string, { required?: boolean; schema: JsonSchema }>> }
    >
  >;
}

interface PlainDocument {
  paths: Readonly<Record<string, Readonly<Record<string, PlainOperation>>>>;
  components?: { schemas?: Readonly<Record<string, JsonSchema>> };
}

/** Reads the document as a client does, from its JSON. Throws where it and the routes disagree about what there is. */
export function readOperations(document: OpenApiDocument, routes: readonly Route[]): Operation[] {
  const plain: PlainDocument = JSON.parse(JSON.stringify(document));
  const locate = localReferences(plain.components?.schemas ?? {});
  const declared = new Map(routes.map((route) => [route.operationId, route]));
  const operations = Object.entries(plain.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): Operation => {
      const { operationId, parameters = [], requestBody } = operation;
      const route = declared.get(operationId);
      if (route === undefined) throw new Error(`${operationId} is documented and has no route.`);
      const bodySchema = Object.values(requestBody?.content ?? {})[0]?.schema;
      return {
        operationId,
        method: method.toUpperCase(),
        path,
        access: route.access,
        impersonated: route.impersonated ?? method === 'get',
        parameters: parameters.map((one) => ({
          in: one.in,
          name: one.name,
          required: one.required === true,
          schema: locate(one.schema),
        })),
        body:
          requestBody === undefined || bodySchema === undefined
            ? null
            : {
                mediaTypes: Object.keys(requestBody.content),
                schema: locate(bodySchema),
                required: requestBody.required === true,
              },
        answers: new Map(
          Object.entries(operation.responses).map(([status, { content = {}, headers = {} }]) => [
            Number(status),
            {
              content: Object.fromEntries(
                Object.entries(content).map(([type, { schema }]) => [type, locate(schema ?? {})]),
              ),
              headers: Object.entries(headers).map(([name, header]) => ({
                name,
                required: header.required === true,
                schema: locate(header.schema),
              })),
            },
          ]),
        ),
      };
    }),
  );
  const documented = new Set(operations.map(({ operationId }) => operationId));
  const hidden = routes.filter(({ operationId }) => !documented.has(operationId));
  if (hidden.length > 0) throw new Error(`Not documented: ${hidden.map(({ operationId }) => operationId).join(', ')}`);
  return operations;
}

/** The methods that a path has, as `Allow` must name them. */
export function methodsOf(operations: readonly Operation[], path: string): string[] {
  const methods = operations.filter((each) => each.path === path).map(({ method }) => method);
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].toSorted();
}
