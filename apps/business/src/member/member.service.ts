import {
  assertBusinessRole,
  callerContext,
  databaseProblem,
  inTransaction,
  type Database,
  type Transaction,
} from '@pika/database';
import { sharedProblems, type Caller, type MemberRole } from '@pika/shared';
import { revokeInvitationsBy } from '../invitation/invitation.repository.ts';
import { businessProblems } from '../problems.ts';
import { deleteMember, findMember, updateRole, type MemberRow } from './member.repository.ts';

export interface MemberAsking {
  caller: Caller;
  businessId: string;
  requestId: string;
  clientAddress: string;
}

export const memberContext = ({ caller, businessId, requestId, clientAddress }: MemberAsking) =>
  callerContext(caller, { requestId, clientAddress, businessId });

/** The database keeps the last owner; the transaction that comes second is told so. */
function changeMembers<Result>(
  database: Database,
  asking: MemberAsking,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  return inTransaction(database, memberContext(asking), work).catch((error: unknown) => {
    throw databaseProblem(error, { members_last_owner: businessProblems['member.lastOwner'] }) ?? error;
  });
}

/**
 * Changes a role; who is less than before has no open invitations any more. Throws `member.lastOwner`, and
 * `record.notFound` for who is no member.
 */
export function changeRole(
  database: Database,
  asking: MemberAsking,
  { userId, role, now }: { userId: string; role: MemberRole; now: Date },
): Promise<MemberRow> {
  const { businessId } = asking;
  return changeMembers(database, asking, async (tx) => {
    await assertBusinessRole(tx, ['owner']);
    // Before the change: who steps down to redeemer sees no colleagues afterwards.
    const row = await findMember(tx, businessId, userId);
    if (row === null) throw sharedProblems['record.notFound']();
    if (isLess(role, row.role)) await revokeInvitationsBy(tx, { businessId, userId, now });
    await updateRole(tx, { businessId, userId, role });
    return { ...row, role };
  });
}

const ranks: readonly MemberRole[] = ['owner', 'manager', 'redeemer'];

const isLess = (role: MemberRole, than: MemberRole): boolean => ranks.indexOf(role) > ranks.indexOf(than);

/** Removes a member, with the invitations they made; everybody may leave. Throws what `changeRole` does. */
export function removeMember(
  database: Database,
  asking: MemberAsking,
  { userId, now }: { userId: string; now: Date },
): Promise<void> {
  const { businessId, caller } = asking;
  const isLeaving = caller.kind === 'user' && caller.userId === userId;
  return changeMembers(database, asking, async (tx) => {
    await assertBusinessRole(tx, isLeaving ? ['owner', 'manager', 'redeemer'] : ['owner']);
    if (!isLeaving && (await findMember(tx, businessId, userId)) === null) throw sharedProblems['record.notFound']();
    await revokeInvitationsBy(tx, { businessId, userId, now });
    if (!(await deleteMember(tx, businessId, userId))) throw sharedProblems['record.notFound']();
  });
}
