export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectIn(value: unknown, name: string): Json {
  const child = isObject(value) ? value[name] : undefined;
  return isObject(child) ? child : {};
}

export function listIn(value: unknown, name: string): readonly unknown[] {
  const child = isObject(value) ? value[name] : undefined;
  return Array.isArray(child) ? child : [];
}

export const textsIn = (value: unknown, name: string): string[] => listIn(value, name).map(String);

/** Follows `$ref` within its document, as often as it takes. */
export function resolved(document: Json, value: unknown): Json {
  let node = value;
  while (isObject(node) && typeof node['$ref'] === 'string') {
    const steps = node['$ref'].split('/').slice(1);
    node = steps.reduce<unknown>((at, step) => (isObject(at) ? at[step] : undefined), document);
  }
  return isObject(node) ? node : {};
}
