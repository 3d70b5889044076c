import { fieldsOf, languagesOf, servedOf } from '@pika/database';
import { dayHoursOf, instantText, weeklyHoursOf } from '@pika/shared';
import type { BusinessRow, LocationRow } from './business.repository.ts';
import type { BusinessAnswer } from './business.schemas.ts';

export interface MappedBusiness {
  answer: BusinessAnswer;
  languages: string[];
}

export function mapBusiness(
  row: BusinessRow,
  locations: readonly LocationRow[],
  language: string | null,
): MappedBusiness {
  const resolved = [row.text, row.categoryText];
  return {
    answer: {
      id: row.id,
      ...fieldsOf<'name' | 'description'>(row.text),
      language,
      served: servedOf(...resolved),
      category: { id: row.categoryId, slug: row.categorySlug, ...fieldsOf<'name'>(row.categoryText) },
      phone: row.phone,
      website: row.website,
      logoUrl: row.logoUrl,
      closedAt: row.closedAt === null ? null : instantText(row.closedAt),
      locations: locations.map(mapLocation),
      attribution: row.attribution,
    },
    languages: languagesOf(resolved),
  };
}

function mapLocation({
  weeklyMinutes,
  specialDays,
  opensAt,
  ...row
}: LocationRow): BusinessAnswer['locations'][number] {
  return {
    ...row,
    weeklyHours: weeklyMinutes === null ? null : weeklyHoursOf(weeklyMinutes),
    specialDays: specialDays.map(({ date, minutes }) => ({ date, hours: dayHoursOf(minutes) })),
    opensAt: opensAt === null ? null : instantText(opensAt),
  };
}
