import { encarnacionCentro } from './encarnacion-centro.ts';
import { encarnacionCostanera } from './encarnacion-costanera.ts';
import type { SeedBusiness } from './types.ts';

export const encarnacion: readonly SeedBusiness[] = [...encarnacionCentro, ...encarnacionCostanera];
