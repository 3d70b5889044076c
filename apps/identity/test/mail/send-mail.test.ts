import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMessages } from '@pika/shared';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linkAddress, linkToken, linkTokenHash } from '../../src/mail/email-link.ts';
import { mailKinds, mailText } from '../../src/mail/mail.text.ts';
import { MailRefusedError, type Mail } from '../../src/mail/mailer.ts';
import { mailFolder, openMailer } from '../../src/mail/open-mailer.ts';
import { identityLocales } from '../../src/router.ts';

const MAIL_FROM = 'Pika <no-reply@pika.example>';
const messages = createMessages(identityLocales);
const link = 'https://pika.example/#verify=abc';
const mail = (language: string): Mail => ({
  ...mailText(messages, { kind: 'verifyEmail', language, link }),
  to: 'ramona@example.com',
  id: '20260304.7',
});

/** What lies in base 64 between the lines of a part. */
const decoded = (eml: string, type: string) => {
  const part = eml.split(/\r\n--/).find((text) => text.includes(`Content-Type: ${type}`)) ?? '';
  const [head = '', ...body] = part.split('\r\n\r\n');
  const text = body.join('\r\n\r\n');
  return head.includes('base64')
    ? Buffer.from(text, 'base64').toString()
    : Buffer.from(
        text
          .replaceAll('=\r\n', '')
          .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
        'latin1',
      ).toString();
};

describe('a folder', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pika-mail-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('gets one whole file for each mail, however often it is sent, and the link is said', async () => {
    const said: string[] = [];
    const mailer = openMailer({ MAIL_DIR: join(folder, 'mail'), MAIL_FROM }, (text) => said.push(text));
    await mailer.send(mail('ar'));
    await mailer.send(mail('ar'));
    expect(await readdir(join(folder, 'mail'))).toEqual(['20260304.7.eml']);
    const eml = await readFile(join(folder, 'mail', '20260304.7.eml'), 'utf8');
    expect(eml).toContain('To: ramona@example.com\r\n');
    expect(eml).toContain('Message-ID: <20260304.7@pika.example>\r\n');
    expect(eml).toContain('Content-Language: ar\r\n');
    expect(decoded(eml, 'text/plain')).toContain(link);
    expect(decoded(eml, 'text/html')).toContain('<body dir="rtl">');
    expect(decoded(eml, 'text/html')).toContain(`href="${link}"`);
    expect(said[0]).toContain(link);
    mailer.close();
  });

  it('gets no header that a text brought along', async () => {
    const mailer = openMailer({ MAIL_DIR: folder, MAIL_FROM }, () => undefined);
    const subject = 'Invitación de Café\r\nBcc: everybody@example.com\r\n\r\nhello';
    await mailer.send({ ...mail('es'), subject });
    const eml = await readFile(join(folder, '20260304.7.eml'), 'utf8');
    const [head = ''] = eml.split('\r\n\r\n');
    expect(head).toMatch(/^Subject: /m);
    expect(head).not.toMatch(/^Bcc:/m);
    expect(head).toMatch(/^MIME-Version: 1\.0$/m);
    mailer.close();
  });

  it('is beside the embedded database unless it is set, and not in use beside a server', () => {
    expect(mailFolder({})).toMatch(/mail$/);
    expect(mailFolder({ MAIL_DIR: '/somewhere' })).toBe('/somewhere');
    expect(mailFolder({ SMTP_URL: 'smtp://localhost', MAIL_DIR: '/somewhere' })).toBeNull();
  });
});

describe('a server', () => {
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  let server: Server;
  let refusal: string | null;
  let url: string;

  /** As much of SMTP (RFC 5321) as a client needs. */
  function talk(socket: Socket): void {
    let isData = false;
    let rest = '';
    sockets.add(socket);
    socket.write('220 mail.example ESMTP\r\n');
    socket.on('data', (chunk) => {
      const parts = (rest + chunk.toString()).split('\r\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        lines.push(line);
        if (isData && line !== '.') continue;
        if (isData) isData = false;
        else if (line === 'DATA') isData = true;
        const isRefused = refusal !== null && line.startsWith('RCPT');
        socket.write(isRefused ? `${refusal}\r\n` : line === 'DATA' ? '354 go on\r\n' : '250 ok\r\n');
      }
    });
  }

  beforeEach(async () => {
    lines.length = 0;
    refusal = null;
    server = createServer(talk);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `smtp://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  const send = async () => {
    const mailer = openMailer({ SMTP_URL: url, MAIL_FROM }, () => undefined);
    try {
      await mailer.send(mail('es'));
    } finally {
      mailer.close();
    }
  };

  it('is given the mail', async () => {
    await send();
    expect(lines).toContain('MAIL FROM:<no-reply@pika.example>');
    expect(lines).toContain('RCPT TO:<ramona@example.com>');
    expect(lines).toContain('Message-ID: <20260304.7@pika.example>');
    expect(lines).toContain('Auto-Submitted: auto-generated');
  });

  it.each([
    ['550 5.1.1 <ramona@example.com> is unknown here', true],
    ['451 4.7.1 <ramona@example.com> try again later', false],
  ])('says for good or for now “%s”, and the error does not name the address', async (answer, isForGood) => {
    refusal = answer;
    const error: unknown = await send().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error instanceof MailRefusedError).toBe(isForGood);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('ramona');
  });

  it('may be away: the mail is to be sent again', async () => {
    await new Promise((resolve) => server.close(resolve));
    await expect(send()).rejects.toThrow(/^SMTP: ESOCKET/);
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, resolve));
  });
});

describe('a text', () => {
  const languages = ['es', 'en', 'gn', 'ar'];

  it.each(languages.flatMap((language) => mailKinds.map((kind) => [language, kind] as const)))(
    'in %s says %s in words of its own, HTML and plain text alike',
    (language, kind) => {
      const hasLink = !['passwordChanged', 'totpEnabled', 'totpDisabled'].includes(kind);
      const said = mailText(messages, { kind, language, link: hasLink ? link : null });
      const others = languages.filter((other) => other !== language);
      for (const other of others) {
        const theirs = mailText(messages, { kind, language: other, link: hasLink ? link : null });
        expect(said.subject).not.toBe(theirs.subject);
        expect(said.text).not.toBe(theirs.text);
      }
      expect(said.language).toBe(language);
      expect(said.text.includes(link)).toBe(hasLink);
      expect(said.html.includes(`href="${link}"`)).toBe(hasLink);
      expect(said.html).toContain(`dir="${language === 'ar' ? 'rtl' : 'ltr'}"`);
    },
  );

  it('is in English for who speaks none of ours, and lets no sign of a link be taken for markup', () => {
    const said = mailText(messages, { kind: 'resetPassword', language: 'fr', link: 'https://x/#"><b>' });
    expect(said.language).toBe('en');
    expect(said.html).not.toContain('<b>');
  });
});

describe('a link', () => {
  const key = Buffer.alloc(32, 1);
  const id = '01941f29-7c00-742e-8d2f-6d010638d381';

  it('follows from its id and the key alone, and carries its token behind #', () => {
    const token = linkToken(key, id);
    expect(token).toBe(linkToken(key, id));
    expect(token).not.toBe(linkToken(Buffer.alloc(32, 2), id));
    expect(linkTokenHash(token)).toHaveLength(32);
    expect(new URL(linkAddress('https://pika.example/', 'verify_email', token))).toMatchObject({
      pathname: '/',
      search: '',
      hash: `#verify=${token}`,
    });
  });
});
