import type { Language } from '../api.ts';
import type { Person } from './account-api.ts';

export type ViewName =
  'logIn' | 'register' | 'forgotten' | 'menu' | 'profile' | 'addresses' | 'safety' | 'devices' | 'ownData' | 'wallet';

/** What the dialog of the account shows at a time. */
export interface View {
  title: string;
  /** Where its way back leads. */
  back: ViewName | null;
  /** Whether the first field is where one goes on, or the title. */
  startsInField: boolean;
  build: (context: AccountContext) => (Node | null)[] | Promise<(Node | null)[]>;
}

export interface AccountContext {
  languages: () => readonly Language[];
  language: () => string;
  /** Shows another view, and says something above it. */
  go: (name: ViewName, said?: string) => void;
  /** Shows a view that has no name. */
  show: (view: View) => void;
  close: () => void;
  /** The person saved something that the page shows or follows. */
  changed: (change: Partial<Person>) => void;
}
