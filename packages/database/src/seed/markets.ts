import { sql, type Db } from '../db.ts';

interface MarketSeed {
  countryCode: string;
  currency: string;
  defaultLanguage: string;
  /** What an offer must be in to be published there. */
  requiredLanguages: readonly string[];
}

const markets: readonly MarketSeed[] = [
  { countryCode: 'PY', currency: 'PYG', defaultLanguage: 'es', requiredLanguages: ['es', 'en'] },
  { countryCode: 'LB', currency: 'LBP', defaultLanguage: 'ar', requiredLanguages: ['ar', 'en'] },
];

/** Those that are there stay as operators have set them. */
export async function seedMarkets(db: Db): Promise<void> {
  for (const { countryCode, currency, defaultLanguage, requiredLanguages } of markets) {
    await db.$executeRaw(sql`
      INSERT INTO catalog.markets (country_code, currency_code, default_language, required_languages)
      VALUES (${countryCode}, ${currency}, ${defaultLanguage}, ${[...requiredLanguages]}::text[])
      ON CONFLICT DO NOTHING`);
  }
}
