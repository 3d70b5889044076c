import { contextOf, route, sharedProblems, type Route, type UserCaller } from '@pika/shared';
import type { Request } from 'express';
import { identityProblems } from '../problems.ts';
import { backupCodes, confirmBody, disableBody, enrolBody, enrolment } from './totp.schemas.ts';
import { confirmTotp, disableTotp, enrolTotp, type PersonAsking, type TotpDeps } from './totp.service.ts';

const passwordProblems = [
  identityProblems['auth.wrongPassword'].code,
  identityProblems['auth.locked'].code,
  sharedProblems['access.denied'].code,
];

export function totpRoutes(deps: TotpDeps): Route[] {
  return [enrolRoute(deps), confirmRoute(deps), disableRoute(deps)];
}

interface Asked {
  caller: UserCaller;
  request: Request;
  requestId: string;
  clientAddress: string;
}

const askingOf = ({ caller, request, requestId, clientAddress }: Asked): PersonAsking => ({
  caller,
  requestId,
  clientAddress,
  language: contextOf(request).messageLanguage,
});

function enrolRoute(deps: TotpDeps): Route {
  return route({
    method: 'post',
    path: '/v1/auth/totp/enrol',
    operationId: 'enrolTotp',
    tags: ['Auth'],
    summary: 'Begin to log in with codes of an app too',
    description: 'Nothing changes until a code of the app is confirmed.',
    access: 'authenticated',
    rateLimit: 'login',
    idempotency: 'none',
    body: enrolBody,
    responses: { 200: { description: 'The secret for the app.', content: { 'application/json': enrolment } } },
    problems: [...passwordProblems, identityProblems['totp.alreadyOn'].code],
    handler: async (input) => ({
      body: await enrolTotp(deps, input.body.password, askingOf(input)),
      cacheControl: 'no-store',
    }),
  });
}

function confirmRoute(deps: TotpDeps): Route {
  return route({
    method: 'post',
    path: '/v1/auth/totp/confirm',
    operationId: 'confirmTotp',
    tags: ['Auth'],
    summary: 'Confirm the app by a code of it',
    access: 'authenticated',
    rateLimit: 'login',
    idempotency: 'none',
    body: confirmBody,
    responses: {
      200: { description: 'Codes are asked for from now on.', content: { 'application/json': backupCodes } },
    },
    problems: [
      sharedProblems['access.denied'].code,
      identityProblems['totp.alreadyOn'].code,
      identityProblems['totp.notEnrolled'].code,
      identityProblems['totp.wrongCode'].code,
    ],
    handler: async (input) => ({
      body: { backupCodes: await confirmTotp(deps, input.body.code, askingOf(input)) },
      cacheControl: 'no-store',
    }),
  });
}

function disableRoute(deps: TotpDeps): Route {
  return route({
    method: 'post',
    path: '/v1/auth/totp/disable',
    operationId: 'disableTotp',
    tags: ['Auth'],
    summary: 'Log in without codes again',
    access: 'authenticated',
    rateLimit: 'login',
    idempotency: 'none',
    body: disableBody,
    responses: { 204: { description: 'No code is asked for any more; backup codes are void.' } },
    problems: [...passwordProblems, identityProblems['totp.notEnrolled'].code, identityProblems['totp.wrongCode'].code],
    handler: async (input) => {
      await disableTotp(deps, input.body, askingOf(input));
      return { status: 204 };
    },
  });
}
