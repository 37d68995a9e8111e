// Reads one sale's case: terminal and partner, card and account, grants, suspensions, visits, proof.

import type { Snapshot } from "../../core/model.js";
import type { KnownAgent, KnownTerminal, Locator, Place } from "../../core/ports.js";
import { type CaseRows, type Driver, RECENT_SALES_MAX, RECORD_CODES } from "../driver.js";
import type { Sqlite } from "./database.js";
import {
  type CardRow,
  type ConventionRow,
  cardOf,
  conventionOf,
  credentialOf,
  type GrantRow,
  grantOf,
  type PartnerRow,
  type ProofRow,
  partnerOf,
  proofOf,
  type SuspensionRow,
  suspensionOf,
  type TerminalRow,
  terminalOf,
} from "./rows.js";
import { prepareHolds } from "./sales.js";

const CARD_WITH_ACCOUNT = `
  SELECT c.*, a.holder, a.last_decision_at_ms
  FROM cards c JOIN accounts a ON a.id = c.account_id`;

const NOBODY = {
  account: null,
  grants: [],
  holds: [],
  suspensions: [],
  visits: [],
  recentSalesMs: [],
};

/** Prepares the reads of a partner and what it may do. */
export function preparePartnerReads(db: Sqlite) {
  const partner = db.prepare<[string], PartnerRow>("SELECT * FROM partners WHERE id = ?");
  const conventions = db.prepare<[string], ConventionRow>(
    "SELECT * FROM conventions WHERE partner_id = ? ORDER BY from_ms, reference",
  );
  const agrements = db
    .prepare<[string], string>(
      "SELECT avantage FROM agrements WHERE partner_id = ? ORDER BY avantage",
    )
    .pluck();
  return {
    partner(id: string) {
      const row = partner.get(id);
      return row ? partnerOf(row) : null;
    },
    conventions: (id: string) => conventions.all(id).map(conventionOf),
    agrements: (id: string) => agrements.all(id),
  };
}

/** Prepares the reads of what an account may still do and has done. */
function prepareHolderReads(db: Sqlite) {
  const grants = db.prepare<[string], GrantRow>(
    "SELECT * FROM grants WHERE account_id = ? ORDER BY id",
  );
  const suspensions = db.prepare<[string], SuspensionRow>(
    `SELECT id, campaign, avantages FROM suspensions
     WHERE account_id = ? AND lifted_at_ms IS NULL ORDER BY id`,
  );
  const visits = db.prepare<[string, string], { avantage: string; atMs: number }>(
    `SELECT avantage, at_ms AS atMs FROM visits
     WHERE account_id = ? AND point_of_sale_id = ? ORDER BY avantage`,
  );
  const sales = db
    .prepare<[string, number], number>(
      `SELECT decided_at_ms FROM attempts
       WHERE account_id = ? AND decided_at_ms >= ? AND kind = 'authorization' AND state IN ('approved', 'held', 'expired')
         AND code NOT IN (${RECORD_CODES.map((code) => `'${code}'`).join(", ")})
       ORDER BY decided_at_ms DESC LIMIT ${RECENT_SALES_MAX}`,
    )
    .pluck();
  return {
    grants: (accountId: string) => grants.all(accountId).map(grantOf),
    holds: prepareHolds(db),
    suspensions: (accountId: string) => suspensions.all(accountId).map(suspensionOf),
    visits: (accountId: string, pointOfSaleId: string) => visits.all(accountId, pointOfSaleId),
    recentSalesMs: (accountId: string, sinceMs: number) => sales.all(accountId, sinceMs).reverse(),
  };
}

/** Prepares the reads of a database. Each returned function reads what is there now, uncommitted changes included. */
export function prepareReads(db: Sqlite) {
  const terminal = db.prepare<[string], TerminalRow>(`
    SELECT t.id, t.status, t.point_of_sale_id, t.initial_key_id, t.ksn_counter,
      p.name AS pos_name, p.city AS pos_city, p.partner_id
    FROM terminals t JOIN points_of_sale p ON p.id = t.point_of_sale_id
    WHERE t.id = ?`);
  const partners = preparePartnerReads(db);
  const holders = prepareHolderReads(db);
  const cardBy = {
    number: db.prepare<[Buffer], CardRow>(`${CARD_WITH_ACCOUNT} WHERE c.number_index = ?`),
    identifier: db.prepare<[Buffer], CardRow>(`${CARD_WITH_ACCOUNT} WHERE c.identifier_index = ?`),
    id: db.prepare<[string], CardRow>(`${CARD_WITH_ACCOUNT} WHERE c.id = ?`),
  };
  const proof = db.prepare<[string], ProofRow>("SELECT * FROM proofs WHERE ref = ?");
  const appCode = db.prepare<[string], number>("SELECT 1 FROM app_codes WHERE key = ?").pluck();
  const terminalBy = db.prepare<[string], KnownTerminal>(
    "SELECT id, status FROM terminals WHERE certificate_fingerprint = ?",
  );
  const agentBy = db.prepare<[string], KnownAgent>(
    "SELECT id, role, etablissement, status FROM agents WHERE certificate_fingerprint = ?",
  );
  const agent = db.prepare<[string], KnownAgent>(
    "SELECT id, role, etablissement, status FROM agents WHERE id = ?",
  );

  function cardAt(locator: Locator | null, found: ProofRow | undefined): CardRow | null {
    if (locator === null) return null;
    if (locator.by !== "proof") return cardBy[locator.by].get(Buffer.from(locator.index)) ?? null;
    return found ? (cardBy.id.get(found.card_id) ?? null) : null;
  }

  function partnerAt(id: string): Snapshot["partner"] {
    const partner = partners.partner(id);
    if (!partner) return null;
    return {
      ...partner,
      conventions: partners.conventions(id),
      agrements: partners.agrements(id),
    };
  }

  function holderAt(
    card: CardRow | null,
    at: { readonly pointOfSaleId: string; readonly salesSinceMs: number | null },
  ) {
    if (!card) return NOBODY;
    const { account_id: id, holder, last_decision_at_ms: lastDecisionAtMs } = card;
    const { pointOfSaleId, salesSinceMs } = at;
    return {
      account: { id, holder, lastDecisionAtMs },
      grants: holders.grants(id),
      holds: holders.holds(id),
      suspensions: holders.suspensions(id),
      visits: holders.visits(id, pointOfSaleId),
      recentSalesMs: salesSinceMs === null ? [] : holders.recentSalesMs(id, salesSinceMs),
    };
  }

  /** The card that was found last: it stands in for one that is not there, so that its absence does not show in the time. */
  let standIn: CardRow | null = null;

  function holderOrStandIn(card: CardRow | null, at: Parameters<typeof holderAt>[1]) {
    const read = card ?? (standIn && (cardBy.id.get(standIn.id) ?? null));
    const found = holderAt(read, at);
    standIn = read;
    return card ? found : NOBODY;
  }

  return {
    readCase(query: Parameters<Driver["readCase"]>[0]): CaseRows | null {
      const { locator, appCodeKey, salesSinceMs } = query;
      const at = terminal.get(query.terminalId);
      if (!at) return null;
      const found = locator?.by === "proof" ? proof.get(locator.ref) : undefined;
      const card = cardAt(locator, found);
      return {
        snapshot: {
          terminal: terminalOf(at),
          partner: partnerAt(at.partner_id),
          card: card && cardOf(card),
          ...holderOrStandIn(card, { pointOfSaleId: at.point_of_sale_id, salesSinceMs }),
          proof: found ? proofOf(found) : null,
          appCodeUsed: appCodeKey !== null && appCode.get(appCodeKey) !== undefined,
        },
        credential: card && credentialOf(card),
        sealedNumber: card?.number_encrypted ?? null,
      };
    },

    terminalByCertificate: (fingerprint: string) => terminalBy.get(fingerprint) ?? null,

    agentByCertificate: (fingerprint: string) => agentBy.get(fingerprint) ?? null,

    agent: (id: string) => agent.get(id) ?? null,

    place(terminalId: string): Place | null {
      const row = terminal.get(terminalId);
      const partner = row && partners.partner(row.partner_id);
      if (!row || !partner) return null;
      const { id, name } = partner;
      return {
        terminalId,
        pointOfSale: { id: row.point_of_sale_id, name: row.pos_name, city: row.pos_city },
        partner: { id, name },
        agrements: partners.agrements(id),
      };
    },
  };
}
