import { asuncionBarrios } from './asuncion-barrios.ts';
import { asuncionPalma } from './asuncion-palma.ts';
import { asuncionPlazaUruguaya } from './asuncion-plaza-uruguaya.ts';
import { asuncionPuerto } from './asuncion-puerto.ts';
import { asuncionVillaMorra } from './asuncion-villa-morra.ts';
import type { SeedBusiness } from './types.ts';

export const asuncion: readonly SeedBusiness[] = [
  ...asuncionBarrios,
  ...asuncionPalma,
  ...asuncionPlazaUruguaya,
  ...asuncionPuerto,
  ...asuncionVillaMorra,
];
