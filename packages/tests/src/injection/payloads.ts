/** Told by an answer only where a payload was run: the payloads themselves hold it in two parts. */
export const evidence = 'pikainjected';

/** Longer than any answer may take. */
export const sleepSeconds = 20;

/** Ways out of where a value stands: a text, a number, a list, an identifier, a dollar-quoted text. */
const exits = [
  "'",
  "''",
  '"',
  ')',
  "')",
  "'))",
  '"))',
  '1',
  "1'",
  '\\',
  "\\'",
  "%'",
  '$$',
  '$1',
  "E'\\\\'",
  '\u{2019}',
  '%27',
  '`',
];

/** What is tried once outside. */
const attacks = [
  ' OR 1=1',
  " OR 'a'='a'",
  ' AND 1=0',
  ` OR pg_sleep(${sleepSeconds}) IS NULL`,
  `||pg_sleep(${sleepSeconds})`,
  `; SELECT pg_sleep(${sleepSeconds})`,
  ` AND 1=(SELECT 1 FROM pg_sleep(${sleepSeconds}))`,
  `; DROP TABLE users.users CASCADE`,
  `; DELETE FROM business.businesses`,
  `; UPDATE users.users SET display_name='x'`,
  `; CREATE TABLE public.pika_was_here ()`,
  ` UNION SELECT 'pika'||'injected'`,
  ` UNION ALL SELECT NULL,NULL,'pika'||'injected'`,
  `||(SELECT 'pika'||'injected')`,
  ` AND CAST('pika'||'injected' AS int)=1`,
  ` AND 1=CAST((SELECT current_user) AS int)`,
  `; COPY (SELECT 1) TO PROGRAM 'id'`,
  `; SELECT set_config('role','pika_owner',false)`,
  ` ORDER BY 99`,
  ` LIMIT 0 OFFSET 1`,
  ` AND (SELECT count(*) FROM pg_user)>0`,
  `; DO $$BEGIN PERFORM pg_sleep(${sleepSeconds}); END$$`,
  ` RETURNING *`,
  ` IS NULL OR TRUE`,
];

const endings = ['', ' --', ';--', ' /*', ')--', '\0'];

/** Those that succeed in the commonest gaps: tried in each place, however few of the others are. */
export const surestInjections: readonly string[] = [
  "' OR 1=1 --",
  "' OR 'a'='a",
  "') OR 1=1 --",
  '" OR 1=1 --',
  '1 OR 1=1',
  "' UNION SELECT 'pika'||'injected' --",
  "'||(SELECT 'pika'||'injected')||'",
  `'; SELECT pg_sleep(${sleepSeconds}) --`,
];

/** Every exit with every attack and, turn by turn, the endings; then those that need no exit. At least 500, all different. */
export const injections: readonly string[] = [
  ...new Set([
    ...surestInjections,
    ...exits.flatMap((exit, at) =>
      attacks.flatMap((attack, then) =>
        [0, 1].map((turn) => `${exit}${attack}${endings[(at + then + turn * 3) % endings.length] ?? ''}`),
      ),
    ),
    `(SELECT pg_sleep(${sleepSeconds}))`,
    `pg_sleep(${sleepSeconds})`,
    `{"$ne":null}`,
    `1;SELECT(1)`,
    `1/**/OR/**/1=1`,
    `0x31 OR 1`,
    `ST_GeomFromText('POINT(0 0)')`,
    `' AND extractvalue(1,1)--`,
    `a' & 'b':*|!('`,
    `':*`,
    `& | ! ( ) <-> :*`,
    `\u{FF07} OR 1=1--`,
    `'\n;SELECT 1`,
    `%' ESCAPE '!' OR 1=1--`,
    `__%__`,
  ]),
];

/**
 * The same words without what SQL gives a meaning to: what an answer must be like. Also with the commas that make a list,
 * as long as the payload, for what counts characters, and without new spaces, for what takes none.
 */
export function harmless(payload: string): string[] {
  const spaced = [/[^\p{L}\p{N}\s]/gu, /[^\p{L}\p{N}\s,]/gu].map((signs) =>
    payload.replaceAll(signs, ' ').replaceAll('\0', ' '),
  );
  const forms = [...spaced.map((words) => words.trim()), ...spaced, payload.replaceAll(/[^\p{L}\p{N}\s]/gu, 'x')];
  return [...new Set(forms.map((words) => (words.trim() === '' ? 'zzz' : words)))];
}
