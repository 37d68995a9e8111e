// How findings name a row, so that whoever reads one can look the row up.

import type { AttemptRow, EntryRow, OperationRow, OwnedGrant } from "./driver.js";

export const nameOfAttempt = ({ terminalId, id }: Pick<AttemptRow, "terminalId" | "id">): string =>
  `attempt ${terminalId} ${id}`;

export const nameOfReversal = ({ terminalId, id }: Pick<AttemptRow, "terminalId" | "id">): string =>
  `reversal ${terminalId} ${id}`;

export const nameOfGrant = ({ accountId, id }: Pick<OwnedGrant, "accountId" | "id">): string =>
  `grant ${accountId} ${id}`;

export const nameOfEntry = (entry: EntryRow): string => {
  const { accountId, grantId: id, terminalId, attemptId, units } = entry;
  return `entry of ${units} on ${nameOfGrant({ accountId, id })} by ${terminalId} ${attemptId}`;
};

export const nameOfOperation = ({ kind, terminalId, attemptId, id }: OperationRow): string =>
  `${kind} ${id} of ${terminalId} ${attemptId}`;
