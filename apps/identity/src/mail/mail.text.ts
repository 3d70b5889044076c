import { negotiateLanguage, type Messages } from '@pika/shared';
import type { Mail } from './mailer.ts';

/** What is told to people by mail. Those with a link carry one good for a while, once. */
export const mailKinds = [
  'verifyEmail',
  'accountExists',
  'resetPassword',
  'passwordChanged',
  'totpEnabled',
  'totpDisabled',
  'invitation',
] as const;

export type MailKind = (typeof mailKinds)[number];

const rightToLeft: ReadonlySet<string> = new Set(['ar']);

/** Subject, plain text and HTML in the language that is wanted, or the nearest that messages exist in. */
export function mailText(
  messages: Messages,
  {
    kind,
    language,
    link,
    params = {},
  }: {
    kind: MailKind;
    language: string;
    link: string | null;
    params?: Readonly<Record<string, string>>;
  },
): Pick<Mail, 'subject' | 'text' | 'html' | 'language' | 'link'> {
  const spoken =
    negotiateLanguage({ explicit: language, languages: messages.languages, defaultLanguage: 'en' }).chain[0] ?? 'en';
  const say = (key: string) => {
    const text = messages.text(spoken, `mail.${key}`, params);
    if (text === undefined) throw new Error(`No message mail.${key}`);
    return text;
  };
  const subject = say(`${kind}.subject`);
  const body = say(`${kind}.text`);
  const ending = say(`${kind}.ending`);
  const action = link === null ? null : { link, label: say(`${kind}.action`) };
  return {
    subject,
    language: spoken,
    link,
    text: [body, ...(action === null ? [] : [`${action.label}:\n${action.link}`]), ending, 'Pika'].join('\n\n') + '\n',
    html: htmlOf({ spoken, subject, body, action, ending }),
  };
}

interface Parts {
  spoken: string;
  subject: string;
  body: string;
  action: { link: string; label: string } | null;
  ending: string;
}

function htmlOf({ spoken, subject, body, action, ending }: Parts): string {
  const direction = rightToLeft.has(spoken) ? 'rtl' : 'ltr';
  const button =
    action === null
      ? ''
      : `<p><a href="${escaped(action.link)}">${escaped(action.label)}</a></p>\n<p dir="ltr">${escaped(action.link)}</p>\n`;
  return `<!doctype html>
<html lang="${spoken}" dir="${direction}">
<head><meta charset="utf-8"><title>${escaped(subject)}</title></head>
<body dir="${direction}">
<p>${escaped(body)}</p>
${button}<p>${escaped(ending)}</p>
<p>Pika</p>
</body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);
