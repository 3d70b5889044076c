export { openDatabase, type Database, type DatabaseOptions, type Db } from './client.ts';
export { Prisma } from './generated/client.ts';
export { fieldsOf, languagesOf, servedOf, type ResolvedText } from './translation.ts';
export { stableId } from './content/ids.ts';
export { weeklyMinutes, type HoursLine, type MinuteRange } from './content/hours.ts';
export * from './content/upsert.ts';
export { businessIdOf, categoryIdOf, locationIdOf, seed, voucherIdOf, type SeedReport } from './seed/seed.ts';
export { upsertLanguages } from './seed/languages.ts';
