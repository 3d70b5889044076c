import type { LanguageSettings } from '@pika/shared';
import type { Database } from './client.ts';
import { sql } from './db.ts';

export interface LanguageDirectory {
  /** The languages there are, from memory: the same object until they change. */
  current: () => LanguageSettings;
  refresh: () => Promise<void>;
  stop(): void;
}

const everySeconds = 5;

/**
 * Keeps the languages of the database at hand, looked up every five seconds: a language that an import adds is
 * negotiated within that time. A look-up that fails keeps what was known and is reported.
 */
export async function openLanguageDirectory(
  { public: { db } }: Pick<Database, 'public'>,
  onError: (error: unknown) => void,
): Promise<LanguageDirectory> {
  let known: LanguageSettings = { languages: [], defaultLanguage: 'en' };
  await refresh();
  const timer = setInterval(() => void refresh().catch(onError), everySeconds * 1_000);
  timer.unref();

  async function refresh(): Promise<void> {
    const rows = await db.$queryRaw<{ code: string; fallbackCode: string | null; isDefault: boolean }[]>(sql`
      SELECT code, fallback_code AS "fallbackCode", is_default AS "isDefault" FROM i18n.languages ORDER BY code`);
    const found: LanguageSettings = {
      languages: rows.map(({ code, fallbackCode }) => ({ code, fallbackCode })),
      defaultLanguage: rows.find(({ isDefault }) => isDefault)?.code ?? 'en',
    };
    if (JSON.stringify(found) !== JSON.stringify(known)) known = found;
  }

  return { current: () => known, refresh, stop: () => clearInterval(timer) };
}
