import pg from 'pg';

/** What an error of pg, of Prisma or of the network says in fields of its own, whichever way it came. */
export interface ErrorFacts {
  /** The SQLSTATE where there is one, else Prisma's code, else the network's. */
  code: string;
  constraint: string | null;
  /** The names in PostgreSQL's sentence, which stand in quotes in each of its languages. */
  names: readonly string[];
  /** Everything said in words. */
  text: string;
  /** PostgreSQL or Prisma said it, or the way to them failed. */
  isOfDatabase: boolean;
}

const refusals = new WeakMap<object, pg.DatabaseError>();

/** Keeps what PostgreSQL said beside what Prisma made of it, which has lost the constraint's name. */
export function rememberRefusal(error: unknown, refusal: pg.DatabaseError | null): void {
  if (refusal !== null && isRecord(error)) refusals.set(error, refusal);
}

export function factsOf(error: unknown): ErrorFacts {
  const chain = chainOf(error);
  const refusal = refusalOf(chain);
  const states = chain.flatMap(({ originalCode, code }) => [originalCode, code]).filter(isText);
  const code = refusal?.code ?? states.find(isSqlState) ?? states[0] ?? '';
  return {
    code,
    constraint: refusal?.constraint ?? constraintOf(chain),
    names: namesIn(refusal?.message ?? sentenceOf(chain)),
    text: [refusal?.message, ...chain.flatMap(({ message, originalMessage }) => [message, originalMessage])]
      .filter(isText)
      .join('\n'),
    isOfDatabase: refusal !== null || chain.some(isOfDatabase),
  };
}

type Link = Record<string, unknown>;

function refusalOf(chain: readonly object[]): pg.DatabaseError | null {
  const remembered = chain.map((each) => refusals.get(each)).find((each) => each !== undefined);
  return remembered ?? chain.find((each) => each instanceof pg.DatabaseError) ?? null;
}

/** The error, then what it carries: Prisma keeps PostgreSQL's words at different depths of its errors. */
function chainOf(error: unknown, depth = 0): Link[] {
  if (depth > 6 || !isRecord(error)) return [];
  const { cause, meta, driverAdapterError } = error;
  return [error, ...[driverAdapterError, meta, cause].flatMap((each) => chainOf(each, depth + 1))];
}

/** As pg gives it, as the adapter does (`constraint.index`), or the last name in quotes of the message. */
function constraintOf(chain: readonly Link[]): string | null {
  for (const { constraint } of chain) {
    if (isText(constraint)) return constraint;
    if (isRecord(constraint) && isText(constraint['index'])) return constraint['index'];
  }
  return namesIn(sentenceOf(chain)).at(-1) ?? null;
}

const sentenceOf = (chain: readonly Link[]) => chain.map(({ originalMessage }) => originalMessage).find(isText) ?? '';

function namesIn(sentence: string): string[] {
  return [...sentence.matchAll(/["«»“„]([^"«»“”„]+)["«»“”]/g)].map(([, name = '']) => name.trim());
}

const isSqlState = (code: string) => /^[0-9A-Z]{5}$/.test(code) && !/^P[1-6]\d{3}$/.test(code);

function isOfDatabase(link: Link): boolean {
  return isText(link['name']) && /^(Prisma|DriverAdapter)/.test(link['name']);
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const isRecord = (value: unknown): value is Link => typeof value === 'object' && value !== null;
