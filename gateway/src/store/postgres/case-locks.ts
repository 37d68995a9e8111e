// Keeps others from what the cases of presentations stand on, before those are read: accounts, and terminals that sent a PIN.

import type { Locator } from "../../core/ports.js";
import type { CaseQuery } from "../driver.js";
import type { RunQuery } from "./sql.js";
import type { Transaction } from "./transaction.js";

export type LockQuery = Pick<CaseQuery, "terminalId" | "locator">;

/** In one order, whoever asks: two gateways that lock several wait for each other, and not in a circle. */
const LOCK_ACCOUNTS = `SELECT id FROM accounts WHERE id = ANY (ARRAY (
    SELECT account_id FROM cards WHERE number_index = ANY ($1::bytea[])
    UNION ALL SELECT account_id FROM cards WHERE identifier_index = ANY ($2::bytea[])
    UNION ALL SELECT c.account_id FROM proofs p JOIN cards c ON c.id = p.card_id WHERE p.ref = ANY ($3::text[])))
  ORDER BY id FOR UPDATE`;
const LOCK_TERMINALS =
  "SELECT id FROM terminals WHERE id = ANY ($1::text[]) ORDER BY id FOR UPDATE";

export type LockCases = (queries: readonly LockQuery[]) => Promise<ReadonlySet<string>>;

/** Prepares the locks of cases. */
export function prepareCaseLocks(
  run: RunQuery,
  transaction: Pick<Transaction, "isKnown">,
): LockCases {
  async function lockAccounts(queries: readonly LockQuery[]): Promise<ReadonlySet<string>> {
    const values = [
      named(queries, "number"),
      named(queries, "identifier"),
      named(queries, "proof"),
    ];
    if (values.every((some) => some.length === 0)) return new Set();
    const { rows } = await run({ name: "lock-accounts", text: LOCK_ACCOUNTS, values }, false);
    const ids: readonly string[] = rows.map(({ id }) => id);
    for (const id of ids) transaction.isKnown(`account ${id}`);
    return new Set(ids);
  }

  /** A chip's message has no PIN block with it, and so it moves no counter of the terminal. */
  async function lockTerminals(queries: readonly LockQuery[]): Promise<void> {
    const withPin = queries.filter(({ locator }) => locator?.by !== "identifier");
    const ids = [...new Set(withPin.map(({ terminalId }) => terminalId))].filter(
      (id) => !transaction.isKnown(`terminal ${id}`),
    );
    if (ids.length === 0) return;
    await run({ name: "lock-terminals", text: LOCK_TERMINALS, values: [ids] }, false);
  }

  /** @returns the accounts that are locked: of cards that are there. */
  return async (queries) => {
    const [accounts] = await Promise.all([lockAccounts(queries), lockTerminals(queries)]);
    return accounts;
  };
}

function named(queries: readonly LockQuery[], by: Locator["by"]): readonly (string | Uint8Array)[] {
  return queries.flatMap(({ locator }) => (locator?.by === by ? [nameOf(locator)] : []));
}

/** What a presentation names its card by. */
export const nameOf = (locator: Locator): string | Uint8Array =>
  locator.by === "proof" ? locator.ref : locator.index;
