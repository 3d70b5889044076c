import { hash } from 'node:crypto';
import {
  assertBusinessRole,
  callerContext,
  inTransaction,
  insertOutboxEvent,
  type Database,
  type Db,
} from '@pika/database';
import { invitationToken, newId, sharedProblems, type MemberRole, type UserCaller } from '@pika/shared';
import { businessProblems } from '../problems.ts';
import {
  acceptInvitation,
  insertInvitation,
  isMember,
  revokeInvitationTo,
  secondsToNextInvitation,
  type InvitationRow,
} from './invitation.repository.ts';

export interface InvitationDeps {
  database: Database;
  /** Makes the tokens; that of the app that sends the mails. */
  invitationSecret: string;
  cursorSecret: string;
  now: () => Date;
}

/** Seven days. */
export const invitationSeconds = 604_800;

/** Of one business: nobody fills the letter boxes of strangers through us. */
const invitationsPerDay = 50;

const tokenHash = (token: string): Uint8Array => hash('sha256', token, 'buffer');

/**
 * Invites in the inviter's transaction; an open invitation to the same address makes way. Only owners invite others than
 * redeemers, and after 50 of a business in a day it has to wait (`request.tooMany`). Throws `invitation.alreadyMember` for who
 * needs none. The event names the invitation alone: the token follows from its id, under a secret that the database does
 * not have.
 */
export async function invite(
  tx: Db,
  { invitationSecret, now }: InvitationDeps,
  asked: {
    businessId: string;
    email: string;
    role: MemberRole;
    invitedBy: string;
    language: string;
    requestId: string;
  },
): Promise<InvitationRow> {
  const ownRole = await assertBusinessRole(tx, ['owner', 'manager']);
  if (ownRole === 'manager' && asked.role !== 'redeemer') throw sharedProblems['access.denied']();
  const { businessId, email, role, invitedBy } = asked;
  if (await isMember(tx, email)) throw businessProblems['invitation.alreadyMember']();
  const createdAt = now();
  const seconds = await secondsToNextInvitation(tx, { businessId, perDay: invitationsPerDay, now: createdAt });
  if (seconds > 0) {
    throw sharedProblems['request.tooMany']({ params: { seconds }, headers: { 'Retry-After': String(seconds) } });
  }
  const id = newId(createdAt);
  const expiresAt = new Date(createdAt.getTime() + invitationSeconds * 1_000);
  await revokeInvitationTo(tx, { businessId, email, now: createdAt });
  const row = { id, email, role, invitedBy, createdAt, expiresAt };
  await insertInvitation(tx, { ...row, businessId, tokenHash: tokenHash(invitationToken(id, invitationSecret)) });
  await insertOutboxEvent(tx, {
    aggregateType: 'invitation',
    aggregateId: id,
    type: 'invitation.created',
    payload: { invitationId: id, language: asked.language },
    requestId: asked.requestId,
  });
  return { ...row, acceptedAt: null, revokedAt: null };
}

/** Throws `invitation.notFound` for all that is not the caller's business, `invitation.expired`, `invitation.emailNotVerified`. */
export async function accept(
  { database, now }: InvitationDeps,
  {
    caller,
    token,
    requestId,
    clientAddress,
  }: { caller: UserCaller; token: string; requestId: string; clientAddress: string },
): Promise<{ businessId: string; role: MemberRole }> {
  const context = callerContext(caller, { requestId, clientAddress });
  const { verdict, businessId, role } = await inTransaction(database, context, (tx) =>
    acceptInvitation(tx, tokenHash(token), now()),
  );
  if (verdict === 'expired') throw businessProblems['invitation.expired']();
  if (verdict === 'emailNotVerified') throw businessProblems['invitation.emailNotVerified']();
  if (verdict === 'unknown' || businessId === null || role === null) throw businessProblems['invitation.notFound']();
  return { businessId, role };
}
