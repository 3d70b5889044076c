/** An operation that will go away. Instants are RFC 3339. */
export interface Deprecation {
  readonly since: string;
  /** From when on it may no longer answer. */
  readonly sunset?: string;
  /** Where it says what to use instead. */
  readonly link?: string;
}

/** `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and `Link`. Throws where an instant is none, or the end comes first. */
export function deprecationHeaders({ since, sunset, link }: Deprecation): Readonly<Record<string, string>> {
  const from = instant(since);
  const until = sunset === undefined ? undefined : instant(sunset);
  if (until !== undefined && until < from) throw new Error(`The sunset ${sunset} is before the deprecation ${since}.`);
  return {
    Deprecation: `@${Math.floor(from.getTime() / 1_000)}`,
    ...(until !== undefined && { Sunset: until.toUTCString() }),
    ...(link !== undefined && { Link: `<${link}>; rel="deprecation"; type="text/html"` }),
  };
}

function instant(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new Error(`${text} is no instant.`);
  return date;
}
