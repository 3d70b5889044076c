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

/** Throws `member.lastOwner`, and `record.notFound` for who is no member. */
export function changeRole(
  database: Database,
  asking: MemberAsking,
  { userId, role }: { userId: string; role: MemberRole },
): Promise<MemberRow> {
  const { businessId } = asking;
  return changeMembers(database, asking, async (tx) => {
    await assertBusinessRole(tx, ['owner']);
    // Before the change: who steps down to redeemer sees no colleagues afterwards.
    const row = await findMember(tx, businessId, userId);
    if (row === null) throw sharedProblems['record.notFound']();
    await updateRole(tx, { businessId, userId, role });
    return { ...row, role };
  });
}

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
