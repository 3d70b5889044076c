import { route, sharedProblems, type Route } from '@pika/shared';
import { identityProblems } from '../problems.ts';
import { erasureBody } from './erasure.schemas.ts';
import { erase, type ErasureDeps } from './erasure.service.ts';

export function erasureRoutes(deps: ErasureDeps): Route[] {
  return [
    route({
      method: 'delete',
      path: '/v1/me',
      operationId: 'eraseMe',
      tags: ['Me'],
      summary: 'Erase me, for good',
      description:
        'Profile, addresses, preferences, log-ins, sessions, roles, memberships and unused claims are removed; what the audit ' +
        'log holds of them can never be read again. Redemptions stay in their ledger, under an id that leads to nobody.',
      access: 'authenticated',
      rateLimit: 'login',
      body: erasureBody,
      responses: { 204: { description: 'Erased; every session has ended.' } },
      problems: [
        identityProblems['auth.wrongPassword'].code,
        identityProblems['auth.locked'].code,
        sharedProblems['access.denied'].code,
        sharedProblems['record.notFound'].code,
        identityProblems['me.soleOwner'].code,
        identityProblems['admin.lastAdmin'].code,
        sharedProblems['record.changed'].code,
      ],
      handler: async ({ caller, body: { password }, request, requestId, clientAddress }) => {
        const ifMatch = request.headers['if-match'];
        await erase(deps, { password, ifMatch }, { caller, requestId, clientAddress });
        return { status: 204 };
      },
    }),
  ];
}
