import { hash } from 'node:crypto';

const listed = /[\t ]*((?:W\/)?"[\u{21}\u{23}-\u{7E}\u{80}-\u{FF}]*")[\t ]*(?:,|$)|[\t ]*(?:,|$)/uy;

/** The entity tags of a list (RFC 9110, 8.8.3 and 5.6.1), `*`, or null for what is neither. */
export function readEntityTags(header: string): '*' | readonly string[] | null {
  if (header.trim() === '*') return '*';
  const tags: string[] = [];
  for (let position = 0; position < header.length; position = listed.lastIndex) {
    listed.lastIndex = position;
    const match = listed.exec(header);
    if (match === null) return null;
    if (match[1] !== undefined) tags.push(match[1]);
  }
  return tags;
}

const opaque = (tag: string) => tag.replace(/^W\//, '');

/** Whether If-None-Match says that the caller holds this already: weak comparison (RFC 9110, 13.1.2). */
export function matchesWeakly(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  const tags = readEntityTags(header);
  return tags === '*' || (tags?.some((each) => opaque(each) === opaque(tag)) ?? false);
}

/** Whether If-Match lets a change of this pass: strong comparison (RFC 9110, 13.1.1). What cannot be read names nothing. */
export function matchesStrongly(header: string, tag: string): boolean {
  const tags = readEntityTags(header);
  return tags === '*' || (!tag.startsWith('W/') && (tags?.includes(tag) ?? false));
}

/** The strong ETag of a record's version. */
export const etagOfVersion = (version: number): string => `"v${version}"`;

/** The strong ETag of an answer that tells more than its record's version does. */
export function etagOfContent(version: number, content: unknown): string {
  return `"v${version}-${hash('sha256', JSON.stringify(content), 'base64url').slice(0, 16)}"`;
}

/** Whether If-Match lets a change of a record at this version pass; its absence does. */
export function matchesVersion(ifMatch: string | undefined, version: number): boolean {
  return ifMatch === undefined || matchesStrongly(ifMatch, etagOfVersion(version));
}
