// Reads one sale's case: first who may change it is kept out, then everything is read as it stands.

import { type CaseQuery, type CaseRows, OvertakenError } from "../driver.js";
import { NOBODY } from "../sql/case-holder.js";
import { type ProofRow, proofOf } from "../sql/rows.js";
import type { Sql } from "../sql/sql.js";
import type { CaseCard } from "./case-card.js";
import type { ReadCaseCards } from "./case-cards.js";
import type { LockCases } from "./case-locks.js";
import type { Placed, ReadPlaced } from "./places.js";

/** How often a card may be found with another account than the one that was locked. */
const TRIES_MAX = 3;

interface CaseParts {
  readonly lock: LockCases;
  readonly readCards: ReadCaseCards;
  readonly readPlaced: ReadPlaced;
}

/** Prepares the read of a case. */
export function prepareCase(
  sql: Sql,
  { lock, readCards, readPlaced }: CaseParts,
): (query: CaseQuery) => Promise<CaseRows | null> {
  const proof = sql.prepare<ProofRow>("SELECT * FROM proofs WHERE ref = ?");
  const appCode = sql.prepare<{ readonly key: string }>("SELECT key FROM app_codes WHERE key = ?");

  async function read(query: CaseQuery) {
    const { locator, appCodeKey, terminalId } = query;
    const [placed, [card = null], found, used] = await Promise.all([
      readPlaced([terminalId]),
      readCards([query]),
      locator?.by === "proof" ? proof.get(locator.ref) : undefined,
      appCodeKey === null ? undefined : appCode.get(appCodeKey),
    ]);
    return { placed: placed.get(terminalId), card, proof: found, appCodeUsed: used !== undefined };
  }

  return async (query) => {
    for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
      const locked = await lock([query]);
      const { placed, card, proof, appCodeUsed } = await read(query);
      if (card !== null && !locked.has(card.accountId)) continue;
      if (!placed) return null;
      return caseOf(placed, card, { proof: proof ? proofOf(proof) : null, appCodeUsed });
    }
    throw new OvertakenError("a card moved from account to account while it was read");
  };
}

type UsedOnce = Pick<CaseRows["snapshot"], "proof" | "appCodeUsed">;

/** What a decision needs, of what was read of it. */
export function caseOf(placed: Placed, card: CaseCard | null, usedOnce: UsedOnce): CaseRows {
  const { terminal, partner } = placed;
  return {
    snapshot: {
      terminal,
      partner,
      card: card?.card ?? null,
      ...(card?.holder ?? NOBODY),
      ...usedOnce,
    },
    credential: card?.credential ?? null,
    sealedNumber: card?.sealedNumber ?? null,
  };
}
