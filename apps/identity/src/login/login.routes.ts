import { route, type Problem, type Route } from '@pika/shared';
import { identityProblems } from '../problems.ts';
import { tokenPair } from '../session/session.schemas.ts';
import { logInBody } from './login.schemas.ts';
import { logIn, type LoginDeps, type LoginVerdict } from './login.service.ts';

const challenge = { headers: { 'WWW-Authenticate': 'Bearer' } };

const refusals: Readonly<Record<Exclude<LoginVerdict['verdict'], 'success'>, () => Problem>> = {
  wrongCredentials: () => identityProblems['auth.wrongCredentials'](challenge),
  codeRequired: () => identityProblems['auth.codeRequired'](challenge),
  wrongCode: () => identityProblems['auth.wrongCode'](challenge),
};

export function loginRoutes(deps: LoginDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/auth/login',
      operationId: 'logIn',
      tags: ['Auth'],
      summary: 'Log in',
      description:
        'Unknown addresses, wrong passwords and suspended accounts are answered alike. `auth.codeRequired` asks for the ' +
        'same again with `code`. After 5 failures for an account or 50 from an address the next try has to wait, longer ' +
        'each time.',
      access: 'public',
      rateLimit: 'login',
      body: logInBody,
      responses: { 200: { description: 'A new session.', content: { 'application/json': tokenPair } } },
      problems: [
        identityProblems['auth.wrongCredentials'].code,
        identityProblems['auth.codeRequired'].code,
        identityProblems['auth.wrongCode'].code,
        identityProblems['auth.locked'].code,
      ],
      handler: async ({ body: { email, password, code }, request, requestId, clientAddress }) => {
        const answer = await logIn(deps, {
          email,
          password,
          code,
          userAgent: request.headers['user-agent'] ?? null,
          requestId,
          clientAddress,
        });
        if (answer.verdict !== 'success') throw refusals[answer.verdict]();
        return { body: answer.pair, cacheControl: 'no-store' };
      },
    }),
  ];
}
