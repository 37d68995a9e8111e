// Reads one sale's case: first who may change it is kept out, then everything is read as it stands.

import type { Locator } from "../../core/ports.js";
import { type CaseRows, type Driver, OvertakenError } from "../driver.js";
import { NOBODY } from "../sql/case-holder.js";
import { type ProofRow, proofOf } from "../sql/rows.js";
import type { Sql } from "../sql/sql.js";
import { type CaseCard, prepareCaseCards } from "./case-card.js";
import { preparePlaced } from "./places.js";
import type { Transaction } from "./transaction.js";

/** How often a card may be found with another account than the one that was locked. */
const TRIES_MAX = 3;

type CaseQuery = Parameters<Driver["readCase"]>[0];

/** Prepares the locks of a case. */
function prepareCaseLocks(sql: Sql, transaction: Pick<Transaction, "isOpen" | "isKnown">) {
  const terminal = sql.prepare("SELECT id FROM terminals WHERE id = ? FOR UPDATE");
  const accountOf = (card: string) =>
    sql.prepare<{ readonly id: string }>(
      `SELECT id FROM accounts WHERE id = (SELECT account_id FROM cards WHERE ${card}) FOR UPDATE`,
    );
  const accounts = {
    number: accountOf("number_index = ?"),
    identifier: accountOf("identifier_index = ?"),
    proof: accountOf("id = (SELECT card_id FROM proofs WHERE ref = ?)"),
  };

  /** A chip's message has no PIN block with it, and so it moves no counter of the terminal. */
  async function lockTerminal(terminalId: string, locator: Locator | null): Promise<void> {
    if (locator?.by === "identifier" || transaction.isKnown(`terminal ${terminalId}`)) return;
    await terminal.get(terminalId);
  }

  async function lockAccount(locator: Locator | null): Promise<string | null> {
    if (locator === null) return null;
    const found = await accounts[locator.by].get(namedBy(locator));
    if (found) transaction.isKnown(`account ${found.id}`);
    return found?.id ?? null;
  }

  /** @returns the account that is locked; null where no card is there. */
  return async ({ terminalId, locator }: CaseQuery): Promise<string | null> => {
    const [accountId] = await Promise.all([
      lockAccount(locator),
      lockTerminal(terminalId, locator),
    ]);
    return accountId;
  };
}

const namedBy = (locator: Locator) => (locator.by === "proof" ? locator.ref : locator.index);

/** Prepares the read of a case. */
export function prepareCase(
  sql: Sql,
  transaction: Pick<Transaction, "isOpen" | "isKnown">,
): (query: CaseQuery) => Promise<CaseRows | null> {
  const lock = prepareCaseLocks(sql, transaction);
  const readPlaced = preparePlaced(sql);
  const cards = prepareCaseCards(sql);
  const proof = sql.prepare<ProofRow>("SELECT * FROM proofs WHERE ref = ?");
  const appCode = sql.prepare<{ readonly key: string }>("SELECT key FROM app_codes WHERE key = ?");
  /** Of the card that was found last. */
  let standInId: string | null = null;

  /** Stands in for a card that is not there, so that its absence does not show in the time. */
  async function readStandIn({ locator, ...at }: CaseQuery): Promise<void> {
    if (standInId === null) return;
    const read = locator === null || locator.by === "identifier" ? cards.idBare : cards.id;
    await read(standInId, at);
  }

  async function readCard(query: CaseQuery, accountId: string | null): Promise<CaseCard | null> {
    const { locator } = query;
    if (locator !== null && accountId !== null) return cards[locator.by](namedBy(locator), query);
    await readStandIn(query);
    return null;
  }

  async function read(query: CaseQuery, accountId: string | null) {
    const { locator, appCodeKey, terminalId } = query;
    const [placed, card, found, used] = await Promise.all([
      readPlaced(terminalId),
      readCard(query, accountId),
      locator?.by === "proof" ? proof.get(locator.ref) : undefined,
      appCodeKey === null ? undefined : appCode.get(appCodeKey),
    ]);
    return { placed, card, found, used };
  }

  return async (query) => {
    for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
      const accountId = await lock(query);
      const { placed, card, found, used } = await read(query, accountId);
      if ((card?.accountId ?? null) !== accountId) continue;
      if (!placed) return null;
      standInId = card?.card.id ?? standInId;
      return {
        snapshot: {
          terminal: placed.terminal,
          partner: placed.partner,
          card: card?.card ?? null,
          ...(card?.holder ?? NOBODY),
          proof: found ? proofOf(found) : null,
          appCodeUsed: used !== undefined,
        },
        credential: card?.credential ?? null,
        sealedNumber: card?.sealedNumber ?? null,
      };
    }
    throw new OvertakenError("a card moved from account to account while it was read");
  };
}
