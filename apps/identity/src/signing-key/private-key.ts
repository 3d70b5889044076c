import { createCipheriv, createDecipheriv, createPrivateKey, randomBytes, type KeyObject } from 'node:crypto';
import { ConfigError } from '@pika/shared';
import { deriveKey } from '../derived-key.ts';

const ivBytes = 12;
const tagBytes = 16;

const wrappingKey = (secret: string) => deriveKey(secret, 'pika.signing-key');

/** AES-256-GCM, bound to the name of the key: nonce, tag, PKCS #8. */
export function sealPrivateKey(privateKey: KeyObject, kid: string, secret: string): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', wrappingKey(secret), iv).setAAD(Buffer.from(kid));
  const sealed = Buffer.concat([cipher.update(privateKey.export({ format: 'der', type: 'pkcs8' })), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

/** Throws `ConfigError` where it was sealed under another secret or name. */
export function openPrivateKey(sealed: Uint8Array, kid: string, secret: string): KeyObject {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv('aes-256-gcm', wrappingKey(secret), bytes.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(Buffer.from(kid)).setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
  return createPrivateKey({ key: decrypt(decipher, bytes.subarray(ivBytes + tagBytes)), format: 'der', type: 'pkcs8' });
}

function decrypt(decipher: ReturnType<typeof createDecipheriv>, sealed: Buffer): Buffer {
  try {
    return Buffer.concat([decipher.update(sealed), decipher.final()]);
  } catch (cause) {
    throw new ConfigError(
      'IDENTITY_SECRET does not open the keys that sign access tokens: set the one they were made under, or begin anew with npm run keys:rotate -- --at-once.',
      { cause },
    );
  }
}
