// Reads a terminal where it stands: its point of sale, its partner, and what that one may do. Nothing is remembered.

import type { FiledPartner } from "../../core/loading/file.js";
import type { Partner, Terminal } from "../../core/model.js";
import type { KnownAgent, KnownTerminal, Place } from "../../core/ports.js";
import {
  type ConventionRow,
  conventionOf,
  type PartnerRow,
  partnerOf,
  type TerminalRow,
  terminalOf,
} from "../sql/rows.js";
import { answeredWithin } from "./answered-within.js";
import { GIVES_UP_AFTER_MS, gathered } from "./gather.js";
import { postgresSql, type RunQuery } from "./sql.js";

interface PlacedSqlRow extends TerminalRow, Pick<PartnerRow, "types" | "flags"> {
  readonly partner_name: string;
  readonly partner_status: PartnerRow["status"];
  /** JSON: {@link ConventionRow}s. */
  readonly conventions: string;
  /** JSON: codes. */
  readonly agrements: string;
}

/** A terminal where it stands. */
export interface Placed {
  readonly terminal: Terminal;
  readonly pointOfSale: Place["pointOfSale"];
  readonly partner: Partner;
}

const PLACED = `SELECT t.id, t.status, t.point_of_sale_id, t.initial_key_id, t.ksn_counter,
    p.name AS pos_name, p.city AS pos_city, p.partner_id,
    r.name AS partner_name, r.status AS partner_status, r.types, r.flags,
    (SELECT coalesce(json_agg(c ORDER BY c.from_ms, c.reference), '[]')::text
      FROM conventions c WHERE c.partner_id = r.id) AS conventions,
    (SELECT coalesce(json_agg(a.avantage ORDER BY a.avantage), '[]')::text
      FROM agrements a WHERE a.partner_id = r.id) AS agrements
  FROM terminals t JOIN points_of_sale p ON p.id = t.point_of_sale_id JOIN partners r ON r.id = p.partner_id
  WHERE t.id = ANY ($1::text[])`;

function placedOf(row: PlacedSqlRow): Placed {
  const { partner_id: id, partner_name: name, partner_status: status, types, flags } = row;
  const partner: FiledPartner = partnerOf({ id, name, status, types, flags });
  const conventions: readonly ConventionRow[] = JSON.parse(row.conventions);
  const agrements: readonly string[] = JSON.parse(row.agrements);
  return {
    terminal: terminalOf(row),
    pointOfSale: { id: row.point_of_sale_id, name: row.pos_name, city: row.pos_city },
    partner: { ...partner, conventions: conventions.map(conventionOf), agrements },
  };
}

/** Reads terminals where they stand, by their ids: those that are there. */
export type ReadPlaced = (terminalIds: readonly string[]) => Promise<ReadonlyMap<string, Placed>>;

/** Prepares the read of placed terminals. */
export function preparePlaced(run: RunQuery): ReadPlaced {
  return async (terminalIds) => {
    const asked = { name: "placed-terminals", text: PLACED, values: [terminalIds] };
    const rows: readonly PlacedSqlRow[] = (await run(asked, false)).rows;
    return new Map(rows.map((row) => [row.id, placedOf(row)]));
  };
}

const KNOWN = `SELECT certificate_fingerprint AS print, id, status FROM terminals
  WHERE certificate_fingerprint = ANY ($1::text[])`;

/** Prepares looks at who asks: they wait for nobody, and see what is committed. */
export function prepareLooks(run: RunQuery) {
  const sql = postgresSql(run);
  // Asked for with every request of a till.
  const terminalByCertificate = gathered<KnownTerminal>(async (prints) => {
    const asked = { name: "known-terminals", text: KNOWN, values: [prints] };
    const { rows } = await run(answeredWithin(GIVES_UP_AFTER_MS, asked), false);
    return new Map(rows.map(({ print, ...known }) => [print, known]));
  });
  const agentBy = sql.prepare<KnownAgent>(
    "SELECT id, role, etablissement, status FROM agents WHERE certificate_fingerprint = ?",
  );
  const { findAgent: agent, findPlace: place } = prepareAskers(run);
  return {
    terminalByCertificate,
    agentByCertificate: async (fingerprint: string) => (await agentBy.get(fingerprint)) ?? null,
    agent,
    place,
  };
}

/** Prepares the reads of who asks, by their ids. */
export function prepareAskers(run: RunQuery) {
  const placed = preparePlaced(run);
  const agent = postgresSql(run).prepare<KnownAgent>(
    "SELECT id, role, etablissement, status FROM agents WHERE id = ?",
  );
  return {
    findAgent: async (id: string): Promise<KnownAgent | null> => (await agent.get(id)) ?? null,
    async findPlace(terminalId: string): Promise<Place | null> {
      const at = (await placed([terminalId])).get(terminalId);
      if (!at) return null;
      const { id, name, agrements } = at.partner;
      return { terminalId, pointOfSale: at.pointOfSale, partner: { id, name }, agrements };
    },
  };
}
