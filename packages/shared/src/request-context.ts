import type { IncomingMessage } from 'node:http';
import { anonymous, type Authenticate, type Caller } from './caller.ts';
import { plainAddress } from './client-address.ts';
import { isKnownLanguageTag, negotiateLanguage, type KnownLanguage, type LanguageChain } from './language.ts';
import type { Logger } from './logger.ts';
import type { Messages } from './messages.ts';
import type { Problem } from './problem.ts';
import { parseQuery, type ParsedQuery } from './query-string.ts';
import type { RateLimits } from './rate-limit.ts';

export interface LanguageSettings {
  readonly languages: readonly KnownLanguage[];
  readonly defaultLanguage: string;
}

type Negotiator = (
  settings: LanguageSettings,
  explicit: string | undefined,
  acceptLanguage: string | undefined,
) => LanguageChain;

/** What every request of one server shares. */
export interface Edge {
  readonly logger: Logger;
  readonly messages: Messages;
  readonly languages: () => LanguageSettings;
  readonly negotiateContent: Negotiator;
  readonly negotiateMessages: Negotiator;
  readonly problemFor: (thrown: unknown) => Problem | null;
  readonly authenticate: Authenticate;
  readonly rateLimits: RateLimits | null;
}

/** What a request says before its body. */
export interface RequestHead extends Pick<IncomingMessage, 'url' | 'headers'> {
  /** As Express tells it. */
  readonly ip?: string | undefined;
}

/** What is known about one request besides Express's own view of it. Costly parts are settled on first use. */
export class RequestContext {
  readonly id: string;
  readonly startedAt = performance.now();
  /** The path template that answered, for the access log. */
  route: string | undefined;
  /** Settled by the route, before anything of the request is read. */
  caller: Caller = anonymous;
  readonly edge: Edge;
  readonly #request: RequestHead;
  readonly #url: string;
  #clientAddress: string | undefined;
  #query: ParsedQuery | undefined;
  #language: LanguageChain | undefined;
  #log: Logger | undefined;

  constructor(id: string, request: RequestHead, edge: Edge) {
    this.id = id;
    this.edge = edge;
    this.#request = request;
    this.#url = request.url ?? '/';
  }

  /** The path as it was asked, without the query. */
  get path(): string {
    const mark = this.#url.indexOf('?');
    return mark === -1 ? this.#url : this.#url.slice(0, mark);
  }

  /** Of the socket, or of the proxies that are trusted; '' where that is no address. */
  get clientAddress(): string {
    return (this.#clientAddress ??= plainAddress(this.#request.ip));
  }

  /** Throws `request.malformed` when the percent-encoding is broken. */
  get query(): ParsedQuery {
    return (this.#query ??= parseQuery(this.#url));
  }

  /** The chain of content languages the caller asked for. */
  get language(): LanguageChain {
    return (this.#language ??= this.edge.negotiateContent(
      this.edge.languages(),
      this.query.values['language'] ?? this.#storedLanguage,
      this.#request.headers['accept-language'],
    ));
  }

  get log(): Logger {
    return (this.#log ??= this.edge.logger.child({ requestId: this.id }));
  }

  /** The best language that the system's messages exist in; never throws, because failures are told in it. */
  get messageLanguage(): string {
    const { languages } = this.edge.messages;
    const explicit = this.#explicitLanguage();
    const defaultLanguage = this.#defaultLanguage();
    const isUsable = explicit !== undefined && isKnownLanguageTag(explicit, languages);
    const asked = this.edge.negotiateMessages(
      { languages, defaultLanguage },
      isUsable ? explicit : this.#storedLanguage,
      this.#request.headers['accept-language'],
    );
    return asked.chain[0] ?? defaultLanguage;
  }

  get #storedLanguage(): string | undefined {
    return this.caller.kind === 'user' ? this.caller.language : undefined;
  }

  #explicitLanguage(): string | undefined {
    try {
      return this.query.values['language'];
    } catch {
      return undefined;
    }
  }

  #defaultLanguage(): string {
    try {
      return this.edge.languages().defaultLanguage;
    } catch {
      return 'en';
    }
  }
}

const contextKey = Symbol('pika.context');

declare module 'node:http' {
  interface IncomingMessage {
    [contextKey]?: RequestContext;
  }
}

export function attachContext(request: IncomingMessage, context: RequestContext): void {
  request[contextKey] = context;
}

/** The context that the server attached; a plain error when the request came by another way. */
export function contextOf(request: IncomingMessage): RequestContext {
  const context = request[contextKey];
  if (context === undefined) throw new Error('This request did not pass through createServer.');
  return context;
}

const rememberedMax = 500;

/** Negotiation that remembers recent answers, because callers repeat the same few headers. */
export function rememberingNegotiator(): Negotiator {
  let current: LanguageSettings | undefined;
  const answers = new Map<string, LanguageChain>();
  return (settings, explicit, acceptLanguage) => {
    const isSame = settings.languages === current?.languages && settings.defaultLanguage === current.defaultLanguage;
    if (!isSame || answers.size >= rememberedMax) answers.clear();
    current = settings;
    const key = `${explicit ?? ''}\n${acceptLanguage ?? ''}`;
    let answer = answers.get(key);
    if (answer === undefined) {
      const { languages, defaultLanguage } = settings;
      answer = negotiateLanguage({ explicit, acceptLanguage, languages, defaultLanguage });
      answers.set(key, answer);
    }
    return answer;
  };
}
