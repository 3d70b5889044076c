/** Writes the OpenAPI document of each app beside it; with --check only says which are stale (exit 1). */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { businessesRoutes, businessProblems, type BusinessDeps } from '@pika/business';
import { gatewayOpenApi } from '@pika/gateway';
import { identityProblems, identityRoutes, type IdentityDeps } from '@pika/identity';
import { buildOpenApi } from '@pika/shared';
import { voucherProblems, vouchersRoutes, type VouchersDeps } from '@pika/vouchers';

const version = '0.1.0';

const documents = {
  business: buildOpenApi({
    title: 'Pika: businesses',
    version,
    description: 'Businesses, categories and languages.',
    routes: businessesRoutes({} as BusinessDeps),
    problems: businessProblems,
  }),
  identity: buildOpenApi({
    title: 'Pika: identity',
    version,
    description: 'Who calls: accounts, log-in, sessions and keys.',
    routes: identityRoutes({} as IdentityDeps),
    problems: identityProblems,
  }),
  vouchers: buildOpenApi({
    title: 'Pika: vouchers',
    version,
    description: 'Offers near a point.',
    routes: vouchersRoutes({} as VouchersDeps),
    problems: voucherProblems,
  }),
  gateway: gatewayOpenApi(),
};

const isCheck = process.argv.includes('--check');
const stale = Object.entries(documents).filter(([app, document]) => {
  const file = fileURLToPath(new URL(`../../apps/${app}/openapi.json`, import.meta.url));
  const text = `${JSON.stringify(document, null, 2)}\n`;
  const isCurrent = existsSync(file) && readFileSync(file, 'utf8') === text;
  if (!isCheck && !isCurrent) writeFileSync(file, text);
  return !isCurrent;
});

const names = stale.map(([app]) => `apps/${app}/openapi.json`).join(', ');
if (stale.length === 0) console.log('The OpenAPI documents are current.');
else if (isCheck) console.error(`Stale: ${names}. Run npm run openapi.`);
else console.log(`Written: ${names}`);
process.exitCode = isCheck && stale.length > 0 ? 1 : 0;
