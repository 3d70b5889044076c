import {
  contextOf,
  invalidRequest,
  isKnownLanguageTag,
  languageChainOf,
  route,
  type FieldError,
  type Route,
} from '@pika/shared';
import type { Request } from 'express';
import { passwordErrors } from '../password/password.rules.ts';
import { identityProblems } from '../problems.ts';
import { mailSentAnswer, registerBody, verifyEmailBody } from './account.schemas.ts';
import { register, verifyEmail, type AccountDeps } from './account.service.ts';

export function accountRoutes(deps: AccountDeps): Route[] {
  return [registerRoute(deps), verifyEmailRoute(deps)];
}

function registerRoute(deps: AccountDeps): Route {
  return route({
    method: 'post',
    path: '/v1/auth/register',
    operationId: 'register',
    tags: ['Auth'],
    summary: 'Make an account',
    description:
      'A link that verifies the address is sent to it. The answer is the same for an address that has an account: its ' +
      'owner is told by mail.',
    access: 'public',
    rateLimit: 'login',
    body: registerBody,
    responses: { 202: { description: 'Mail is on its way.', content: { 'application/json': mailSentAnswer } } },
    invalid: async ({ body: { password, email } }) =>
      typeof password === 'string'
        ? passwordErrors('password', password, typeof email === 'string' ? email : null)
        : [],
    handler: async ({ body, request, language, requestId, clientAddress }) => {
      const errors = [
        ...passwordErrors('password', body.password, body.email),
        ...languageErrors(body.language, request),
      ];
      if (errors.length > 0) throw invalidRequest(errors);
      const chosen = body.language === undefined ? language : languageChainOf(body.language, languagesOf(request));
      await register(deps, { ...body, language: chosen.chain[0] ?? '' }, { requestId, clientAddress });
      return { status: 202, body: { email: body.email }, cacheControl: 'no-store' };
    },
  });
}

const languagesOf = (request: Request) => contextOf(request).edge.languages().languages;

function languageErrors(tag: string | undefined, request: Request): FieldError[] {
  const languages = languagesOf(request);
  if (tag === undefined || isKnownLanguageTag(tag, languages)) return [];
  return [{ field: 'language', code: 'unknownLanguage', params: { known: languages.map(({ code }) => code) } }];
}

function verifyEmailRoute(deps: AccountDeps): Route {
  return route({
    method: 'post',
    path: '/v1/auth/verify-email',
    operationId: 'verifyEmail',
    tags: ['Auth'],
    summary: 'Verify an e-mail address by its link',
    access: 'public',
    rateLimit: 'login',
    body: verifyEmailBody,
    responses: { 204: { description: 'It is verified; its owner can log in.' } },
    problems: [identityProblems['auth.invalidLink'].code],
    handler: async ({ body: { token }, requestId, clientAddress }) => {
      await verifyEmail(deps, token, { requestId, clientAddress });
      return { status: 204 };
    },
  });
}
