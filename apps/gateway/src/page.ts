import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { matchesWeakly, mountGet, sharedProblems, type HelmetOptions } from '@pika/shared';
import { Router, type RequestHandler } from 'express';

/** Where `apps/page/build.ts` puts the page. */
const siteFolder = fileURLToPath(new URL('../../page/dist/site/', import.meta.url));

export interface PageSettings {
  /** Such as `https://tile.example/{z}/{x}/{y}.png`; without it the map draws the outlines of the land. */
  tileUrl: string | undefined;
  /** Credit for the tiles, in plain text. */
  tileAttribution: string | undefined;
}

/** What a page may ask the device for. */
const ofConsumers = 'camera=(), geolocation=(self), microphone=()';
const ofStaff = 'camera=(self), geolocation=(self), microphone=()';

/**
 * The page at `/` and, for an address to share, at `/vouchers/{id}`; that of the counter, with the worker that keeps it for
 * when there is no network; and their files, which never change their content.
 */
export function pageRouter(settings: PageSettings): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const files = readFiles(join(siteFolder, 'assets'));
  const page = document(htmlOf(settings), { 'Permissions-Policy': ofConsumers });
  const counter = document(readSite('counter.html'), { 'Permissions-Policy': ofStaff });
  const worker = document(readSite('counter-worker.js'), { 'Content-Type': types['.js'] });

  const file: RequestHandler = (request, response) => {
    const found = files.get(String(request.params['name']));
    if (found === undefined) throw sharedProblems['route.notFound']();
    const encoding = ['br', 'gzip'].find(
      (each) => request.headers['accept-encoding']?.includes(each) === true && found.encoded.has(each),
    );
    const body = found.encoded.get(encoding ?? 'identity') ?? Buffer.alloc(0);
    if (encoding !== undefined) response.setHeader('Content-Encoding', encoding);
    response.setHeader('Vary', 'Accept-Encoding');
    response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
    response.setHeader('Content-Type', found.type);
    response.setHeader('Content-Length', body.byteLength);
    response.end(body);
  };

  mountGet(router, '/', page);
  mountGet(router, '/vouchers/:id', page);
  mountGet(router, '/counter', counter);
  mountGet(router, '/counter-worker.js', worker);
  mountGet(router, '/assets/:name', file);
  return router;
}

/** Something that may change: asked for anew each time, and sent again only then. */
function document(text: string, headers: Readonly<Record<string, string | undefined>>): RequestHandler {
  const tag = `"${createHash('sha1').update(text).digest('base64url')}"`;
  return (request, response) => {
    response.setHeader('Cache-Control', 'no-cache');
    response.setHeader('ETag', tag);
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
    if (matchesWeakly(request.headers['if-none-match'], tag)) {
      response.removeHeader('Content-Type');
      response.status(304).end();
      return;
    }
    response.setHeader('Content-Length', Buffer.byteLength(text));
    response.end(text);
  };
}

/** Which of our headers the page needs, by path prefix: everything is ours, but for the tiles. */
export function pagePolicies({ tileUrl }: PageSettings): Record<string, HelmetOptions> {
  const tiles = tileUrl === undefined ? [] : [new URL(tileUrl.replaceAll('{s}', '*')).origin];
  const policy: HelmetOptions = {
    // Owners of tiles ask to be told whose page shows them.
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
    frameguard: { action: 'deny' },
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', ...tiles],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
  };
  return { '/': policy, '/vouchers': policy, '/assets': policy, '/counter': policy, '/counter-worker.js': policy };
}

function htmlOf({ tileUrl, tileAttribution }: PageSettings): string {
  return readSite('index.html')
    .replace('{{tileUrl}}', () => escapeHtml(tileUrl ?? ''))
    .replace('{{tileAttribution}}', () => escapeHtml(tileAttribution ?? ''));
}

const readSite = (name: string) => readFileSync(join(siteFolder, name), 'utf8');

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

interface SiteFile {
  type: string;
  encoded: Map<string, Buffer>;
}

/** All files of the page, in memory (2 MB), with what was compressed beforehand. */
function readFiles(folder: string): Map<string, SiteFile> {
  const encodings: Readonly<Record<string, string>> = { '.br': 'br', '.gz': 'gzip' };
  const files = new Map<string, SiteFile>();
  for (const entry of readdirSync(folder)) {
    const encoding = encodings[extname(entry)];
    const name = encoding === undefined ? entry : entry.slice(0, -extname(entry).length);
    const file = files.get(name) ?? { type: types[extname(name)] ?? 'application/octet-stream', encoded: new Map() };
    file.encoded.set(encoding ?? 'identity', readFileSync(join(folder, entry)));
    files.set(name, file);
  }
  return files;
}
