import { getPerson } from '../account/account-api.ts';
import { accessToken, wasLoggedIn } from '../account/session.ts';
import { forget, recall, remember } from '../storage.ts';

export interface Staff {
  userId: string;
  name: string;
  businessIds: string[];
}

/** Who works at this till; without network, who did when there was one. Null for nobody. */
export async function findStaff(): Promise<Staff | null> {
  if (!(await wasLoggedIn())) return forgetStaff();
  const kept = keptStaff();
  const token = await accessToken().catch(() => undefined);
  if (token === undefined) return kept;
  if (token === null) return forgetStaff();
  const { sub: userId, businesses } = readToken(token);
  const name = await getPerson().then(
    ({ body }) => body.displayName,
    () => (kept?.userId === userId ? kept.name : ''),
  );
  const staff = { userId, name, businessIds: Object.keys(businesses).toSorted() };
  remember('staff', JSON.stringify(staff));
  return staff;
}

function forgetStaff(): null {
  forget('staff');
  return null;
}

function keptStaff(): Staff | null {
  const kept = recall('staff');
  return kept === null ? null : (JSON.parse(kept) as Staff);
}

/** What our API has written into its own token: whose businesses those are stands nowhere else. */
function readToken(token: string): { sub: string; businesses: Record<string, string> } {
  const [, payload = ''] = token.split('.');
  const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (each) => each.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)) as { sub: string; businesses: Record<string, string> };
}
