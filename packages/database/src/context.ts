import type { Caller } from '@pika/shared';

export type DatabaseRole = 'pika_app' | 'pika_support' | 'pika_auditor' | 'pika_owner';

export type Actor =
  /** `impersonatedBy`: the operator who acts as this person. */
  | { type: 'user'; id: string; impersonatedBy?: string }
  | { type: 'apiKey'; id: string }
  | { type: 'system'; name: string }
  | { type: 'anonymous' };

/** On whose behalf a transaction runs: what policies, triggers and the audit read of it. */
export interface TransactionContext {
  /** `pika_app` unless said. */
  role?: DatabaseRole;
  actor: Actor;
  roles?: readonly string[];
  businessId?: string;
  requestId?: string;
  language?: string;
  clientAddress?: string;
}

/**
 * The context of a request. `businessId` is one that the caller was found to act for; an operator's routes say
 * `role: 'pika_support'`.
 */
export function callerContext(
  caller: Caller,
  request: Pick<TransactionContext, 'role' | 'businessId' | 'requestId' | 'language' | 'clientAddress'>,
): TransactionContext {
  const actor = actorOf(caller);
  return { ...request, actor, ...(caller.kind === 'user' ? { roles: caller.roles } : {}) };
}

function actorOf(caller: Caller): Actor {
  switch (caller.kind) {
    case 'user':
      return {
        type: 'user',
        id: caller.userId,
        ...(caller.impersonatedBy === undefined ? {} : { impersonatedBy: caller.impersonatedBy }),
      };
    case 'apiKey':
      return { type: 'apiKey', id: caller.keyId };
    default:
      return { type: 'anonymous' };
  }
}

/** The context of a seed or an import, named as the audit shall show it. */
export function systemContext(name: string): TransactionContext {
  return { role: 'pika_owner', actor: { type: 'system', name } };
}

/** The context of a job that works through functions made for it, and may do no more than an app. */
export function jobContext(name: string): TransactionContext {
  return { role: 'pika_app', actor: { type: 'system', name } };
}

/** The transaction's settings by name. Absent ones are '', which `nullif(current_setting(…, true), '')` reads as NULL. */
export function contextSettings(context: TransactionContext): Record<string, string> {
  const { actor, roles = [] } = context;
  if (roles.some((role) => role.includes(','))) throw new TypeError('a role of a context holds no comma');
  return {
    'app.actor': actorText(actor),
    'app.user_id': actor.type === 'user' ? actor.id : '',
    'app.roles': roles.join(','),
    'app.business_id': context.businessId ?? '',
    'app.request_id': context.requestId ?? '',
    'app.client_address': context.clientAddress ?? '',
    'app.language': context.language ?? '',
    role: context.role ?? 'pika_app',
  };
}

function actorText(actor: Actor): string {
  switch (actor.type) {
    case 'user':
      return actor.impersonatedBy === undefined
        ? `user:${actor.id}`
        : `user:${actor.id} by user:${actor.impersonatedBy}`;
    case 'apiKey':
      return `api-key:${actor.id}`;
    case 'system':
      return `system:${actor.name}`;
    default:
      return 'anonymous';
  }
}
