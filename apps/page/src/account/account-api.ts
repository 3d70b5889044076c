import { ask } from '../api.ts';
import { exchange, type Answer } from '../exchange.ts';
import type { Tokens } from './session.ts';

export interface Person {
  email: string;
  displayName: string;
  /** BCP 47; null for as the browser says. */
  language: string | null;
  hasSecondFactor: boolean;
}

export interface Notifications {
  emailActivity: boolean;
  emailOffers: boolean;
}

export interface Preferences {
  /** BCP 47; null for as the browser says. */
  language: string | null;
  notifications: Notifications;
}

export interface Address {
  id: string;
  label: string;
  street: string | null;
  city: string | null;
  postalCode: string | null;
  countryCode: string;
}

export interface Device {
  id: string;
  userAgent: string | null;
  clientAddress: string | null;
  /** An operator who acts as the person. */
  impersonatedBy: string | null;
  lastUsedAt: string;
  isCurrent: boolean;
}

export interface Enrolment {
  secret: string;
  /** `otpauth://…` */
  uri: string;
}

export interface Membership {
  businessId: string;
  role: 'owner' | 'manager' | 'redeemer';
}

type Body = Readonly<Record<string, unknown>>;

/** For who is not logged in: no token goes with it. */
const tell = (path: string, body: Body) => exchange<unknown>(path, { method: 'POST', body });
const post = <T>(path: string, body: Body = {}) => ask<T>(path, { method: 'POST', body }).then((answer) => answer.body);
const get = <T>(path: string): Promise<Answer<T>> => ask<T>(path);
const patch = <T>(path: string, body: Body, ifMatch: string | null) => ask<T>(path, { method: 'PATCH', body, ifMatch });
const remove = (path: string, body?: Body) =>
  ask<unknown>(path, { method: 'DELETE', ...(body === undefined ? {} : { body }) });

export const register = (body: { email: string; password: string; displayName: string; language: string }) =>
  tell('/v1/auth/register', body);
export const verifyEmail = (token: string) => tell('/v1/auth/verify-email', { token });
export const forgotPassword = (email: string) => tell('/v1/auth/password/forgot', { email });
export const resetPassword = (token: string, newPassword: string) =>
  tell('/v1/auth/password/reset', { token, newPassword });
export const logIn = (body: { email: string; password: string; code?: string }) =>
  exchange<Tokens>('/v1/auth/login', { method: 'POST', body }).then((answer) => answer.body);

export const logOut = () => post('/v1/auth/logout');
export const logOutEverywhere = () => post('/v1/auth/logout-all');
export const changePassword = (currentPassword: string, newPassword: string) =>
  post('/v1/auth/password/change', { currentPassword, newPassword });
export const enrolTotp = (password: string) => post<Enrolment>('/v1/auth/totp/enrol', { password });
export const confirmTotp = (code: string) => post<{ backupCodes: string[] }>('/v1/auth/totp/confirm', { code });
export const disableTotp = (password: string, code: string) => post('/v1/auth/totp/disable', { password, code });

/** Accepted again, it is answered the same. */
export const acceptInvitation = (token: string) => post<Membership>('/v1/businesses/invitations/accept', { token });

export const getPerson = () => get<Person>('/v1/me');
export const changeName = (displayName: string, ifMatch: string | null) =>
  patch<Person>('/v1/me', { displayName }, ifMatch);
export const erasePerson = (password: string) => remove('/v1/me', { password });
export const getPreferences = () => get<Preferences>('/v1/me/preferences');
export const changePreferences = (change: Partial<Preferences>, ifMatch: string | null) =>
  patch<Preferences>('/v1/me/preferences', change, ifMatch);
export const listAddresses = () => get<{ data: Address[] }>('/v1/me/addresses?limit=100').then(({ body }) => body.data);
/** With the same key it is added once, however often it is sent. */
export const addAddress = (body: Omit<Address, 'id'>, idempotencyKey: string) =>
  ask<Address>('/v1/me/addresses', { method: 'POST', body, idempotencyKey });
export const removeAddress = (id: string) => remove(`/v1/me/addresses/${id}`);
export const listDevices = () => get<{ data: Device[] }>('/v1/me/sessions?limit=100').then(({ body }) => body.data);
export const logOutDevice = (id: string) => remove(`/v1/me/sessions/${id}`);
export const exportAll = () => get<unknown>('/v1/me/export').then(({ body }) => body);
