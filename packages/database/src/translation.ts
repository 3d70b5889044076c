/**
 * The texts of one entity as `i18n.render_text` resolves them for one fallback chain: [inside of a JSON object, inside
 * of `served` (null where nothing fell back), deepest place of the chain used, languages used].
 */
export type ResolvedText = readonly [body: string, served: string | null, depth: number, languages: string[]];

/** The fields themselves. */
export function fieldsOf<Name extends string>([body]: ResolvedText): Record<Name, string | null> {
  return JSON.parse(`{${body}}`) as Record<Name, string | null>;
}

/** The fields of several entities that fell back, each with the language it is in. */
export function servedOf(...texts: readonly ResolvedText[]): Record<string, string> {
  const inside = texts.flatMap(([, served]) => served ?? []).join(',');
  return JSON.parse(`{${inside}}`) as Record<string, string>;
}

/** Every language used, in order of appearance. */
export function languagesOf(texts: readonly ResolvedText[]): string[] {
  return [...new Set(texts.flatMap(([, , , languages]) => languages))];
}
