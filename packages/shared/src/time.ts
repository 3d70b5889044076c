/** RFC 3339 in UTC, to the second. */
export function instantText(at: Date): string {
  return at.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
