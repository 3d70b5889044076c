import { asuncion } from './asuncion.ts';
import { beirut } from './beirut.ts';
import { ciudadDelEste } from './ciudad-del-este.ts';
import { encarnacion } from './encarnacion.ts';
import type { SeedBusiness } from './types.ts';

export { categories } from './categories.ts';
export type {
  Hours,
  SeedBusiness,
  SeedCategory,
  SeedDiscount,
  SeedLanguage,
  SeedLocation,
  SeedVoucher,
  Texts,
} from './types.ts';

export const businesses: readonly SeedBusiness[] = [...asuncion, ...encarnacion, ...ciudadDelEste, ...beirut];
