import { createHash } from 'node:crypto';
import { invalidRequest, openCursor, sealCursor } from '@pika/shared';
import { sql, type Sql } from './db.ts';

/** As JSON keeps it exactly: read instants, numerics and bigints as text, for a JavaScript number or Date rounds them. */
export type PageKey = string | number | boolean;

/** One column of a list's total order. It is never NULL, and the last one makes the order total: the key of the table. */
export interface PageColumn<Row> {
  column: Sql;
  /** The row's own value, and that value in SQL with its type: sql`${key}::timestamptz`. */
  keyOf: (row: Row) => PageKey;
  value: (key: PageKey) => Sql;
  isDescending?: boolean;
}

/** A list that is walked by keyset: rows that come or go meanwhile move no other from its page. */
export interface PagedList<Row> {
  name: string;
  columns: readonly PageColumn<Row>[];
}

/** Whose walk it is: a cursor opens only under the same secret, for the same list and the same question. */
export interface PageWalk {
  secret: string;
  /** All that must not change from page to page: filters, not the size of a page. */
  question: unknown;
}

export interface Page<Row> {
  data: Row[];
  page: { next: string | null };
}

/** What stands behind ORDER BY. */
export function orderOf<Row>({ columns }: PagedList<Row>): Sql {
  const parts = columns.map(({ column, isDescending }) => (isDescending ? sql`${column} DESC` : sql`${column}`));
  return parts.reduce((all, part) => sql`${all}, ${part}`);
}

/** What stands behind WHERE: the rows behind `after`, or all of them where the walk begins. */
export function rowsAfter<Row>({ columns }: PagedList<Row>, after: readonly PageKey[] | null): Sql {
  if (after === null) return sql`TRUE`;
  const keys = columns.map(({ column, value, isDescending }, index) => ({
    column,
    isDescending: isDescending === true,
    value: value(keyAt(after, index)),
  }));
  const [first, ...others] = keys;
  if (first === undefined) throw new TypeError('a paged list has no order');
  // One comparison of rows is one range of an index; columns of both directions need it spelt out.
  if (keys.every(({ isDescending }) => isDescending === first.isDescending)) {
    const left = others.reduce((all, { column }) => sql`${all}, ${column}`, first.column);
    const right = others.reduce((all, { value }) => sql`${all}, ${value}`, first.value);
    return first.isDescending ? sql`(${left}) < (${right})` : sql`(${left}) > (${right})`;
  }
  return keys.reduceRight((rest: Sql | null, { column, value, isDescending }) => {
    const beyond = isDescending ? sql`${column} < ${value}` : sql`${column} > ${value}`;
    return rest === null ? beyond : sql`(${beyond} OR (${column} = ${value} AND ${rest}))`;
  }, null)!;
}

/** Where a walk stands by its cursor, or null where the text was not made by us, or for another list or question. */
export function openPage<Row>(list: PagedList<Row>, text: string, walk: PageWalk): PageKey[] | null {
  const payload = openCursor(text, walk.secret);
  if (typeof payload !== 'object' || payload === null || !('of' in payload) || !('after' in payload)) return null;
  const { of, after } = payload;
  if (of !== fingerprint(list.name, walk) || !Array.isArray(after) || after.length !== list.columns.length) return null;
  return after as PageKey[];
}

/** The same for a request's own cursor, which may be absent. Throws `request.invalid` for a cursor of another walk. */
export function pageStart<Row>(list: PagedList<Row>, cursor: string | undefined, walk: PageWalk): PageKey[] | null {
  if (cursor === undefined) return null;
  const after = openPage(list, cursor, walk);
  if (after === null) throw invalidRequest([{ field: 'cursor', code: 'foreignCursor' }]);
  return after;
}

/** A page of at most `limit` rows, out of up to `limit + 1` that were read to know whether there are more. */
export function pageOf<Row>(list: PagedList<Row>, rows: readonly Row[], limit: number, walk: PageWalk): Page<Row> {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  if (rows.length <= limit || last === undefined) return { data, page: { next: null } };
  const after = list.columns.map(({ keyOf }) => keyOf(last));
  return { data, page: { next: sealCursor({ of: fingerprint(list.name, walk), after }, walk.secret) } };
}

function fingerprint(name: string, { question }: PageWalk): string {
  return createHash('sha256')
    .update(JSON.stringify([name, question]))
    .digest('base64url')
    .slice(0, 16);
}

function keyAt(keys: readonly PageKey[], index: number): PageKey {
  const key = keys[index];
  if (key === undefined) throw new TypeError('a cursor has fewer keys than its list');
  return key;
}
