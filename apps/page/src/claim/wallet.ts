import { createAction } from '../account/form.ts';
import type { AccountContext, View } from '../account/view.ts';
import { element, phrase } from '../dom.ts';
import { listClaims, type Claim } from './claim-api.ts';
import { claimedView, claimItem } from './claim-view.ts';

export const walletView: View = {
  title: 'claim.wallet',
  back: 'menu',
  startsInField: false,
  build: async (context) => {
    const { data, page } = await listClaims(context.language(), null);
    if (data.length === 0) return [phrase('p', {}, 'claim.none')];
    const list = element('ul', { class: 'panel-list' }, ...itemsOf(data, context));
    return [list, moreButton(list, page.next, context)];
  },
};

/** What can be used comes first. */
function itemsOf(claims: readonly Claim[], context: AccountContext): HTMLElement[] {
  const ordered = [...claims.filter(isActive), ...claims.filter((claim) => !isActive(claim))];
  return ordered.map((claim) => claimItem(claim, context.language(), () => context.show(claimedView(claim.id))));
}

const isActive = ({ state }: Claim) => state === 'active';

function moreButton(list: HTMLElement, next: string | null, context: AccountContext): HTMLElement | null {
  if (next === null) return null;
  const more = createAction('more', async () => {
    const { data, page } = await listClaims(context.language(), next);
    list.append(...itemsOf(data, context));
    const following = moreButton(list, page.next, context);
    if (following === null) more.remove();
    else more.replaceWith(following);
  });
  return more;
}
