// Reads where a sale is made: a terminal, its point of sale and its partner. Each is remembered until it changes.

import type { Partner, Terminal } from "../../core/model.js";
import type { KnownTerminal, Place } from "../../core/ports.js";
import {
  AGREMENTS_OF_PARTNER,
  type AgrementRow,
  CONVENTIONS_OF_PARTNER,
  type ConventionRow,
  conventionOf,
  PARTNER,
  type PartnerRow,
  partnerOf,
  type TerminalRow,
  terminalOf,
} from "../sql/rows.js";
import type { Sqlite } from "./database.js";
import { createMemory } from "./memo.js";
import { watchRows } from "./watch.js";

/** A terminal where it stands. */
interface PlacedTerminal {
  readonly terminal: Terminal;
  readonly pointOfSale: Place["pointOfSale"];
  readonly partnerId: string;
}

/** Prepares the read of a partner with what it may do. */
function preparePartner(db: Sqlite): (id: string) => Partner | null {
  const partner = db.prepare<[string], PartnerRow>(PARTNER);
  const conventions = db.prepare<[string], ConventionRow>(CONVENTIONS_OF_PARTNER);
  const agrements = db.prepare<[string], AgrementRow>(AGREMENTS_OF_PARTNER);
  return (id) => {
    const row = partner.get(id);
    if (!row) return null;
    return {
      ...partnerOf(row),
      conventions: conventions.all(id).map(conventionOf),
      agrements: agrements.all(id).map(({ avantage }) => avantage),
    };
  };
}

/** Prepares the reads of places. What they return is shared: nobody may change it. */
export function preparePlaces(db: Sqlite) {
  const terminalBy = db.prepare<[string], KnownTerminal>(
    "SELECT id, status FROM terminals WHERE certificate_fingerprint = ?",
  );
  const terminal = db.prepare<[string], TerminalRow>(`
    SELECT t.id, t.status, t.point_of_sale_id, t.initial_key_id, t.ksn_counter,
      p.name AS pos_name, p.city AS pos_city, p.partner_id
    FROM terminals t JOIN points_of_sale p ON p.id = t.point_of_sale_id
    WHERE t.id = ?`);

  function placedTerminal(id: string): PlacedTerminal | null {
    const row = terminal.get(id);
    if (!row) return null;
    const pointOfSale = { id: row.point_of_sale_id, name: row.pos_name, city: row.pos_city };
    return { terminal: terminalOf(row), pointOfSale, partnerId: row.partner_id };
  }

  const memory = createMemory(db);
  const certificates = memory.memo((fingerprint) => terminalBy.get(fingerprint) ?? null);
  const terminals = memory.memo(placedTerminal);
  const partners = memory.memo(preparePartner(db));
  watchRows(db, { changed: memory.forgetAll, counted: terminals.forget });

  return {
    terminalByCertificate: certificates.get,
    terminal: terminals.get,
    partner: partners.get,

    place(terminalId: string): Place | null {
      const at = terminals.get(terminalId);
      const found = at && partners.get(at.partnerId);
      if (!found) return null;
      const { id, name, agrements } = found;
      return { terminalId, pointOfSale: at.pointOfSale, partner: { id, name }, agrements };
    },
  };
}
