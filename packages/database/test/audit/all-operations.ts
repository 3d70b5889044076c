import { contentOperations, type Operation } from './sql-operations.ts';
import { walletOperations } from './wallet-operations.ts';

export const sqlOperations: Readonly<Record<string, Operation>> = { ...contentOperations, ...walletOperations };

/** The embedded engine has no COPY FROM STDIN. */
export const operationsWithoutCopy = Object.fromEntries(
  Object.entries(sqlOperations).filter(([name]) => !name.startsWith('copy')),
);
