import type { Request } from 'express';

/** Of the socket, or of the proxies that are trusted. */
export function clientAddressOf(request: Request): string {
  return request.ip ?? '';
}
