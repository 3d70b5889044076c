import {
  callerContext,
  inIdempotentTransaction,
  inTransaction,
  lockVersion,
  pageOf,
  pageStart,
  singleStatements,
  type Database,
  type Db,
} from '@pika/database';
import { etagOfVersion, newId, route, sharedProblems, type Route } from '@pika/shared';
import { identityProblems } from '../problems.ts';
import { contentOf, mapAddress } from './address.mapper.ts';
import {
  addressList,
  countAddresses,
  deleteAddress,
  findAddress,
  insertAddress,
  listAddresses,
  lockAddress,
  updateAddress,
  type AddressRow,
} from './address.repository.ts';
import {
  addressAnswer,
  addressesAnswer,
  addressesQuery,
  addressParams,
  addressPatch,
  newAddress,
} from './address.schemas.ts';
import { lockUser } from './profile.repository.ts';

export interface AddressDeps {
  database: Database;
  cursorSecret: string;
  now: () => Date;
}

/** Of one person. */
const addressesMax = 50;

export function addressRoutes(deps: AddressDeps): Route[] {
  return [listRoute(deps), insertRoute(deps), getRoute(deps), patchRoute(deps), deleteRoute(deps)];
}

const notFound = sharedProblems['record.notFound'];
const content = { 'application/json': addressAnswer };
const headers = { ETag: 'Version of the address, for `If-Match`.' };

async function getAddress(tx: Db, userId: string, id: string): Promise<AddressRow> {
  const row = await findAddress(tx, userId, id);
  if (row === null) throw notFound();
  return row;
}

const replyOf = (row: AddressRow) => ({
  body: mapAddress(row),
  cacheControl: 'no-store',
  headers: { ETag: etagOfVersion(row.version) },
});

function listRoute({ database, cursorSecret }: AddressDeps): Route {
  return route({
    method: 'get',
    path: '/v1/me/addresses',
    operationId: 'listAddresses',
    tags: ['Me'],
    summary: 'My addresses, the oldest first',
    access: 'authenticated',
    query: addressesQuery,
    responses: { 200: { description: 'A page of addresses.', content: { 'application/json': addressesAnswer } } },
    handler: async ({ caller, query: { limit, cursor }, requestId, clientAddress }) => {
      const { userId } = caller;
      const walk = { secret: cursorSecret, question: userId };
      const after = pageStart(addressList, cursor, walk);
      const db = singleStatements(database, callerContext(caller, { requestId, clientAddress }));
      const rows = await listAddresses(db, { userId, after, limit: limit + 1 });
      const { data, page } = pageOf(addressList, rows, limit, walk);
      return { body: { data: data.map(mapAddress), page }, cacheControl: 'no-store' };
    },
  });
}

function insertRoute({ database, now }: AddressDeps): Route {
  return route({
    method: 'post',
    path: '/v1/me/addresses',
    operationId: 'insertAddress',
    tags: ['Me'],
    summary: 'Add an address',
    description: `At most ${addressesMax} of one person.`,
    access: 'authenticated',
    impersonated: true,
    idempotency: 'required',
    body: newAddress,
    responses: {
      201: { description: 'The address.', content, headers: { ...headers, Location: 'Where it is.' } },
    },
    problems: [identityProblems['address.tooMany'].code, notFound.code],
    handler: ({ caller, body, idempotency, requestId, clientAddress }) => {
      const { userId } = caller;
      return inIdempotentTransaction(
        database,
        callerContext(caller, { requestId, clientAddress }),
        idempotency,
        async (tx) => {
          await lockVersion(tx, lockUser(userId), undefined);
          if ((await countAddresses(tx, userId)) >= addressesMax) {
            return identityProblems['address.tooMany']({ params: { maximum: addressesMax } });
          }
          const id = newId(now());
          await insertAddress(tx, id, userId, body);
          const reply = replyOf(await getAddress(tx, userId, id));
          return { ...reply, status: 201, headers: { ...reply.headers, Location: `/v1/me/addresses/${id}` } };
        },
      );
    },
  });
}

function getRoute({ database }: AddressDeps): Route {
  return route({
    method: 'get',
    path: '/v1/me/addresses/{id}',
    operationId: 'getAddress',
    tags: ['Me'],
    summary: 'One of my addresses',
    access: 'authenticated',
    params: addressParams,
    responses: { 200: { description: 'The address.', content, headers } },
    problems: [notFound.code],
    handler: async ({ caller, params: { id }, requestId, clientAddress }) => {
      const db = singleStatements(database, callerContext(caller, { requestId, clientAddress }));
      return { ...replyOf(await getAddress(db, caller.userId, id)), etag: true };
    },
  });
}

function patchRoute({ database }: AddressDeps): Route {
  return route({
    method: 'patch',
    path: '/v1/me/addresses/{id}',
    operationId: 'updateAddress',
    tags: ['Me'],
    summary: 'Change one of my addresses',
    access: 'authenticated',
    impersonated: true,
    params: addressParams,
    body: addressPatch,
    responses: { 200: { description: 'The address.', content, headers } },
    problems: [notFound.code, sharedProblems['record.changed'].code],
    handler: ({ caller, params: { id }, body, request, requestId, clientAddress }) =>
      inTransaction(database, callerContext(caller, { requestId, clientAddress }), async (tx) => {
        const { userId } = caller;
        await lockVersion(tx, lockAddress(userId, id), request.headers['if-match']);
        const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
        await updateAddress(tx, id, { ...contentOf(await getAddress(tx, userId, id)), ...given });
        return replyOf(await getAddress(tx, userId, id));
      }),
  });
}

function deleteRoute({ database, now }: AddressDeps): Route {
  return route({
    method: 'delete',
    path: '/v1/me/addresses/{id}',
    operationId: 'deleteAddress',
    tags: ['Me'],
    summary: 'Remove one of my addresses',
    access: 'authenticated',
    impersonated: true,
    params: addressParams,
    responses: { 204: { description: 'It is gone.' } },
    problems: [notFound.code, sharedProblems['record.changed'].code],
    handler: ({ caller, params: { id }, request, requestId, clientAddress }) =>
      inTransaction(database, callerContext(caller, { requestId, clientAddress }), async (tx) => {
        await lockVersion(tx, lockAddress(caller.userId, id), request.headers['if-match']);
        await deleteAddress(tx, id, now());
        return { status: 204 };
      }),
  });
}
