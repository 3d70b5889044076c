import { sql, type Db } from '@pika/database';
import { ImportError } from './place.ts';

/** The id of the user with an e-mail address. Throws `ImportError` where there is none: nobody is invented here. */
export async function findOwner(db: Db, email: string): Promise<string> {
  const rows = await db.$queryRaw<{ id: string }[]>(sql`
    SELECT id FROM users.users WHERE email = ${email} AND deleted_at IS NULL`);
  const [row] = rows;
  if (row === undefined) {
    throw new ImportError(`There is no user with the e-mail address ${email}: who owns places must have an account.`);
  }
  return row.id;
}
