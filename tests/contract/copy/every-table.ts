// Rows for the tables that a day of sales leaves empty, so that a copy has something to bring from each of them.

import type { SqlValue } from "../../../gateway/src/store/sql/sql.js";
import type { Shop } from "../../support/shop.js";
import { openEnd, type Place } from "./rig.js";

type Values = Readonly<Record<string, SqlValue>>;

const bytes = (count: number, fill: number) => Buffer.alloc(count, fill);
/** What is easily mistaken on the way: quotes, NULs of bytes, wide characters, a text of hex, a large number, a negative one. */
const TEXT = `l'été "à 3 €" \\ {a,NULL} 😀 \\x00ff`;
const FAR_MS = Number.MAX_SAFE_INTEGER;

function rowsOf({ terminal, card }: Shop): readonly (readonly [table: string, row: Values])[] {
  const { id: terminalId } = terminal();
  const { accountId } = card();
  const partner = { partner_id: "partner-1" };
  const issued = {
    key_hash: bytes(32, 0),
    certificate: "PEM\n",
    certificate_expires_at_ms: FAR_MS,
  };
  const settlement = { settlement: "2023-03-05" };
  return [
    ["bank_accounts", { ...partner, holder: TEXT, iban: "FR76", bic: null }],
    ["equipment_declarations", { ...partner, school_year: "2022/2023", types: "[]" }],
    [
      "justificatifs",
      {
        ...partner,
        ...{ reference: TEXT, school_year: "2022/2023", kind: "PHOTO_STICKER" },
        ...{ received_on: "2023-01-01", rejected_on: null },
      },
    ],
    [
      "incivility_reports",
      { ...partner, report: "R-1", beneficiary: accountId, received_on: "2023-01-01" },
    ],
    [
      "activation_codes",
      {
        ...{ terminal_id: "not there yet", digest: bytes(32, 255), point_of_sale_id: "pos-1" },
        ...{ expires_at_ms: 5, used_at_ms: 3, certificate_fingerprint: "F-1" },
        ...{ ...issued, initial_key_id: "K-1" },
      },
    ],
    [
      "certificate_renewals",
      {
        ...{ terminal_id: terminalId, asked_at_ms: 1, certificate_fingerprint: "F-2" },
        ...{ ...issued, initial_key_id: null },
      },
    ],
    [
      "agents",
      {
        ...{ id: "agent-1", role: "etablissement", etablissement: "L-1", status: "active" },
        certificate_fingerprint: "F-3",
      },
    ],
    [
      "holder_accounts",
      {
        ...{ beneficiary_id: accountId, refused_pins: bytes(0, 0), failures: 0, next_try_at_ms: 0 },
        ...{ password_salt: bytes(1, 0), password_hash: bytes(1, 10), password_params: TEXT },
        ...{ opening_code_hash: null, opening_expires_at_ms: null },
      },
    ],
    ["stranger_tries", { slot: -7, failures: 1, next_try_at_ms: FAR_MS }],
    [
      "visits",
      {
        ...{ account_id: accountId, point_of_sale_id: "pos-1", avantage: "MUSEE", at_ms: 1 },
        ...{ terminal_id: terminalId, attempt_id: "A-1" },
      },
    ],
    [
      "proofs",
      {
        ...{ ref: TEXT, terminal_id: terminalId, card_id: card().id, channel: "NFC" },
        ...{ expires_at_ms: 1, used: 1 },
      },
    ],
    ["app_codes", { key: TEXT, expires_at_ms: 1 }],
    [
      "holds",
      {
        ...{ terminal_id: terminalId, attempt_id: "A-2", account_id: accountId },
        ...{ grant_id: `${accountId}/SPECTACLE`, units: 1, expires_at_ms: 1 },
      },
    ],
    [
      "settlements",
      {
        ...{ last_day: settlement.settlement, cutoff_ms: 2, created_at_ms: 3 },
        ...{ file: bytes(100_000, 92), accounts: TEXT },
      },
    ],
    [
      "payments",
      {
        ...{ ...settlement, ...partner, no: 1, holder: TEXT, iban: "FR76", bic: null },
        ...{ amount_cents: 5, lines: 1, state: "REJECTED", reason: "AC04" },
        ...{ return_booked_in: settlement.settlement, said_at_ms: null },
      },
    ],
    [
      "settlement_lines",
      {
        ...{ ...partner, no: 1, kind: "sale", terminal_id: terminalId, sale_id: "S-1" },
        ...{ refund_id: null, avantage: "SPECTACLE", unit: "EUR_CENT", units: 5, taken_at_ms: 1 },
        ...{ at_ms: 1, amount_cents: 5, held_for_papers: 0, school_year: "2022/2023" },
        ...{ state: "ACCRUED", holds: "[]", settlement: null },
      },
    ],
    ["payment_lines", { ...settlement, ...partner, line_no: 1 }],
    ["ledger_keys", { only_row: 1, check_value: bytes(32, 39), versions: "{}" }],
    [
      "gaps",
      {
        ...{ no: 1, from_ms: -1, to_ms: 1, link_no: 0, link_hash: null, opened_event_id: "E-1" },
        ...{ terminal_ids: "[]", signature: bytes(64, 1), served_at_ms: 4 },
        ...{ reconciled_at_ms: null, reconciled_event_id: null },
        ...{ signed_at_ms: 5, signed_event_id: "E-2" },
      },
    ],
    [
      "gap_days",
      { gap_no: 1, terminal_id: terminalId, day: "2023-03-01", at_ms: 1, differences: TEXT },
    ],
  ];
}

/** Puts a row into every table that has none. The store on the place is closed. */
export async function fillEmptyTables(place: Place, shop: Shop): Promise<void> {
  const end = await openEnd(place);
  try {
    await end.begin();
    for (const [table, row] of rowsOf(shop)) {
      const places = Object.keys(row).map(() => "?");
      const count = await end.sql
        .prepare<{ readonly rows: number }>(`SELECT count(*) AS rows FROM ${table}`)
        .get();
      if (count?.rows !== 0) continue;
      await end.sql
        .prepare(
          `INSERT INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${places.join(", ")})`,
        )
        .run(...Object.values(row));
    }
    await end.commit();
  } finally {
    await end.close();
  }
}
