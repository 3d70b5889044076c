export interface Welcome {
  url: string;
  /** Where the data lies, in words. */
  database: string;
  isEmbedded: boolean;
  seconds: number;
  /** Who can log in, all with one password; null where nobody was made up. */
  demo: { emails: readonly string[]; password: string } | null;
  /** Where mails are files; null where they are sent. */
  mailFolder: string | null;
}

/** What a person sees when everything is up: where to look, what to paste, how to go on. */
export function welcomeText({ url, database, isEmbedded, seconds, demo, mailFolder }: Welcome): string {
  const nearby = `${url}/v1/vouchers/nearby?latitude=-25.2867&longitude=-57.6470`;
  const startOver = isEmbedded ? 'npm run reset' : 'npx nx run @pika/database:prisma:migrate:reset -- --force';
  return `
Pika is up after ${seconds.toFixed(1)} s, on ${database}.

  The page     ${url}/
  The counter  ${url}/counter
  Swagger UI   ${url}/docs
  Health       ${url}/health/ready
  OpenAPI      ${url}/openapi.json

  Try:
    curl '${nearby}'
    curl -H 'Accept-Language: gn' '${nearby}'
    curl '${url}/v1/categories?language=en'
${demo === null ? '' : demoText(demo)}
  Stop         Ctrl-C
  Start over   ${startOver}
  PostgreSQL   DATABASE_URL=postgres://user:password@host:5432/pika npm start
${
  mailFolder === null
    ? ''
    : `  Mail         in ${mailFolder}; SMTP_URL=smtp://user:password@host:587 npm start sends it
`
}  Redis        REDIS_URL=redis://localhost:6379 npm start
  Every request is logged with LOG_LEVEL=info; the settings stand in .env.example.
`;
}

const demoText = ({ emails, password }: NonNullable<Welcome['demo']>) => `
  Log in with the password ${password}:
${emails.map((email) => `    ${email}`).join('\n')}
`;
