import type { Transaction } from '@pika/database';
import type { Random } from '@pika/tests';
import { oddText } from './sql-operations.ts';

/** One write by Prisma. A constraint may refuse it. */
export type OrmOperation = (db: Transaction, random: Random) => Promise<unknown>;

async function anyId(db: Transaction, table: 'user' | 'category' | 'business' | 'location', random: Random) {
  const page = { select: { id: true }, orderBy: { id: random.pick(['asc', 'desc'] as const) }, take: 20 };
  const rows = await {
    user: () => db.user.findMany(page),
    category: () => db.category.findMany(page),
    business: () => db.business.findMany(page),
    location: () => db.location.findMany(page),
  }[table]();
  return rows.length === 0 ? random.id() : random.pick(rows).id;
}

export const ormOperations: Readonly<Record<string, OrmOperation>> = {
  ormCreateUser: (db, random) =>
    db.user.create({ data: { email: `${random.id()}@x.py`, displayName: oddText(random), languageCode: 'es' } }),
  ormCreateUsers: (db, random) =>
    db.user.createMany({
      data: Array.from({ length: 3 }, () => ({ email: `${random.id()}@x.py`, displayName: oddText(random) })),
    }),
  ormRenameUser: async (db, random) =>
    db.user.update({ where: { id: await anyId(db, 'user', random) }, data: { displayName: oddText(random) } }),
  ormDeleteUser: async (db, random) => db.user.delete({ where: { id: await anyId(db, 'user', random) } }),
  ormTouchUsers: (db, random) =>
    db.user.updateMany({ where: { email: { startsWith: String(random.integer(0, 9)) } }, data: { deletedAt: null } }),
  ormUpsertText: (db, random) => {
    const key = `k${random.integer(0, 400)}`;
    const value = oddText(random);
    return db.translation.upsert({
      where: { key_languageCode: { key, languageCode: 'es' } },
      create: { key, languageCode: 'es', domain: 'voucher', value },
      update: { value },
    });
  },
  ormDeleteTexts: (db, random) => db.translation.deleteMany({ where: { key: `k${random.integer(0, 400)}` } }),
  ormBusinessWithPlaces: async (db, random) =>
    db.business.create({
      data: {
        categoryId: await anyId(db, 'category', random),
        nameKey: random.id(),
        descriptionKey: random.id(),
        sourceLanguage: 'es',
        locations: {
          create: [1, 2].map((latitude) => ({ latitude, longitude: random.between(-180, 180), timeZone: 'UTC' })),
        },
      },
    }),
  ormChangeBusiness: async (db, random) =>
    db.business.update({
      where: { id: await anyId(db, 'business', random) },
      data: {
        website: random.pick([null, 'https://x.example/?q="ñ"']),
        locations: { updateMany: { where: {}, data: { city: oddText(random) } } },
      },
    }),
  ormDeleteBusiness: async (db, random) => db.business.delete({ where: { id: await anyId(db, 'business', random) } }),
  ormMoveLocation: async (db, random) =>
    db.location.update({
      where: { id: await anyId(db, 'location', random) },
      data: { latitude: random.between(-90, 90), hoursText: oddText(random) },
    }),
};
