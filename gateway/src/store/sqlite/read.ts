// Reads one sale's case: terminal and partner, card and account, grants, suspensions, visits, proof.

import type { KnownAgent, Locator } from "../../core/ports.js";
import type { CaseRows, Driver } from "../driver.js";
import { NOBODY } from "../sql/case-holder.js";
import { type ProofRow, proofOf } from "../sql/rows.js";
import { type CaseCard, prepareCards } from "./cards.js";
import type { Sqlite } from "./database.js";
import { prepareHolderReads } from "./holder-reads.js";
import { preparePlaces } from "./places.js";

/** Prepares the reads of a database. Each returned function reads what is there now, uncommitted changes included. */
export function prepareReads(db: Sqlite) {
  const places = preparePlaces(db);
  const cards = prepareCards(db);
  const readHolder = prepareHolderReads(db);
  const proof = db.prepare<[string], ProofRow>("SELECT * FROM proofs WHERE ref = ?");
  const appCode = db.prepare<[string], number>("SELECT 1 FROM app_codes WHERE key = ?").pluck();
  const agentBy = db.prepare<[string], KnownAgent>(
    "SELECT id, role, etablissement, status FROM agents WHERE certificate_fingerprint = ?",
  );
  const agent = db.prepare<[string], KnownAgent>(
    "SELECT id, role, etablissement, status FROM agents WHERE id = ?",
  );
  const findAgent = (id: string) => agent.get(id) ?? null;

  function cardAt(
    locator: Locator | null,
    at: { readonly proof: ProofRow | undefined; readonly pointOfSaleId: string },
  ): CaseCard | null {
    if (locator === null) return null;
    if (locator.by !== "proof") return cards[locator.by](locator.index, at.pointOfSaleId);
    return at.proof ? cards.id(at.proof.card_id, at.pointOfSaleId) : null;
  }

  /** Of the card that was found last. */
  let standInId: string | null = null;

  /** Stands in for a card that is not there, so that its absence does not show in the time. */
  function standIn(locator: Locator | null, pointOfSaleId: string): CaseCard | null {
    if (standInId === null) return null;
    const read = locator === null || locator.by === "identifier" ? cards.idBare : cards.id;
    return read(standInId, pointOfSaleId);
  }

  return {
    readCase(query: Parameters<Driver["readCase"]>[0]): CaseRows | null {
      const { locator, appCodeKey, salesSinceMs } = query;
      const at = places.terminal(query.terminalId);
      if (!at) return null;
      const { terminal, pointOfSale, partnerId } = at;
      const pointOfSaleId = pointOfSale.id;
      const found = locator?.by === "proof" ? proof.get(locator.ref) : undefined;
      const card = cardAt(locator, { proof: found, pointOfSaleId });
      const read = card ?? standIn(locator, pointOfSaleId);
      standInId = read?.card.id ?? null;
      const holder = read ? readHolder(read, { pointOfSaleId, salesSinceMs }) : NOBODY;
      return {
        snapshot: {
          terminal,
          partner: places.partner(partnerId),
          card: card?.card ?? null,
          ...(card ? holder : NOBODY),
          proof: found ? proofOf(found) : null,
          appCodeUsed: appCodeKey !== null && appCode.get(appCodeKey) !== undefined,
        },
        credential: card?.credential ?? null,
        sealedNumber: card?.sealedNumber ?? null,
      };
    },

    terminalByCertificate: places.terminalByCertificate,

    agentByCertificate: (fingerprint: string) => agentBy.get(fingerprint) ?? null,

    agent: findAgent,
    findAgent,

    place: places.place,
    findPlace: places.place,
  };
}
