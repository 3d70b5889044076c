import { ciudadDelEsteLago } from './ciudad-del-este-lago.ts';
import { ciudadDelEsteMicrocentro } from './ciudad-del-este-microcentro.ts';
import type { SeedBusiness } from './types.ts';

export const ciudadDelEste: readonly SeedBusiness[] = [...ciudadDelEsteLago, ...ciudadDelEsteMicrocentro];
