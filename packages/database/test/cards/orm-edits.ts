import { linkVouchers, settleDrafts, upsertLocations, upsertTranslations, type Transaction } from '@pika/database';
import type { Random } from '@pika/tests';
import { languageCodes, randomPlace, randomText, sourceLanguages } from './market.ts';
import { anyOf, type Pools } from './pools.ts';

/** One write, by Prisma or by the functions that the seed and the import write with. */
export type OrmEdit = (db: Transaction, random: Random, pools: Pools) => Promise<unknown>;

export const ormEdits: Readonly<Record<string, OrmEdit>> = {
  ormChangeVoucher: (db, random, pools) =>
    db.voucher.update({
      where: { id: anyOf(random, pools.vouchers) },
      data: { percentOff: random.integer(1, 100), sourceLanguage: random.pick(sourceLanguages) },
    }),
  ormPublish: (db, random, pools) =>
    db.voucher.updateMany({
      where: { id: { in: random.sample(pools.vouchers, 4) }, state: { in: ['draft', 'suspended', 'published'] } },
      data: { state: 'published' },
    }),
  ormSuspend: (db, random, pools) =>
    db.voucher.updateMany({
      where: { id: { in: random.sample(pools.vouchers, 2) }, state: 'published' },
      data: { state: 'suspended' },
    }),
  ormDeleteVoucher: (db, random, pools) => db.voucher.delete({ where: { id: anyOf(random, pools.vouchers) } }),
  ormLink: (db, random, pools) =>
    db.voucherLocation.create({
      data: { voucherId: anyOf(random, pools.vouchers), locationId: anyOf(random, pools.locations) },
    }),
  ormUnlink: (db, random, pools) =>
    db.voucherLocation.deleteMany({ where: { voucherId: anyOf(random, pools.vouchers) } }),
  ormText: (db, random, pools) => {
    const { key, domain } = random.pick(pools.keys);
    const languageCode = random.pick(languageCodes);
    const value = randomText(random);
    return db.translation.upsert({
      where: { key_languageCode: { key, languageCode } },
      create: { key, languageCode, domain, value },
      update: { value },
    });
  },
  ormDeleteText: (db, random, pools) =>
    db.translation.deleteMany({
      where: { key: random.pick(pools.keys).key, languageCode: random.pick(languageCodes) },
    }),
  ormMoveLocation: (db, random, pools) =>
    db.location.update({ where: { id: anyOf(random, pools.locations) }, data: randomPlace(random) }),
  ormDeleteLocation: (db, random, pools) => db.location.delete({ where: { id: anyOf(random, pools.locations) } }),
  ormBusiness: (db, random, pools) =>
    db.business.update({
      where: { id: anyOf(random, pools.businesses) },
      data: { nameKey: `business.${random.id()}.name`, logoUrl: random.pick([null, 'https://l.example/2']) },
    }),
  ormCategory: (db, random, pools) =>
    db.category.update({
      where: { id: anyOf(random, pools.categories) },
      data: { parentId: random.chance(0.4) ? null : anyOf(random, pools.categories), position: random.integer(0, 9) },
    }),
  ormLanguage: (db, random) =>
    db.language.update({ where: { code: random.pick(languageCodes) }, data: { isActive: random.chance(0.6) } }),
  upsertTexts: (db, random, pools) =>
    upsertTranslations(
      db,
      random.sample(pools.keys, 5).map(({ key, domain }) => ({
        key,
        domain,
        language: random.pick(languageCodes),
        value: randomText(random),
      })),
    ),
  upsertPlaces: async (db, random, pools) => {
    const rows = await db.location.findMany({ where: { id: { in: random.sample(pools.locations, 3) } } });
    return upsertLocations(
      db,
      rows.map(({ id, businessId, street, city, countryCode }) => ({
        id,
        businessId,
        street,
        city,
        countryCode,
        ...randomPlace(random),
        weeklyMinutes: null,
        hoursText: null,
      })),
    );
  },
  linkMany: (db, random, pools) =>
    linkVouchers(
      db,
      random.sample(pools.vouchers, 3).map((voucherId) => ({ voucherId, locationId: anyOf(random, pools.locations) })),
    ),
  publishMany: (db, random, pools) => settleDrafts(db, random.sample(pools.vouchers, 10), 'published'),
};
