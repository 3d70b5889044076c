import { callerContext, singleStatements, type Database } from '@pika/database';
import { instantText, route, sharedProblems, type Route } from '@pika/shared';
import { z } from 'zod';
import { voucherProblems } from '../problems.ts';
import type { VoucherKeys } from '../voucher-key/open-voucher-keys.ts';
import { voucherTokenSeconds } from '../voucher-key/voucher-key.ring.ts';
import { lastingViolations } from './claim.mapper.ts';
import type { ClaimRow } from './claim.repository.ts';
import { claimParams } from './claim.schemas.ts';
import { getClaim } from './claim.service.ts';
import { drawPng, drawSvg } from './qr-code.ts';

export interface ClaimQrDeps {
  database: Database;
  voucherKeys: VoucherKeys;
  now: () => Date;
}

export function claimQrRoutes(deps: ClaimQrDeps): Route[] {
  return [
    qrRoute(deps, {
      path: '/v1/claims/{id}/qr.svg',
      operationId: 'getClaimQrSvg',
      type: 'image/svg+xml',
      draw: drawSvg,
    }),
    qrRoute(deps, { path: '/v1/claims/{id}/qr.png', operationId: 'getClaimQrPng', type: 'image/png', draw: drawPng }),
  ];
}

interface Picture {
  path: string;
  operationId: string;
  type: string;
  draw: (text: string) => Uint8Array;
}

const expiresHeader = 'Pika-Token-Expires';

function qrRoute({ database, voucherKeys, now }: ClaimQrDeps, { path, operationId, type, draw }: Picture): Route {
  return route({
    method: 'get',
    path,
    operationId,
    tags: ['Claims'],
    summary: 'The QR code to show at the counter',
    description:
      `A signed token that a till can verify without network. It is good for ${voucherTokenSeconds / 60} minutes at ` +
      'most, and no longer than the claim: ask again before it expires. Nobody but its owner gets it.',
    access: 'authenticated',
    params: claimParams,
    responses: {
      200: {
        description: 'The picture.',
        content: { [type]: z.string().meta({ format: 'binary' }) },
        headers: { [expiresHeader]: 'Until when the token is good (RFC 3339).' },
      },
    },
    problems: [sharedProblems['record.notFound'].code, voucherProblems['claim.over'].code],
    handler: async ({ caller, params: { id }, language, requestId, clientAddress }) => {
      const at = now();
      const db = singleStatements(database, callerContext(caller, { requestId, clientAddress }));
      const row = await getClaim(db, id, { at, point: null, language });
      const violations = lastingViolations(row);
      if (violations.length > 0) throw voucherProblems['claim.over']({ violations });
      const { text, expiresAt } = voucherKeys.sign({ kind: 'claim', id, expiresAt: tokenEnd(row, at) });
      return {
        body: draw(text),
        mediaType: type,
        cacheControl: 'no-store',
        headers: { [expiresHeader]: instantText(expiresAt) },
      };
    },
  });
}

/** A till without network trusts it, so it ends soon, and with whatever ends the claim. */
function tokenEnd({ expiresAt, voucherExpiresAt }: ClaimRow, at: Date): Date {
  const ends = [expiresAt, voucherExpiresAt].flatMap((end) => (end === null ? [] : [end.getTime()]));
  return new Date(Math.min(at.getTime() + voucherTokenSeconds * 1_000, ...ends));
}
