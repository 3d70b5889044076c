import { createHmac, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';

/** What the attacker holds: a good token and all that is public. */
export interface Target {
  good: string;
  issuer: string;
  kid: string;
  publicKey: KeyObject;
  publicJwk: object;
  /** The server's own key, for tokens that only the server could make, wrongly. */
  privateKey: KeyObject;
  userId: string;
  sessionId: string;
  /** A session of the same person that was revoked, and one of a person who was suspended. */
  revoked: { userId: string; sessionId: string };
  suspended: { userId: string; sessionId: string };
  stranger: string;
  now: number;
}

export type Attack = readonly [name: string, token: string];

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

const groupOrder = 2n ** 252n + 27742317777372353535851937790883648493n;

export function attacksOn(target: Target): Attack[] {
  const { good, issuer, kid, publicKey, publicJwk, privateKey, userId, sessionId, now } = target;
  const [goodHead = '', goodPayload = '', goodSignature = ''] = good.split('.');
  const other = generateKeyPairSync('ed25519');
  const otherJwk = other.publicKey.export({ format: 'jwk' });
  const header = { alg: 'EdDSA', typ: 'at+jwt', kid };
  const claims = {
    iss: issuer,
    aud: 'pika',
    sub: userId,
    sid: sessionId,
    roles: [] as unknown,
    businesses: {} as unknown,
    jti: randomUUID() as unknown,
    iat: now,
    exp: now + 600,
  };
  const admin = { ...claims, roles: ['admin'] };

  const signedText = (head: string, payload: string, key: KeyObject = privateKey) => {
    const text = `${encode(head)}.${encode(payload)}`;
    return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
  };
  const signed = (head: object, payload: object, key?: KeyObject) =>
    signedText(JSON.stringify(head), JSON.stringify(payload), key);
  /** Signed by the server, so that nothing but the change is wrong. */
  const withHeader = (change: object) => signed({ ...header, ...change }, claims);
  const withClaims = (change: object) => signed(header, { ...claims, ...change });
  const without = (name: keyof typeof claims) => signed(header, { ...claims, [name]: undefined });
  const macced = (algorithm: 'HS256' | 'HS384' | 'HS512', secret: Buffer | string) => {
    const text = `${encode({ ...header, alg: algorithm })}.${encode(admin)}`;
    const mac = createHmac(`sha${algorithm.slice(2)}`, secret)
      .update(text)
      .digest('base64url');
    return `${text}.${mac}`;
  };
  const unsigned = (alg: string) => `${encode({ ...header, alg })}.${encode(admin)}.`;
  const withSignature = (bytes: Buffer) => `${goodHead}.${goodPayload}.${bytes.toString('base64url')}`;
  const flipped = (part: string, index: number) => {
    const bytes = Buffer.from(part, 'base64url');
    bytes.writeUInt8(bytes.readUInt8(index) ^ 1, index);
    return bytes.toString('base64url');
  };

  const signature = Buffer.from(goodSignature, 'base64url');
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const rsaText = `${encode({ ...header, alg: 'RS256' })}.${encode(admin)}`;
  const ecText = `${encode({ ...header, alg: 'ES256' })}.${encode(admin)}`;
  const pem = publicKey.export({ format: 'pem', type: 'spki' });
  const der = publicKey.export({ format: 'der', type: 'spki' });
  const { x = '' } = publicKey.export({ format: 'jwk' });
  /** The neutral point and one of order two: every S = 0 fits some message under them. */
  const smallOrder = ['01'.padEnd(64, '0'), `ec${'ff'.repeat(30)}7f`].map((hex) => Buffer.from(hex, 'hex'));
  const smallJwk = { kty: 'OKP', crv: 'Ed25519', x: smallOrder[0]?.toString('base64url') };
  const forgedBySmallOrder = (head: object) =>
    `${encode(head)}.${encode(admin)}.${Buffer.concat([smallOrder[0]!, Buffer.alloc(32)]).toString('base64url')}`;
  const evil = 'https://evil.example/jwks.json';
  const claimsText = JSON.stringify(claims);

  return [
    ...['none', 'None', 'NONE', 'nOnE', ''].map((alg): Attack => [`alg ${JSON.stringify(alg)}`, unsigned(alg)]),
    ['alg none with the good signature', `${encode({ ...header, alg: 'none' })}.${goodPayload}.${goodSignature}`],
    ['alg null', signed({ ...header, alg: null }, claims)],
    ['alg as a list', withHeader({ alg: ['EdDSA'] })],
    ['alg absent', withHeader({ alg: undefined })],
    ['alg in lower case', withHeader({ alg: 'eddsa' })],
    ['HS256 with the PEM', macced('HS256', pem)],
    ['HS256 with the PEM without its last line', macced('HS256', pem.toString().trim())],
    ['HS256 with the DER', macced('HS256', der)],
    ['HS256 with the raw key', macced('HS256', Buffer.from(x, 'base64url'))],
    ['HS256 with x as text', macced('HS256', x)],
    ['HS256 with the JWK', macced('HS256', JSON.stringify(publicJwk))],
    ['HS384 with the PEM', macced('HS384', pem)],
    ['HS512 with the PEM', macced('HS512', pem)],
    ['HS256 with an empty secret', macced('HS256', '')],
    ['RS256', `${rsaText}.${sign('sha256', Buffer.from(rsaText), rsa.privateKey).toString('base64url')}`],
    ['ES256', `${ecText}.${sign('sha256', Buffer.from(ecText), ec.privateKey).toString('base64url')}`],
    ['another service’s key with the same kid', signed(header, admin, other.privateKey)],

    ['kid absent', withHeader({ kid: undefined })],
    ['kid empty', withHeader({ kid: '' })],
    ['kid null', withHeader({ kid: null })],
    ['kid as a list', withHeader({ kid: [kid] })],
    ['kid as an object', withHeader({ kid: { toString: kid } })],
    ['kid as a path', withHeader({ kid: '../../../../dev/null' })],
    ['kid as SQL', withHeader({ kid: `' UNION SELECT 'x' --` })],
    ['kid with a NUL', withHeader({ kid: `${kid}\0` })],
    ['kid of nobody', signed({ ...header, kid: 'nobody' }, admin, other.privateKey)],
    ['kid __proto__', signedText(`{"alg":"EdDSA","typ":"at+jwt","kid":"__proto__"}`, claimsText)],
    ['kid constructor', withHeader({ kid: 'constructor' })],
    ['kid as a URL', signed({ ...header, kid: evil }, admin, other.privateKey)],
    ['kid very long', withHeader({ kid: 'k'.repeat(1_000) })],

    ['jku', signed({ ...header, jku: evil }, admin, other.privateKey)],
    ['jku beside the good key', withHeader({ jku: evil })],
    ['jwk', signed({ ...header, jwk: otherJwk }, admin, other.privateKey)],
    ['jwk without kid', signed({ ...header, kid: undefined, jwk: otherJwk }, admin, other.privateKey)],
    ['jwk beside the good key', withHeader({ jwk: publicJwk })],
    ['x5u', signed({ ...header, x5u: evil }, admin, other.privateKey)],
    ['x5c', signed({ ...header, x5c: [der.toString('base64')] }, admin, other.privateKey)],
    ['x5t', withHeader({ x5t: 'AAAA' })],
    ['crit of an unknown extension', withHeader({ crit: ['exp'], exp: now + 600 })],
    ['crit empty', withHeader({ crit: [] })],
    ['b64 false', withHeader({ b64: false, crit: ['b64'] })],
    ['zip', withHeader({ zip: 'DEF' })],
    ['cty', withHeader({ cty: 'JWT' })],

    ['typ JWT', withHeader({ typ: 'JWT' })],
    ['typ of an id token', withHeader({ typ: 'id_token+jwt' })],
    ['typ in capitals', withHeader({ typ: 'AT+JWT' })],
    ['typ with its media type', withHeader({ typ: 'application/at+jwt' })],
    ['typ absent', withHeader({ typ: undefined })],
    ['typ of voucher keys', withHeader({ typ: 'voucher+jwt' })],

    ['expired', withClaims({ iat: now - 500, exp: now - 6 })],
    ['expired long ago', withClaims({ iat: now - 86_400, exp: now - 85_800 })],
    ['exp absent', without('exp')],
    ['exp as a text', withClaims({ exp: String(now + 600) })],
    ['exp far away', withClaims({ iat: now - 700, exp: now + 1_000_000_000 })],
    ['exp infinite', signedText(JSON.stringify(header), claimsText.replace(/"exp":\d+/, '"exp":1e999'))],
    ['nbf in the future', withClaims({ nbf: now + 60 })],
    ['nbf as a text', withClaims({ nbf: 'soon' })],
    ['iat in the future', withClaims({ iat: now + 60 })],
    ['iat absent', without('iat')],
    ['iat older than a token lives', withClaims({ iat: now - 606, exp: now + 60 })],
    ['iss absent', without('iss')],
    ['iss of another', withClaims({ iss: 'https://evil.example' })],
    ['iss with a slash', withClaims({ iss: `${issuer}/` })],
    ['iss as a list', withClaims({ iss: [issuer] })],
    ['iss in capitals', withClaims({ iss: issuer.toUpperCase() })],
    ['aud absent', without('aud')],
    ['aud of another', withClaims({ aud: 'other' })],
    ['aud as a list', withClaims({ aud: ['pika'] })],
    ['aud as a list with others', withClaims({ aud: ['other', 'pika'] })],
    ['aud empty', withClaims({ aud: '' })],
    ['sub absent', without('sub')],
    ['sub as a number', withClaims({ sub: 1 })],
    ['sub as an object', withClaims({ sub: { id: userId } })],
    ['sub null', withClaims({ sub: null })],
    ['sub as SQL', withClaims({ sub: `${userId}' OR true --` })],
    ['sub of another person', withClaims({ sub: target.stranger })],
    ['sid absent', without('sid')],
    ['sid as a list', withClaims({ sid: [sessionId] })],
    ['sid of no session', withClaims({ sid: randomUUID() })],
    ['sid of a revoked session', withClaims({ sub: target.revoked.userId, sid: target.revoked.sessionId })],
    ['sid of a suspended person', withClaims({ sub: target.suspended.userId, sid: target.suspended.sessionId })],
    ['roles as a text', withClaims({ roles: 'admin' })],
    ['roles of another system', withClaims({ roles: ['superuser'] })],
    ['roles absent', without('roles')],
    ['businesses as a list', withClaims({ businesses: [randomUUID()] })],
    ['businesses with a role that is none', withClaims({ businesses: { [randomUUID()]: 'god' } })],
    ['jti as a number', withClaims({ jti: 1 })],
    ['imp as a boolean', withClaims({ imp: true })],
    ['a claim twice', signedText(JSON.stringify(header), claimsText.replace('{', `{"sub":"${target.stranger}",`))],
    ['a header twice', signedText(JSON.stringify(header).replace('{', '{"alg":"none",'), claimsText)],
    ['a payload with white space', signedText(JSON.stringify(header), ` ${claimsText}`)],
    ['a payload that is a list', signedText(JSON.stringify(header), '[]')],
    ['a payload that is null', signedText(JSON.stringify(header), 'null')],
    ['a payload that is no JSON', signedText(JSON.stringify(header), 'sub=admin')],
    ['a header that is no JSON', signedText('alg=EdDSA', claimsText)],
    ['a header that is null', signedText('null', claimsText)],

    ['the header cut', `${goodHead.slice(0, -1)}.${goodPayload}.${goodSignature}`],
    ['the payload cut', `${goodHead}.${goodPayload.slice(0, -1)}.${goodSignature}`],
    ['the signature cut', `${goodHead}.${goodPayload}.${goodSignature.slice(0, -1)}`],
    ['no signature', `${goodHead}.${goodPayload}.`],
    ['no signature and no dot', `${goodHead}.${goodPayload}`],
    ['no payload', `${goodHead}..${goodSignature}`],
    ['no header', `.${goodPayload}.${goodSignature}`],
    ['the header alone', goodHead],
    ['dots alone', '..'],
    ['five parts (a JWE)', `${goodHead}.${goodPayload}.${goodSignature}.${goodPayload}.${goodSignature}`],
    ['a part too many', `${good}.`],
    ['padding', `${good}==`],
    ['base64 in place of base64url', `${goodHead}.${goodPayload}.${signature.toString('base64')}`],
    ['unused bits of the signature', `${good.slice(0, -1)}${nextLetter(good.at(-1) ?? '')}`],
    ['a percent sign', `${good}%00`],
    ['a bit of the header', `${flipped(goodHead, 2)}.${goodPayload}.${goodSignature}`],
    ['a bit of the payload', `${goodHead}.${flipped(goodPayload, 40)}.${goodSignature}`],
    ['a bit of R', `${goodHead}.${goodPayload}.${flipped(goodSignature, 0)}`],
    ['a bit of S', `${goodHead}.${goodPayload}.${flipped(goodSignature, 40)}`],
    ['the payload of another', `${goodHead}.${encode(admin)}.${goodSignature}`],
    ['the signature of another', `${goodHead}.${goodPayload}.${signed(header, admin).split('.')[2]}`],
    ['S + L', withSignature(Buffer.concat([signature.subarray(0, 32), plusOrder(signature.subarray(32))]))],
    ['S = L', withSignature(Buffer.concat([signature.subarray(0, 32), littleEndian(groupOrder)]))],
    ['a signature of zeros', withSignature(Buffer.alloc(64))],
    ['a signature of ones', withSignature(Buffer.alloc(64, 0xff))],
    ['R and S changed places', withSignature(Buffer.concat([signature.subarray(32), signature.subarray(0, 32)]))],
    ['the signature twice', withSignature(Buffer.concat([signature, signature]))],
    ['a small-order key in jwk', forgedBySmallOrder({ ...header, jwk: smallJwk })],
    ...smallOrder.map((point, index): Attack => [
      `a small-order R (${index})`,
      withSignature(Buffer.concat([point, Buffer.alloc(32)])),
    ]),
    ['9 KB of claims', withClaims({ padding: 'a'.repeat(6_600) })],
    ['12 KB of letters', 'a'.repeat(12_000)],
    ['an API key that is none', `pika_abcdefgh_${'a'.repeat(43)}`],
  ];
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The last letter of 64 bytes has four bits that say nothing. */
const nextLetter = (letter: string) => alphabet[alphabet.indexOf(letter) ^ 1] ?? '';

function littleEndian(value: bigint): Buffer {
  return Buffer.from(Buffer.from(value.toString(16).padStart(64, '0'), 'hex').toReversed());
}

function plusOrder(s: Buffer): Buffer {
  return littleEndian(BigInt(`0x${Buffer.from(s.toReversed()).toString('hex')}`) + groupOrder);
}
