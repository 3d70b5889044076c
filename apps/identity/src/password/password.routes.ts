import { contextOf, route, sharedProblems, type Route } from '@pika/shared';
import { mailSentAnswer } from '../account/account.schemas.ts';
import { identityProblems } from '../problems.ts';
import { changeBody, forgotBody, resetBody } from './password.schemas.ts';
import { changePassword, forgetPassword, resetPassword, type PasswordServiceDeps } from './password.service.ts';

export function passwordRoutes(deps: PasswordServiceDeps): Route[] {
  return [forgotRoute(deps), resetRoute(deps), changeRoute(deps)];
}

function forgotRoute(deps: PasswordServiceDeps): Route {
  return route({
    method: 'post',
    path: '/v1/auth/password/forgot',
    operationId: 'forgetPassword',
    tags: ['Auth'],
    summary: 'Ask for a link that sets a new password',
    description: 'The answer is the same for an address that nobody has.',
    access: 'public',
    rateLimit: 'login',
    body: forgotBody,
    responses: { 202: { description: 'Mail is on its way.', content: { 'application/json': mailSentAnswer } } },
    handler: async ({ body: { email }, request, requestId, clientAddress }) => {
      const language = contextOf(request).messageLanguage;
      await forgetPassword(deps, { email, language }, { requestId, clientAddress });
      return { status: 202, body: { email }, cacheControl: 'no-store' };
    },
  });
}

function resetRoute(deps: PasswordServiceDeps): Route {
  return route({
    method: 'post',
    path: '/v1/auth/password/reset',
    operationId: 'resetPassword',
    tags: ['Auth'],
    summary: 'Set a new password by the link',
    access: 'public',
    rateLimit: 'login',
    body: resetBody,
    responses: { 204: { description: 'It is set; every session has ended.' } },
    problems: [identityProblems['auth.invalidLink'].code],
    handler: async ({ body, request, requestId, clientAddress }) => {
      const language = contextOf(request).messageLanguage;
      await resetPassword(deps, body, { requestId, clientAddress, language });
      return { status: 204 };
    },
  });
}

function changeRoute(deps: PasswordServiceDeps): Route {
  return route({
    method: 'post',
    path: '/v1/auth/password/change',
    operationId: 'changePassword',
    tags: ['Auth'],
    summary: 'Change my password',
    access: 'authenticated',
    rateLimit: 'login',
    idempotency: 'none',
    body: changeBody,
    responses: { 204: { description: 'It is changed; all other sessions have ended.' } },
    problems: [
      identityProblems['auth.wrongPassword'].code,
      identityProblems['auth.locked'].code,
      sharedProblems['access.denied'].code,
    ],
    handler: async ({ body, caller, request, requestId, clientAddress }) => {
      const language = contextOf(request).messageLanguage;
      await changePassword(deps, body, { caller, requestId, clientAddress, language });
      return { status: 204 };
    },
  });
}
