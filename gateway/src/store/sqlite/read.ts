// Reads one sale's case: terminal and partner, card and account, grants, proof.

import type { Snapshot } from "../../core/model.js";
import type { KnownTerminal, Locator, Place } from "../../core/ports.js";
import type { CaseRows, Ledger, StoredAttempt, StoredProgramme } from "../driver.js";
import type { Sqlite } from "./database.js";
import {
  type AttemptSqlRow,
  attemptOf,
  type CardRow,
  type ConventionRow,
  cardOf,
  conventionOf,
  credentialOf,
  type EntrySqlRow,
  entryOf,
  type GrantRow,
  grantOf,
  type ProofRow,
  proofOf,
  type ReversalSqlRow,
  reversalOf,
  type TerminalRow,
  terminalOf,
} from "./rows.js";

const CARD_WITH_ACCOUNT = `
  SELECT c.*, a.holder, a.last_decision_at_ms
  FROM cards c JOIN accounts a ON a.id = c.account_id`;

/** Prepares the reads of a database. Each returned function reads what is there now, uncommitted changes included. */
export function prepareReads(db: Sqlite) {
  const terminal = db.prepare<[string], TerminalRow>(`
    SELECT t.id, t.status, t.point_of_sale_id, t.initial_key_id, t.ksn_counter,
      p.name AS pos_name, p.city AS pos_city,
      r.id AS partner_id, r.name AS partner_name, r.status AS partner_status
    FROM terminals t
    JOIN points_of_sale p ON p.id = t.point_of_sale_id
    JOIN partners r ON r.id = p.partner_id
    WHERE t.id = ?`);
  const conventions = db.prepare<[string], ConventionRow>(
    "SELECT reference, state, from_ms, to_ms FROM conventions WHERE partner_id = ? ORDER BY from_ms",
  );
  const agrements = db
    .prepare<[string], string>(
      "SELECT avantage FROM agrements WHERE partner_id = ? ORDER BY avantage",
    )
    .pluck();
  const cardBy = {
    number: db.prepare<[Buffer], CardRow>(`${CARD_WITH_ACCOUNT} WHERE c.number_index = ?`),
    identifier: db.prepare<[Buffer], CardRow>(`${CARD_WITH_ACCOUNT} WHERE c.identifier_index = ?`),
    id: db.prepare<[string], CardRow>(`${CARD_WITH_ACCOUNT} WHERE c.id = ?`),
  };
  const proof = db.prepare<[string], ProofRow>("SELECT * FROM proofs WHERE ref = ?");
  const grants = db.prepare<[string], GrantRow>(
    "SELECT * FROM grants WHERE account_id = ? ORDER BY id",
  );
  const appCode = db.prepare<[string], number>("SELECT 1 FROM app_codes WHERE key = ?").pluck();
  const attempt = db.prepare<[string, string], AttemptSqlRow>(
    "SELECT * FROM attempts WHERE terminal_id = ? AND id = ?",
  );
  const reversal = db.prepare<[string, string], ReversalSqlRow>(
    "SELECT * FROM reversals WHERE terminal_id = ? AND id = ?",
  );
  const debits = db.prepare<[string, string], GrantRow & { units: number }>(`
    SELECT g.*, e.units FROM entries e JOIN grants g ON g.id = e.grant_id
    WHERE e.terminal_id = ? AND e.attempt_id = ? ORDER BY e.seq`);
  const byCertificate = db.prepare<[string], KnownTerminal>(
    "SELECT id, status FROM terminals WHERE certificate_fingerprint = ?",
  );

  function cardAt(locator: Locator | null, found: ProofRow | undefined): CardRow | null {
    if (locator === null) return null;
    if (locator.by !== "proof") return cardBy[locator.by].get(Buffer.from(locator.index)) ?? null;
    return found ? (cardBy.id.get(found.card_id) ?? null) : null;
  }

  function partnerOf(row: TerminalRow): NonNullable<Snapshot["partner"]> {
    return {
      id: row.partner_id,
      name: row.partner_name,
      status: row.partner_status,
      conventions: conventions.all(row.partner_id).map(conventionOf),
      agrements: agrements.all(row.partner_id),
    };
  }

  return {
    readCase(query: {
      readonly terminalId: string;
      readonly locator: Locator | null;
      readonly appCodeKey: string | null;
    }): CaseRows | null {
      const { locator, appCodeKey } = query;
      const at = terminal.get(query.terminalId);
      if (!at) return null;
      const found = locator?.by === "proof" ? proof.get(locator.ref) : undefined;
      const card = cardAt(locator, found);
      return {
        snapshot: {
          terminal: terminalOf(at),
          partner: partnerOf(at),
          card: card && cardOf(card),
          account: card && {
            id: card.account_id,
            holder: card.holder,
            lastDecisionAtMs: card.last_decision_at_ms,
          },
          grants: card ? grants.all(card.account_id).map(grantOf) : [],
          proof: found ? proofOf(found) : null,
          appCodeUsed: appCodeKey !== null && appCode.get(appCodeKey) !== undefined,
        },
        credential: card && credentialOf(card),
      };
    },

    findAttempt(terminalId: string, id: string): StoredAttempt | null {
      const row = attempt.get(terminalId, id);
      if (!row) return null;
      const reversed = reversal.get(terminalId, id);
      return { attempt: attemptOf(row), reversal: reversed ? reversalOf(reversed) : null };
    },

    readDebits: (terminalId: string, id: string) =>
      debits.all(terminalId, id).map((row) => ({ grant: grantOf(row), units: row.units })),

    terminalByCertificate: (fingerprint: string) => byCertificate.get(fingerprint) ?? null,

    place(terminalId: string): Place | null {
      const row = terminal.get(terminalId);
      if (!row) return null;
      return {
        terminalId,
        pointOfSale: { id: row.point_of_sale_id, name: row.pos_name, city: row.pos_city },
        partner: { id: row.partner_id, name: row.partner_name },
        agrements: agrements.all(row.partner_id),
      };
    },

    ledger: (): Ledger => ({
      programmes: db.prepare<[], StoredProgramme>("SELECT hash, json FROM programmes").all(),
      attempts: db
        .prepare<[], AttemptSqlRow>("SELECT * FROM attempts ORDER BY seq")
        .all()
        .map(attemptOf),
      reversals: db.prepare<[], ReversalSqlRow>("SELECT * FROM reversals").all().map(reversalOf),
      entries: db.prepare<[], EntrySqlRow>("SELECT * FROM entries ORDER BY seq").all().map(entryOf),
      grants: db
        .prepare<[], GrantRow>("SELECT * FROM grants ORDER BY id")
        .all()
        .map((row) => ({ ...grantOf(row), accountId: row.account_id })),
      cards: db.prepare<[], CardRow>(`${CARD_WITH_ACCOUNT} ORDER BY c.id`).all().map(cardOf),
    }),
  };
}
